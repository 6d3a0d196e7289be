"""The sandbox's pages. Everything put into a page is escaped unless it is already `Html`."""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from masthead.contract.testing_faults import Fault
from masthead.contract.testing_inbox import DIRECT_LIMIT, WINDOW
from masthead.contract.testing_network import (
    ALT_LIMIT,
    MAX_ATTACHMENTS,
    POLL_OPTION_LIMIT,
    POLL_OPTIONS,
    TEXT_LIMIT,
    Member,
    SandboxNetwork,
)
from masthead.contract.testing_sign_in import Wish
from masthead.kit.text import links

FAULTS = {
    Fault.FAIL_500: "Answer 500 and keep nothing",
    Fault.STORE_THEN_500: "Keep the post, then answer 500",
    Fault.STORE_THEN_CLOSE: "Keep the post, then hang up",
    Fault.STORE_THEN_HANG: "Keep the post, then never answer",
    Fault.STORE_THEN_CUT: "Keep the post, then answer with half a sentence",
    Fault.LIMITED: "Ask for a pause of two minutes (429)",
    Fault.REFUSED: "Refuse the post (422)",
    Fault.TOKEN_EXPIRED: "Say that the token ran out (401)",
    Fault.SLOW: "Keep it in processing for two minutes",
    Fault.HELD: "Hold the request for two minutes, then keep the post",
}


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def put(template: str, **values: Any) -> Html:
    """The template with values in place, each escaped unless it is `Html`."""
    return Html(
        template.format(
            **{name: value if isinstance(value, Html) else html.escape(str(value)) for name, value in values.items()}
        )
    )


def join(parts: Iterable[Html]) -> Html:
    """Pieces of markup one after the other."""
    return Html("".join(parts))


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{title} · Sandbox</title>
<link rel="stylesheet" href="/style.css"></head>
<body><header><a class="brand" href="/">Sandbox</a><nav aria-label="Main"><a href="/">Timeline</a>
<a href="/about">About</a><a href="/faults">Faults</a></nav></header>
<main><h1>{title}</h1>{content}</main>
<footer>A make-believe network for trying things out. Nothing here leaves this machine.</footer></body></html>"""


def page(title: str, content: Html) -> Html:
    """A whole page."""
    return put(PAGE, title=title, content=content)


def timeline(network: SandboxNetwork) -> Html:
    """Everybody's newest posts."""
    return page("Timeline", join([_people(network), _feed(network, network.recent())]))


def profile(network: SandboxNetwork, member: Member) -> Html:
    """One member and their posts."""
    head = put(
        '<p class="about"><span class="handle">@{handle}</span> {about}</p>', handle=member.handle, about=member.about
    )
    return page(member.name, join([head, _feed(network, network.recent(member.handle))]))


def thread(network: SandboxNetwork, post: dict[str, Any]) -> Html:
    """A post with all that hangs together with it."""
    return page("Post", _thread(network, [one for one in network.thread(post["root"]) if _ready(network, one)]))


def missing() -> Html:
    """Nothing at this address."""
    return page("Not here", Html("<p>There is nothing at this address. It may have been removed.</p>"))


def bad_sign_in() -> Html:
    """The application asked in a wrong way."""
    return page(
        "Sign-in not possible", Html("<p>The application did not ask properly. Go back and start again there.</p>")
    )


def about(network: SandboxNetwork) -> Html:
    """The network's limits."""
    common = put(
        "<p>A post has at most {text} characters and {files} files, each with a description of at most {alt} "
        "characters. "
        "A poll has 2 to {options} answers of at most {option} characters. Threads have at most 25 posts. "
        "Posts may be edited and removed. A member may post 300 times in five minutes. "
        "A private message has at most {message} characters; whoever got one may answer it for {hours} hours.</p>",
        text=TEXT_LIMIT,
        files=MAX_ATTACHMENTS,
        alt=ALT_LIMIT,
        options=POLL_OPTIONS,
        option=POLL_OPTION_LIMIT,
        message=DIRECT_LIMIT,
        hours=int(WINDOW // 3600),
    )
    return page("About", join([common, Html("<h2>Members</h2>"), _people(network)]))


def faults(network: SandboxNetwork) -> Html:
    """The knobs: what goes wrong with the next posts."""
    choices = join(
        put('<option value="{value}">{label}</option>', value=fault.value, label=label)
        for fault, label in FAULTS.items()
    )
    members = join(
        put('<option value="{handle}">{name}</option>', handle=one.handle, name=one.name) for one in network.members()
    )
    form = put(
        "<p>Make the next posts go wrong and see what happens to them.</p>"
        '<form class="card" method="post" action="/faults">'
        '<label>What happens <select name="fault">{choices}</select></label>'
        '<label>Whose posts <select name="handle"><option value="">Anybody\'s</option>{members}</select></label>'
        '<label>How many <input name="times" type="number" min="1" max="50" value="1"></label>'
        "<button>Turn the knob</button></form>",
        choices=choices,
        members=members,
    )
    turned = join(
        put(
            "<li>{what}: {who}, {times} more</li>",
            what=FAULTS[one.fault],
            times=one.times,
            who=f"@{one.handle}" if one.handle else "anybody",
        )
        for one in network.knobs.turned
    )
    return page(
        "Faults", join([form, put("<ul>{turned}</ul>", turned=turned) if turned else Html("<p>No knob is turned.</p>")])
    )


def authorize(network: SandboxNetwork, wish: Wish) -> Html:
    """May this application post for you?"""
    hidden = join(
        put('<input type="hidden" name="{name}" value="{value}">', name=name, value=value)
        for name, value in (
            ("client_id", wish.client_id),
            ("redirect_uri", wish.redirect_uri),
            ("state", wish.state),
            ("code_challenge", wish.challenge),
            ("code_challenge_method", "S256"),
        )
    )
    people = join(
        put(
            '<label class="choice"><input type="radio" name="handle" value="{handle}" required> {name} '
            '<span class="handle">@{handle}</span></label>',
            handle=one.handle,
            name=one.name,
        )
        for one in network.members()
    )
    return page(
        "Allow posting?",
        put(
            "<p><strong>{client}</strong> wants to post for you.</p>"
            '<form class="card" method="post" action="/authorize">{hidden}'
            "<fieldset><legend>Who are you?</legend>{people}</fieldset>"
            '<div class="row"><button name="answer" value="allow">Allow</button>'
            '<button class="quiet" name="answer" value="deny" formnovalidate>Deny</button></div></form>',
            client=wish.client_id,
            hidden=hidden,
            people=people,
        ),
    )


def _people(network: SandboxNetwork) -> Html:
    cards = join(
        put(
            '<li><a href="/@{handle}">{name}</a> <span class="handle">@{handle}</span><br>{about}</li>',
            handle=one.handle,
            name=one.name,
            about=one.about,
        )
        for one in network.members()
    )
    return put('<ul class="people">{cards}</ul>', cards=cards)


def _feed(network: SandboxNetwork, posts: list[dict[str, Any]]) -> Html:
    roots = dict.fromkeys(post["root"] for post in posts if _ready(network, post))
    threads = join(_thread(network, [one for one in network.thread(root) if _ready(network, one)]) for root in roots)
    return threads or Html('<p class="empty">Nothing has been posted yet.</p>')


def _thread(network: SandboxNetwork, posts: list[dict[str, Any]]) -> Html:
    return put('<section class="card thread">{posts}</section>', posts=join(_post(network, post) for post in posts))


def _ready(network: SandboxNetwork, post: dict[str, Any]) -> bool:
    return bool(post["ready_at"] <= network.now())


POST = """<article><p class="who"><a href="/@{handle}">{name}</a> <span class="handle">@{handle}</span>
<a class="when" href="/@{handle}/{id}"><time datetime="{iso}">{when}</time></a>{edited}</p>
{note}<p class="text"{lang}>{text}</p>{media}{poll}</article>"""


def _post(network: SandboxNetwork, post: dict[str, Any]) -> Html:
    member, at = network.member(post["handle"]), datetime.fromtimestamp(post["created_at"], UTC)
    extra = post["extra"]
    return put(
        POST,
        handle=post["handle"],
        name=member.name if member else post["handle"],
        id=post["id"],
        iso=at.isoformat(timespec="seconds"),
        when=f"{at:%d %b %Y, %H:%M:%S} UTC",
        text=_linked(post["text"]),
        edited=Html(' <span class="tag">edited</span>') if post["edited_at"] else "",
        note=_note(extra),
        lang=put(' lang="{code}"', code=extra["language"]) if extra.get("language") else Html(""),
        media=_media(post["media"]),
        poll=_poll(post["poll"]),
    )


def _note(extra: dict[str, Any]) -> Html:
    tags = [f"feeling {extra['mood']}"] if extra.get("mood") else []
    tags += [str(extra["note"])] if extra.get("note") else []
    tags += ["quiet"] if extra.get("quiet") else []
    return (
        put('<p class="tags">{tags}</p>', tags=join(put('<span class="tag">{tag}</span> ', tag=tag) for tag in tags))
        if tags
        else Html("")
    )


def _linked(text: str) -> Html:
    parts, place = [], 0
    for link in links(text):
        anchor = put('<a href="{url}" rel="nofollow noopener">{url}</a>', url=link.url)
        parts += [put("{text}", text=text[place : link.start]), anchor]
        place = link.end
    return join([*parts, put("{text}", text=text[place:])])


def _media(media: list[dict[str, Any]]) -> Html:
    if not media:
        return Html("")
    picture = '<img src="/media/{id}" alt="{alt}" loading="lazy">'
    film = '<video src="/media/{id}" aria-label="{alt}" controls preload="metadata"></video>'
    return put(
        '<div class="media">{files}</div>',
        files=join(
            put(film if one["mime"].startswith("video/") else picture, id=one["id"], alt=one["alt"]) for one in media
        ),
    )


def _poll(poll: dict[str, Any] | None) -> Html:
    if not poll:
        return Html("")
    return put(
        '<ul class="poll">{options}</ul>', options=join(put("<li>{option}</li>", option=one) for one in poll["options"])
    )
