"""Threads' own errors, before the family's table, and how its calls are made: the token is a parameter."""

from __future__ import annotations

from masthead.connectors.meta.errors import Busy, Row
from masthead.connectors.meta.graph import Way
from masthead.contract.errors import Gone, Refused

ROWS = (
    Row(24, None, Gone, remedy="What it refers to is gone. Look at the profile on Threads."),
    Row(9007, None, Busy),
    Row(9004, None, Refused, "attachments", "Threads could not fetch the file from its address."),
    Row(36000, None, Refused, "attachments", "Use a JPEG or PNG of at most 8 MB.", last=36003),
)
WAY = Way(header=False, proof=False, renews="access_token", rows=ROWS)
