"""Audits in a real browser: starting one, following it, reading it; light and dark, wide and narrow, accessible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from masthead.posts.tests.scene import people
from masthead.rights.audits.tests.scene import corpus, finished
from masthead.rights.models import Audit
from masthead.web.tests.browser import browser, page, screenshots, sign_in  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TOLD = {"phase": "reading", "done": 3_000_000, "total": 9_000_000, "rate": 390_000_000, "left": 75, "matches": 1234}


def test_audits(page: Any, live_server: Any, settings: Any, tmp_path: Path) -> None:  # noqa: F811
    _workspace, owner = people()
    settings.CORPORA = []
    sign_in(page, live_server, owner)
    page.goto(f"{live_server.url}/w/bakery/audits/")
    page.get_by_role("link", name="New audit").first.click()
    assert screenshots(page, "audits-none") == []
    corpus(tmp_path / "corpora", 60)
    settings.CORPORA = [str(tmp_path / "corpora")]
    page.reload()
    page.get_by_label("Name").fill("Crawl of 2024")
    page.locator("select[name=corpus]").select_option("0/crawl.jsonl")
    assert screenshots(page, "audits-new") == []
    page.get_by_role("button", name="Start the audit").click()
    page.get_by_text("Waiting for its turn").wait_for()
    Audit.objects.update(state="running", progress=TOLD)
    page.get_by_text("1 min 15 s").wait_for(timeout=10_000)
    assert screenshots(page, "audits-running") == []
    finished(Audit.objects.get())
    page.get_by_role("heading", name="What stands where").wait_for(timeout=10_000)
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
    assert screenshots(page, "audits-finished") == []
    page.get_by_role("link", name="Too short 5").click()
    assert page.locator(".audit-finding").count() == 5
    page.goto(f"{live_server.url}/w/bakery/audits/")
    assert screenshots(page, "audits-list") == []
