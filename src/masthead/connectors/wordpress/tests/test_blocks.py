"""Our text as WordPress's blocks: what a person typed is shown as typed, and an edit replaces nothing else."""

from __future__ import annotations

import pytest

from masthead.connectors.wordpress.blocks import Uploaded, body, linked, plain, rewritten
from masthead.contract.values import MediaKind

MARK = "0123abcd-0"
FIRST = '<!-- wp:paragraph {"metadata":{"masthead":"0123abcd-0"}} -->\n'


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("Bread & <b>butter</b>", "Bread &amp; &lt;b&gt;butter&lt;/b&gt;"),
        ("[gallery] and [[x]]", "&#91;gallery&#93; and &#91;&#91;x&#93;&#93;"),
        ("<!-- wp:html -->", "&lt;!-- wp:html --&gt;"),
        ("One\nTwo", "One<br>Two"),
        ('"quoted" it\'s', '"quoted" it\'s'),
        (
            "See https://example.org/?a=1&b=2.",
            'See <a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a>.',
        ),
        (
            'https://example.org/"onmouseover="x',
            '<a href="https://example.org/&quot;onmouseover=&quot;x">https://example.org/"onmouseover="x</a>',
        ),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_a_text_means_itself(typed: str, html: str) -> None:
    assert linked(typed) == html
    assert plain(html) == typed


def test_blank_lines_part_paragraphs_and_the_first_carries_the_mark() -> None:
    made = body("One\r\n \r\n\r\nTwo\nlines", (), MARK)
    assert made == (
        FIRST
        + "<p>One</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:paragraph -->\n<p>Two<br>lines</p>\n<!-- /wp:paragraph -->"
    )


def test_pictures_become_a_gallery_and_films_players() -> None:
    files = [
        Uploaded(7, "https://example.org/a.png", MediaKind.IMAGE, 'A "loaf" [caption]'),
        Uploaded(8, "https://example.org/b.mp4", MediaKind.VIDEO),
        Uploaded(9, "https://example.org/c.gif", MediaKind.GIF),
    ]
    made = body("", files, MARK)
    assert made.startswith('<!-- wp:gallery {"linkTo":"none","metadata":{"masthead":"0123abcd-0"}} -->')
    assert 'alt="A &quot;loaf&quot; &#91;caption&#93;" class="wp-image-7"' in made
    assert made.index("wp-image-9") < made.index('<video controls src="https://example.org/b.mp4">')
    single = body("", files[:1], MARK)
    assert "wp:gallery" not in single and '"masthead":"0123abcd-0"' in single


def test_an_edit_replaces_the_paragraphs_at_the_beginning_and_keeps_the_rest() -> None:
    picture = Uploaded(7, "https://example.org/a.png", MediaKind.IMAGE)
    made = body("One\n\nTwo", [picture], MARK)
    assert rewritten(made, "New", MARK) == body("New", [picture], MARK)
    heading = "<!-- wp:heading -->\n<h2>By hand</h2>\n<!-- /wp:heading -->"
    later = f"{made}\n\n{heading}\n\n<!-- wp:paragraph -->\n<p>By hand too</p>\n<!-- /wp:paragraph -->"
    kept = rewritten(later, "New", MARK)
    assert (
        plain(kept).startswith("New")
        and "Two" not in kept
        and kept.endswith("<p>By hand too</p>\n<!-- /wp:paragraph -->")
    )


def test_nothing_to_show_still_carries_the_mark() -> None:
    assert body("", (), MARK) == FIRST + "<p></p>\n<!-- /wp:paragraph -->"
