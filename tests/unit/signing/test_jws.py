"""Tokens: what is believed, and every reason for which one is not."""

from __future__ import annotations

import pytest

from certify.signing.jws import Kind, sign, verify
from certify.signing.key_set import Use
from certify.signing.refusal import Reason, SignatureRefused
from tests.unit.signing.people import person, trusting

NOW = 1_800_000_000.0
CLAIMS = {"iss": "ci", "aud": "certify", "iat": NOW - 10}


@pytest.mark.parametrize("alg", ["EdDSA", "ES256"])
def test_what_a_trusted_key_signed_is_believed(alg: str) -> None:
    key, trusted = person("Ada Byron", Use.CERTIFICATE, alg=alg)
    token = sign(CLAIMS, key, Kind.CERTIFICATE).encode()

    verified = verify(token, trusting(trusted), Kind.CERTIFICATE, Use.CERTIFICATE, now=NOW)

    assert (verified.claims, verified.key) == (CLAIMS, trusted)


def test_a_key_that_is_not_in_the_set_is_unknown() -> None:
    key, _ = person("Mallory", Use.CERTIFICATE)
    _, known = person("Ada Byron", Use.CERTIFICATE)
    token = sign(CLAIMS, key, Kind.CERTIFICATE).encode()

    with pytest.raises(SignatureRefused) as refused:
        verify(token, trusting(known), Kind.CERTIFICATE, Use.CERTIFICATE, now=NOW)
    assert refused.value.reason is Reason.UNKNOWN_KEY
    assert f"{known.short} (Ada Byron)" in refused.value.advice[0]
