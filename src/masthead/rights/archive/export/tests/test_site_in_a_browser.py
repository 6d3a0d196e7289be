"""The site of a copy from a disk in a real browser: it is read and searched without a server, in light and dark, wide and narrow."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage

from masthead.kit.clock import now
from masthead.posts.tests.scene import people
from masthead.rights.archive.export import search_index, site
from masthead.rights.archive.export.ask import ask_for
from masthead.rights.archive.export.write import write
from masthead.rights.archive.tests.scene import DAY, brought
from masthead.rights.archive.wanted import Wanted
from masthead.web.tests.browser import AXE, SCREENSHOTS, WIDTHS, browser, page  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def folder(settings: Any, tmp_path: Any, transactional_db: None, monkeypatch: Any) -> Any:
    """A copy of 300 things, unpacked; small pages and pieces, so that there are many."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(site, "A_PAGE", 20)
    monkeypatch.setattr(search_index, "WEIGHT", 40)
    workspace, _owner = people()
    for number in range(300):
        words = ("rye", "walnut", "sourdough")[number % 3]
        brought(
            workspace,
            f"Loaf {number} of {words} bread <b>fresh</b> from __proto__",
            number,
            url="https://example.org/x",
        )
    brought(workspace, "東京のパン屋 und Brötchen", 3, language="ja", account="@b", author="@b")
    row = ask_for(workspace, Wanted(), now=now(), by=None)
    assert write(row.pk)
    row.refresh_from_db()
    with default_storage.open(row.storage_path) as file, zipfile.ZipFile(file) as archive:
        archive.extractall(tmp_path / "copy")
    return tmp_path / "copy"


def found(page: Any, words: str, said: str) -> list[str]:  # noqa: F811
    page.get_by_label("Search everything").fill(words)
    page.keyboard.press("Enter")
    page.locator("#said").get_by_text(said).wait_for()
    return page.locator("#results li > p").all_inner_texts()


def test_read_and_searched_from_a_disk(page, folder):  # noqa: F811
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("requestfailed", lambda request: errors.append(request.url))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"file://{folder}/index.html")
    assert found(page, "loaf 77", "Found: 1") == ["Loaf 77 of sourdough bread <b>fresh</b> from __proto__"]
    assert len(found(page, "sourd", "Found so far: ")) >= 50
    page.get_by_role("button", name="Look further back").click()
    page.get_by_text("Found: 100").wait_for()
    assert len(found(page, "brot proto", "Nothing was found")) == 0
    assert len(found(page, "__proto__ 299", "Found: 1")) == 1
    assert len(found(page, "BRÖTCH", "Found: 1")) == len(found(page, "東京", "Found: 1")) == 1
    _look(page, "site-index")
    page.locator("#results a").click()
    assert page.locator("article:target").inner_text().count("東京") == 1
    page.get_by_role("link", name="Older").first.click()
    page.get_by_role("link", name="Newer").first.click()
    assert page.locator("article").count() == 11
    _look(page, "site-month")
    page.get_by_role("link", name="All months").first.click()
    page.get_by_text("@b · Sandbox").click()
    assert errors == []
    assert all(one.startswith("file://") for one in asked)


def _look(page: Any, name: str) -> None:  # noqa: F811
    SCREENSHOTS.mkdir(exist_ok=True)
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.screenshot(path=SCREENSHOTS / f"{name}-{theme}-{width}.png", full_page=True)
            assert _faults(page) == [], (theme, width)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (theme, width)


def _faults(page: Any) -> list[str]:  # noqa: F811
    """What axe finds; it must not fetch the style sheet anew, which the page's policy would refuse."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run(document, {preload: false, resultTypes: ['violations']})")["violations"]
    return [str(one["id"]) for one in found if one["impact"] in ("serious", "critical")]


def test_an_old_first_day_is_readable_without_scripts(browser, folder):  # noqa: F811
    context = browser.new_context(java_script_enabled=False)
    without = context.new_page()
    without.goto(f"file://{folder}/index.html")
    assert not without.get_by_label("Search everything").is_visible()
    without.locator(f'a[href="site/all/{DAY - timedelta(days=9):%Y-%m}.html"]').click()
    assert without.locator("article").count() > 0
    context.close()
