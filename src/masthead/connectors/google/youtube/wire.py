"""The parts of YouTube's answers that we read."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from masthead.connectors.google.rest import Shape


class Picture(Shape):
    """A picture's address."""

    url: str = ""


class Snippet(Shape):
    """What a video or channel says of itself."""

    title: str = ""
    description: str = ""
    customUrl: str = ""
    publishedAt: datetime | None = None
    categoryId: str = ""
    tags: list[str] = []
    thumbnails: dict[str, Picture] = {}

    @property
    def preview(self) -> str:
        """The largest of the usual pictures."""
        return next((self.thumbnails[one].url for one in ("high", "medium", "default") if one in self.thumbnails), "")


class Playlists(Shape):
    """A channel's own lists."""

    uploads: str = ""


class ChannelDetails(Shape):
    """More about a channel."""

    relatedPlaylists: Playlists = Playlists()


class Channel(Shape):
    """A channel."""

    id: str = Field(min_length=1)
    snippet: Snippet = Snippet()
    contentDetails: ChannelDetails = ChannelDetails()


class Channels(Shape):
    """Channels; none where the account has none."""

    items: list[Channel] = []


class Status(Shape):
    """How far a video is: uploaded, processed, failed, rejected or deleted; and why."""

    uploadStatus: str = ""
    failureReason: str = ""
    rejectionReason: str = ""
    privacyStatus: str = ""


class Video(Shape):
    """A video."""

    id: str = Field(min_length=1)
    snippet: Snippet = Snippet()
    status: Status = Status()
    statistics: dict[str, float] = {}


class Videos(Shape):
    """Videos by their ids; one that is gone is missing."""

    items: list[Video] = []


class ItemDetails(Shape):
    """Which video an entry of a list is."""

    videoId: str = ""


class Item(Shape):
    """An entry of the uploads; its time is that of the upload."""

    snippet: Snippet = Snippet()
    contentDetails: ItemDetails = ItemDetails()


class Items(Shape):
    """A page of entries."""

    items: list[Item] = []
    nextPageToken: str = ""
