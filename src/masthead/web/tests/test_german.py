"""The main pages for a person whose language is German."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from selectolax.lexbor import LexborHTMLParser

from masthead.contract.capabilities import Option, Source
from masthead.posts.check import Problem
from masthead.posts.composer_state import _setting
from masthead.posts.models import Post
from masthead.posts.problems import Told
from masthead.workspaces.models import Member
from masthead.workspaces.roles import Role

HERE = Source("https://example.org/", date(2026, 11, 24))

BUTTONS = ("button", "a.btn", "a.btn-outline", "nav a", "label", "th", "summary")
ENGLISH = {
    *(
        "Save",
        "Cancel",
        "Delete",
        "Remove",
        "Search",
        "Show",
        "Clear",
        "Change",
        "Continue",
        "Add",
        "Connect",
        "Reconnect",
    ),
    *(
        "Disconnect",
        "New post",
        "Publish now",
        "Schedule",
        "Move",
        "Sign in",
        "Sign out",
        "Home",
        "Posts",
        "Calendar",
        "Channels",
    ),
    *(
        "Members",
        "Settings",
        "Media",
        "Past posts",
        "Password",
        "Language",
        "Time zone",
        "State",
        "Channel",
        "All channels",
    ),
    *(
        "Name of the workspace",
        "Delete the workspace",
        "Delete this workspace",
        "Connect a channel",
        "Preview",
        "Comment",
    ),
}
HEADINGS = {
    "posts:list": "Beiträge",
    "posts:calendar": "Kalender",
    "posts:past": "Frühere Beiträge",
    "channels:list": "Kanäle",
    "media:library": "Medien",
    "notifications:list": "Benachrichtigungen",
    "workspaces:members": "Mitglieder",
    "workspaces:settings": "Einstellungen",
    "workspaces:tokens": "API-Token",
    "workspaces:audit": "Protokoll",
}


@pytest.fixture
def german(client, member):
    member.user.language = "de"
    member.user.save()
    client.force_login(member.user)
    return client


def read(answer) -> LexborHTMLParser:
    assert answer.status_code == 200
    return LexborHTMLParser(answer.content.decode())


def heading(page: LexborHTMLParser) -> str:
    return " ".join(page.css_first("h1").text().split())


def english(page: LexborHTMLParser) -> set[str]:
    """What a person may press or must fill in, and is called by an English word."""
    said = {" ".join(one.text().split()) for kind in BUTTONS for one in page.css(kind)}
    assert len(said) > 2
    return said & ENGLISH


@pytest.mark.parametrize("name", HEADINGS)
def test_page_is_german(german, busy, name):
    page = read(german.get(reverse(name, args=["harbour"])))
    assert page.css_first("html").attributes["lang"] == "de"
    assert heading(page) == HEADINGS[name]
    assert english(page) == set()


def test_english_is_found(client, member, busy):
    client.force_login(member.user)
    assert {"New post", "Search"} <= english(read(client.get(reverse("posts:list", args=["harbour"]))))


def test_home_is_german(german, busy):
    page = read(german.get(reverse("web:home", args=["harbour"])))
    said = [" ".join(one.text().split()) for one in page.css("main h2")]
    assert any(one.startswith("Braucht Ihre Aufmerksamkeit") for one in said), said
    assert any(one.startswith("Als Nächstes") for one in said), said
    assert english(page) == set()


def test_day_stands_before_a_full_stop(german, busy):
    page = german.get(reverse("posts:publication", args=["harbour", busy[0].pk])).content.decode()
    with translation.override("de"):
        day = date_format(busy[0].publish_at, "j. M Y, H:i")
    assert day in page


def test_composer_is_german(german, busy):
    post = Post.objects.create(workspace=busy[0].workspace, author=busy[0].post.author, segments=[{"text": "Moin"}])
    page = read(german.get(reverse("posts:compose", args=["harbour", post.pk])))
    assert heading(page) == "Beitrag schreiben"
    assert english(page) == set()
    assert "Jetzt veröffentlichen" in page.body.text()


def test_publication_is_german(german, busy):
    page = read(german.get(reverse("posts:publication", args=["harbour", busy[2].pk])))
    assert "Fehlgeschlagen" in page.body.text()
    assert english(page) == set()


def test_sign_in_follows_the_browser(client, member):
    page = read(client.get(reverse("account_login"), headers={"Accept-Language": "de-AT,de;q=0.9"}))
    assert heading(page) == "Anmelden"
    assert english(page) == set()


def test_month_of_may_keeps_its_name(german, busy):
    assert "Mai 2026" in german.get(reverse("posts:calendar", args=["harbour"]) + "?month=2026-05").content.decode()


def test_what_connectors_say_is_german(client, member):
    member.user.language = "de"
    member.user.save()
    Member.objects.filter(pk=member.pk).update(role=Role.OWNER)
    client.force_login(member.user)
    places = read(client.get(reverse("channels:connect", args=["harbour"]))).body.text()
    assert "Notizen, mit Ihrem eigenen Schlüssel signiert" in places and "Notes signed" not in places
    guide = read(client.get(reverse("channels:app", args=["harbour", "pinterest"]))).body.text()
    assert "Kopieren Sie die App-ID" in guide and "um Pins anzulegen" in guide and "Copy the App ID" not in guide
    form = read(client.get(reverse("channels:connect_platform", args=["harbour", "nostr"]))).body.text()
    assert "Geheimer Schlüssel" in form and "Secret key" not in form


def test_settings_of_a_variant_are_german_but_not_what_an_account_told():
    option = Option("who", "Who can reply", "choice", HERE, choices=(("all", "Everyone"),), help="Separated by commas.")
    with translation.override("de"):
        told, own = _setting(option), _setting(replace(option, from_account=True))
        problem = Told(Problem("options.who", "option_missing", {"label": "Who can reply"})).message
    assert (told["label"], told["help"]) == ("Wer antworten kann", "Durch Kommas getrennt.")
    assert ("all", "Alle") in told["choices"] and ("all", "Everyone") in own["choices"]
    assert "Wer antworten kann" in problem
