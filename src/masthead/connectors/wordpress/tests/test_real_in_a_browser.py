"""WordPress's own block editor reads our blocks: valid, nothing to repair, and a save there changes no word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from masthead.connectors.wordpress.blocks import Uploaded, body, plain
from masthead.connectors.wordpress.tests.realharness import RealHarness
from masthead.connectors.wordpress.tests.realwordpress import OWNER, PASSWORD
from masthead.contract.values import MediaKind
from masthead.web.tests.browser import browser, page  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.browser]
READ = """raw => {
  const found = [];
  const walk = blocks => blocks.forEach(one => { found.push([one.name, one.isValid]); walk(one.innerBlocks); });
  const blocks = wp.blocks.parse(raw);
  walk(blocks);
  return [found, wp.blocks.serialize(blocks)];
}"""
FILES = (
    Uploaded(7, "https://example.org/a.png?x=1&y=2", MediaKind.IMAGE, 'A "loaf" & [more]'),
    Uploaded(8, "https://example.org/b.gif", MediaKind.GIF),
    Uploaded(9, "https://example.org/c.mp4", MediaKind.VIDEO),
    Uploaded(10, "https://example.org/d.mp3", MediaKind.AUDIO),
)
TEXT = 'Say [shout] & <b> "quoted"\nhttps://example.org/?a=1&b=2 👩‍🚀\n\nIt\'s the second.'


@pytest.fixture(scope="module")
def harness() -> Iterator[RealHarness]:
    one = RealHarness()
    one.start()
    yield one
    one.stop()


def test_the_editor_takes_our_blocks_as_its_own(page: Any, harness: RealHarness) -> None:  # noqa: F811
    page.goto(f"{harness.url}/wp-login.php")
    page.fill("#user_login", OWNER)
    page.fill("#user_pass", PASSWORD)
    page.click("#wp-submit")
    page.goto(f"{harness.url}/wp-admin/post-new.php", wait_until="domcontentloaded", timeout=90_000)
    page.wait_for_function("() => window.wp && wp.blocks && wp.blocks.getBlockType('core/gallery')", timeout=90_000)
    mark = "0123456789abcdef0123456789abcdef-0"
    for files in (FILES, FILES[:1], ()):
        found, saved = page.evaluate(READ, body(TEXT, files, mark))
        assert not [name for name, valid in found if not valid], found
        assert not [name for name, _ in found if name in ("core/freeform", "core/missing")], found
        assert len(found) == 2 + {4: 5, 1: 1, 0: 0}[len(files)]
        assert plain(saved) == plain(body(TEXT, files, mark)) and "<b>" not in saved
