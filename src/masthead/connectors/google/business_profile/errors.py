"""Business Profile's own refusals, before Google's table: which field of a post Google did not like.

Sources: https://developers.google.com/my-business/reference/rest/Shared.Types/ErrorCode (codes by range),
https://developers.google.com/my-business/content/limits (a quota of 0 is missing access), read 2026-11-24. That a refusal names the
field in snake_case was seen in https://github.com/spotonlive/php-google-my-business/issues/26.
"""

from __future__ import annotations

from masthead.connectors.google.errors import NO_QUOTA, PHOTO, Row
from masthead.connectors.google.rest import Way
from masthead.contract.errors import Refused, Unsupported

ACCESS = (
    "Ask Google for Basic API Access for the developer app's project (see Channels, Apps), and wait for its answer."
)
OTHER_PHOTO = "Use another photo: JPEG or PNG, 10 kB to 5 MB, at least 250 pixels on each side."
DATES = "Correct the dates; Google wants the end after the start, and not in the past."

ROWS = (
    Row(NO_QUOTA, Unsupported, remedy=ACCESS),
    Row(PHOTO, Refused, "attachments", OTHER_PHOTO),
    Row("media", Refused, "attachments", OTHER_PHOTO),
    Row("summary", Refused, "text", "Change the text: at most 1,500 characters, and no telephone number."),
    Row("language_code", Refused, "language", "Choose another language."),
    Row("topic_type", Refused, "options.kind", "Choose another kind of post."),
    Row("call_to_action.url", Refused, "options.button_link", "Correct the button's address."),
    Row("call_to_action", Refused, "options.button", "Choose another button."),
    Row("event.title", Refused, "options.title", "Change the title."),
    Row("event.schedule.end_date", Refused, "options.ends", DATES),
    Row("event.schedule.end_time", Refused, "options.ends", DATES),
    Row("event", Refused, "options.starts", DATES),
    Row("offer.coupon_code", Refused, "options.coupon", "Change the coupon code."),
    Row("offer.redeem_online_url", Refused, "options.redeem_link", "Correct the address."),
    Row("offer.terms_conditions", Refused, "options.terms", "Change the terms."),
    Row("INVALID_ARGUMENT", Refused),
    Row("FAILED_PRECONDITION", Refused),
)
WAY = Way("Google", ROWS)
