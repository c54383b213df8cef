"""DSSE envelopes, against the specification's own example and against every edit."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from certify.signing import dsse
from certify.signing.algorithms import verifies_jose
from certify.signing.key_set import KeySet, Use
from certify.signing.refusal import Reason, SignatureRefused
from tests.unit.signing.people import person, trusting

NOW = 1_800_000_000.0
KEY, TRUSTED = person("CI", Use.CERTIFICATE)
KEYS = trusting(TRUSTED)
PAYLOAD = json.dumps({"issued": NOW - 10}).encode()
ENVELOPE = dsse.sign(PAYLOAD, KEY)


def issued(payload: bytes) -> float:
    return float(json.loads(payload)["issued"])


def believed(envelope: bytes, keys: KeySet = KEYS) -> dsse.Sealed:
    return dsse.verify(envelope, keys, Use.CERTIFICATE, now=NOW, issued=issued)


def refused(envelope: bytes, keys: KeySet = KEYS) -> Reason:
    with pytest.raises(SignatureRefused) as caught:
        believed(envelope, keys)
    return caught.value.reason


def edited(**changes: Any) -> bytes:
    return json.dumps({**json.loads(ENVELOPE), **changes}).encode()


def test_what_is_signed_is_the_encoding_of_the_specification() -> None:
    """protocol.md of DSSE v1, with its test vector: key, payload and signature."""
    encoded = dsse.encoding("http://example.com/HelloWorld", b"hello world")
    assert encoded == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    public = ec.EllipticCurvePublicNumbers(
        46950820868899156662930047687818585632848591499744589407958293238635476079160,
        5640078356564379163099075877009565129882514886557779369047442380624545832820,
        ec.SECP256R1(),
    ).public_key()
    signature = "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="
    assert verifies_jose(public, encoded, base64.b64decode(signature))


def test_lengths_are_in_bytes() -> None:
    assert dsse.encoding("ä", "€".encode()) == b"DSSEv1 2 \xc3\xa4 3 \xe2\x82\xac"


@pytest.mark.parametrize("alg", ["EdDSA", "ES256"])
def test_what_a_trusted_key_sealed_is_believed(alg: str) -> None:
    key, trusted = person("CI", Use.CERTIFICATE, alg=alg)
    assert believed(dsse.sign(PAYLOAD, key), trusting(trusted)) == dsse.Sealed(PAYLOAD, trusted)


def test_an_ecdsa_signature_is_in_der_form_as_other_tools_read_it() -> None:
    key, _ = person("CI", alg="ES256")
    sig = json.loads(dsse.sign(PAYLOAD, key))["signatures"][0]["sig"]
    assert base64.b64decode(sig)[0] == 0x30  # SEQUENCE


def test_no_byte_of_the_values_can_change_unnoticed() -> None:
    members = json.loads(ENVELOPE)
    for name in ("payload", "payloadType"):
        for position, character in enumerate(members[name]):
            other = "B" if character == "A" else "A"
            text = members[name][:position] + other + members[name][position + 1 :]
            assert refused(edited(**{name: text})) in (Reason.MALFORMED, Reason.SIGNATURE, Reason.WRONG_TYPE)
    (signature,) = members["signatures"]
    for position, character in enumerate(signature["sig"]):
        other = "B" if character == "A" else "A"
        sig = signature["sig"][:position] + other + signature["sig"][position + 1 :]
        assert refused(edited(signatures=[{**signature, "sig": sig}])) in (Reason.MALFORMED, Reason.SIGNATURE)


@pytest.mark.parametrize(
    "envelope",
    [
        b"",
        b"[]",
        b"{}",
        edited(payload=1),
        edited(payload="a b="),
        edited(payload="AB=="),
        edited(signatures=[]),
        edited(signatures=json.loads(ENVELOPE)["signatures"] * 2),
        edited(signatures=[{"sig": "AA=="}]),
        edited(signatures=[{"keyid": TRUSTED.kid}]),
        ENVELOPE.replace(b'"payload"', b'"payload": "", "payload"'),
        edited(payload="é"),
    ],
)
def test_what_is_no_envelope_of_ours_is_refused(envelope: bytes) -> None:
    assert refused(envelope) is Reason.MALFORMED


def test_the_other_reasons_are_those_of_tokens() -> None:
    mallory, _ = person("Mallory", Use.CERTIFICATE)
    assert refused(dsse.sign(PAYLOAD, mallory)) is Reason.UNKNOWN_KEY
    assert refused(dsse.sign(PAYLOAD, replace(mallory, kid=KEY.kid))) is Reason.SIGNATURE
    assert refused(dsse.sign(PAYLOAD, KEY, "text/plain")) is Reason.WRONG_TYPE
    assert refused(ENVELOPE, trusting(replace(TRUSTED, uses=(Use.APPROVAL,)))) is Reason.WRONG_USE
    assert refused(ENVELOPE, trusting(replace(TRUSTED, status="revoked"))) is Reason.REVOKED_KEY
    assert refused(b" " * (dsse.MAX_BYTES + 1)) is Reason.TOO_LARGE


def test_a_retired_key_vouches_for_what_is_older_only() -> None:
    assert refused(ENVELOPE, trusting(replace(TRUSTED, status="retired", retired=NOW - 100))) is Reason.RETIRED_KEY
    assert believed(ENVELOPE, trusting(replace(TRUSTED, status="retired", retired=NOW - 5)))


@pytest.mark.parametrize("payload", [b"{}", b"x", b'{"issued": null}'])
def test_a_payload_without_a_time_of_issue_is_refused(payload: bytes) -> None:
    assert refused(dsse.sign(payload, KEY)) is Reason.MALFORMED
