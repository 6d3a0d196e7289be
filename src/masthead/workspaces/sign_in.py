"""Who may make an account, and how sign-in talks: our answers to allauth's questions.

New accounts are for people who hold an invitation, unless the installation is open to all. The first account is made
on the welcome page. Single sign-on makes accounts only for addresses that were invited and that the provider vouches for.
"""

from __future__ import annotations

import smtplib
from types import SimpleNamespace
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from masthead.kit.clock import now
from masthead.kit.secrets import keyring
from masthead.workspaces import invite
from masthead.workspaces.begin import begun
from masthead.workspaces.members import Refusal
from masthead.workspaces.models import Invitation, User

log = structlog.get_logger()
SESSION_KEY = "invitation"


def held_invitation(request: HttpRequest) -> Invitation | None:
    """The open invitation whose link this visitor opened."""
    held = request.session.get(SESSION_KEY)
    return invite.find(held, now()) if held else None


def _accept(request: HttpRequest, user: User, invitations: list[Invitation]) -> None:
    try:
        for one in invitations:
            invite.accept(request, user, one, now())
    except Refusal as error:
        messages.error(request, str(error))
        raise ImmediateHttpResponse(redirect("account_login")) from error
    request.session.pop(SESSION_KEY, None)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts with a password or a passkey."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Open to holders of an invitation, or to all where so configured; the very first visitor is sent to welcome."""
        if not begun():
            raise ImmediateHttpResponse(redirect("workspaces:welcome"))
        return settings.OPEN_SIGN_UP or held_invitation(request) is not None

    def clean_email(self, email: str) -> str:
        """While signing up by invitation, only the invited address will do."""
        invitation = None if self.request.user.is_authenticated else held_invitation(self.request)
        if invitation and not settings.OPEN_SIGN_UP and email.lower() != invitation.email:
            raise ValidationError(_("The invitation is for %s. Use that address.") % invitation.email)
        return email.lower()

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Save, and accept the invitation in the same transaction: no account without it."""
        with transaction.atomic():
            user.language = user.language or getattr(request, "LANGUAGE_CODE", "")
            saved = super().save_user(request, user, form, commit)
            invitation = held_invitation(request)
            if commit and invitation and invitation.email == saved.email.lower():
                _accept(request, saved, [invitation])
            return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send now; a mail server that does not answer is told to the person and logged, and breaks no page."""
        try:
            super().send_mail(template_prefix, email, at_home(self.request, context))
        except (OSError, smtplib.SMTPException) as error:
            log.error("e-mail could not be sent", template=template_prefix, error=type(error).__name__)
            if hasattr(self.request, "_messages"):
                messages.error(
                    self.request,
                    _(
                        "The e-mail could not be sent: the mail server did not take it. Ask the person who runs this "
                        "installation to check its mail settings, then try again."
                    ),
                )


def at_home(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """An e-mail's context with its links on the public address, whatever host and port the request named.

    Otherwise whoever asks for somebody else's new password could choose the port to which the secret link leads.
    """
    roots = tuple(f"{scheme}://{request.get_host()}/" for scheme in ("http", "https"))
    links = {
        name: f"{settings.PUBLIC_URL}/{value.split('/', 3)[3]}"
        for name, value in context.items()
        if isinstance(value, str) and value.startswith(roots)
    }
    return {**context, **links, "current_site": SimpleNamespace(name="Masthead", domain=settings.PUBLIC_URL)}


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Accounts of single sign-on (OpenID Connect)."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Somebody has an account but has not connected it: say how, and take nothing over by e-mail address alone."""
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        if User.objects.filter(email__in=vouched(sociallogin)).exists():
            messages.info(
                request,
                _(
                    "You have an account with this address already. Sign in as usual, then connect single sign-on under "
                    "“Your account”."
                ),
            )
            raise ImmediateHttpResponse(redirect("account_login"))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Open to invited addresses that the provider vouches for, or to all where so configured."""
        if not begun():
            raise ImmediateHttpResponse(redirect("workspaces:welcome"))
        return settings.OPEN_SIGN_UP or bool(invite.open_for(vouched(sociallogin), now()))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Take over the name."""
        user = super().populate_user(request, sociallogin, data)
        user.name = (data.get("name") or "")[:120]
        user.email = user.email.lower()
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Save, and accept the invitations to the address in the same transaction."""
        with transaction.atomic():
            user = super().save_user(request, sociallogin, form)
            if user.email.lower() in vouched(sociallogin):
                _accept(request, user, invite.open_for([user.email], now()))
            return user


def vouched(sociallogin: SocialLogin) -> list[str]:
    """The addresses that the provider says it has confirmed, in lower case."""
    return [one.email.lower() for one in sociallogin.email_addresses if one.verified is True]


class MfaAdapter(DefaultMFAAdapter):
    """Second factors; their secrets are sealed with the installation's keys."""

    def encrypt(self, text: str) -> str:
        """Seal a TOTP secret or the seed of recovery codes."""
        return keyring().seal(text, "second-factor")

    def decrypt(self, encrypted_text: str) -> str:
        """Open what encrypt() made."""
        return keyring().open(encrypted_text, "second-factor")
