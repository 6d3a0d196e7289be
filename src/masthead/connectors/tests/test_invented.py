"""The doubles against requests that schemathesis invents from the vendors' own descriptions: none is answered with a 5xx, and each
answer is as described.

Only the operations that a connector makes are asked. Slack's description is Swagger 2 and Telegram's is the list of its page; both are
read as OpenAPI by the same code that checks what connectors send. Meta describes its API in a form of its own, which schemathesis does not
read, and Threads in a Postman collection; they are checked by what connectors send alone. Mastodon's double answers as briefly as small
servers do, so that only its statuses are checked here.
"""

from __future__ import annotations

import re
from asyncio import to_thread
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from masthead.connectors.discord.tests.double import DISCORD
from masthead.connectors.discord.tests.harness import DiscordHarness
from masthead.connectors.mastodon.tests.harness import MastodonHarness
from masthead.connectors.pinterest.tests.double import DESCRIBED as PINTEREST
from masthead.connectors.pinterest.tests.harness import PinterestHarness
from masthead.connectors.slack.tests.double import SLACK
from masthead.connectors.slack.tests.harness import SlackHarness
from masthead.connectors.telegram.tests.double import TELEGRAM
from masthead.connectors.telegram.tests.harness import TelegramHarness
from masthead.connectors.tests.described import Described
from masthead.connectors.tests.harness import Harness
from masthead.connectors.tests.kit import Remembering, http_of, parcel, publish_all
from masthead.connectors.x.tests.double import TWEETS
from masthead.connectors.x.tests.harness import XHarness
from masthead.contract.http import Transport
from masthead.contract.values import Account

EXAMPLES, SEED, SECONDS = 8, 7, 10
STATUSES = (not_a_server_error, status_code_conformance)
MASTODON = Described("Mastodon", "mastodon-4.7.0.json")


@dataclass(frozen=True)
class Double:
    """A double, its description, the name of the secret that is its token, and the word before it.

    `whole`: its answers have all that the vendor's have, so that they are checked too.
    """

    harness: Callable[[], Any]
    described: Described
    token: str = "access_token"
    word: str = "Bearer"
    whole: bool = True

    @property
    def checks(self) -> list[Any]:
        """What schemathesis checks of each answer."""
        return [*STATUSES, response_schema_conformance] if self.whole else list(STATUSES)

    def places(self, label: str, account: Account, post: str) -> dict[str, str]:
        """What stands in the path where something is there to be found, by the names that descriptions use."""
        whose = account.remote_id if "/users/" in label or "/accounts/" in label else post
        token = str(account.secrets[self.token])
        return {"channel_id": account.remote_id, "token": token, "id": whose, "message_id": post, "pin_id": post}

    def headers(self, account: Account) -> dict[str, str]:
        """The sign-in of each request."""
        return {"Authorization": f"{self.word} {account.secrets[self.token]}"}


DOUBLES = {
    "discord": Double(DiscordHarness, DISCORD, "bot_token", "Bot"),
    "mastodon": Double(MastodonHarness, MASTODON, whole=False),
    "pinterest": Double(PinterestHarness, PINTEREST),
    "slack": Double(SlackHarness, SLACK),
    "telegram": Double(TelegramHarness, TELEGRAM, "bot_token"),
    "x": Double(XHarness, TWEETS),
}


def shape(path: str) -> str:
    """A path without the names in it."""
    return re.sub(r"\{[^}]*\}", "{}", path.rstrip("/"))


@pytest.mark.parametrize("key", sorted(DOUBLES))
async def test_invented_requests_meet_no_fault_of_the_double(key: str) -> None:
    double = DOUBLES[key]
    double.described.needed()
    harness: Harness = double.harness()
    harness.start()
    try:
        account = await harness.account()
        (receipt,) = await published(harness, account)
        with double.described.aside():
            found, asked, liked = await to_thread(invented, double, harness, account, receipt)
    finally:
        harness.stop()
    print(f"{key}: {asked.total()} invented requests to {len(asked)} operations, {liked.total()} fine")
    assert not found, "\n".join(found)
    assert len(asked) >= 5 and sum(count > 0 for count in liked.values()) >= 3, "most was refused: nothing was tested"


async def published(harness: Harness, account: Account) -> list[str]:
    """The id of a post, so that some of the invented requests are about something that is there."""
    async with Transport(allow_private=True) as transport:
        http = http_of(harness, transport, Remembering())
        receipts = await publish_all(harness.platform, http, account, parcel(harness, "Something to find"))
    return [one.remote_id for one in receipts]


def invented(
    double: Double, harness: Harness, account: Account, post: str
) -> tuple[list[str], Counter[str], Counter[str]]:
    """What is wrong with the answers, how many requests each operation got, and how many of them were fine."""
    wrong, asked, liked = list[str](), Counter[str](), Counter[str]()
    wanted = {
        (one.method, shape(one.path).removeprefix(double.described.prefix))
        for one in harness.platform.operations.values()
    }
    for operation in schemathesis.openapi.from_dict(double.described.document).get_all_operations():
        if isinstance(operation, Ok) and (operation.ok().method.upper(), shape(operation.ok().path)) in wanted:
            wrong += asked_of(operation.ok(), double, account, post, asked, liked)
    return wrong, asked, liked


def asked_of(
    operation: Any, double: Double, account: Account, post: str, asked: Counter[str], liked: Counter[str]
) -> list[str]:
    """Ask one operation; every other request is about the post that is there."""
    wrong: list[str] = []

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(case=operation.as_strategy(), real=st.sampled_from((True, True, False)))
    def ask(case: Any, real: bool) -> None:
        if real:
            known = double.places(operation.label, account, post)
            case.path_parameters |= {name: known[name] for name in case.path_parameters if name in known}
            if isinstance(case.body, dict) and "chat_id" in case.body:
                case.body["chat_id"] = account.remote_id
        answer = case.call(
            base_url=account.server + double.described.prefix, headers=double.headers(account), timeout=SECONDS
        )
        asked[operation.label] += 1
        liked[operation.label] += answer.status_code < 300
        try:
            case.validate_response(answer, checks=double.checks)
        except FailureGroup as failures:
            wrong.extend(f"{operation.label}: {str(one)[:300]}" for one in failures.exceptions)

    ask()
    return wrong[:3]
