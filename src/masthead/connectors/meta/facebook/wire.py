"""The parts of Facebook's answers that we read."""

from __future__ import annotations

from datetime import datetime

from masthead.connectors.meta.wire import Paging, Shape, Timed


class Target(Shape):
    """What an attachment shows: a photo, a video."""

    id: str = ""


class Image(Shape):
    """A picture's address."""

    src: str = ""


class Media(Shape):
    """The media of an attachment."""

    image: Image = Image()
    source: str = ""


class Sub(Shape):
    """One of several pictures."""

    type: str = ""
    media_type: str = ""
    media: Media = Media()
    target: Target = Target()
    description: str = ""


class Subs(Shape):
    """The pictures of an album."""

    data: list[Sub] = []


class Attachment(Sub):
    """What hangs on a post."""

    subattachments: Subs = Subs()

    @property
    def parts(self) -> list[Sub]:
        """The single media in it."""
        return list(self.subattachments.data) or [self]


class Attachments(Shape):
    """The attachments of a post."""

    data: list[Attachment] = []


class Counted(Shape):
    """How many there are."""

    total_count: float = 0


class Summed(Shape):
    """A list of which only the number is asked."""

    summary: Counted = Counted()


class Shares(Shape):
    """How often a post was shared."""

    count: float = 0


class Post(Timed):
    """A post of the Page."""

    id: str
    created_time: datetime
    message: str = ""
    permalink_url: str = ""
    attachments: Attachments = Attachments()
    reactions: Summed = Summed()
    comments: Summed = Summed()
    shares: Shares = Shares()

    @property
    def media(self) -> list[Sub]:
        """Photos and videos; a link's preview is none."""
        parts = [part for one in self.attachments.data for part in one.parts]
        return [one for one in parts if one.media_type in ("photo", "video")]

    @property
    def names(self) -> set[str]:
        """Every id the post goes by: its own, and a video's."""
        return {self.id} | {one.target.id for one in self.media if one.media_type == "video"}


class Posts(Shape):
    """/published_posts."""

    data: list[Post] = []
    paging: Paging = Paging()


class VideoStatus(Shape):
    """How far Facebook is with a video."""

    video_status: str = ""


class Video(Shape):
    """A video."""

    id: str
    permalink_url: str = ""
    post_id: str = ""
    status: VideoStatus = VideoStatus()


class Started(Shape):
    """The answer to the start of an upload."""

    upload_session_id: str
    video_id: str
    start_offset: int
    end_offset: int


class Sent(Shape):
    """Which part of the video Facebook wants next; the same twice at the end."""

    start_offset: int
    end_offset: int
