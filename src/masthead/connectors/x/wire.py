"""The parts of X's answers that we read, in its old words (tweets) and its new ones (posts)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator

from masthead.contract.errors import TryAgain


class Shape(BaseModel):
    """What we do not read is dropped."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True, populate_by_name=True)


class User(Shape):
    """The account."""

    id: str = Field(min_length=1)
    username: str = Field(min_length=1)
    name: str = ""
    profile_image_url: str = ""
    subscription_type: str = ""
    verified_type: str = ""


class Link(Shape):
    """A link in a text: the short address that stands there, and what it stands for. Attached media have one too."""

    url: str = ""
    expanded_url: str = ""
    media_key: str = ""


class Entities(Shape):
    """What was recognised in a text."""

    urls: list[Link] = []


class Note(Shape):
    """The whole text of a long post."""

    text: str = ""
    entities: Entities = Entities()


class Reference(Shape):
    """Another post: `type` is replied_to, quoted or retweeted."""

    type: str
    id: str


class Attachments(Shape):
    """Keys of attached media and polls; either list may be null."""

    media_keys: list[str] = []
    poll_ids: list[str] = []

    @field_validator("media_keys", "poll_ids", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return value or []


class Post(Shape):
    """A post, as listing and looking up answer it."""

    id: str = Field(min_length=1)
    text: str = ""
    created_at: datetime | None = None
    lang: str = ""
    author_id: str = ""
    conversation_id: str = ""
    in_reply_to_user_id: str = ""
    attachments: Attachments = Attachments()
    entities: Entities = Entities()
    note: Note | None = Field(None, validation_alias=AliasChoices("note_post", "note_tweet"))
    references: list[Reference] = Field([], validation_alias=AliasChoices("referenced_posts", "referenced_tweets"))
    public_metrics: dict[str, float] = {}
    non_public_metrics: dict[str, float] = {}
    organic_metrics: dict[str, float] = {}

    def refers_to(self, kind: str) -> str:
        """The id of the post this one answers ("replied_to"), quotes or reposts; "" where it does not."""
        return next((one.id for one in self.references if one.type == kind), "")


class Media(Shape):
    """An attached file."""

    media_key: str = ""
    type: str = ""
    url: str = ""
    preview_image_url: str = ""
    alt_text: str = ""


class Includes(Shape):
    """What was asked for beside the posts."""

    media: list[Media] = []
    users: list[User] = []


class Meta(Shape):
    """Where a list goes on."""

    next_token: str = ""


class Problem(Shape):
    """Why something in a list is missing."""

    type: str = ""


class Page(Shape):
    """A list of posts; `data` is missing where there are none."""

    data: list[Post] = []
    errors: list[Problem] = []
    includes: Includes = Includes()
    meta: Meta = Meta()

    @property
    def withheld(self) -> bool:
        """True where posts are missing because a field was asked for that is not for us to see."""
        return any(one.type.endswith("/not-authorized-for-field") for one in self.errors)


class Event(Shape):
    """A direct message. `entities` are told in one of two places."""

    id: str = Field(min_length=1)
    text: str = ""
    created_at: datetime | None = None
    sender_id: str = ""
    dm_conversation_id: str = ""
    attachments: Attachments = Attachments()
    entities: Entities = Entities()
    urls: list[Link] = []

    @property
    def as_post(self) -> Post:
        """The message as a post, for what both have in common: text, links and files."""
        links = Entities(urls=[*self.entities.urls, *self.urls])
        told = {"id": self.id, "text": self.text, "entities": links, "attachments": self.attachments}
        return Post.model_validate(told)


class Events(Shape):
    """A list of direct messages."""

    data: list[Event] = []
    includes: Includes = Includes()
    meta: Meta = Meta()


class Sent(Shape):
    """A direct message that was just sent."""

    dm_event_id: str = Field(min_length=1)
    dm_conversation_id: str = ""


class Processing(Shape):
    """The state of an uploaded file: pending, in_progress, succeeded or failed."""

    state: str = "succeeded"
    check_after_secs: float = 1.0
    error: dict[str, Any] = {}


class Upload(Shape):
    """An uploaded file."""

    id: str = Field(min_length=1)
    processing_info: Processing | None = None


class UsedOn(Shape):
    """How many posts were read on a day; a number or a text of one."""

    date: datetime
    usage: int = 0

    @field_validator("usage", mode="before")
    @classmethod
    def _counted(cls, value: Any) -> Any:
        return value or 0


class ProjectUsage(Shape):
    """The days of a project; the list may be null."""

    usage: list[UsedOn] = []

    @field_validator("usage", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return value or []


class Usage(Shape):
    """What X counts of a project."""

    daily_project_usage: ProjectUsage = ProjectUsage()
    project_cap: int | None = None


S = TypeVar("S", bound=Shape)


def read(shape: type[S], body: Any) -> S:
    """The body of an answer to a reading call as its shape; TryAgain where it has another."""
    try:
        return shape.model_validate(body)
    except ValidationError:
        raise TryAgain("X answered in a form that its API does not describe.", after=60) from None


def data_of(shape: type[S], body: Any) -> S:
    """The `data` of an answer as its shape."""
    return read(shape, body.get("data") if isinstance(body, dict) else None)
