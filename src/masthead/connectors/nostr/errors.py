"""What relays' words and media servers' statuses mean, by who must act. NIP-01 gives a word before the colon."""

from __future__ import annotations

from masthead.contract.errors import ConnectorError, NeedsReconnect, OutcomeUnknown, Refused, TryAgain
from masthead.contract.http import Answer

LIMITED_SECONDS = 120.0  # a relay names no time
OTHER_RELAYS = "Reconnect the channel with relays that take your notes."
NOT_ALLOWED = ("blocked", "restricted", "auth-required")


def refusal(said: str) -> ConnectorError:
    """The error behind a relay's words, such as "blocked: not on the list". Its own words are shown."""
    word, _, rest = said.partition(":")
    words = (rest.strip() or said.strip() or "no reason given")[:300]
    if word == "rate-limited":
        return TryAgain("The relay's rate limit is reached.", after=LIMITED_SECONDS, whole_channel=True, status=429)
    if word in NOT_ALLOWED:
        return NeedsReconnect(f"The relay does not take notes with this key: {words}", remedy=OTHER_RELAYS)
    if word == "error":
        return OutcomeUnknown(f"The relay failed while it took the note: {words}")
    if word == "pow":
        return Refused(f"The relay wants proof of work: {words}", remedy=OTHER_RELAYS)
    return Refused(f"The relay refused the note: {words}", remedy="Change the post and schedule it again.")


def explain_upload(answer: Answer) -> ConnectorError | None:
    """A media server's refusal; None where the status says enough. Nothing anybody sees was created."""
    reason = str(answer.headers.get("X-Reason") or "")[:300]
    if answer.status in (401, 402, 403):
        return Refused(
            f"The media server does not take files from this key. {reason}".strip(),
            field="attachments",
            status=answer.status,
            remedy="Reconnect the channel with another media server, or post without files.",
        )
    if answer.status in (400, 413, 415):
        return Refused(
            f"The media server refused the file. {reason}".strip(),
            field="attachments",
            status=answer.status,
            remedy="Use a smaller file, or one of another type.",
        )
    return None
