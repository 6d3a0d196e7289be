"""Table: the code of a WordPress refusal -> one of our errors. What is not listed is judged by its status.

A code says 401 for somebody who is not signed in and 403 for somebody who is and may not; so the status decides first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from masthead.connectors.wordpress.operations import ELSEWHERE
from masthead.contract.errors import ConnectorError, NeedsReconnect, Refused
from masthead.contract.http import Answer

RECONNECT = "Make an application password in WordPress (Users, Profile, Application Passwords) and reconnect the channel with it."
SIGN_IN = (
    "Check user name and application password; the password of the sign-in page does not work here, with or without a second "
    "factor. If both are right, the web server drops the Authorization header: WordPress's Site Health tells how to pass it on."
)
SWITCHED_OFF = (
    "Allow application passwords on the site: it needs https, and security plugins such as Wordfence switch them off."
)
ROLE = "Give the user the role Author, Editor or Administrator on the site."
OPEN_API = "Let plugins and firewalls of the site allow the REST API for people who are signed in."
CHANGE = "Change the post and schedule it again."
SMALLER = "Use a smaller file, or raise the largest request that the site's web server and PHP take."


class Gone(Refused):
    """The post is not there."""


class NoTrash(Refused):
    """The site keeps no trash, so a post can only be deleted for good."""


@dataclass(frozen=True, slots=True)
class Row:
    """A refusal: its code, the error, the field at fault and what to do."""

    code: str
    error: type[ConnectorError]
    field: str = ""
    remedy: str = CHANGE


TABLE = {
    row.code: row
    for row in (
        Row("incorrect_password", NeedsReconnect, "password", SIGN_IN),
        Row("invalid_username", NeedsReconnect, "user", SIGN_IN),
        Row("invalid_email", NeedsReconnect, "user", SIGN_IN),
        Row("rest_not_logged_in", NeedsReconnect, "password", SIGN_IN),
        Row("application_passwords_disabled", NeedsReconnect, "password", SWITCHED_OFF),
        Row("application_passwords_disabled_for_user", NeedsReconnect, "password", SWITCHED_OFF),
        Row("rest_cannot_create", NeedsReconnect, "user", ROLE),
        Row("rest_cannot_publish", NeedsReconnect, "user", ROLE),
        Row("rest_cannot_edit", Refused, "", "Let somebody who may edit this post do it in WordPress. " + ROLE),
        Row("rest_cannot_delete", Refused, "", "Let somebody who may delete this post do it in WordPress. " + ROLE),
        Row("rest_cannot_assign_term", Refused, "options.category", "Choose a category that the user may use."),
        Row("rest_post_invalid_id", Gone, "", "The post is gone from the site."),
        Row("rest_already_trashed", Gone, "", "The post is in the site's trash."),
        Row("rest_trash_not_supported", NoTrash, "", "Delete the post in WordPress."),
        Row("rest_no_route", NeedsReconnect, "server", OPEN_API),
        Row("rest_disabled", NeedsReconnect, "server", OPEN_API),
        Row("rest_login_required", NeedsReconnect, "server", OPEN_API),
        Row("rest_cannot_access", NeedsReconnect, "server", OPEN_API),
        Row("empty_content", Refused, "text", "Write a text or a title, or attach a file."),
        Row("rest_upload_file_too_big", Refused, "attachments", SMALLER),
        Row("rest_upload_limited_space", Refused, "attachments", "Delete files from the site's media library."),
        Row("rest_upload_no_data", Refused, "attachments", SMALLER),
        Row("rest_upload_sideload_error", Refused, "attachments", "Use a file of a type that the site takes."),
        Row("rest_upload_image_type_not_supported", Refused, "attachments", "Use another type of picture."),
        Row("rest_upload_unknown_error", Refused, "attachments", SMALLER),
        Row("rest_invalid_featured_media", Refused, "options.first_picture", "Put the picture into the post instead."),
    )
}
FIELDS = {
    "title": "options.title",
    "slug": "options.slug",
    "excerpt": "options.excerpt",
    "format": "options.format",
    "categories": "options.category",
    "tags": "options.tags",
    "featured_media": "options.first_picture",
    "comment_status": "options.comments",
    "alt_text": "attachments",
}
"""Where a rest_invalid_param that names one of WordPress's parameters is to be mended."""
STATUSES: Mapping[int, Row] = {
    **{
        status: Row("", NeedsReconnect, "server", "Reconnect the channel with the site's address.")
        for status in ELSEWHERE
    },
    401: Row("", NeedsReconnect, "password", RECONNECT),
    403: Row("", Refused, "", "A security plugin or firewall of the site may be in the way. " + OPEN_API),
    404: Row("", NeedsReconnect, "server", OPEN_API),
    405: Row("", NeedsReconnect, "server", OPEN_API),
    413: Row("", Refused, "attachments", SMALLER),
}


def code_of(body: Any) -> str:
    """The code of a refusal; empty where WordPress did not say it."""
    return str(body.get("code") or "") if isinstance(body, Mapping) else ""


def explain(answer: Answer) -> ConnectorError | None:
    """One of our errors for a refusal; None where the status decides (a rate limit, a broken site)."""
    row = _row(answer)
    if row is None:
        return None
    words = str(answer.body.get("message") or "")[:200].rstrip(".") if code_of(answer.body) else ""
    quoted = f" and said: {words}" if words else f" with status {answer.status}"
    what = "no longer accepts the sign-in" if issubclass(row.error, NeedsReconnect) else "refused it"
    return row.error(f"The site {what}{quoted}.", remedy=row.remedy, field=row.field, status=answer.status)


def _row(answer: Answer) -> Row | None:
    code = code_of(answer.body)
    known = TABLE.get(code) or _invalid(answer.body, code)
    signed_out = known is None or known.remedy == ROLE or not issubclass(known.error, NeedsReconnect)
    if answer.status == 401 and signed_out:
        return STATUSES[401]
    return known or STATUSES.get(answer.status)


def _invalid(body: Any, code: str) -> Row | None:
    """A parameter the site does not take. A status is forbidden only to somebody who is not signed in."""
    if code != "rest_invalid_param":
        return None
    data = body.get("data")
    params = data.get("params") if isinstance(data, Mapping) else None
    named = set(params) if isinstance(params, Mapping) else set()
    if "status" in named:
        return Row(code, NeedsReconnect, "password", RECONNECT)
    return Row(code, Refused, next((FIELDS[one] for one in sorted(named) if one in FIELDS), "text"))
