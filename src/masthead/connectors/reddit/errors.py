"""Reddit's refusals -> our errors. Refused actions come with status 200 and a list of errors, or with 400 and a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused, TokenExpired, TryAgain
from masthead.contract.headers import retry_after
from masthead.contract.http import Answer, Explain

RECONNECT = "Reconnect the channel."
CHANGE = "Change the post and schedule it again."
RULES = "Look at the subreddit's rules, or choose another."
TAKE_A_BREAK = re.compile(r"(\d+) (second|minute|hour|day)")
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


@dataclass(frozen=True, slots=True)
class Row:
    """What a code of Reddit means: the field at fault and what to do."""

    field: str = ""
    remedy: str = CHANGE


TABLE: Mapping[str, Row] = {
    "SUBREDDIT_NOEXIST": Row("options.subreddit", "Check the subreddit's name."),
    "SUBREDDIT_REQUIRED": Row("options.subreddit", "Enter a subreddit."),
    "SUBREDDIT_NOTALLOWED": Row("options.subreddit", "The account may not post there. " + RULES),
    "SUBREDDIT_DISABLED_ADS": Row("options.subreddit", RULES),
    "NO_SELFS": Row("options.link", "This subreddit takes no text posts. Add a link."),
    "NO_LINKS": Row("options.link", "This subreddit takes only text posts. Leave out the link."),
    "NO_IMAGES": Row("attachments", "This subreddit takes no pictures."),
    "NO_TEXT": Row("options.title", "Enter a title."),
    "TOO_LONG": Row("text", "Shorten the text or the title."),
    "BAD_URL": Row("options.link", "Use a whole address, with https://."),
    "NO_URL": Row("options.link", "Enter a link."),
    "ALREADY_SUB": Row("options.link", "This link is there already. Use another one."),
    "DOMAIN_BANNED": Row("options.link", "Reddit does not take links to this address."),
    "SUBMIT_VALIDATION_FLAIR_REQUIRED": Row("options.flair", "This subreddit wants a flair. Enter one."),
    "BAD_FLAIR_TEMPLATE_ID": Row("options.flair", "Check the flair."),
    "SUBMIT_VALIDATION_TITLE": Row("options.title", RULES),
    "SUBMIT_VALIDATION_BODY": Row("text", RULES),
    "SUBMIT_VALIDATION_FLAIR": Row("options.flair", RULES),
    "SUBMIT_VALIDATION_LINK": Row("options.link", RULES),
    "SUBMIT_VALIDATION": Row("", RULES),
    "GALLERIES_DISABLED": Row("attachments", "This subreddit takes no galleries. Leave one picture."),
    "VIDEO_DISABLED": Row("attachments", "This subreddit takes no videos."),
    "NOT_AUTHOR": Row("", "It is not this account's post."),
    "DELETED_LINK": Row("", "The post is gone."),
}


def explaining(*, renewable: bool = False) -> Explain:
    """An `explain` for calls with a token. `renewable`: a refresh token is there."""

    def explain(answer: Answer) -> ConnectorError | None:
        if answer.status == 429:
            wait = retry_after(answer.headers) or 60.0
            return TryAgain("Reddit's rate limit is reached.", after=wait, whole_channel=True, scope="app", status=429)
        if answer.status == 401:
            kind = TokenExpired if renewable else NeedsReconnect
            return kind("Reddit no longer accepts the sign-in.", remedy=RECONNECT, status=401)
        if answer.status == 400 and isinstance(answer.body, Mapping) and answer.body.get("reason"):
            return _refused(str(answer.body["reason"]), str(answer.body.get("explanation") or ""), 400)
        if answer.status in (403, 404):
            words = "Reddit does not let the account do this there."
            return Refused(words, field="options.subreddit", remedy=RULES, status=answer.status)
        return None

    return explain


def errors_in(body: Any) -> ConnectorError | None:
    """The error in the envelope of an action that came with status 200; None where there is none."""
    inside = body.get("json") if isinstance(body, Mapping) else None
    listed = inside.get("errors") if isinstance(inside, Mapping) else None
    if not isinstance(inside, Mapping) or not isinstance(listed, list) or not listed:
        return None
    first = [str(one) for one in listed[0]] if isinstance(listed[0], list) else [str(listed[0])]
    code, words = first[0], first[1] if len(first) > 1 else ""
    if code == "RATELIMIT":
        return TryAgain("Reddit's limit for this account is reached.", after=_break(inside, words), whole_channel=True)
    if code == "USER_REQUIRED":
        return NeedsReconnect("Reddit no longer accepts the sign-in.", remedy=RECONNECT)
    return _refused(code, words)


def _refused(code: str, words: str, status: int | None = None) -> Refused:
    row = TABLE.get(code) or next((TABLE[known] for known in TABLE if code.startswith(known)), Row())
    told = f"{code}: {words[:200].strip().rstrip('.')}" if words else code
    return Refused(f"Reddit refused it ({told}).", field=row.field, remedy=row.remedy, status=status)


def _break(inside: Mapping[str, Any], words: str) -> float:
    """Seconds to wait, as a number beside the errors or in their words."""
    if isinstance(inside.get("ratelimit"), int | float):
        return max(1.0, float(inside["ratelimit"]))
    found = TAKE_A_BREAK.search(words)
    return float(found[1]) * SECONDS[found[2]] if found else 600.0
