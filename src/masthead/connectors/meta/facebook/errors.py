"""Facebook's own errors, before the family's table, and how its calls are made."""

from __future__ import annotations

from masthead.connectors.meta.errors import Row
from masthead.connectors.meta.graph import Way
from masthead.contract.errors import Refused

ROWS = (
    Row(324, None, Refused, "attachments", "Facebook could not read the picture. Use another file."),
    Row(352, None, Refused, "attachments", "Facebook does not take this kind of video. Use an MP4."),
    Row(389, None, Refused, "attachments", "Facebook could not fetch the video. Use another file."),
    Row(390, None, Refused, "attachments", "Facebook could not use the video. Use another file."),
    Row(6000, None, Refused, "attachments", "Facebook had trouble with the video. Use another file.", last=6001),
)
WAY = Way(rows=ROWS)
