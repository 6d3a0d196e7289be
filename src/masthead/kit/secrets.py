"""Encryption of small values at rest: MultiFernet with keys from the environment or a private file."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class NoKey(Exception):
    """A ciphertext cannot be opened: its key is missing, or it belongs to another place."""


class Keyring:
    """Seals and opens JSON values. The newest key comes first; older ones still open."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, value: Any, place: str) -> str:
        """The ciphertext of `value`, bound to `place`."""
        return self._fernet.encrypt(json.dumps({"at": place, "v": value}).encode()).decode()

    def open(self, text: str, place: str) -> Any:
        """The value of a ciphertext sealed at the same `place`; raises NoKey otherwise."""
        try:
            inside = json.loads(self._fernet.decrypt(text.encode()))
        except InvalidToken:
            raise NoKey(
                "a stored secret cannot be decrypted: the key that sealed it is not in MASTHEAD_KEYS or the key file"
            ) from None
        if inside["at"] != place:
            raise NoKey("a stored secret was moved to another place")
        return inside["v"]

    def rotate(self, text: str) -> str:
        """The same secret under the newest key."""
        return self._fernet.rotate(text.encode()).decode()


def keys_from(environment: str, path: Path) -> list[str]:
    """Keys (newest first) from a comma-separated environment value, else from a file of one key per line."""
    if environment.strip():
        return [key.strip() for key in environment.split(",") if key.strip()]
    return [line.strip() for line in path.read_text().splitlines() if line.strip()]


def key_file() -> Path:
    """Where the key file lies: MASTHEAD_KEYS_FILE, else secret.keys in MASTHEAD_HOME."""
    return Path(os.environ.get("MASTHEAD_KEYS_FILE") or Path(os.environ["MASTHEAD_HOME"]) / "secret.keys")


def make_key_file(path: Path) -> None:
    """Write a first key with mode 0600; an existing file stays as it is."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(Fernet.generate_key().decode() + "\n")


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    """The installation's keyring."""
    return Keyring(keys_from(os.environ.get("MASTHEAD_KEYS", ""), key_file()))
