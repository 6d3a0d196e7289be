"""What a person's browser does on a real PDS's sign-in pages, without a browser: sign in, then allow or deny."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp

API = "/@atproto/oauth-provider/~api"
VISIT = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Accept": "text/html"}


class Browser:
    """Carries cookies by hand: they are marked Secure, which clients other than browsers do not send over http."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self.session = session
        self.address = address
        parts = urlsplit(address)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.cookies: dict[str, str] = {}

    async def go(self, method: str, url: str, headers: dict[str, str], body: Any = None) -> tuple[str, Any]:
        """(Location, JSON body) of an answer; either may be empty."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        async with self.session.request(
            method, url, headers={**headers, "Cookie": cookie}, json=body, allow_redirects=False
        ) as answer:
            for line in answer.headers.getall("Set-Cookie", []):
                name, value = line.split(";")[0].split("=", 1)
                self.cookies[name] = value
            assert answer.status < 400, await answer.text()
            told = await answer.json() if answer.content_type == "application/json" else None
            return answer.headers.get("Location", ""), told

    async def api(self, path: str, body: Any, bearer: str = "") -> Any:
        """One call of the page's own script."""
        headers = {
            "Sec-Fetch-Site": "same-origin",
            "Sec-Fetch-Mode": "same-origin",
            "Sec-Fetch-Dest": "empty",
            "Origin": self.origin,
            "Referer": self.address,
            "x-csrf-token": self.cookies["csrf-token"],
        }
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        return (await self.go("POST", self.origin + API + path, headers, body))[1]


async def visit(address: str, handle: str, password: str, *, allow: bool) -> dict[str, str]:
    """Open the address as a person who allows or denies; the query of the call-back."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        browser = Browser(session, address)
        await browser.go("GET", address, {"Sec-Fetch-Site": "cross-site", **VISIT})
        if allow:
            asked = {"locale": "en", "username": handle, "password": password, "remember": False}
            signed = await browser.api("/sign-in", asked)
            name = "sub" if "sub" in signed["account"] else "did"
            body = {name: signed["account"][name]}
            answer = await browser.api("/consent", body, signed.get("ephemeralToken") or "")
        else:
            answer = await browser.api("/reject", {})
        back, _ = await browser.go("GET", answer["url"], {"Sec-Fetch-Site": "same-origin", "Referer": address, **VISIT})
        parts = urlsplit(back)
        return dict(parse_qsl(parts.query or parts.fragment))
