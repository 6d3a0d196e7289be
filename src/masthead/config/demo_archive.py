"""The demo's archive: ten years of an account that the bakery had before, as if its export had been brought in."""

from __future__ import annotations

from datetime import datetime, timedelta

from masthead.channels.models import Channel
from masthead.kit.clock import now
from masthead.media.models import Asset
from masthead.posts.models import PastPost
from masthead.rights.models import Import, Record
from masthead.workspaces.models import Workspace

ACCOUNT = "@corner_bakery_old"
SAID = (
    "Our first day. Come in, the coffee is on us.",
    "Rye at eight, walnut at nine, and a queue at ten.",
    "The oven is repaired. Thank you for waiting!",
    "A jubilee loaf for everybody who was here on the first day.",
    "We close early today: the flour did not come.",
    "Sourdough course in spring, twelve places.",
    "New: spelt with sunflower seeds, every Thursday.",
    "Who guesses the weight of this loaf gets it.",
    "Thank you for a good year. We bake again from the third of January.",
)
OTHERS = "The best walnut bread in town, by far."
MANY = 120


def bring_archive() -> None:
    """Records of the old account, once."""
    workspace = Workspace.objects.order_by("pk").first()
    if workspace is None or Import.objects.filter(workspace=workspace).exists():
        return
    at = now()
    source = Import.objects.create(
        workspace=workspace, platform="sandbox", account=ACCOUNT, name="corner-bakery-archive.zip", size=48_211_904,
        state=Import.State.FINISHED, seen=MANY, added=MANY, created_at=at, finished_at=at, held_until=at,
    )  # fmt: skip
    picture = Asset.objects.filter(workspace=workspace, kind="image").first()
    Record.objects.bulk_create([_record(source, number, at, picture) for number in range(MANY)])
    _seen_before(source, at)


def _record(source: Import, number: int, at: datetime, picture: Asset | None) -> Record:
    """One post about every month; each fifteenth another's, each fortieth deleted there since."""
    others, gone = number % 15 == 4, number % 40 == 20
    media = []
    if picture and number % 6 == 1:
        media = [{"kind": "image", "alt": picture.alt, "file": picture.storage_path, "mime": picture.mime}]
    return Record(
        workspace=source.workspace,
        source=source,
        platform="sandbox",
        account=ACCOUNT,
        kind="others_post" if others else "own_post",
        author="" if gone else "@a_guest" if others else ACCOUNT,
        remote_id=f"old-{number}",
        text="" if gone else OTHERS if others else SAID[number % len(SAID)],
        posted_at=at - timedelta(days=200 + 29 * number, hours=number % 11),
        language="en",
        visibility="public",
        media=[] if gone else media,
        obtained_via="export",
        obtained_at=at,
        gone_at=at if gone else None,
    )


def _seen_before(source: Import, at: datetime) -> None:
    """One post that a channel's history holds as well, so that the demo shows a post with two origins."""
    channel = Channel.objects.filter(workspace=source.workspace, platform="sandbox").order_by("pk").first()
    post = PastPost.objects.filter(channel=channel).first() if channel else None
    if channel and post:
        Record.objects.create(
            workspace=source.workspace, source=source, channel=channel, platform="sandbox", account=channel.handle,
            kind="own_post", author=channel.handle, remote_id=post.remote_id, text=post.text, url=post.url,
            posted_at=post.posted_at, obtained_at=at,
        )  # fmt: skip
