"""Telegram: messages of a bot in a channel or group where it is an administrator."""

from __future__ import annotations

from datetime import date

from masthead.connectors.telegram.capabilities import CAPABILITIES
from masthead.connectors.telegram.connect import TelegramConnecting
from masthead.connectors.telegram.operations import OPERATIONS
from masthead.connectors.telegram.publish import TelegramPublisher
from masthead.connectors.telegram.terms import TERMS
from masthead.contract.capabilities import Source
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _


def telegram_platform(api: str = "https://api.telegram.org") -> Platform:
    """Telegram with its Bot API at this server."""
    return Platform(
        key="telegram",
        name="Telegram",
        capabilities=CAPABILITIES,
        connecting=TelegramConnecting(api),
        publisher=TelegramPublisher(),
        operations=OPERATIONS,
        terms=TERMS,
        home=Source("https://core.telegram.org/bots/api", date(2026, 11, 24)),
        max_request_seconds=310.0,
        look_up_after_seconds=5.0,
        about=_("Posts as a bot into a channel or group where it is an administrator."),
        notes=(
            "Needs a bot of @BotFather that is an administrator of the channel or group.",
            "Bots cannot read what they sent: an unclear outcome is always settled by a person.",
            "There are no past posts and no numbers for bots.",
            "Pictures and videos have no descriptions on Telegram.",
            "Messages can be deleted for 48 hours.",
            "A thread is a chain of replies.",
        ),
        tested=(Tested.DESCRIPTION,),
    )


TELEGRAM = telegram_platform()

__all__ = ["TELEGRAM", "telegram_platform"]
