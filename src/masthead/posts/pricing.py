"""What stored posts will cost on their channels, by the catalogue with this installation's own prices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from masthead.channels.models import Channel
from masthead.connectors import PLATFORMS
from masthead.media.models import Asset
from masthead.metering.overrides import current
from masthead.posts.check import check, stops
from masthead.posts.cost import Estimate, Form, Segments, cheaper, estimate
from masthead.posts.models import Variant
from masthead.posts.problems import capabilities_of, parts_of


def cost_of(channel: Channel, segments: Segments, assets: Mapping[int, Asset], at: datetime) -> Estimate | None:
    """What the segments will cost on the channel at that time; None where the platform asks no money."""
    platform = PLATFORMS.get(channel.platform)
    if platform is None or platform.foresee is None:
        return None
    return estimate(platform, parts_of(segments, assets), channel.limits, current(), at.astimezone(UTC).date())


def cheaper_forms(
    variant: Variant, segments: Segments, assets: Mapping[int, Asset], at: datetime, language: str
) -> Iterator[Form]:
    """The ways to say it for less money that the channel takes as they are."""
    now, can = cost_of(variant.channel, segments, assets, at), capabilities_of(variant.channel)
    if now is None or can is None:
        return

    def cost(form: Segments) -> Estimate | None:
        if stops(check(parts_of(form, assets), variant.options, can)):
            return None
        return cost_of(variant.channel, form, assets, at)

    yield from cheaper(segments, now, cost, _bio(language))


def _bio(language: str) -> str:
    """The words in the post's own language where Masthead speaks it."""
    known = {code for code, _name in settings.LANGUAGES}
    code = language.partition("-")[0].lower()
    with override(code if code in known else "en"):
        return _("(link in bio)")
