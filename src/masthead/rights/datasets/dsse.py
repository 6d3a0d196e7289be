"""Signed statements about files: in-toto Statement v1 in a DSSE envelope, signed with Ed25519.

Pure: keys come in as arguments, nothing is read or stored.
Sources: github.com/secure-systems-lab/dsse (protocol.md, envelope.md), github.com/in-toto/attestation (spec/v1/statement.md).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

IN_TOTO = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
_BLOCK = 1 << 20


class NotSigned(Exception):
    """The envelope is damaged, of another kind, or carries no valid signature of a key that is trusted."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What was signed: files by name with their SHA-256 (64 hex digits), and what is claimed of them."""

    subjects: Mapping[str, str]
    claim: str
    predicate: Mapping[str, Any]


def encode(kind: str, body: bytes) -> bytes:
    """The bytes that are signed (pre-authentication encoding): type and body, each with its length in bytes."""
    name = kind.encode()
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(body), body)


def key_id(key: Ed25519PublicKey) -> str:
    """SHA-256 of the public key (SubjectPublicKeyInfo, DER) in hex: a hint which key to try, never a proof."""
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def public_pem(key: Ed25519PublicKey) -> str:
    """The public key as PEM, to be given to those who verify."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def read_public(pem: str | bytes) -> Ed25519PublicKey:
    """The public key in a PEM text.

    Raises ValueError where the text holds no Ed25519 key.
    """
    key = serialization.load_pem_public_key(pem.encode() if isinstance(pem, str) else pem)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("The key is not an Ed25519 key.")
    return key


def sign(body: bytes, keys: Sequence[Ed25519PrivateKey], kind: str = IN_TOTO) -> dict[str, Any]:
    """An envelope around `body` with one signature of each key, ready for JSON.

    Raises ValueError without a key: an envelope must be signed.
    """
    if not keys:
        raise ValueError("An envelope needs at least one key to sign with.")
    signed = encode(kind, body)
    signatures = [{"keyid": key_id(key.public_key()), "sig": _text(key.sign(signed))} for key in keys]
    return {"payload": _text(body), "payloadType": kind, "signatures": signatures}


def verify(envelope: Mapping[str, Any] | str | bytes, keys: Iterable[Ed25519PublicKey], kind: str = IN_TOTO) -> bytes:
    """The body of an envelope that one of the trusted keys signed.

    Every key is tried on every signature; the key id in the envelope is not signed, so it decides nothing.
    Raises NotSigned otherwise. Read only what this returns, never the payload of the envelope.
    """
    if isinstance(envelope, str | bytes):
        envelope = _parsed(envelope)
    try:
        body, found = _bytes(envelope["payload"]), envelope["payloadType"]
        signatures = [_bytes(one["sig"]) for one in envelope["signatures"]]
    except (KeyError, TypeError, ValueError) as error:
        raise NotSigned("This is not a DSSE envelope.") from error
    if found != kind:
        raise NotSigned(f"The envelope holds {found!r}, not {kind!r}.")
    signed = encode(kind, body)
    if not any(_holds(key, one, signed) for key in keys for one in signatures):
        raise NotSigned("No signature of a trusted key fits.")
    return body


def attest(
    subjects: Mapping[str, str], claim: str, predicate: Mapping[str, Any], keys: Sequence[Ed25519PrivateKey]
) -> dict[str, Any]:
    """A signed in-toto statement: the files (name: SHA-256 hex), the type of the claim (a URI) and its content."""
    if not subjects:
        raise ValueError("A statement needs at least one file.")
    statement = {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {"sha256": digest}} for name, digest in sorted(subjects.items())],
        "predicateType": claim,
        "predicate": predicate,
    }
    return sign(json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(), keys)


def read(
    envelope: Mapping[str, Any] | str | bytes, keys: Iterable[Ed25519PublicKey], claim: str | None = None
) -> Statement:
    """The statement in a signed envelope, after its signature has been verified.

    Raises NotSigned where the signature does not fit, the body is no in-toto statement, or it claims something
    else than `claim`.
    """
    told = _parsed(verify(envelope, keys))
    try:
        names = [str(one["name"]) for one in told["subject"]]
        subjects = {str(one["name"]): str(one["digest"]["sha256"]) for one in told["subject"]}
        found = Statement(subjects, str(told["predicateType"]), told["predicate"])
    except (KeyError, TypeError) as error:
        raise NotSigned("The signed body is not an in-toto statement.") from error
    if told.get("_type") != STATEMENT or len(names) != len(subjects):
        raise NotSigned("The signed body is not an in-toto statement of this version.")
    if claim is not None and found.claim != claim:
        raise NotSigned(f"The statement claims {found.claim!r}, not {claim!r}.")
    return found


def changed(statement: Statement, folder: Path) -> list[str]:
    """Names of the statement's files that are missing in `folder` or differ from what was signed.

    A name that leads out of the folder counts as changed and is not opened.
    """
    return [name for name, told in statement.subjects.items() if _digest_in(folder, name) != told]


def digest(path: Path) -> str:
    """SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return digest_of(file)


def digest_of(file: IO[bytes]) -> str:
    """SHA-256 in hex of what is left in an open file."""
    total = hashlib.sha256()
    while block := file.read(_BLOCK):
        total.update(block)
    return total.hexdigest()


def _digest_in(folder: Path, name: str) -> str | None:
    path = (folder / name).resolve()
    return digest(path) if path.is_relative_to(folder.resolve()) and path.is_file() else None


def _holds(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _parsed(text: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotSigned("This is not JSON.") from error
    if not isinstance(found, dict):
        raise NotSigned("This is not a JSON object.")
    return found


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    """Base64 with the standard or the URL-safe alphabet: the protocol wants both to be read."""
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, AttributeError) as error:
        raise ValueError("This is not base64.") from error
