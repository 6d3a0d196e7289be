"""The two lives of a post: editorial (Post) and delivery (Publication)."""

from __future__ import annotations

from enum import StrEnum

from masthead.kit.transitions import Life


class Editorial(StrEnum):
    """Where a post stands among people."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    ARCHIVED = "archived"


class State(StrEnum):
    """Where a publication stands between us and the platform."""

    SCHEDULED = "scheduled"
    PUBLISHING = "publishing"
    PROCESSING = "processing"
    PUBLISHED = "published"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REMOVED = "removed"


E, S = Editorial, State
GONE = (S.PUBLISHING, S.PROCESSING, S.UNCONFIRMED, S.PUBLISHED)
"""It is out, or may be."""

EDITORIAL: Life[Editorial] = Life(
    "post",
    {
        E.DRAFT: {E.IN_REVIEW: "submitted", E.APPROVED: "approved by its author", E.ARCHIVED: "archived"},
        E.IN_REVIEW: {E.APPROVED: "approved", E.DRAFT: "changes asked for, or taken back", E.ARCHIVED: "archived"},
        E.APPROVED: {E.DRAFT: "edited again", E.ARCHIVED: "archived"},
        E.ARCHIVED: {E.DRAFT: "restored"},
    },
)

DELIVERY: Life[State] = Life(
    "publication",
    {
        S.SCHEDULED: {
            S.PUBLISHING: "claimed by a worker",
            S.CANCELLED: "cancelled by a person, or put aside because its channel ended",
            S.EXPIRED: "too late to be wanted",
            S.FAILED: "refused before anything was sent",
        },
        S.PUBLISHING: {
            S.PUBLISHED: "the platform acknowledged it",
            S.PROCESSING: "accepted, the platform still works on it",
            S.SCHEDULED: "certainly not sent; try again later",
            S.UNCONFIRMED: "sent, but no clear answer",
            S.FAILED: "refused by the platform",
        },
        S.PROCESSING: {
            S.PUBLISHED: "the platform finished",
            S.FAILED: "the platform gave up on it",
            S.UNCONFIRMED: "the platform no longer says",
        },
        # No arrow to PUBLISHING: what may be out there is looked up, never sent again blindly.
        S.UNCONFIRMED: {
            S.PUBLISHED: "found on the platform, or a person says it is there",
            S.PROCESSING: "found, the platform still works on it",
            S.SCHEDULED: "certainly not there; try again",
            S.FAILED: "a person says it is not there and gives up",
            S.EXPIRED: "certainly not there, and too late to be wanted",
        },
        S.FAILED: {S.SCHEDULED: "a person tries again", S.CANCELLED: "a person gives up"},
        S.EXPIRED: {S.SCHEDULED: "a person schedules it anew", S.CANCELLED: "a person gives up"},
        S.CANCELLED: {S.SCHEDULED: "a person schedules it anew"},
        S.PUBLISHED: {S.REMOVED: "deleted on the platform"},
        S.REMOVED: {},
    },
)

ENDED = (S.PUBLISHED, S.FAILED, S.CANCELLED, S.EXPIRED, S.REMOVED)
NEEDS_A_PERSON = (S.FAILED, S.EXPIRED)


def shown(editorial: Editorial, states: tuple[State, ...]) -> str:
    """The one word a list shows for a post: the most urgent of its publications, else its editorial state."""
    if editorial == E.ARCHIVED:
        return E.ARCHIVED
    order = (S.FAILED, S.UNCONFIRMED, S.EXPIRED, S.PUBLISHING, S.PROCESSING, S.SCHEDULED, S.PUBLISHED)
    return next((state for state in order if state in states), editorial)
