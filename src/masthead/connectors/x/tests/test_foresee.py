"""What publishing will call on X is told before, and is what it calls."""

from __future__ import annotations

from masthead.connectors.x import X
from masthead.contract.foresight import Planned, PlannedFile
from masthead.contract.values import MediaKind

PICTURE, BARE = PlannedFile(MediaKind.IMAGE, "A loaf"), PlannedFile(MediaKind.IMAGE)
FILM = PlannedFile(MediaKind.VIDEO, "An oven")


def told(*parts: Planned) -> dict[str, int]:
    assert X.foresee
    return {one.operation.name: one.units for one in X.foresee(parts, {})}


def test_each_part_of_a_thread_is_a_post_and_one_with_a_link_is_another() -> None:
    assert told(Planned("Bread"), Planned("More at example.org/menu"), Planned("Bye")) == {
        "create_post": 2,
        "create_post_with_link": 1,
    }


def test_pictures_are_uploaded_and_described_and_videos_get_no_description() -> None:
    assert told(Planned("Bread", (PICTURE, BARE)), Planned("Oven", (FILM,))) == {
        "upload": 2,
        "describe_media": 1,
        "create_post": 2,
        "initialize_upload": 1,
    }
