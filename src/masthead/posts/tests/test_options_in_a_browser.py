"""A platform's own settings in the composer: a board that the account told must be chosen; a document is shown by its name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from masthead.channels.models import Channel
from masthead.connectors import PLATFORMS
from masthead.contract.capabilities import MediaRule, Option, Source
from masthead.contract.values import MediaKind
from masthead.media.tests.test_document import PDF
from masthead.posts.models import Variant
from masthead.posts.tests.test_in_a_browser import Writing, settled
from masthead.web.tests.browser import browser, page, screenshots  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HERE = Source("https://example.org/", date(2026, 1, 1))
BOARD = Option("board", "Board", "choice", HERE, required=True, from_account=True, help="Where it is pinned.")


@pytest.fixture
def writing(page, live_server, monkeypatch, settings, tmp_path) -> Writing:  # noqa: F811
    """The composer on a platform with boards that takes documents; the account has told two boards."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    sandbox = PLATFORMS["sandbox"]
    paper = MediaRule(MediaKind.DOCUMENT, ("application/pdf",), 1_000_000, 1, HERE)
    can = replace(sandbox.capabilities, options=(BOARD,), media=(*sandbox.capabilities.media, paper))
    monkeypatch.setitem(PLATFORMS, "sandbox", replace(sandbox, capabilities=can))
    made = Writing(page, live_server)
    Channel.objects.update(limits={"choices": {"board": [["7", "Bread"], ["8", "Cakes"]]}})
    page.goto(made.address)
    return made


def test_a_board_must_be_chosen(page, writing: Writing):  # noqa: F811
    page.locator("#segment-0").fill("Fresh bread.")
    page.locator("#settings .problem").wait_for()
    assert "“Board” is not set" in page.locator("#settings .problem").inner_text()
    assert page.locator("#settings option").all_inner_texts() == ["Choose…", "Bread", "Cakes"]
    assert screenshots(page, "composer-option-missing") == []
    page.get_by_label("Board").select_option("Cakes")
    page.locator("#settings .problem").wait_for(state="detached")
    settled(page)
    assert Variant.objects.get().options == {"board": "8"}
    Channel.objects.update(limits={"choices": {"board": [["7", "Bread"]]}})
    page.goto(writing.address)
    page.locator("#settings .problem").wait_for(state="attached")
    assert "not one of the choices" in page.locator("#settings .problem").text_content()


def test_a_document_is_shown_by_its_name(page, writing: Writing):  # noqa: F811
    page.locator("#segment-0").fill("Our menu.")
    page.locator("#segments input[type=file]").set_input_files(
        {"name": "menu.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.locator(".attached-name", has_text="menu.pdf").wait_for()
    assert not page.locator(".attached-item img").is_visible()
    page.locator(".preview-file", has_text="menu.pdf").wait_for()
    assert screenshots(page, "composer-document") == []
