"""The composer in a real browser: nothing typed is lost or overwritten by tabs, the back button or an ended session."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from masthead.channels.models import Channel
from masthead.posts.models import Post, Publication, Variant
from masthead.posts.tests.scene import people
from masthead.web.tests.browser import browser, page, sign_in  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class Writing:
    """A signed-in owner with the composer of an empty draft open."""

    def __init__(self, there: Any, live_server: Any) -> None:
        workspace, owner = people("bakery")
        kept = {
            "platform": "sandbox",
            "server": "http://127.0.0.1:1",
            "remote_id": "1",
            "handle": "@a",
            "name": "Ticker",
        }
        channel = Channel.objects.create(workspace=workspace, **kept)
        segments = [{"text": "", "attachments": [], "poll": None}]
        self.post = Post.objects.create(workspace=workspace, author=owner, segments=segments)
        Variant.objects.create(post=self.post, channel=channel)
        self.address = live_server.url + reverse("posts:compose", args=["bakery", self.post.pk])
        self.elsewhere = live_server.url + reverse("posts:list", args=["bakery"])
        sign_in(there, live_server, owner)
        there.goto(self.address)

    def stored(self) -> str:
        """The text as the database has it."""
        return str(Post.objects.get(pk=self.post.pk).segments[0]["text"])


@pytest.fixture
def writing(page, live_server) -> Writing:  # noqa: F811
    return Writing(page, live_server)


def told(there: Any, word: str) -> None:
    """Wait until the line about saving begins with this."""
    there.wait_for_function("word => document.getElementById('saved').textContent.startsWith(word)", arg=word)


def settled(there: Any) -> None:
    """Wait until the server has everything, so that nothing is kept on the device any more."""
    there.wait_for_function("() => document.getElementById('saved').textContent === 'Saved' && !localStorage.length")


def test_nothing_is_complained_about_before_a_letter_is_typed(page, writing: Writing):  # noqa: F811
    assert page.locator(".preview").count() == 1 and page.locator(".problem").count() == 0
    page.locator("#segment-0").fill("x" * 6000)
    page.locator("#segments .problem").wait_for()
    page.locator("#segment-0").fill("")
    page.locator("#segments .problem").wait_for(state="detached")
    settled(page)
    assert page.locator(".problem").count() == 0 and not page.locator(".preview-fine").is_visible()


def test_a_second_tab_keeps_the_focus_and_overwrites_nothing(page, writing: Writing):  # noqa: F811
    other = page.context.new_page()
    other.goto(writing.address)
    page.locator("#segment-0").fill("From the first tab.")
    settled(page)
    other.locator("#segment-0").press_sequentially("From the second")
    other.locator("#conflict").wait_for()
    other.keyboard.type(" tab. ")
    assert other.locator("#segment-0").input_value() == "From the second tab. "
    assert writing.stored() == "From the first tab."
    other.locator("#conflict-mine").click()
    settled(other)
    assert writing.stored() == "From the second tab. " and not other.locator("#conflict").is_visible()


def test_the_back_button_brings_the_text_and_no_false_alarm(page, writing: Writing):  # noqa: F811
    page.locator("#segment-0").fill("Typed, saved")
    settled(page)
    page.goto(writing.elsewhere)
    page.go_back()
    page.locator("#segment-0").wait_for()
    page.locator("#segment-0").press("End")
    page.locator("#segment-0").press_sequentially(", and more")
    settled(page)
    assert writing.stored() == "Typed, saved, and more" and not page.locator("#conflict").is_visible()


def test_an_ended_session_is_told_and_the_text_comes_back(page, live_server, writing: Writing):  # noqa: F811
    page.context.clear_cookies()
    page.locator("#segment-0").fill("Written after signing out elsewhere")
    told(page, "Not saved: you were signed out")
    assert writing.stored() == ""
    sign_in(page, live_server, writing.post.author)
    page.reload()
    page.locator("#recovered").wait_for()
    settled(page)
    assert writing.stored() == "Written after signing out elsewhere"


def picture(folder: Path, name: str) -> Path:
    """A small picture on disk; the name decides its colour, so that no two are the same file."""
    Image.new("RGB", (40, 30), (len(name) * 9 % 255, 90, 160)).save(folder / name)
    return folder / name


def test_a_post_waits_for_its_pictures(page, writing: Writing, tmp_path: Path):  # noqa: F811
    """Two files at once both arrive, and "Publish now" during the upload sends them too."""
    held: list[Any] = []
    page.route("**/media/upload/", lambda route: route.continue_() if held else held.append(route))
    page.locator("#segment-0").fill("Look at these.")
    page.locator("#segments input[type=file]").set_input_files(
        [picture(tmp_path, "a.png"), picture(tmp_path, "bbbb.png")]
    )
    page.get_by_text("Uploading…").wait_for()
    page.get_by_role("button", name="Publish now").click()
    assert not Publication.objects.exists()
    held[0].continue_()
    page.get_by_text("It goes out now.").wait_for()
    (part,) = Publication.objects.get().content["segments"]
    assert len(part["attachments"]) == 2


def test_a_file_that_does_not_arrive_stops_the_post_and_is_told(page, writing: Writing, tmp_path: Path):  # noqa: F811
    page.route("**/media/upload/", lambda route: route.abort())
    page.locator("#segment-0").fill("Look at this.")
    settled(page)
    page.locator("#segments input[type=file]").set_input_files(picture(tmp_path, "a.png"))
    page.get_by_text("The upload failed.").wait_for()
    page.unroute("**/media/upload/")
    held: list[Any] = []
    page.route("**/media/upload/", lambda route: held.append(route))
    page.locator("#segments input[type=file]").set_input_files(picture(tmp_path, "bbbb.png"))
    page.get_by_text("Uploading…").wait_for()
    page.get_by_role("button", name="Publish now").click()
    held[0].abort()
    page.get_by_text("The upload failed.").wait_for()
    assert not Publication.objects.exists() and page.locator("#segment-0").input_value() == "Look at this."
