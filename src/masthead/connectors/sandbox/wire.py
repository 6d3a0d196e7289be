"""Shapes of what the sandbox sends. Nothing outside this folder imports it."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from masthead.contract.http import Answer, lost
from masthead.contract.operations import Operation


class Me(BaseModel):
    """GET /api/me."""

    id: str
    handle: str
    name: str
    url: str
    limits: dict[str, Any]


class Tokens(BaseModel):
    """POST /oauth/token; `expires_in` in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


class Uploaded(BaseModel):
    """POST /api/media."""

    id: str


class Medium(BaseModel):
    """A file of a post."""

    id: str
    mime: str
    alt: str = ""


class Post(BaseModel):
    """One post; `state` is ready or processing, `created_at` in seconds since the epoch."""

    id: str
    url: str
    state: str
    text: str = ""
    created_at: float = 0.0
    reply_to: str = ""
    language: str = ""
    media: list[Medium] = []
    numbers: dict[str, float] = {}


class Posts(BaseModel):
    """GET /api/posts."""

    posts: list[Post]


class Mention(Post):
    """Somebody's post that names the member or answers one of its own; `root` begins the thread, `seq` is its place."""

    seq: int
    root: str
    author: str
    name: str
    answers_you: bool
    names_you: bool


class Mentions(BaseModel):
    """GET /api/mentions."""

    posts: list[Mention]


class Direct(BaseModel):
    """A private message; `names` by handle, `talk` is the conversation."""

    id: str
    seq: int
    sender: str
    receiver: str
    text: str
    created_at: float
    talk: str
    names: dict[str, str]


class Directs(BaseModel):
    """GET /api/direct."""

    messages: list[Direct]


class Numbers(BaseModel):
    """GET /api/numbers: by id."""

    numbers: dict[str, dict[str, float]]


Shape = TypeVar("Shape", bound=BaseModel)


def read(shape: type[Shape], answer: Answer, operation: Operation) -> Shape:
    """The answer in its shape; an answer of another shape counts as lost."""
    try:
        return shape.model_validate(answer.body)
    except ValidationError:
        raise lost(operation, "the answer has an unexpected form", answer.status) from None
