"""Every text of the sources is in the catalogue of each language, translated whole, and the shipped file says the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

from masthead.connectors import PLATFORMS
from masthead.connectors.mastodon.operations import SCOPES as MASTODON_SCOPES
from masthead.connectors.misskey.operations import SCOPES as MISSKEY_SCOPES

ROOT = Path(__file__).parent.parent
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]")
TAG = re.compile(r"</?\w+[^>]*>")
Key = tuple[str, str | None]


@cache
def catalogue(language: str) -> Catalog:
    with (folder(language) / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def folder(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES"


def messages(language: str) -> list[Message]:
    return [one for one in catalogue(language) if one.id]


def texts(value: object) -> tuple[str, ...]:
    """One text, or the forms of number of one."""
    return tuple(value) if isinstance(value, (tuple, list)) else (str(value),)


def key(message: Message) -> Key:
    context = message.context
    return texts(message.id)[0], context.decode() if isinstance(context, bytes) else context


def in_sources() -> Iterator[tuple[Key, Path]]:
    """(text, file) of each text that a module or a template asks gettext for."""
    for path in sorted(path for kind in ("*.py", "*.html", "*.txt") for path in ROOT.rglob(kind)):
        if {"tests", "vendor", "locale"}.isdisjoint(path.relative_to(ROOT).parts):
            source = path.read_text("utf-8")
            yield from ((found, path) for found in of_source(source if path.suffix == ".py" else as_code(source)))


def as_code(template: str) -> str:
    """A template as calls of gettext, one a line: what is between them is no Python."""
    call = re.compile(r"\b(?:n?p?gettext|_)\((?:\s*u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"),?)+")
    return "\n".join(f"{found})".replace(",)", ",1)") for found in call.findall(templatize(template)))


def of_source(source: str) -> Iterator[Key]:
    for _line, text, _comments, context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
        yield texts(text)[0], context


def test_sources_are_read_whole():
    template = (
        '{% translate \'It’s "so"\' %} don\'t {% translate "May" context "a right" %} {{ x|default:_(\'none\') }}'
    )
    template += "{% blocktranslate count n=2 %}{{ n }} part{% plural %}{{ n }} parts{% endblocktranslate %}"
    assert list(of_source(as_code(template))) == [
        ('It’s "so"', None),
        ("May", "a right"),
        ("none", None),
        ("%(n)s part", None),
    ]
    assert list(of_source('label = pgettext_lazy("a", "May"), ngettext("one" " day", "days", 2)')) == [
        ("May", "a"),
        ("one day", None),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_sources_is_missing(language):
    known = {key(one) for one in messages(language)}
    found = list(in_sources())
    assert len({text for text, _path in found}) > 900
    missing = sorted(f"{path.relative_to(ROOT)}: {text[0]}" for text, path in found if text not in known)
    assert not missing, "run bin/messages and translate what is new:\n" + "\n".join(missing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_empty_or_fuzzy(language):
    number = catalogue(language).num_plurals
    for one in messages(language):
        assert not one.fuzzy, one.id
        assert all(text.strip() for text in texts(one.string)), one.id
        assert len(texts(one.string)) == (number if len(texts(one.id)) > 1 else 1), one.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_tags_agree(language):
    for one in messages(language):
        for said in texts(one.string):
            among = [marks(text) for text in texts(one.id)]
            assert marks(said) in among, (one.id, said)


def marks(text: str) -> tuple[list[str], list[str]]:
    """Placeholders with a name may change places, those without may not."""
    found = PLACEHOLDER.findall(text)
    return sorted(found) if all("(" in one for one in found) else found, sorted(TAG.findall(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_file_says_what_the_catalogue_says(language):
    with (folder(language) / "django.mo").open("rb") as file:
        shipped = {key(one): texts(one.string) for one in read_mo(file) if one.id}
    assert shipped == {key(one): texts(one.string) for one in messages(language)}, "run bin/messages"


def said_by_connectors() -> Iterator[tuple[str, str]]:
    """(platform, text) of what connectors say in forms, guides and settings. Their own names of products stay as they are."""
    for platform in PLATFORMS.values():
        can, rule = platform.capabilities, platform.app
        ways = [way for way in (platform.connecting.form, platform.connecting.redirect) if way]
        fields = [one for way in ways for one in way.fields] + (list(rule.fields) if rule else [])
        said = [platform.about, *(text for one in fields for text in (one.label, one.help))]
        said += [text for one in can.options for text in (one.label, one.help)]
        said += [label for one in can.options for _value, label in one.choices]
        said += [one.label for one in can.patterns] + [one.name for one in can.plans]
        terms = platform.terms
        said += [one.clause for one in (*terms.rules, terms.deletion, terms.redistribution) if one]
        said += [*rule.steps, *(one.why for one in rule.scopes), rule.cost, rule.warning] if rule else []
        yield from ((platform.key, text) for text in said if text and not text.startswith("https://"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_connectors_say_can_be_translated(language: str) -> None:
    known = {key(one)[0] for one in messages(language)}
    unmarked = [(place, text) for place, text in said_by_connectors() if text not in known]
    assert not unmarked, "mark these with _ of masthead.kit.words, and run bin/messages"


def test_the_rights_of_a_typed_token_are_all_named() -> None:
    for key, scopes in (("mastodon", MASTODON_SCOPES.split()), ("misskey", MISSKEY_SCOPES)):
        fields = PLATFORMS[key].connecting.form.fields
        assert ", ".join(scopes) in next(one.help for one in fields if one.name == "access_token")
