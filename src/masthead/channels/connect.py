"""Step 1: connect a profile, by typed credentials or by signing in on the platform's own pages; reconnect keeps the row."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from masthead.channels.answers import tidied
from masthead.channels.calling import ask
from masthead.channels.developer_apps import app_of, limits_of, limits_with_app, owns
from masthead.channels.models import Channel, Credential, PendingChoice, PendingSignIn
from masthead.channels.registration import forget_registration, keep_registration, with_registration
from masthead.channels.secrets import bound
from masthead.channels.signing import oauth_client
from masthead.contract.errors import Refused, Unsupported
from masthead.contract.platform import Platform
from masthead.contract.values import Profile
from masthead.kit.clock import now as clock
from masthead.kit.text import plain, web_address
from masthead.workspaces.audit import record
from masthead.workspaces.models import Member, User, Workspace
from masthead.workspaces.roles import May, allows

LIVES = timedelta(minutes=15)
LEAST_STATE = 32


def connect_with_form(
    workspace: Workspace, user: User, platform: Platform, typed: Mapping[str, str], *, channel: Channel | None = None
) -> Channel:
    """Sign in with typed credentials. `channel` is the one to reconnect. Raises a ConnectorError naming the field."""
    form = platform.connecting.form
    if form is None:
        raise _no_way()
    app = app_of(workspace, platform)
    answers = {**(app.answers if app else {}), **tidied(form.fields, typed)}
    profile = ask(platform, workspace.pk, lambda http: form.connect(http, answers), limits=limits_of(platform, app))
    return keep(workspace, user, platform, profile, expected=channel)


def start_sign_in(
    workspace: Workspace,
    user: User,
    session: str,
    platform: Platform,
    typed: Mapping[str, str],
    *,
    channel: Channel | None = None,
) -> str:
    """Where to send the person. What comes back is taken once, within 15 minutes, from this user in this session."""
    way = platform.connecting.redirect
    if way is None:
        raise _no_way()
    client, app = oauth_client(), app_of(workspace, platform)
    back = callback_url(platform.key, alias=app is not None and app.alias)
    answers = with_registration(platform, tidied(way.fields, typed), back, user)
    answers |= app.answers if app else {}
    going = ask(
        platform,
        workspace.pk,
        lambda http: way.start(http, answers, redirect_uri=back, client=client),
        limits=limits_of(platform, app),
    )
    if len(going.state) < LEAST_STATE:
        raise Unsupported(f"The connector of {platform.name} made a state that can be guessed.")
    PendingSignIn.objects.create(
        state_hash=hashed(going.state),
        session_hash=hashed(session),
        workspace=workspace,
        user=user,
        platform=platform.key,
        channel=channel,
        keep=dict(going.keep),
        redirect_uri=back,
    )
    keep_registration(platform, going.keep, back)
    return going.url


def finish_sign_in(
    user: User, session: str, platform: Platform, query: Mapping[str, str], *, now: datetime
) -> Channel | PendingChoice:
    """The channel, from what the platform sent the person back with; or the choice, where it revealed several profiles.

    Raises a ConnectorError with a remedy.
    """
    way = platform.connecting.redirect
    if way is None:
        raise _no_way()
    pending, client = take_pending(user, session, platform.key, query.get("state", ""), now=now), oauth_client()
    back = pending.redirect_uri or callback_url(platform.key)
    try:
        found = ask(
            platform,
            pending.workspace_id,
            lambda http: way.finish(http, pending.keep, query, redirect_uri=back, client=client),
            limits=limits_of(platform, app_of(pending.workspace, platform)),
        )
    except Refused:
        forget_registration(platform, pending.keep)
        raise
    profiles = found if isinstance(found, tuple) else (found,)
    one = the_one(profiles, pending.channel)
    if one is None:
        return ask_which(pending.workspace, user, pending.session_hash, platform, profiles)
    return keep(pending.workspace, user, platform, one, expected=pending.channel)


def the_one(profiles: Sequence[Profile], expected: Channel | None) -> Profile | None:
    """The profile to connect without asking: the only one, or the one to reconnect; None where the person must choose."""
    if not profiles:
        raise Refused(
            _("You can publish on none of the profiles behind this sign-in."),
            remedy=_("Sign in as somebody who manages one, and tick it on the platform’s page."),
        )
    if len(profiles) == 1:
        return profiles[0]
    if expected is None:
        return None
    mine = next((one for one in profiles if same_profile(expected, one)), None)
    if mine is None:
        raise Refused(
            _("%s is not among the profiles you allowed.") % expected.handle,
            remedy=_("Sign in again and tick it on the platform’s page."),
        )
    return mine


def ask_which(
    workspace: Workspace, user: User, session_hash: str, platform: Platform, profiles: Sequence[Profile]
) -> PendingChoice:
    """Keep the profiles sealed until the person chose."""
    rows = [{**asdict(one), "expires_at": one.expires_at.isoformat() if one.expires_at else None} for one in profiles]
    return PendingChoice.objects.create(
        workspace=workspace, user=user, session_hash=session_hash, platform=platform.key, profiles=rows
    )


def take_pending(user: User, session: str, platform: str, state: str, *, now: datetime) -> PendingSignIn:
    """The sign-in that `state` belongs to, used up. Raises Refused for a stranger, another platform, too late or twice."""
    found = (
        PendingSignIn.objects.select_related("workspace", "channel").filter(state_hash=hashed(state), user=user).first()
    )
    if found is None or found.platform != platform or not hmac.compare_digest(found.session_hash, hashed(session)):
        raise _not_ours()
    if not PendingSignIn.objects.filter(pk=found.pk).delete()[0]:
        raise _not_ours()
    if found.created_at < now - LIVES:
        raise Refused(_("The sign-in took longer than 15 minutes."), remedy=_("Connect again."))
    if not _may_connect(found.workspace, user):
        raise Refused(_("You may no longer connect channels in this workspace."), remedy=_("Ask an admin."))
    return found


def _not_ours() -> Refused:
    return Refused(_("This sign-in was not begun here, or it was used already."), remedy=_("Connect again."))


def pending_place(user: User, platform: str, state: str) -> PendingSignIn | None:
    """Whose sign-in a call back belongs to, so that the person can be led back there; nothing is used up."""
    return (
        PendingSignIn.objects.select_related("workspace")
        .filter(user=user, platform=platform, state_hash=hashed(state))
        .first()
    )


@transaction.atomic
def keep(
    workspace: Workspace, user: User, platform: Platform, profile: Profile, *, expected: Channel | None
) -> Channel:
    """Write down whom we signed in as. Raises Refused where a reconnect signed in as somebody else."""
    if expected is not None and not same_profile(expected, profile):
        raise Refused(
            _("You signed in as %(new)s, but this channel is %(old)s.")
            % {"new": profile.handle, "old": expected.handle},
            remedy=_(
                "Sign out on the platform, sign in as %s and try again; or connect the other profile as a new channel."
            )
            % expected.handle,
        )
    channel = (
        expected
        or _known(workspace, platform.key, profile)
        or Channel(
            workspace=workspace, platform=platform.key, time_zone=workspace.time_zone, ads=platform.ads is not None
        )
    )
    action = "channel.reconnected" if channel.pk else "channel.connected"
    _describe(channel, profile)
    channel.condition, channel.condition_why, channel.checked_at = Channel.Condition.CONNECTED, "", clock()
    channel.save()
    keep_secrets(channel, profile.secrets, profile.expires_at)
    record(user, workspace, action, f"{platform.name} {channel.handle}", channel=channel.pk)
    return channel


def same_profile(channel: Channel, profile: Profile) -> bool:
    """True where a profile is the channel's. A remote id that is a URI names the profile wherever it has moved."""
    moved = ":" in profile.remote_id
    return channel.remote_id == profile.remote_id and (moved or channel.server == profile.server)


def _known(workspace: Workspace, platform: str, profile: Profile) -> Channel | None:
    rows = (
        Channel.objects.select_for_update()
        .filter(workspace=workspace, platform=platform, remote_id=profile.remote_id)
        .order_by("pk")
    )
    return next((row for row in rows if same_profile(row, profile)), None)


def _describe(channel: Channel, profile: Profile) -> None:
    channel.server, channel.remote_id = profile.server, profile.remote_id
    channel.handle, channel.name = plain(profile.handle)[:300], plain(profile.name)[:300]
    channel.url, channel.avatar_url = web_address(profile.url, 500), web_address(profile.avatar_url, 1000)
    plan, own = str(profile.secrets.get("plan") or ""), owns(channel.workspace, channel.platform, profile)
    channel.limits = limits_with_app(channel.platform, profile, plan, own=own)


def keep_secrets(channel: Channel, secrets: Mapping[str, Any], expires_at: datetime | None) -> None:
    """Seal new secrets; the version grows, so that a refresh with the old ones, under way elsewhere, is dropped."""
    fresh = {
        "secrets": bound(channel.pk, secrets),
        "expires_at": expires_at,
        "refreshed_at": clock(),
        "refresh_failed_at": None,
        "hands_off_until": None,
    }
    if not Credential.objects.filter(channel=channel).update(version=F("version") + 1, **fresh):
        Credential.objects.create(channel=channel, **fresh)


def callback_url(platform: str, *, alias: bool = False) -> str:
    """Where platforms send people back to; `alias` is the address that Postiz uses for the same."""
    return settings.PUBLIC_URL + reverse(f"channels:callback{'_alias' if alias else ''}", args=[platform])


def hashed(secret: str) -> str:
    """What is stored of a value that only the browser may hold."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _may_connect(workspace: Workspace, user: User) -> bool:
    member = Member.objects.filter(workspace=workspace, user=user, user__is_active=True).first()
    return member is not None and allows(member.role, May.CONNECT)


def _no_way() -> Unsupported:
    return Unsupported(_("This platform cannot be connected that way."), remedy=_("Choose another way to connect."))
