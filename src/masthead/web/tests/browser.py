"""A real browser for tests: Chromium through Playwright, axe-core, and screenshots.

    from masthead.web.tests.browser import accessible, browser, page, screenshots, sign_in  # noqa: F401 (fixtures)

    @pytest.mark.browser
    def test_something(page, live_server, member): ...

`page` and `browser` are fixtures. Chromium is Debian's (/usr/bin/chromium, or CHROMIUM); where it is absent these
tests are skipped with the reason, or fail when MASTHEAD_ALL=1.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SCREENSHOTS = Path(__file__).parents[4] / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-component-update",
    "--disable-default-apps",
    "--no-first-run",
    "--mute-audio",
    "--hide-scrollbars",
]
WIDTHS = {1440: 900, 390: 844}


@pytest.fixture(scope="module")
def browser(django_db_setup: None) -> Iterator[Any]:
    """Chromium, once for a module, because Playwright's event loop would be in the way of other modules' asyncio.

    For the same reason what a browser test does with asyncio (such as a worker) must run in a thread or a process.
    """
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        (pytest.fail if os.environ.get("MASTHEAD_ALL") == "1" else pytest.skip)("Chromium is not installed")
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    playwright = pytest.importorskip("playwright.sync_api").sync_playwright().start()
    chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield chromium
    chromium.close()
    playwright.stop()
    patch.undo()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page of its own, 1440 wide, that fails the test on script errors and refused content (CSP)."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=False, reduced_motion="reduce")
    context.set_default_timeout(90_000)  # patience, not a claim: the machine may be busy
    one = context.new_page()
    wrong: list[str] = []
    one.on("pageerror", lambda error: wrong.append(str(error)))
    one.on("console", lambda message: wrong.append(message.text) if _is_refusal(message) else None)
    yield one
    context.close()
    assert not wrong, wrong


def _is_refusal(message: Any) -> bool:
    return message.type == "error" and "Content Security Policy" in message.text


def sign_in(page: Any, live_server: Any, user: Any) -> None:
    """Give the browser a session of this user without the sign-in page."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": live_server.url}
    page.context.add_cookies([cookie])


def accessible(page: Any, *, allow: tuple[str, ...] = ()) -> list[str]:
    """Serious and critical axe-core violations of the page as it stands; `allow` names rules to pass over."""
    page.evaluate(AXE.read_text())  # evaluated by the debugger, so the page's CSP stays as it is
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{one['id']}: " + "; ".join(f"{node['target']} {node['failureSummary']}" for node in one["nodes"][:4])
        for one in found
        if one["impact"] in ("serious", "critical") and one["id"] not in allow
    ]


def screenshots(page: Any, name: str, *, full: bool = True) -> list[str]:
    """Take `screenshots/<name>-{light,dark}-{1440,390}.png` and return all accessibility violations met on the way."""
    SCREENSHOTS.mkdir(exist_ok=True)
    found: list[str] = []
    before = page.viewport_size
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            paint(page, theme)
            page.screenshot(path=SCREENSHOTS / f"{name}-{theme}-{width}.png", full_page=full)
            found += [f"{theme} {width} {one}" for one in accessible(page)]
    page.set_viewport_size(before)
    paint(page, "light")
    return found


def paint(page: Any, theme: str) -> None:
    """Show the page as it stands in light or dark colours."""
    page.emulate_media(color_scheme=theme)
    page.wait_for_function("wanted => document.documentElement.dataset.colorScheme === wanted", arg=theme)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.evaluate("document.getAnimations().forEach(one => one.finish())")
