"""A platform's limits in words, as data tells them."""

from __future__ import annotations

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from masthead.contract.capabilities import Capabilities, MediaRule
from masthead.contract.values import MediaKind


def spoken(text: str) -> str:
    """A connector's text in the reader's language; connectors only mark theirs (see kit/words.py)."""
    return gettext(text) if text else ""


def limits_in_words(can: Capabilities) -> list[tuple[str, str]]:
    """(what, limit) pairs for the channel page."""
    lines = [(_("Text"), _("%d characters") % can.text.limit)]
    if can.threads.max_segments != 1:
        lines.append(
            (_("Threads"), ngettext("%d part", "up to %d parts", can.threads.max_segments) % can.threads.max_segments)
        )
    lines.append((_("Attachments"), str(can.max_attachments) if can.max_attachments else _("none")))
    lines += [(_kind(rule.kind), _media(rule)) for rule in can.media]
    if can.poll:
        lines.append(
            (
                _("Polls"),
                _("%(count)d answers of %(length)d characters")
                % {"count": can.poll.max_options, "length": can.poll.option_limit},
            )
        )
    lines.append((_("Once published"), _after(can)))
    return lines


def _after(can: Capabilities) -> str:
    if can.edit and can.remove:
        return _("can be changed and deleted from here")
    if can.remove:
        return _("can be deleted from here, not changed")
    return _("can be changed from here, not deleted") if can.edit else _("can only be changed on the platform")


def _kind(kind: MediaKind) -> str:
    return {
        MediaKind.IMAGE: _("Pictures"),
        MediaKind.GIF: _("Animations"),
        MediaKind.VIDEO: _("Videos"),
        MediaKind.AUDIO: _("Sound"),
        MediaKind.DOCUMENT: _("Documents"),
    }[kind]


def _media(rule: MediaRule) -> str:
    parts = [_("up to %d") % rule.max_count]
    if rule.max_bytes:
        parts.append(_("%s each") % filesizeformat(rule.max_bytes))
    if rule.max_seconds:
        parts.append(_("%d seconds") % rule.max_seconds)
    if rule.alt_limit:
        parts.append(_("description up to %d characters") % rule.alt_limit)
    return ", ".join(parts)
