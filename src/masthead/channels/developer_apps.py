"""Developer apps that platforms want before anybody can sign in: entered by a workspace, or given for the installation."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from masthead.channels.answers import tidied
from masthead.channels.models import App, Channel, Credential
from masthead.channels.secrets import bound, unbound
from masthead.connectors import EVERY
from masthead.contract.calls import OWN_APP
from masthead.contract.errors import Refused, Unsupported
from masthead.contract.platform import AppRule, Platform
from masthead.contract.values import Profile
from masthead.kit.clock import now as clock
from masthead.kit.secrets import NoKey
from masthead.workspaces.audit import record
from masthead.workspaces.models import User, Workspace

SHOWN = 4


@dataclass(frozen=True, slots=True)
class KnownApp:
    """An app that a sign-in can use. `alias`: it is registered with Postiz's call-back address.

    `row` is the workspace's own entry; None where the installation gives it.
    """

    answers: Mapping[str, str] = field(repr=False)
    plan: str
    alias: bool = False
    row: App | None = None

    @property
    def hint(self) -> str:
        """The end of its id, to tell apps apart; never a secret."""
        return self.answers.get("client_id", "")[-SHOWN:]


def app_of(workspace: Workspace, platform: Platform) -> KnownApp | None:
    """The workspace's own app, else the installation's, else None. Its answers hold the fields and the plan."""
    if platform.app is None:
        return None
    row = App.objects.filter(workspace=workspace, platform=platform.key).first()
    if row is None:
        return from_environment(platform)
    fields = opened(row)
    return KnownApp({**fields, **({"plan": row.plan} if row.plan else {})}, row.plan, row.alias, row)


def opened(row: App) -> Mapping[str, str]:
    """The fields of an entered app; raises NoKey where its ciphertext was moved from another row."""
    if (row.secrets["workspace"], row.secrets["platform"]) != (row.workspace_id, row.platform):
        raise NoKey("a stored developer app was moved to another workspace or platform")
    fields: Mapping[str, str] = row.secrets["fields"]
    return fields


def from_environment(platform: Platform, environment: Mapping[str, str] = os.environ) -> KnownApp | None:
    """The app given by environment variables; None where one that is required is missing."""
    rule = _rule(platform)
    told = {name: environment[variable].strip() for name, variable in rule.environment if environment.get(variable)}
    if not rule.environment or any(one.required and not told.get(one.name) for one in rule.fields):
        return None
    return KnownApp(told, told.get("plan", ""), settings.POSTIZ_CALLBACKS)


def enter(workspace: Workspace, who: HttpRequest | User, platform: Platform, typed: Mapping[str, str]) -> App:
    """Write an app down, in place of an older one. Raises Refused naming the field.

    Channels that were connected with the same app get its new secret; those of another app keep that one until they are reconnected.
    """
    fields, plan = tidied(_rule(platform).fields, typed), known_plan(platform, typed.get("plan", ""))
    user = who.user if isinstance(who, HttpRequest) else who
    with transaction.atomic():
        row, new = App.objects.update_or_create(
            workspace=workspace,
            platform=platform.key,
            defaults={
                "plan": plan,
                "alias": typed.get("alias") == "1",
                "entered_by": user,
                "secrets": {"workspace": workspace.pk, "platform": platform.key, "fields": fields},
            },
        )
        _pass_on(row, fields)
        record(who, workspace, "app.entered" if new else "app.replaced", platform.name, plan=plan)
    return row


def change_plan(row: App, who: HttpRequest | User, platform: Platform, plan: str) -> None:
    """Say under which plan the platform runs the app; its channels keep to that plan's limits at once."""
    with transaction.atomic():
        row.plan = known_plan(platform, plan)
        row.save(update_fields=["plan", "entered_at"])
        _pass_on(row, opened(row))
        record(who, row.workspace, "app.plan_changed", platform.name, plan=row.plan)


def remove(row: App, who: HttpRequest | User, platform: Platform) -> None:
    """Forget an app. Channels keep what they were connected with."""
    with transaction.atomic():
        row.delete()
        record(who, row.workspace, "app.removed", platform.name)


def known_plan(platform: Platform, plan: str) -> str:
    """The plan's key; the first where none is named, "" where the platform has none. Raises Refused for an unknown one."""
    plans = [one.key for one in platform.capabilities.plans]
    if plan and plan not in plans:
        raise Refused(_("There is no such plan."), field="plan", remedy=_("Choose one from the list."))
    return plan or (plans[0] if plans else "")


def limits_with_app(key: str, profile: Profile, plan: str, *, own: bool) -> dict[str, Any]:
    """A profile's limits with the plan of its developer app and a name for the app, by which its channels share quotas.

    `own`: the app is the workspace's, not the installation's; some platforms charge less for that.
    """
    platform, client = EVERY.get(key), str(profile.secrets.get("client_id") or "")
    if platform is None or platform.app is None or not client:
        return dict(profile.limits)
    return {**profile.limits, **_as_limits(key, client, plan, own=own)}


def limits_of(platform: Platform, app: KnownApp | None) -> dict[str, Any]:
    """The same of an app alone, for calls before there is a channel."""
    client = app.answers.get("client_id", "") if app else ""
    return _as_limits(platform.key, client, app.plan, own=app.row is not None) if app and client else {}


def owns(workspace: Workspace, key: str, profile: Profile) -> bool:
    """True where a profile signed in through the app that the workspace itself entered."""
    row = App.objects.filter(workspace=workspace, platform=key).first()
    client = profile.secrets.get("client_id")
    return bool(row and client) and client == opened(row).get("client_id")


def _as_limits(key: str, client: str, plan: str, *, own: bool) -> dict[str, Any]:
    named: dict[str, Any] = {"app": hashlib.sha256(f"{key} {client}".encode()).hexdigest()[:16]}
    return named | ({"plan": plan} if plan else {}) | ({OWN_APP: True} if own else {})


def _pass_on(row: App, fields: Mapping[str, str]) -> None:
    """Give an app's fields and plan to the channels that were connected with it."""
    channels = Channel.objects.filter(workspace_id=row.workspace_id, platform=row.platform)
    for credential in Credential.objects.select_for_update().filter(channel__in=channels).select_related("channel"):
        channel, kept = credential.channel, unbound(credential.channel_id, credential.secrets)
        if kept.get("client_id") and kept["client_id"] == fields.get("client_id"):
            _update(credential, kept, {name: value for name, value in fields.items() if name in kept})
            channel.limits = {**channel.limits, OWN_APP: True} | ({"plan": row.plan} if row.plan else {})
            channel.save(update_fields=["limits"])


def _update(credential: Credential, kept: Mapping[str, Any], fields: Mapping[str, str]) -> None:
    """Seal changed fields; where a refresh is under way its tokens win, and this is left to the next reconnect."""
    busy = credential.hands_off_until is not None and credential.hands_off_until > clock()
    if busy or all(kept[name] == value for name, value in fields.items()):
        return
    credential.secrets = bound(credential.channel_id, {**kept, **fields})
    credential.version += 1
    credential.save(update_fields=["secrets", "version"])


def _rule(platform: Platform) -> AppRule:
    if platform.app is None:
        raise Unsupported(_("This platform needs no developer app."), remedy=_("Connect it at once."))
    return platform.app
