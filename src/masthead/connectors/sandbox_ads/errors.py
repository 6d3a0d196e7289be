"""What the ad market's error words mean, by who must act. Other answers are judged by their status."""

from __future__ import annotations

from masthead.contract.errors import ConnectorError, Gone, NeedsReconnect, Refused, TokenExpired
from masthead.contract.http import Answer

RECONNECT = "Reconnect the ad account."
REMEDIES = {
    "budget_too_small": "Set a larger daily budget.",
    "budget_step": "Use whole cents.",
    "dates": "Choose another end.",
    "too_long": "Shorten the text.",
    "how_many": "Add a text, or take one away.",
    "kind_not_taken": "Use a PNG, JPEG or WebP file.",
    "file_too_large": "Use a smaller file.",
    "places": "Choose countries.",
    "no_such_post": "The post may have been removed on the platform. Choose another one.",
}


def explain(answer: Answer) -> ConnectorError | None:
    """The error of an answer with one of the market's words; None where the status says enough."""
    body = answer.body if isinstance(answer.body, dict) else {}
    word, status = str(body.get("error") or ""), answer.status
    if word == "token_expired":
        return TokenExpired("The access token ran out.", remedy=RECONNECT, status=status)
    if word == "token_dead":
        return NeedsReconnect("The ad market no longer accepts the stored token.", remedy=RECONNECT, status=status)
    if status == 404 and word == "no_such_piece":
        return Gone("It is not there any more.", remedy="It may have been removed on the platform.", status=status)
    if status == 422:
        said = str(body.get("message") or "The ad market refused it.")[:300]
        remedy = REMEDIES.get(word, "Change it and try again.")
        return Refused(said, field=str(body.get("field") or ""), remedy=remedy, status=status)
    return None
