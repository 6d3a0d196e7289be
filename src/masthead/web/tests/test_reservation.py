"""What machines are told about training: the same in every place, and changed by one setting."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

RSL = "{https://rslstandard.org/rsl}"


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/account/login/", "/robots.txt", "/.well-known/tdmrep.json", "/health/live"])
def test_every_answer_says_so(client, page):
    answer = client.get(page)
    assert answer.headers["Content-Usage"] == "train-ai=n" and answer.headers["tdm-reservation"] == "1"
    assert 'rel="license"' in answer.headers["Link"]


def test_reserved_unless_somebody_allows_it(client, settings):
    settings.PUBLIC_URL = "https://m.example"
    told = client.get("/robots.txt").content.decode().splitlines()
    assert told == [
        "User-agent: *",
        "Disallow: /",
        "Content-Usage: train-ai=n",
        "License: https://m.example/license.xml",
    ]
    (rule,) = client.get("/.well-known/tdmrep.json").json()
    assert rule == {"location": "/", "tdm-reservation": 1, "tdm-policy": "https://m.example/license.xml"}
    found = ElementTree.fromstring(client.get("/license.xml").content)
    assert found.find(f"{RSL}content").get("url") == "https://m.example/"
    assert found.find(f".//{RSL}prohibits").text == "ai-train" and found.find(f".//{RSL}permits") is None


def test_the_setting_turns_all_of_them(client, settings):
    settings.AI_TRAINING = True
    assert "Content-Usage: train-ai=y" in client.get("/robots.txt").content.decode()
    assert client.get("/.well-known/tdmrep.json").json() == [{"location": "/", "tdm-reservation": 0}]
    assert ElementTree.fromstring(client.get("/license.xml").content).find(f".//{RSL}permits").text == "ai-train"
