"""Discord: messages of a bot in one channel of a server."""

from __future__ import annotations

from datetime import date

from masthead.connectors.discord.capabilities import CAPABILITIES
from masthead.connectors.discord.connect import DiscordConnecting
from masthead.connectors.discord.history import DiscordHistory
from masthead.connectors.discord.operations import OPERATIONS
from masthead.connectors.discord.publish import DiscordPublisher
from masthead.connectors.discord.terms import TERMS
from masthead.contract.capabilities import Source
from masthead.contract.platform import Platform, Tested
from masthead.kit.words import N_ as _


def discord_platform(server: str = "https://discord.com") -> Platform:
    """Discord at this server, which serves the API and the pages people see."""
    return Platform(
        key="discord",
        name="Discord",
        capabilities=CAPABILITIES,
        connecting=DiscordConnecting(server),
        publisher=DiscordPublisher(),
        operations=OPERATIONS,
        terms=TERMS,
        home=Source("https://docs.discord.com/developers/reference", date(2026, 11, 24)),
        max_request_seconds=130.0,
        look_up_after_seconds=5.0,
        about=_("Posts as a bot into one channel of a server."),
        notes=(
            "Needs a bot with View Channel, Send Messages, Attach Files and Read Message History in the channel.",
            "A repeat within minutes carries the same nonce; later the bot's own messages are looked through.",
            "A thread is a chain of replies.",
            "Nobody is notified by a mention unless the variant's setting allows it.",
            "The numbers of past posts are reactions and votes; Discord tells no views.",
        ),
        history=DiscordHistory(),
        tested=(Tested.DESCRIPTION,),
    )


DISCORD = discord_platform()

__all__ = ["DISCORD", "discord_platform"]
