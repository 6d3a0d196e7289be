"""The library in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from masthead.media.models import Asset
from masthead.media.tests.pictures import animation, noise, picture, saved
from masthead.web.tests.browser import browser, page, screenshots, sign_in  # noqa: F401
from masthead.workspaces.tests.people import Company

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_files_are_uploaded_described_and_deleted(page, live_server, transactional_db, tmp_path: Path):  # noqa: F811
    company = Company()
    sign_in(page, live_server, company.members["author"].user)
    page.goto(f"{live_server.url}/w/acme/media/")
    assert screenshots(page, "media-empty") == []
    contents = {
        "tulip.png": saved(picture((600, 400))),
        "moving.gif": animation(),
        "noise.jpg": saved(noise((300, 500)), "JPEG"),
        "evil.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    page.get_by_label("Upload files").set_input_files([tmp_path / name for name in contents])
    page.get_by_role("button", name="Upload", exact=True).click()
    page.get_by_text("SVG drawings are not taken").wait_for()
    assert Asset.objects.count() == 3
    assert screenshots(page, "media-library") == []
    page.get_by_role("link", name="tulip.png").click()
    page.get_by_label("Description for people").fill("A red tulip")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The description is saved.").wait_for()
    assert screenshots(page, "media-show") == []
    assert page.locator(".media-whole img").evaluate("image => image.naturalWidth") == 600
    page.get_by_role("button", name="Delete").click()
    page.locator("#confirm").get_by_role("button", name="Continue").click()
    page.get_by_text("“tulip.png” is deleted.").wait_for()
