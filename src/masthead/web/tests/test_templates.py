"""Every template of every domain: nothing the policy would refuse, only known icons, all words translatable."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from masthead.web.icons import shapes

SOURCE = Path(__file__).parents[2]
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
NAMES = {"Masthead", "masthead doctor", "doctor", "SHA"}
_TRANSLATED = re.compile(r"\{%\s*(blocktranslate|blocktrans)\b.*?\{%\s*end\1\s*%\}", re.S)
_COMMENT = re.compile(r"\{%\s*comment\b.*?\{%\s*endcomment\s*%\}|\{#.*?#\}|<!--.*?-->", re.S)
_CODE = re.compile(r"<code\b[^>]*>.*?</code>", re.S)  # commands and ids are the same in every language
_TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
_ELEMENTS = re.compile(r"<!?/?[a-zA-Z][^>]*>", re.S)
_SPOKEN = re.compile(r'\b(?:placeholder|aria-label|title|alt|data-confirm)="([^"]*)"')

templates = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))


def test_there_are_templates():
    assert len(TEMPLATES) > 15


@templates
def test_nothing_that_the_policy_refuses(path: Path):
    text = _COMMENT.sub("", path.read_text())
    assert not re.search(r"\sstyle\s*=", text), "style= is refused; use a class"
    assert not re.search(r"<style\b", text), "<style> is refused; use a file"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "on…= is refused; use a data attribute and app.js"
    assert not re.search(r"javascript:", text)
    assert not re.search(r"https?://[^\s\"']+\.(js|css)", text), "scripts and styles come from this server"
    for opening, body in re.findall(r"<script\b([^>]*)>(.*?)</script>", text, re.S):
        assert "src=" in opening, "a script without src is refused"
        assert not body.strip()


@templates
def test_icons_are_known(path: Path):
    for name in re.findall(r'\{%\s*icon "([^"]+)"', path.read_text()):
        assert name in shapes(), f"{name}: add it to icons.txt and run bin/vendor"


@templates
def test_words_are_translatable(path: Path):
    text = _CODE.sub("", _COMMENT.sub("", _TRANSLATED.sub("", path.read_text())))
    bare = re.sub(r"(</?)\s+", r"\1x", _TAGS.sub(" ", text))  # an element whose name is a variable
    spoken = [_TAGS.sub("", one) for one in _SPOKEN.findall(_TAGS.sub(" ", text))]
    for piece in [*re.split(r"\s{2,}|\n", _ELEMENTS.sub("  ", bare)), *spoken]:
        words = re.sub(r"&\w+;|[^A-Za-z ]", " ", piece).strip()
        assert len(words) < 3 or words in NAMES or words.startswith("http"), f"not translatable: {piece.strip()!r}"


def test_vendored_files_are_what_the_manifest_says():
    root = SOURCE.parents[1]
    for package in json.loads((SOURCE / "web/static/vendor/manifest.json").read_text()):
        assert package["licence"]
        for file, wanted in package["sha256"].items():
            assert hashlib.sha256((root / file).read_bytes()).hexdigest() == wanted, f"{file}: run bin/vendor"
