"""The demo's data: a bakery's workspace, three channels on the sandbox, posts in every state and one due in ten seconds."""

from __future__ import annotations

import io
import time
from datetime import datetime, timedelta
from datetime import time as clock_time
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageDraw

from masthead.channels.connect import connect_with_form
from masthead.channels.models import Channel, Slot
from masthead.config.demo_archive import bring_archive
from masthead.config.demo_past import import_past
from masthead.connectors import PLATFORMS
from masthead.contract.errors import ConnectorError
from masthead.kit.clock import now
from masthead.media.models import Asset
from masthead.media.upload import store
from masthead.posts import compose, review, schedule
from masthead.posts.models import Move, Post, Publication
from masthead.posts.states import Editorial, State
from masthead.workspaces.begin import begin, begun
from masthead.workspaces.models import Member, User, Workspace
from masthead.workspaces.roles import Role

EMAIL, PASSWORD = "demo@example.com", "masthead-demo"
AUTHOR = "author@example.com"
MEMBERS = ("ticker", "gallery", "longread")
ACTOR = "demo"


def seed() -> None:
    """Make the demo's data where there is none yet, and say how to sign in. One post is due ten seconds after every start."""
    with transaction.atomic():
        if not begun():
            _fill(begin(EMAIL, PASSWORD, name="Demo Owner", workspace="Corner Bakery", time_zone="Europe/Berlin"))
    _due_soon(Workspace.objects.order_by("pk").first())
    import_past()
    bring_archive()
    print(f"Sign in as {EMAIL} with the password {PASSWORD}")
    print(f"The sandbox, where the posts go out: {settings.SANDBOX_URL}")
    if folder := getattr(settings, "EMAIL_FILE_PATH", None):
        print(f"E-mail is not sent but written into {folder}")


def _fill(workspace: Workspace) -> None:
    owner = workspace.users.get(email=EMAIL)
    author = User.objects.create_user(AUTHOR, PASSWORD, name="Ada Author")
    Member.objects.create(workspace=workspace, user=author, role=Role.AUTHOR)
    channels = [_channel(workspace, owner, member) for member in MEMBERS]
    for channel in channels:
        for weekday in range(5):
            Slot.objects.get_or_create(channel=channel, weekday=weekday, time=clock_time(9, 30))
    picture = _picture(workspace, owner)
    _editorial(workspace, owner, author, channels)
    _on_their_way(workspace, owner, channels, picture)
    _ended(workspace, owner, channels)


def _channel(workspace: Workspace, owner: User, member: str) -> Channel:
    """Connect a member of the sandbox, which may still be starting."""
    answers = {"server": settings.SANDBOX_URL, "token": f"{member}-demo-token"}
    for _try in range(50):
        try:
            return connect_with_form(workspace, owner, PLATFORMS["sandbox"], answers)
        except ConnectorError:
            time.sleep(0.2)
    return connect_with_form(workspace, owner, PLATFORMS["sandbox"], answers)


def _picture(workspace: Workspace, owner: User) -> Asset:
    """A drawn loaf of bread."""
    image = Image.new("RGB", (1200, 800), "#f3e3c3")
    draw = ImageDraw.Draw(image)
    draw.ellipse((180, 240, 1020, 640), fill="#b9783b", outline="#7d4a1d", width=14)
    for left in range(330, 900, 150):
        draw.line((left, 300, left + 90, 560), fill="#f0cd93", width=22)
    file = io.BytesIO()
    image.save(file, "PNG")
    asset = store(workspace, owner, ContentFile(file.getvalue(), "loaf.png"), "loaf.png")
    Asset.objects.filter(pk=asset.pk).update(alt="A golden loaf of bread on a cream background")
    return asset


def _post(workspace: Workspace, user: User, channels: list[Channel], *texts: str, picture: Asset | None = None) -> Post:
    attached = [{"asset": picture.pk, "alt": "A golden loaf of bread on a cream background"}] if picture else []
    segments = [{"text": text, "attachments": attached if place == 0 else []} for place, text in enumerate(texts)]
    post = compose.draft(workspace, user, segments, language="en")
    compose.choose_channels(post, channels)
    return post


def _approved(post: Post) -> Post:
    member = Member.objects.get(workspace=post.workspace, role=Role.OWNER)
    review.approve(post, member, now=now())
    return post


def _editorial(workspace: Workspace, owner: User, author: User, channels: list[Channel]) -> None:
    _post(workspace, owner, channels[:1], "Idea: a loaf named by our customers. What would you call it?")
    waiting = _post(
        workspace, author, channels[:1], "We are looking for an apprentice. Early riser? Come and talk to us."
    )
    review.submit(waiting, author, now=now())
    _approved(_post(workspace, owner, channels[2:], "How our sourdough is made, in five steps and thirty hours."))
    archived = _post(workspace, owner, channels[:1], "Closed for the holidays last year.")
    Post.objects.filter(pk=archived.pk).update(state=Editorial.ARCHIVED)


def _on_their_way(workspace: Workspace, owner: User, channels: list[Channel], picture: Asset) -> None:
    tomorrow = (now() + timedelta(days=1)).replace(hour=7, minute=0, second=0, microsecond=0)
    both = _approved(
        _post(workspace, owner, channels[1:], "Fresh from the oven: our new farmhouse loaf.", picture=picture)
    )
    schedule.schedule(both, tomorrow, now=now(), actor=ACTOR, user=owner)
    thread = _approved(
        _post(
            workspace,
            owner,
            channels[2:],
            "Why we bake at night.",
            "Because bread takes its time.",
            "And because you want it warm at seven.",
        )
    )
    schedule.schedule(thread, tomorrow + timedelta(days=2), now=now(), actor=ACTOR, user=owner)


def _ended(workspace: Workspace, owner: User, channels: list[Channel]) -> None:
    """Rows as they look after things went wrong, so that every page can be seen."""
    day = now() - timedelta(days=1)
    stories: list[tuple[str, State, dict[str, Any]]] = [
        (
            "Rye is back on Fridays.",
            State.FAILED,
            {
                "reason": "refused",
                "why": "The sandbox refused the text.",
                "remedy": "Change the post and schedule it again.",
            },
        ),
        (
            "Open until noon today.",
            State.EXPIRED,
            {
                "reason": "too_late",
                "why": "It could not be sent before it was too late.",
                "remedy": "Schedule it anew if it is still wanted.",
            },
        ),
        (
            "Did you try the walnut bread?",
            State.UNCONFIRMED,
            {
                "reason": "cannot_tell",
                "why": "The connection broke after sending, and the profile does not show older posts.",
                "remedy": "Look at the profile and say here whether it is there.",
            },
        ),
        ("A table by the window, two coffees.", State.CANCELLED, {"why": "cancelled"}),
    ]
    for place, (text, state, said) in enumerate(stories):
        _as_if(_approved(_post(workspace, owner, channels[:1], text)), owner, day + timedelta(hours=place), state, said)


def _as_if(post: Post, owner: User, at: datetime, state: State, said: dict[str, Any]) -> None:
    row = schedule.schedule(post, now() + timedelta(days=30), now=now(), actor=ACTOR, user=owner)[0]
    Publication.objects.filter(pk=row.pk).update(
        state=state, publish_at=at, not_before=at, expires_at=at + timedelta(hours=1), attempts=0, **said
    )
    Move.objects.create(
        post=post, publication=row, source=State.SCHEDULED, target=state, why=said["why"], actor=ACTOR, at=at
    )


def _due_soon(workspace: Workspace | None) -> None:
    """One post that goes out while you watch."""
    owner = User.objects.filter(email=EMAIL).first()
    channels = list(Channel.objects.filter(workspace=workspace, platform="sandbox", handle__contains="ticker")[:1])
    if workspace is None or owner is None or not channels:
        return
    post = _approved(_post(workspace, owner, channels, f"Good morning! The ovens are on. ({now():%H:%M:%S} UTC)"))
    schedule.schedule(post, now() + timedelta(seconds=10), now=now(), actor=ACTOR, user=owner)
