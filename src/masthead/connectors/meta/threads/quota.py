"""The quotas of posts and replies, as Threads tells them."""

from __future__ import annotations

from typing import Any

from masthead.connectors.meta.containers import Steps, check_room, quotas, told_limit
from masthead.connectors.meta.threads.errors import WAY
from masthead.connectors.meta.threads.operations import GET_CONTAINER, GET_LIMIT, GET_POST, PREPARE
from masthead.contract.http import Http
from masthead.contract.values import Account

STEPS = Steps("Threads", WAY, PREPARE, GET_CONTAINER, GET_LIMIT, GET_POST, "id,status,error_message")
QUOTAS = "quota_usage,config,reply_quota_usage,reply_config"


async def limits_of(http: Http, account: Account) -> dict[str, Any]:
    """How many posts and replies Threads takes from the account."""
    told = await told_limit(http, STEPS, account, QUOTAS)
    return quotas({"posts": told.config, "replies": told.reply_config})


async def check_room_for(http: Http, account: Account, *, reply: bool) -> None:
    """TryAgain where the quota of posts or replies is used up."""
    told = await told_limit(http, STEPS, account, QUOTAS)
    if reply:
        check_room(STEPS, told.reply_config, told.reply_quota_usage, "replies")
    else:
        check_room(STEPS, told.config, told.quota_usage)
