"""LinkedIn's own export, made up: three ways of quoting, rows that are broken, other encodings."""

from __future__ import annotations

import pytest

from masthead.connectors.tests.archives import owner, told

HEAD = "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n"
LINK = "https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A12"


def test_line_breaks_inside_a_share() -> None:
    text = f'{HEAD}2025-03-27 10:00:00,{LINK},"one ""word""""\n""two""\n""three",https://e.org/,https://media/x.jpg,MEMBER_NETWORK\n'
    (post,), troubles = told("linkedin", {"Shares.csv": text})
    assert post.text == 'one "word"\ntwo\nthree' and not troubles
    assert (post.remote_id, post.raw["shared"], post.media[0].url) == (
        "urn:li:share:12",
        "https://e.org/",
        "https://media/x.jpg",
    )
    assert post.posted_at and post.posted_at.hour == 10


def test_backslashes_in_comments() -> None:
    rows = 'Date,Link,Message\n2025-03-27 10:00:00 UTC,https://l,"he said \\"hi\\", from C:\\temp"\n2025-03-28 10:00:00,https://l,plain\n'
    first, second = told("linkedin", {"Comments.csv": rows})[0]
    assert (first.text, second.text) == ('he said "hi", from C:\\temp', "plain")


def test_a_mark_that_is_never_closed_spoils_its_row_only() -> None:
    rows = f'{HEAD}2025-03-27 10:00:00,{LINK},"open,,,\n2025-03-28 10:00:00,https://l/2,"fine",,,PUBLIC\n2025-03-29 10:00:00,short\n'
    entries, troubles = told("linkedin", {"Shares.csv": rows})
    assert [one.text for one in entries] == ["fine"]
    assert [one.entry for one in troubles] == ["Shares.csv, 2", "Shares.csv, 4"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = f"{HEAD}2025-03-27 10:00:00,{LINK},Grüße aus Köln,,,PUBLIC\n"
    assert told("linkedin", {"Complete/Shares.csv": text.encode(encoding)})[0][0].text == "Grüße aus Köln"


def test_messages_reactions_and_the_profile() -> None:
    files = {
        "Profile.csv": "First Name,Last Name,Summary\nAda,Løve,Writes\n",
        "Reactions.csv": f"Date,Type,Link\n2025-03-27 10:00:00,PRAISE,{LINK}\n",
        "messages.csv": "CONVERSATION ID,CONVERSATION TITLE,FROM,TO,DATE,SUBJECT,CONTENT,FOLDER\n"
        'c1,,Ada Løve,Bob,2025-03-27 10:00:00 UTC,,"Hi\n\nBob",INBOX\n',
    }
    profile, reaction, message = told("linkedin", files)[0]
    assert owner("linkedin", files).handle == "Ada Løve" == profile.author
    assert (reaction.raw["reaction"], reaction.raw["object"]) == ("praise", "urn:li:share:12")
    assert (message.text, message.raw["mine"], message.raw["conversation"]) == ("Hi\n\nBob", True, "c1")


def test_no_date_is_kept_and_named() -> None:
    entries, troubles = told("linkedin", {"Shares.csv": f"{HEAD}someday,{LINK},text,,,PUBLIC\n"})
    assert entries[0].posted_at is None and troubles[0].why == "Its date cannot be read."
