"""Table: codes of TikTok's refusals, and its reasons for a failed post, -> one of our errors.

The codes come with statuses of their own or with 200, so the code decides. What is not listed is judged by its status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from masthead.connectors.tiktok.capabilities import AUDIENCES, ONLY_ME
from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TokenExpired, TryAgain, Unsupported
from masthead.contract.headers import retry_after
from masthead.contract.http import Answer, Explain

RECONNECT = "Reconnect the channel."
OTHER_FILE = "Use another file: video as MP4, MOV or WebM with 23 to 60 pictures a second, photos as JPEG or WebP."
AUDIT = f"Make the account private and choose “{AUDIENCES[ONLY_ME]}”, or have the developer app audited by TikTok."
VERIFY = "Verify the address of this installation's files under URL properties of the developer app."
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Row:
    """What a code means: the error, the field at fault, what to do; `after` in seconds for TryAgain."""

    error: type[ConnectorError]
    field: str = ""
    remedy: str = "Change the post and schedule it again."
    after: float = HOUR
    scope: str = "account"


TABLE: Mapping[str, Row] = {
    "access_token_invalid": Row(TokenExpired, remedy=RECONNECT),
    "access_token_expired": Row(TokenExpired, remedy=RECONNECT),
    "scope_not_authorized": Row(NeedsReconnect, remedy=RECONNECT),
    "scope_permission_missed": Row(NeedsReconnect, remedy=RECONNECT),
    "auth_removed": Row(NeedsReconnect, remedy=RECONNECT),
    "spam_risk_too_many_posts": Row(TryAgain),
    "reached_active_user_cap": Row(TryAgain, scope="app"),
    "spam_risk_user_banned_from_posting": Row(Refused, remedy="Sign in to TikTok to see why the account may not post."),
    "spam_risk_text": Row(Refused, "text", "TikTok takes the text for spam. Change it."),
    "spam_risk": Row(Refused, "", "TikTok takes this for spam. Change it, or post it in the app."),
    "unaudited_client_can_only_post_to_private_accounts": Row(Unsupported, remedy=AUDIT),
    "url_ownership_unverified": Row(Unsupported, remedy=VERIFY),
    "privacy_level_option_mismatch": Row(Refused, "options.privacy_level", "Choose again who can watch it."),
    "file_format_check_failed": Row(Refused, "attachments", OTHER_FILE),
    "duration_check_failed": Row(Refused, "attachments", "Use a video of another length."),
    "frame_rate_check_failed": Row(Refused, "attachments", OTHER_FILE),
    "picture_size_check_failed": Row(Refused, "attachments", OTHER_FILE),
    "invalid_file_upload": Row(Refused, "attachments", OTHER_FILE),
    "video_pull_failed": Row(Refused, "attachments", "TikTok could not fetch the file. " + VERIFY),
    "photo_pull_failed": Row(Refused, "attachments", "TikTok could not fetch the file. " + VERIFY),
    "publish_cancelled": Row(Refused, "", "It was cancelled on TikTok. Schedule it again if that was not meant."),
    "invalid_params": Row(Refused, "text"),
    "invalid_param": Row(Refused, "text"),
}


def code_of(body: Any) -> str:
    """TikTok's code; "" where all is well or nothing is said."""
    error = body.get("error") if isinstance(body, Mapping) else None
    code = str(error.get("code") or "") if isinstance(error, Mapping) else ""
    return "" if code == "ok" else code


def explaining(*, renewable: bool = False) -> Explain:
    """An `explain` for calls with a token. `renewable`: a refresh token is there."""

    def explain(answer: Answer) -> ConnectorError | None:
        code = code_of(answer.body)
        if answer.status == 429 or code == "rate_limit_exceeded":
            wait = retry_after(answer.headers) or 60.0
            return TryAgain("TikTok's rate limit is reached.", after=wait, whole_channel=True, status=429)
        if code in TABLE:
            return _made(code, _words(answer.body), answer.status, renewable)
        if answer.ok and code:
            return Refused(f"TikTok refused it ({code}).", remedy="Change the post and schedule it again.")
        return None

    return explain


def failed(reason: str) -> ConnectorError:
    """Why a post that TikTok took did not come out. Nothing is seen of it."""
    if reason in TABLE and TABLE[reason].error in (Refused, Unsupported):
        return _made(reason, "", None, renewable=False)
    row = TABLE.get(reason)
    remedy = row.remedy if row else "Schedule it again; use another file if that does not help."
    return Refused(f"TikTok could not publish it ({reason or 'no reason told'}).", remedy=remedy)


def _words(body: Any) -> str:
    return str(body["error"].get("message") or "")[:200]


def _made(code: str, words: str, status: int | None, renewable: bool) -> ConnectorError:
    row = TABLE[code]
    told = f"{code}: {words.rstrip('.')}" if words else code
    if issubclass(row.error, NeedsReconnect):
        kind = TokenExpired if renewable and row.error is TokenExpired else NeedsReconnect
        return kind(f"TikTok no longer accepts the sign-in ({code}).", remedy=row.remedy, status=status)
    if row.error is TryAgain:
        why = f"TikTok takes no more posts for now ({code})."
        return TryAgain(why, after=row.after, whole_channel=True, scope=row.scope, status=status)
    return row.error(f"TikTok refused it ({told}).", field=row.field, remedy=row.remedy, status=status)
