"""Table: Slack's word for a refusal -> one of our errors. Slack refuses with status 200 and `ok: false`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from masthead.contract.errors import ConnectorError, Gone, NeedsReconnect, Refused, TokenExpired, TryAgain, Unsupported
from masthead.contract.http import Answer, Explain, lost
from masthead.contract.operations import Operation

RECONNECT = "Reconnect the channel."
INVITE = "Invite the app into the channel (/invite @its-name) and reconnect."
CHANGE = "Change the post and schedule it again."
SCOPES = "Add the scopes that the guide lists to the app, install it again, and reconnect."


class NotIn(NeedsReconnect):
    """The bot is not in the channel; it can join a public one by itself."""


@dataclass(frozen=True, slots=True)
class Row:
    """A refusal: the error, the field at fault and what to do."""

    error: type[ConnectorError]
    field: str = ""
    remedy: str = CHANGE


DEAD = Row(NeedsReconnect, "bot_token", RECONNECT)
SHUT = Row(NeedsReconnect, "channel", INVITE)
FILE = Row(Refused, "attachments", "Use another file.")
TABLE: Mapping[str, Row] = {
    **dict.fromkeys(("not_authed", "invalid_auth", "account_inactive", "token_revoked", "org_login_required"), DEAD),
    "token_expired": Row(TokenExpired, "bot_token", RECONNECT),
    "missing_scope": Row(NeedsReconnect, "bot_token", SCOPES),
    "no_permission": Row(NeedsReconnect, "bot_token", SCOPES),
    **dict.fromkeys(("not_in_channel", "is_not_in_channel"), Row(NotIn, "channel", INVITE)),
    **dict.fromkeys(("channel_not_found", "is_archived", "invalid_channel", "user_is_restricted"), SHUT),
    "method_not_supported_for_channel_type": SHUT,
    "restricted_action": Row(NeedsReconnect, "channel", "Ask the channel's managers to let the app post."),
    **dict.fromkeys(
        ("message_not_found", "thread_not_found"), Row(Gone, "thread", "The message it refers to is gone.")
    ),
    **dict.fromkeys(("file_not_found", "file_deleted"), Row(Gone, "attachments")),
    **dict.fromkeys(("msg_too_long", "no_text", "msg_blocks_too_long"), Row(Refused, "text")),
    "alt_txt_too_large": Row(Refused, "attachments", "Shorten the description to 1,000 characters."),
    **dict.fromkeys(("file_type_not_allowed", "file_uploads_disabled", "file_uploads_except_images_disabled"), FILE),
    **dict.fromkeys(
        ("file_upload_size_restricted", "storage_limit_reached", "posting_to_general_channel_denied"), FILE
    ),
    **dict.fromkeys(("cant_update_message", "edit_window_closed"), Row(Refused, "", "Publish a new message instead.")),
    "cant_delete_message": Row(Refused, "", "Delete it in Slack."),
    "compliance_exports_prevent_deletion": Row(Refused, "", "The workspace keeps all messages; ask its owner."),
    "team_access_not_granted": Row(Unsupported, "", SCOPES),
}
UNCLEAR = frozenset(
    {"internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org", ""}
)


def doubting(operation: Operation, *, renewable: bool) -> Explain:
    """A `doubt` for a call: None where Slack says ok. `renewable`: a refresh token is there."""

    def doubt(answer: Answer) -> ConnectorError | None:
        body = answer.body if isinstance(answer.body, Mapping) else {}
        if body.get("ok") is True:
            return None
        word = str(body.get("error") or "")
        if word in ("ratelimited", "rate_limited", "message_limit_exceeded"):
            return TryAgain("Slack's rate limit is reached.", after=60, whole_channel=True, status=answer.status)
        if word in UNCLEAR:
            return lost(operation, f"Slack said: {word or 'nothing'}", answer.status)
        row = TABLE.get(word, Row(Refused, "text"))
        kind = NeedsReconnect if row.error is TokenExpired and not renewable else row.error
        what = "no longer accepts the app" if issubclass(kind, NeedsReconnect) else "refused it"
        return kind(f"Slack {what} and said: {word}.", remedy=row.remedy, field=row.field, status=answer.status)

    return doubt
