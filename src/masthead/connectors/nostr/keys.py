"""Keys and signatures: hex or bech32 (NIP-19) in, BIP-340 out."""

from __future__ import annotations

import re

from bech32 import bech32_decode, bech32_encode, convertbits
from coincurve import PrivateKey, PublicKeyXOnly

HEX_KEY = re.compile(r"[0-9a-f]{64}")


def key_from(typed: str) -> str:
    """The secret key as hex, from "nsec1..." or 64 hex digits; "" where it is neither."""
    text = typed.strip().lower()
    found = text if HEX_KEY.fullmatch(text) else decoded("nsec", text)
    try:
        public_of(found)
    except ValueError:
        return ""
    return found


def public_of(secret: str) -> str:
    """The public key as hex. Raises ValueError for what is no secret key."""
    if not HEX_KEY.fullmatch(secret):
        raise ValueError("this is not a key")
    return PublicKeyXOnly.from_secret(bytes.fromhex(secret)).format().hex()


def sign(secret: str, digest: bytes) -> str:
    """The signature of 32 bytes as hex."""
    return PrivateKey(bytes.fromhex(secret)).sign_schnorr(digest).hex()


def encoded(prefix: str, digits: str) -> str:
    """32 bytes of hex as people see them: npub1..., note1..."""
    words = convertbits(bytes.fromhex(digits), 8, 5)
    return bech32_encode(prefix, words or [])


def decoded(prefix: str, text: str) -> str:
    """The hex in a bech32 text with this prefix; "" where it is something else."""
    found, words = bech32_decode(text)
    if found != prefix or words is None:
        return ""
    octets = convertbits(words, 5, 8, False)
    return bytes(octets).hex() if octets and len(octets) == 32 else ""
