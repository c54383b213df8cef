"""How an attacker makes tokens: every header, every signature, no library that would refuse to."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from certify.signing.keyring import SigningKey
from certify.signing.strict import base64url, from_base64url

Header = Mapping[str, Any]
Signer = Callable[[bytes], bytes]


def parts(token: bytes) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    """Header, claims and signature of a token."""
    header, payload, signature = token.split(b".")
    return json.loads(from_base64url(header)), json.loads(from_base64url(payload)), from_base64url(signature)


def assembled(header: Header | bytes, claims: Mapping[str, Any] | bytes, signer: Signer) -> bytes:
    """A token of these parts; bytes are taken as they are."""
    encoded = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, claims)]
    signed = ".".join(map(base64url, encoded)).encode()
    return signed + b"." + base64url(signer(signed)).encode()


def by(key: SigningKey) -> Signer:
    """What the holder of a private key signs."""

    def sign(data: bytes) -> bytes:
        if isinstance(key.private, ed25519.Ed25519PrivateKey):
            return key.private.sign(data)
        r, s = decode_dss_signature(key.private.sign(data, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return sign


def unsigned(_: bytes) -> bytes:
    return b""


def keyed_with(secret: bytes) -> Signer:
    """HS256 with something public as the secret (CVE-2016-5431 and its kin)."""
    return lambda data: hmac.new(secret, data, hashlib.sha256).digest()


def spoilt(data: bytes, seed: int, number: int) -> Iterator[tuple[int, bytes]]:
    """The data with one byte changed, at the first and last place, at each kind of byte, and at random ones."""
    random = Random(seed)
    kinds = {_kind(byte): place for place, byte in enumerate(data)}
    lines = [place for place, byte in enumerate(data) if byte == ord("\n")]
    inside = [place - random.randrange(1, 40) for place in lines]
    places = {0, len(data) - 1, *kinds.values(), *lines[:20], *inside[:20], *random.sample(range(len(data)), number)}
    for place in sorted(place for place in places if 0 <= place < len(data)):
        bits = random.choice((1, 2, 4, 8, 16, 32, 128))
        yield place, data[:place] + bytes([data[place] ^ bits]) + data[place + 1 :]


def _kind(byte: int) -> str:
    text = chr(byte)
    return "letter" if text.isalpha() else "digit" if text.isdigit() else text
