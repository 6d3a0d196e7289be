"""Instagram's own errors, before the family's table, and how its calls are made.

Source: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes, of June 2026.
"""

from __future__ import annotations

from masthead.connectors.meta.errors import CHANGE, Busy, Row
from masthead.connectors.meta.graph import Way
from masthead.contract.errors import NeedsReconnect, Refused, TryAgain

AGAIN = "Use another file, or try again later."
PICTURE = "Use a JPEG of at most 8 MB, between 4:5 and 1.91:1."
FILM = "Use an MP4 or MOV as Instagram wants it."
AN_HOUR = 3600.0

ROWS = (
    Row(4, 2207051, Refused, remedy="Instagram takes this for spam. Sign in there to see why, and wait."),
    Row(9, 2207042, TryAgain, after=AN_HOUR),
    Row(9007, 2207027, Busy),
    Row(24, 2207006, Busy),
    Row(24, 2207008, Busy),
    Row(
        25, 2207050, NeedsReconnect, remedy="Sign in to Instagram to see what it asks for, then reconnect the channel."
    ),
    Row(100, 2207010, Refused, "text", "At most 2,200 characters, 30 hashtags and 20 mentions."),
    Row(100, 2207040, Refused, "text", "At most 20 mentions."),
    Row(110, 2207023, Refused, "attachments", AGAIN),
    Row(100, 2207028, Refused, "attachments", "A carousel takes 2 to 10 files."),
    Row(100, 2207035, Refused, "options.location_id", CHANGE),
    Row(100, 2207036, Refused, "options.collaborators", CHANGE),
    Row(
        -2,
        2207003,
        Refused,
        "attachments",
        "Instagram could not fetch the file in time. Try again, or use a smaller one.",
    ),
    Row(9004, None, Refused, "attachments", "Instagram could not fetch the file from its address. " + AGAIN),
    Row(352, None, Refused, "attachments", FILM),
    Row(36000, None, Refused, "attachments", PICTURE),
    Row(36001, None, Refused, "attachments", PICTURE),
    Row(36003, None, Refused, "attachments", PICTURE),
    Row(36004, None, Refused, "text", "The text is too long."),
)
WAY = Way(rows=ROWS)
