"""Publish on WordPress: files into the library, a draft that nobody sees, and then that draft is published.

The draft is what makes a post happen once: it carries the publication's key, every try publishes the same draft, and publishing it
again, even by a request that arrives late, changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from masthead.connectors.wordpress import lookup, wire
from masthead.connectors.wordpress.blocks import PICTURES, Uploaded, body, rewritten, shown
from masthead.connectors.wordpress.connect import basic
from masthead.connectors.wordpress.errors import ROLE, Gone, NoTrash, code_of, explain
from masthead.connectors.wordpress.lookup import OUT, WAITING, receipt_of
from masthead.connectors.wordpress.operations import DRAFT, RELEASE, REMOVE, REWRITE, SHOW, TAG
from masthead.connectors.wordpress.upload import uploaded
from masthead.contract.errors import OutcomeUnknown, Refused
from masthead.contract.http import Answer, Http, judge
from masthead.contract.values import Account, Delivery, Found, Receipt

DELETE = {"X-HTTP-Method-Override": "DELETE"}
"""Many hosts let only GET and POST through; WordPress reads the method here, as its own editor sends it."""
MOST_TAGS = 20


@dataclass(frozen=True)
class WordPressPublisher:
    """The publish part."""

    async def publish(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Receipt:
        """Publish the draft of this publication, which is made first where there is none. Only the publishing can be in doubt."""
        seen = await lookup.look(http, account, delivery)
        if out := seen.with_status(OUT):
            return receipt_of(out)
        draft = seen.with_status(WAITING) or await _drafted(http, account, delivery)
        return await _released(http, account, delivery, draft)

    async def find(
        self, http: Http, account: Account, delivery: Delivery, index: int, before: Sequence[Receipt]
    ) -> Found:
        """Look for the key among the user's own posts."""
        return await lookup.find(http, account, delivery)

    async def settle(self, http: Http, account: Account, receipt: Receipt) -> Receipt:
        """Ask again about a post that the site keeps for later."""
        return receipt_of(await _shown(http, account, receipt)) if receipt.processing else receipt

    async def remove(self, http: Http, account: Account, receipt: Receipt) -> None:
        """Move the post to the trash, or delete it where the site keeps none; one that is gone already is no error."""
        try:
            await _removed(http, account, receipt, {})
        except NoTrash:
            await _removed(http, account, receipt, {"force": "true"})
        except Gone:
            return

    async def edit(
        self, http: Http, account: Account, delivery: Delivery, index: int, receipts: Sequence[Receipt]
    ) -> Receipt:
        """Replace the paragraphs at the beginning of the post; pictures, title and what else is in it stay."""
        post = await _shown(http, account, receipts[index])
        mark = delivery.segment_key(0)
        if not lookup.is_ours(post, delivery):
            raise Refused("The post was rewritten in WordPress.", remedy="Change it there, where nothing gets lost.")
        told = {"content": rewritten(post.content.raw, delivery.segments[index].text, mark)}
        answer = await http.call(REWRITE, account.server, **_on(account, post.id), json=told, explain=explain)
        return receipt_of(wire.read(wire.Post, answer.body))


def content(delivery: Delivery, files: Sequence[Uploaded], tags: Sequence[int]) -> dict[str, Any]:
    """The draft, without what is not chosen: there the site decides."""
    chosen, first = delivery.options, next((one for one in files if one.kind in PICTURES), None)
    place = str(chosen.get("first_picture") or "body") if first else "body"
    files_shown = [one for one in files if place != "featured" or one is not first]
    told: dict[str, Any] = {
        "status": "draft",
        "content": body(delivery.segments[0].text, files_shown, delivery.segment_key(0)),
        "title": shown(_said(chosen, "title")),
        "excerpt": shown(_said(chosen, "excerpt")),
        "slug": _said(chosen, "slug"),
        "format": _said(chosen, "format"),
        "comment_status": _said(chosen, "comments"),
        "tags": list(tags),
        "categories": [int(one) for one in (_said(chosen, "category"),) if one.isdigit()],
        "featured_media": first.id if first and place != "body" else 0,
    }
    return {name: value for name, value in told.items() if value}


def _said(options: Mapping[str, Any], name: str) -> str:
    return str(options.get(name) or "").strip()


def _on(account: Account, number: str) -> dict[str, Any]:
    return {"path": {"id": number}, "query": {"context": "edit", "_fields": wire.FIELDS}, "headers": basic(account)}


async def _drafted(http: Http, account: Account, delivery: Delivery) -> wire.Post:
    files = await uploaded(http, account, delivery)
    names = dict.fromkeys(one.strip() for one in _said(delivery.options, "tags").split(",") if one.strip())
    tags = [await _tag(http, account, one) for one in list(names)[:MOST_TAGS]]
    answer = await http.call(
        DRAFT,
        account.server,
        query={"_fields": wire.FIELDS},
        headers=basic(account),
        json=content(delivery, files, tags),
        explain=explain,
    )
    return wire.read(wire.Post, answer.body)


async def _tag(http: Http, account: Account, name: str) -> int:
    """The number of a tag, which is made where there is none of that name."""
    answer = await http.call(
        TAG, account.server, query={"_fields": "id"}, headers=basic(account), json={"name": name}, explain=explain
    )
    if answer.ok:
        return int(wire.read(wire.Term, answer.body).id)
    if code_of(answer.body) == "term_exists":
        return int(answer.body["data"]["term_id"])
    raise explain(answer) or judge(answer, TAG)


async def _released(http: Http, account: Account, delivery: Delivery, draft: wire.Post) -> Receipt:
    """Publish the draft. Where the site dropped the mark, the address says whose it is."""
    told = {"status": "publish"}
    told |= {} if delivery.segment_key(0) in draft.content.raw else {"slug": lookup.slug_of(delivery)}
    answer = await http.call(RELEASE, account.server, **_on(account, draft.id), json=told, explain=explain)
    post = _out(answer)
    if post.status not in OUT:
        raise Refused(f"The site keeps the post as “{post.status}”.", remedy="Publish it in WordPress. " + ROLE)
    return receipt_of(post)


def _out(answer: Answer) -> wire.Post:
    """The published post. An answer that names none proves nothing: it is looked up."""
    try:
        return wire.Post.model_validate(answer.body)
    except ValidationError:
        raise OutcomeUnknown(
            "The site accepted the post but did not say which one it is.", status=answer.status
        ) from None


async def _shown(http: Http, account: Account, receipt: Receipt) -> wire.Post:
    answer = await http.call(SHOW, account.server, **_on(account, receipt.remote_id), explain=explain)
    return wire.read(wire.Post, answer.body)


async def _removed(http: Http, account: Account, receipt: Receipt, more: Mapping[str, str]) -> None:
    await http.call(
        REMOVE,
        account.server,
        path={"id": receipt.remote_id},
        query={"_fields": "id", **more},
        headers={**basic(account), **DELETE},
        explain=explain,
    )
