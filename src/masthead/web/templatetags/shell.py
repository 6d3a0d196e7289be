"""Tags and filters that every page may use: `{% load shell %}`."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms, template
from django.utils.safestring import SafeString, mark_safe

from masthead.channels.words import spoken
from masthead.web import icons
from masthead.web.badges import Look, look

register = template.Library()
_CLASSES = (
    (forms.CheckboxInput, "checkbox"),
    ((forms.RadioSelect, forms.CheckboxSelectMultiple), "choices"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.ClearableFileInput, "file"),
)


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """`{% icon "bell" %}` or `{% icon "bell" "icon-lg" %}`: an inline icon, always beside or inside a text label."""
    return mark_safe(icons.svg(name, classes))  # noqa: S308 - shapes from our own file; names come from templates


@register.filter
def look_of(state: str) -> Look:
    """Tone, icon and word of a state."""
    return look(str(state))


register.filter("spoken", spoken)


@register.filter
def initials(name: Any) -> str:
    """Up to two letters that stand for a name."""
    words = [word for word in str(name).replace("@", " ").replace(".", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


@register.filter
def hue(name: Any) -> int:
    """One of eight avatar colours, the same for the same name."""
    return sum(str(name).encode()) % 8


@register.filter
def styled(field: forms.BoundField) -> SafeString:
    """A form field's widget with our classes and, where it has errors, aria-invalid."""
    widget = field.field.widget
    name = next((name for kind, name in _CLASSES if isinstance(widget, kind)), "input")
    given = widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{name} {given}".strip()})


@register.filter
def is_checkbox(field: forms.BoundField) -> bool:
    """True for a single tick box, whose label stands behind it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.simple_tag(takes_context=True)
def with_page(context: dict[str, Any], number: int) -> str:
    """The present address with another `page`, keeping every filter."""
    query = context["request"].GET.copy() if "request" in context else {}
    return "?" + urlencode({**{key: query[key] for key in query}, "page": number})
