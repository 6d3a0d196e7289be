"""The form of an audit: which posts, which corpus, how it is read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from masthead.rights.archive.accounts import choices
from masthead.rights.archive.asked import stored, wanted_from
from masthead.rights.audits.corpora import NotOffered, chosen, offered
from masthead.workspaces.models import Workspace

_DAY = {"type": "date"}
FORMS = ("jsonl", "lines", "text", "parquet", "warc")
TARGETS = (("0.05", _("5 %, the usual one")), ("0.01", _("1 %, stricter")), ("0.1", _("10 %, finds more")))
MOST_FIELDS = 20


def fields_from(text: str) -> list[str]:
    """Names of fields, with commas between."""
    return list(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))[:MOST_FIELDS]


class AuditForm(forms.Form):
    """Everything the worker needs."""

    name = forms.CharField(label=_("Name"), max_length=120)
    corpus = forms.ChoiceField(label=_("Corpus"), help_text=_("What the operator of this server put there to be read."))
    below = forms.CharField(
        label=_("Only this below it"),
        max_length=1000,
        required=False,
        help_text=_("A file or folder further down that the list does not show, such as 2024/part-1.jsonl.gz."),
    )
    account = forms.ChoiceField(label=_("Account"), required=False)
    since = forms.DateField(
        label=_("Posts from"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Posts until"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    form = forms.ChoiceField(label=_("Read as"), required=False)
    fields_named = forms.CharField(
        label=_("Field with the text"),
        max_length=400,
        initial="text",
        help_text=_("In JSON Lines and Parquet. Several with commas; one inside others with dots: message.content."),
    )
    target = forms.ChoiceField(
        label=_("Wrong attributions that are accepted"),
        choices=TARGETS,
        help_text=_("On average, of all attributed ones."),
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["corpus"].choices = offered()
        self.fields["account"].choices = [("", _("Any account")), *choices(workspace)]
        self.fields["form"].choices = [("", _("What the file’s ending says")), *((one, one) for one in FORMS)]

    def clean_fields_named(self) -> list[str]:
        """At least one name."""
        return fields_from(self.cleaned_data["fields_named"]) or ["text"]

    def clean(self) -> dict[str, Any]:
        """The first day comes before the last; the corpus is one that the operator offers."""
        found = super().clean() or self.cleaned_data
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day lies before the first one. Choose a later one."))
        if "corpus" in found and "below" in found:
            try:
                found["place"] = chosen(found["corpus"], found["below"])
            except NotOffered as error:
                self.add_error("below" if found["below"] else "corpus", str(error))
        return found

    def fields_of(self) -> dict[str, Any]:
        """As the model has them."""
        given = self.cleaned_data
        return {
            "name": given["name"],
            "corpus": given["place"],
            "fields": given["fields_named"],
            "form": given["form"],
            "target": float(given["target"]),
            "wanted": own_posts(given["account"], str(given["since"] or ""), str(given["until"] or "")),
        }


def own_posts(account: str, since: str, until: str) -> dict[str, Any]:
    """The wish for own posts, as the row keeps it."""
    return stored(wanted_from({"account": account, "kind": "own_post", "from": since, "to": until}, private=False))
