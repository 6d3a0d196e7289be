"""Commands on top of the public API: they work against any installation, with MASTHEAD_URL and MASTHEAD_TOKEN."""

from __future__ import annotations

import asyncio
import os
import uuid
from typing import Annotated, Any
from urllib.parse import urlencode

import aiohttp
import typer

app = typer.Typer()
Url = Annotated[str, typer.Option(envvar="MASTHEAD_URL", help="The installation's address.")]
Token = Annotated[str, typer.Option(envvar="MASTHEAD_TOKEN", help="An API token, from Settings.")]
HERE = "http://localhost:8000"


class Refusal(Exception):
    """The installation refused; the text is for the terminal."""


async def _call(url: str, token: str, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex}
    timeout = aiohttp.ClientTimeout(total=60)
    async with (
        aiohttp.ClientSession(headers=headers, timeout=timeout) as session,
        session.request(method, f"{url.rstrip('/')}/api/v1{path}", json=body) as answer,
    ):
        told = await answer.json(content_type=None)
    if answer.status >= 400:
        raise Refusal(" ".join(filter(None, (told.get("title"), told.get("field"), told.get("remedy")))))
    return told


def call(url: str, token: str, method: str, path: str, body: Any = None) -> Any:
    """Ask the installation; ends the command with a clear message when it refuses or cannot be reached."""
    if not token:
        _fail("No token: set MASTHEAD_TOKEN to one made under Settings, API tokens.")
    try:
        return asyncio.run(_call(url, token, method, path, body))
    except Refusal as refusal:
        _fail(str(refusal))
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        _fail(f"{url} could not be asked ({type(error).__name__}). Is MASTHEAD_URL right, and does it run?")


def _fail(text: str) -> None:
    typer.echo(text, err=True)
    raise typer.Exit(1)


@app.command()
def channels(url: Url = HERE, token: Token = "") -> None:
    """List the channels of the token's workspace."""
    for one in call(url, token, "GET", "/channels"):
        typer.echo(f"{one['id']:>6}  {one['platform']:<12} {one['handle']:<30} {one['condition']}")


@app.command()
def costs(
    month: Annotated[str, typer.Option(help="A month, such as 2026-11 [default: the present one].")] = "",
    by: Annotated[
        str, typer.Option(help="total, platform, channel, purpose, app, day, operation or price.")
    ] = "platform",
    url: Url = HERE,
    token: Token = "",
) -> None:
    """Print what the token's workspace spent on calls to platforms in a month."""
    found = call(url, token, "GET", f"/costs?{urlencode({'month': month, 'by': by})}")
    typer.echo(f"{found['since']} to before {found['until']} (UTC)")
    for row in found["rows"]:
        name = " ".join(str(one) for one in row["key"].values() if one != "") or "-"
        typer.echo(f"{name:44} {_sums(row['amounts']):>16} {row['calls']:>10} calls")
    if found["committed"]:
        typer.echo(f"scheduled until then: {_sums(found['committed'])}")


def _sums(amounts: list[dict[str, Any]]) -> str:
    return " + ".join(f"{one['currency']} {one['amount']}" for one in amounts) or "-"


@app.command()
def post(
    text: Annotated[str, typer.Argument(help="The text; - reads standard input.")],
    channel: Annotated[list[int], typer.Option(help="A channel's number; may be given several times.")],
    at: Annotated[
        str, typer.Option(help="When: an ISO time, now, or next_free_slot. Without it a draft is made.")
    ] = "",
    url: Url = HERE,
    token: Token = "",
) -> None:
    """Make a post, and schedule it with --at."""
    text = os.fdopen(0).read() if text == "-" else text
    made = call(
        url, token, "POST", "/posts", {"segments": [{"text": text}], "variants": [{"channel": one} for one in channel]}
    )
    typer.echo(f"post {made['id']}")
    if at:
        schedule(made["id"], at, url=url, token=token)


@app.command()
def schedule(
    post_id: Annotated[int, typer.Argument(metavar="POST", help="The post's number.")],
    at: Annotated[str, typer.Argument(help="When: an ISO time, now, or next_free_slot.")],
    repeat: Annotated[bool, typer.Option("--repeat", help="Once more where it is out already.")] = False,
    url: Url = HERE,
    token: Token = "",
) -> None:
    """Schedule a post on its channels."""
    for one in call(url, token, "POST", f"/posts/{post_id}/schedule", {"publish_at": at, "repeat": repeat}):
        typer.echo(f"publication {one['id']} on channel {one['channel']}: {one['state']} for {one['publish_at']}")
