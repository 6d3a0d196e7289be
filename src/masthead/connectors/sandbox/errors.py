"""What the sandbox's error words mean, by who must act. Other answers are judged by their status."""

from __future__ import annotations

from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TokenExpired
from masthead.contract.http import Answer

RECONNECT = "Reconnect the channel."
REMEDIES = {
    "too_long": "Shorten the text.",
    "empty": "Write something or add a picture.",
    "media_required": "Add a picture or a poll.",
    "kind_not_taken": "Use a JPEG, PNG, WebP, GIF or MP4 file.",
    "file_too_large": "Use a smaller file.",
    "alt_too_long": "Shorten the description.",
    "no_such_member": "The person may have left the platform. Check there.",
    "too_late": "Wait until the other person writes again.",
    "no_such_post": "The post may have been removed on the platform. Check there.",
}


class Missing(Refused):
    """There is no such post."""

    code = "missing"


def explain(answer: Answer) -> ConnectorError | None:
    """The error of an answer with one of the sandbox's words; None where the status says enough."""
    body = answer.body if isinstance(answer.body, dict) else {}
    word, status = str(body.get("error") or ""), answer.status
    if word == "token_expired":
        return TokenExpired("The access token ran out.", remedy=RECONNECT, status=status)
    if word in ("token_dead", "invalid_grant"):
        return NeedsReconnect("The sandbox no longer accepts the stored sign-in.", remedy=RECONNECT, status=status)
    if status == 404 and word == "no_such_post":
        return Missing("There is no such post.", remedy=REMEDIES[word], status=status)
    if status == 422:
        said = str(body.get("message") or "The sandbox refused the post.")[:300]
        remedy = REMEDIES.get(word, "Change the post and schedule it again.")
        return Refused(said, field=str(body.get("field") or ""), remedy=remedy, status=status)
    return None
