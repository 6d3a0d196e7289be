"""Forms of the pages of workspaces, members and people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from masthead.workspaces.members import may_give
from masthead.workspaces.models import Member, User, Workspace
from masthead.workspaces.roles import Role
from masthead.workspaces.tokens import scopes_for
from masthead.workspaces.zones import languages, zones

_GUESS = {"data-guess-zone": ""}
_LONGEST_LATENESS = 60 * 24 * 7


class WorkspaceForm(forms.Form):
    """A new workspace."""

    workspace = forms.CharField(
        label=_("Name of the workspace"),
        max_length=120,
        help_text=_("Your business or client. Everything you connect and write belongs to a workspace."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), widget=forms.Select(attrs=_GUESS))
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zones()
        self.fields["language"].choices = languages()


class WelcomeForm(WorkspaceForm):
    """The first owner and the first workspace."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("You sign in with it."),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 8 characters, not a common word or only digits."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = ["name", "email", "password", "workspace", "time_zone", "language"]

    def clean(self) -> dict[str, Any]:
        """Check the password against the rules and against the person's own name and address."""
        data = super().clean() or self.cleaned_data
        if data.get("password"):
            try:
                validate_password(data["password"], User(email=data.get("email", ""), name=data.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return data


class ProfileForm(forms.ModelForm):
    """What a person says about themselves."""

    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    class Meta:
        model = User
        fields = ["name", "time_zone", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = [("", _("The workspace’s")), *zones()]
        self.fields["language"].choices = [("", _("The workspace’s")), *languages()]


class SettingsForm(forms.ModelForm):
    """A workspace's settings."""

    time_zone = forms.ChoiceField(label=_("Time zone"))
    language = forms.ChoiceField(label=_("Language"))
    late_after_minutes = forms.IntegerField(
        label=_("Too late after, minutes"),
        min_value=1,
        max_value=_LONGEST_LATENESS,
        help_text=_("A post that could not go out within this time is not sent any more; its people are told."),
    )

    class Meta:
        model = Workspace
        fields = ["name", "time_zone", "language", "late_after_minutes", "over_quota", "review_required"]
        labels = {"over_quota": _("More than a day or a cap allows")}
        help_texts = {
            "over_quota": _(
                "What goes beyond a platform’s daily limit or a cap waits for room, and may come too late."
            ),
            "review_required": _("Nothing is scheduled before an editor, admin or owner approved it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zones()
        self.fields["language"].choices = languages()
        self.fields["over_quota"].required = False

    def clean_over_quota(self) -> str:
        """What was chosen; what holds already where the form did not say."""
        return self.cleaned_data["over_quota"] or self.instance.over_quota


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_to_give(member)
        self.fields["role"].initial = Role.EDITOR


def roles_to_give(member: Member) -> list[tuple[str, str]]:
    """The roles this member may give, from least to most."""
    return [(role.value, role.label) for role in reversed(Role) if may_give(member, role)]


class TokenForm(forms.Form):
    """A new API token."""

    NEVER = ""
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What will use it, for example “website”."))
    scopes = forms.MultipleChoiceField(
        label=pgettext_lazy("what a token may do", "May"),  # a month is called May too
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that the token may do.")},
    )
    days = forms.TypedChoiceField(
        label=_("Ends"),
        coerce=int,
        empty_value=None,
        required=False,
        initial="90",
        choices=[
            ("30", _("after 30 days")),
            ("90", _("after 90 days")),
            ("365", _("after a year")),
            (NEVER, _("never")),
        ],
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {
            "read": _("Read everything in this workspace"),
            "write": _("Write and change drafts, upload media"),
            "publish": _("Schedule, cancel and change publications"),
        }
        self.fields["scopes"].choices = [(scope, names[scope]) for scope in scopes_for(member)]

    def lasts(self) -> timedelta | None:
        """How long the token will work; None for ever."""
        return timedelta(days=self.cleaned_data["days"]) if self.cleaned_data["days"] else None
