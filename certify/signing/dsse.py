"""DSSE v1 envelopes (github.com/secure-systems-lab/dsse): what in-toto and other supply-chain tools read.

What is signed is the pre-authentication encoding of type and payload, so that neither can be taken for the other:

    "DSSEv1" SP LEN(type) SP type SP LEN(payload) SP payload          lengths in bytes, decimal
    {"payloadType": "application/vnd.in-toto+json", "payload": "<base64>",
     "signatures": [{"keyid": "<thumbprint>", "sig": "<base64>"}]}

Signatures of ECDSA are in DER form here, as those tools expect. An envelope of ours has one
signature.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from certify.signing.algorithms import signed, verifies
from certify.signing.jws import issued_by, trusted_key
from certify.signing.key_set import KeySet, TrustedKey, Use
from certify.signing.refusal import Reason, SignatureRefused
from certify.signing.strict import json_object

if TYPE_CHECKING:
    from certify.signing.keyring import SigningKey

IN_TOTO = "application/vnd.in-toto+json"
MAX_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class Sealed:
    """The payload of an envelope, and the key that vouches for it."""

    payload: bytes
    key: TrustedKey


def encoding(payload_type: str, payload: bytes) -> bytes:
    """The pre-authentication encoding (PAE)."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def sign(payload: bytes, key: SigningKey, payload_type: str = IN_TOTO) -> bytes:
    """The envelope, as JSON in UTF-8."""
    signature = signed(key.private, encoding(payload_type, payload))
    envelope = {
        "payloadType": payload_type,
        "payload": base64.b64encode(payload).decode(),
        "signatures": [{"keyid": key.kid, "sig": base64.b64encode(signature).decode()}],
    }
    return json.dumps(envelope, indent=2).encode() + b"\n"


def verify(
    envelope: bytes,
    keys: KeySet,
    use: Use,
    *,
    now: float,
    issued: Callable[[bytes], float],
    payload_type: str = IN_TOTO,
) -> Sealed:
    """What an envelope holds, if it can be believed. Raises :class:`SignatureRefused`.

    ``issued`` reads the time of issue from the payload, which is authentic by then: a retired key vouches only for what
    is older than its retirement. It may raise ``ValueError``, ``KeyError`` or ``TypeError``.
    """
    if len(envelope) > MAX_BYTES:
        raise SignatureRefused(
            Reason.TOO_LARGE, f"it has {len(envelope):,} bytes; no envelope has more than {MAX_BYTES:,}"
        )
    try:
        kind, payload, kid, signature = _parts(json_object(envelope))
    except ValueError as error:
        raise SignatureRefused(Reason.MALFORMED, f"it is not a DSSE envelope of certify: {error}") from None
    if kind != payload_type:
        raise SignatureRefused(Reason.WRONG_TYPE, f"its payloadType is {kind[:60]!r}, which is not {payload_type!r}")
    key = trusted_key(keys, kid, use)
    if not verifies(key.public, encoding(kind, payload), signature):
        raise SignatureRefused(Reason.SIGNATURE, f"its signature is not one of key {key.short} over what it says")
    try:
        moment = issued(payload)
    except (ValueError, KeyError, TypeError) as error:
        raise SignatureRefused(Reason.MALFORMED, f"its payload does not say when it was issued: {error}") from None
    issued_by(key, moment, now)
    return Sealed(payload, key)


def _parts(envelope: dict[str, Any]) -> tuple[str, bytes, str, bytes]:
    """Payload type, payload, key id and signature. Raises ``ValueError``."""
    match envelope:
        case {"payloadType": str(kind), "payload": str(payload), "signatures": [{"keyid": str(kid), "sig": str(sig)}]}:
            return kind, _base64(payload, "payload"), kid, _base64(sig, "sig")
        case _:
            raise ValueError("it has no payloadType, payload and exactly one signature with keyid and sig, all text")


def _base64(text: str, name: str) -> bytes:
    try:
        data = base64.b64decode(text.encode(), validate=True)
    except binascii.Error:
        raise ValueError(f"its {name} is not base64") from None
    if base64.b64encode(data).decode() != text:
        raise ValueError(f"its {name} has bits after its last byte, which no encoder writes")
    return data
