"""Step 3, after check and before schedule: submit, approve, ask for changes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from masthead.notifications.tell import tell
from masthead.posts.compose import Conflict
from masthead.posts.models import Comment, Post
from masthead.posts.moves import move_post
from masthead.posts.states import Editorial
from masthead.posts.twins import waiting
from masthead.workspaces.models import Member, User
from masthead.workspaces.roles import May, Role, allows


class NotAllowed(Exception):
    """The member's role does not permit it."""


def may_approve(member: Member, post: Post) -> bool:
    """Approvers may approve; where the workspace demands review, nobody but owners and admins approves their own."""
    if not allows(member.role, May.APPROVE):
        return False
    own = post.author_id == member.user_id
    return not (own and member.workspace.review_required and member.role not in (Role.OWNER, Role.ADMIN))


@transaction.atomic
def submit(post: Post, by: User, *, now: datetime) -> None:
    """Ask for approval; those who may approve are told."""
    move_post(post, Editorial.IN_REVIEW, actor=str(by), now=now)
    members = Member.objects.filter(workspace_id=post.workspace_id).exclude(user=by).select_related("user")
    people = [member.user for member in members if allows(member.role, May.APPROVE)]
    tell(
        post.workspace,
        people,
        "approval_asked",
        _("%s asks for approval") % by,
        excerpt(post),
        link(post),
        f"review:{post.pk}:{post.version}",
    )


@transaction.atomic
def approve(post: Post, member: Member, *, now: datetime, version: int | None = None) -> None:
    """Approve, so that it may be scheduled; the author is told. Raises Conflict where `version`, the one read, is old."""
    if not may_approve(member, post):
        raise NotAllowed(_("Your role may not approve this post."))
    stored = Post.objects.select_for_update().get(pk=post.pk)
    if version is not None and stored.version != version:
        raise Conflict(stored)
    move_post(post, Editorial.APPROVED, actor=str(member.user), now=now)
    _answer(post, member.user, "approval_given", _("%s approved your post") % member.user)


def approve_if_needed(post: Post, member: Member, *, now: datetime) -> None:
    """What who schedules may approve as well is approved with it. Raises as `approve` does."""
    if post.state != Editorial.APPROVED:
        approve(post, member, now=now)


@transaction.atomic
def ask_for_changes(post: Post, member: Member, text: str, *, now: datetime) -> None:
    """Send it back to its author with a word why."""
    if not allows(member.role, May.APPROVE):
        raise NotAllowed(_("Your role may not review posts."))
    Comment.objects.create(post=post, user=member.user, text=text)
    move_post(post, Editorial.DRAFT, actor=str(member.user), now=now, why=text[:500])
    _answer(post, member.user, "changes_asked", _("%s asks for changes") % member.user, text)


@transaction.atomic
def take_back(post: Post, by: User, *, now: datetime) -> None:
    """Make an approved or submitted post a draft again."""
    move_post(post, Editorial.DRAFT, actor=str(by), now=now)


@transaction.atomic
def comment(post: Post, by: User, text: str) -> Comment:
    """Say something about a post; members named with @address or @name are told."""
    made = Comment.objects.create(post=post, user=by, text=text)
    members = Member.objects.filter(workspace_id=post.workspace_id).exclude(user=by).select_related("user")
    people = [one.user for one in members if _named(one.user, text)]
    tell(post.workspace, people, "mention", _("%s mentioned you") % by, text[:500], link(post), f"comment:{made.pk}")
    return made


def _named(user: User, text: str) -> bool:
    names = {user.email, user.email.split("@")[0], user.name.replace(" ", "")} - {""}
    return any(f"@{name}".lower() in text.lower() for name in names)


def _answer(post: Post, by: User, kind: str, title: str, body: str = "") -> None:
    if post.author and post.author != by:
        tell(
            post.workspace,
            [post.author],
            kind,
            title,
            body or excerpt(post),
            link(post),
            f"{kind}:{post.pk}:{post.version}",
        )


def excerpt(post: Post, most: int = 160) -> str:
    """The first words of a post."""
    if waiting(post):  # either wording may be the one that is kept, and messages go to many places
        return post.title or _("A post with two wordings")
    text = " ".join((post.title or (post.segments[0]["text"] if post.segments else "")).split())
    return text if len(text) <= most else text[: most - 1] + "…"


def link(post: Post) -> str:
    """The composer's address."""
    return f"/w/{post.workspace.slug}/posts/{post.pk}/"
