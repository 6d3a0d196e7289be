"""The OpenID provider as a process, and a person who signs in on its pages."""

from __future__ import annotations

import html
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

HERE = Path(__file__).parent / "oidc"
PACKAGES = Path(os.environ.get("MASTHEAD_OIDC_PACKAGES") or Path(__file__).parents[4] / ".tools" / "oidc")
CALLBACK = "http://testserver/account/oidc/sso/login/callback/"


def _absent(reason: str) -> None:
    (pytest.fail if os.environ.get("MASTHEAD_ALL") == "1" else pytest.skip)(reason)


@contextmanager
def running_provider() -> Iterator[str]:
    """Start it; yields its issuer. Skips (fails when MASTHEAD_ALL=1) where it is not installed."""
    if not shutil.which("node"):
        _absent("node is not installed")
    if not (PACKAGES / "node_modules" / "oidc-provider").is_dir():
        _absent("the OpenID provider is not installed: run bin/servers/oidc")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        ["node", str(HERE / "provider.mjs"), str(port), CALLBACK],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "OIDC_PACKAGES": str(PACKAGES)},
    )
    try:
        assert process.stdout and "issuer" in process.stdout.readline(), "the OpenID provider did not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def walk(authorize: str, name: str) -> str:
    """Sign in as `name` on the provider's pages and agree; returns the address it sends the browser back to."""
    browser = requests.Session()
    answer = browser.get(authorize, allow_redirects=False, timeout=10)
    for _step in range(12):
        if answer.is_redirect:
            onward = urljoin(answer.url, answer.headers["Location"])
            if onward.startswith(CALLBACK):
                return onward
            answer = browser.get(onward, allow_redirects=False, timeout=10)
            continue
        action = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
        assert action, answer.text[:500]
        prompt = re.search(r'name="prompt" value="([^"]+)"', answer.text)[1]
        answer = browser.post(
            urljoin(answer.url, html.unescape(action[1])),
            {"prompt": prompt, "login": name, "password": "any"},
            allow_redirects=False,
            timeout=10,
        )
    raise AssertionError("the provider did not send the browser back")
