"""YouTube's own reasons, before Google's table. Source: https://developers.google.com/youtube/v3/docs/errors, read 2026-11-24."""

from __future__ import annotations

from masthead.connectors.google.errors import DAY, Row
from masthead.connectors.google.rest import Way
from masthead.contract.errors import Gone, NeedsReconnect, Refused, TryAgain

AT_HOME = "Sign in on youtube.com to see what it asks for, then reconnect the channel."
OTHER_FILE = "Use another file."

ROWS = (
    Row("youtubeSignupRequired", NeedsReconnect, remedy="Create a channel on youtube.com, then reconnect."),
    Row("authenticatedUserAccountClosed", NeedsReconnect, remedy=AT_HOME),
    Row("authenticatedUserAccountSuspended", NeedsReconnect, remedy=AT_HOME),
    Row("channelClosed", NeedsReconnect, remedy=AT_HOME),
    Row("channelSuspended", NeedsReconnect, remedy=AT_HOME),
    Row("uploadLimitExceeded", TryAgain, after=DAY),
    Row("uploadRateLimitExceeded", TryAgain, after=600),
    Row("invalidTitle", Refused, "options.title", "Enter a title of at most 100 characters without < and >."),
    Row("invalidDescription", Refused, "text", "Shorten the description, and leave out < and >."),
    Row("invalidTags", Refused, "options.tags", "Use fewer or shorter tags."),
    Row("invalidCategoryId", Refused, "options.category", "Choose another category."),
    Row("invalidVideoMetadata", Refused, "options.title"),
    Row("forbiddenPrivacySetting", Refused, "options.privacy", "Choose who can see it anew."),
    Row("mediaBodyRequired", Refused, "attachments", "Add a video."),
    Row("invalidImage", Refused, "attachments", "Use another picture as the thumbnail."),
    Row("mediaBytesTooLarge", Refused, "attachments", "Use a smaller picture as the thumbnail."),
    Row("videoNotFound", Gone, remedy="The video is gone. Look at the channel on YouTube."),
    Row("playlistNotFound", Gone, remedy="The channel shows no uploads. Look at it on YouTube."),
)
WAY = Way("YouTube", ROWS)
