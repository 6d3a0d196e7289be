"""Reading at the platform's pace: every call draws on the quotas that publishing draws on, and leaves it half of each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from asgiref.sync import sync_to_async

from masthead.channels.models import Channel
from masthead.contract.budget import Budget
from masthead.contract.calls import Purpose, charged_to
from masthead.contract.ending import Ending
from masthead.contract.errors import TryAgain
from masthead.contract.http import Answer, Http, Meter, Transport
from masthead.contract.operations import Operation
from masthead.contract.platform import Platform
from masthead.metering.quota import Wanted, reserve_here
from masthead.posts.quotas import key_of

SHARE = 0.5
LONGEST_NAP = 3.0


class PacedHttp(Http):
    """A client that asks for a place in the quota before each call. `asked` is the name of the last operation."""

    def __init__(
        self,
        transport: Transport,
        meter: Meter,
        platform: Platform,
        channel: Channel,
        endings: Sequence[Ending] = (),
        budget: Budget | None = None,
    ) -> None:
        super().__init__(
            transport,
            platform=platform.key,
            operations=platform.operations,
            meter=meter,
            workspace_id=channel.workspace_id,
            channel_id=channel.pk,
            endings=endings,
            purpose=Purpose.READ,
            budget=budget,
            **charged_to(channel.limits),
        )
        self.quotas = platform.capabilities.narrowed(channel.limits).quotas
        self.place: dict[str, Any] = {
            "platform": platform.key,
            "channel_id": channel.pk,
            "server": channel.server,
            "limits": channel.limits,
        }
        self.asked = ""

    async def call(self, operation: Operation, server: str, **rest: Any) -> Answer:
        """The same as of any client; TryAgain where the quota has no place soon."""
        self.must_list(operation)
        await self._reserve(operation)
        self.asked = operation.name
        return await super().call(operation, server, **rest)

    async def _reserve(self, operation: Operation) -> None:
        wanted = self.wanted(operation)
        wait = await sync_to_async(reserve_here)(wanted)
        if 0 < wait <= LONGEST_NAP:
            await asyncio.sleep(wait)
            wait = await sync_to_async(reserve_here)(wanted)
        if wait:
            raise TryAgain("The platform's quota for reading is used up for now.", after=wait)

    def wanted(self, operation: Operation) -> list[Wanted]:
        """What a call draws on: of a limit's burst only our share."""
        return [
            Wanted(
                key_of(self.place, one),
                one.seconds / one.limit * operation.weight,
                max(one.seconds * SHARE, one.seconds / one.limit * operation.weight),
            )
            for one in self.quotas
            if operation.bucket and one.bucket == operation.bucket
        ]
