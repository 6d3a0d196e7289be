"""Signatures: what is signed comes back, what was touched does not, and code that is not ours agrees."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from masthead.rights.datasets import dsse

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
CLAIM = "https://example.org/claim/v1"


def test_the_signed_bytes_are_those_of_the_protocol():
    assert dsse.encode("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )
    assert dsse.encode("ü", b"") == b"DSSEv1 2 \xc3\xbc 0 "


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_is_signed_comes_back(body, kind):
    assert dsse.verify(json.dumps(dsse.sign(body, [KEY], kind)), [KEY.public_key()], kind) == body


def test_no_byte_of_the_body_can_change():
    envelope = dsse.sign(b"forty two", [KEY])
    for place in range(9):
        body = bytearray(b"forty two")
        body[place] ^= 1
        touched = envelope | {"payload": base64.b64encode(bytes(body)).decode()}
        with pytest.raises(dsse.NotSigned):
            dsse.verify(touched, [KEY.public_key()])


def test_the_kind_is_signed_too():
    envelope = dsse.sign(b"x", [KEY], "one")
    with pytest.raises(dsse.NotSigned, match="not 'two'"):
        dsse.verify(envelope, [KEY.public_key()], "two")
    with pytest.raises(dsse.NotSigned, match="No signature"):
        dsse.verify(envelope | {"payloadType": "two"}, [KEY.public_key()], "two")


def test_a_key_that_is_not_trusted_proves_nothing_even_under_a_trusted_name():
    envelope = dsse.sign(b"x", [OTHER])
    envelope["signatures"][0]["keyid"] = dsse.key_id(KEY.public_key())
    with pytest.raises(dsse.NotSigned):
        dsse.verify(envelope, [KEY.public_key()])
    with pytest.raises(dsse.NotSigned):
        dsse.verify(envelope, [])


def test_one_trusted_signature_among_several_is_enough():
    envelope = dsse.sign(b"x", [OTHER, KEY])
    assert dsse.verify(envelope, [KEY.public_key()]) == b"x"


def test_both_alphabets_of_base64_are_read():
    envelope = dsse.sign(b"\xfb\xff\xfe>?", [KEY])
    envelope["payload"] = envelope["payload"].replace("+", "-").replace("/", "_")
    assert dsse.verify(envelope, [KEY.public_key()]) == b"\xfb\xff\xfe>?"


@pytest.mark.parametrize(
    "broken",
    [
        "no json",
        "[]",
        "{}",
        '{"payload": 3, "payloadType": "application/vnd.in-toto+json", "signatures": []}',
        '{"payload": "?", "payloadType": "application/vnd.in-toto+json", "signatures": []}',
        '{"payload": "eA==", "payloadType": "application/vnd.in-toto+json", "signatures": 3}',
        '{"payload": "eA==", "payloadType": "application/vnd.in-toto+json", "signatures": ["a"]}',
        '{"payload": "eA==", "payloadType": "application/vnd.in-toto+json", "signatures": []}',
    ],
)
def test_what_is_no_envelope_is_not_signed(broken):
    with pytest.raises(dsse.NotSigned):
        dsse.verify(broken, [KEY.public_key()])


def test_an_envelope_without_a_key_is_not_made():
    with pytest.raises(ValueError, match="at least one key"):
        dsse.sign(b"x", [])


def test_a_statement_comes_back_and_says_which_files_changed(tmp_path):
    for name in ("kept", "touched", "gone"):
        (tmp_path / name).write_text(name)
    subjects = {name: dsse.digest(tmp_path / name) for name in ("kept", "touched", "gone")}
    envelope = dsse.attest(subjects, CLAIM, {"rows": 3}, [KEY])
    (tmp_path / "touched").write_text("other")
    (tmp_path / "gone").unlink()
    found = dsse.read(json.dumps(envelope), [KEY.public_key()], CLAIM)
    assert found == dsse.Statement(subjects, CLAIM, {"rows": 3})
    assert dsse.changed(found, tmp_path) == ["gone", "touched"]


def test_a_name_that_leads_out_of_the_folder_is_not_opened(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").write_text("secret")
    statement = dsse.Statement({"../out": dsse.digest(tmp_path / "out")}, CLAIM, {})
    assert dsse.changed(statement, tmp_path / "in") == ["../out"]


def test_a_signed_body_that_is_no_statement_is_refused():
    for body in (b"{}", b"[]", b'{"_type": "other", "subject": [], "predicateType": "", "predicate": {}}'):
        with pytest.raises(dsse.NotSigned):
            dsse.read(dsse.sign(body, [KEY]), [KEY.public_key()])
    with pytest.raises(dsse.NotSigned, match="claims"):
        dsse.read(dsse.attest({"a": "0" * 64}, CLAIM, {}, [KEY]), [KEY.public_key()], "https://example.org/other")


def test_keys_travel_as_pem_and_only_the_right_kind_is_read():
    pem = dsse.public_pem(KEY.public_key())
    assert dsse.key_id(dsse.read_public(pem)) == dsse.key_id(KEY.public_key())
    with pytest.raises(ValueError, match="Ed25519"):
        dsse.read_public(dsse.public_pem(ec.generate_private_key(ec.SECP256R1()).public_key()))


def outside():
    """Securesystemslib's own envelope and keys, which know nothing of ours."""
    pytest.importorskip("securesystemslib", reason="securesystemslib comes with bin/test --all")
    from_outside = __import__("securesystemslib.dsse", fromlist=["Envelope"])
    signer = __import__("securesystemslib.signer", fromlist=["SSlibKey", "CryptoSigner"])
    return from_outside.Envelope, signer


def test_code_that_is_not_ours_accepts_our_signature():
    envelope_type, signer = outside()
    key = signer.SSlibKey.from_crypto(KEY.public_key(), keyid=dsse.key_id(KEY.public_key()))
    envelope = dsse.attest({"a": "0" * 64}, CLAIM, {"ü": "ö"}, [KEY])
    theirs = envelope_type.from_dict(json.loads(json.dumps(envelope)))
    assert theirs.verify([key], 1)
    theirs.payload += b" "
    with pytest.raises(Exception, match="Accepted signatures"):
        theirs.verify([key], 1)


def test_we_accept_the_signature_of_code_that_is_not_ours():
    envelope_type, signer = outside()
    theirs = envelope_type(b"forty two", dsse.IN_TOTO, {})
    theirs.sign(signer.CryptoSigner(KEY))
    assert dsse.verify(json.dumps(theirs.to_dict()), [KEY.public_key()]) == b"forty two"
    with pytest.raises(dsse.NotSigned):
        dsse.verify(json.dumps(theirs.to_dict()), [OTHER.public_key()])
