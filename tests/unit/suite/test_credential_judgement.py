"""How a call without a credential is judged, where the credential is a certificate or a token."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from certify.http.call import Call, Reply
from certify.model.outcome import Reason
from certify.suite.expectations import control
from certify.suite.verdicts import Inconclusive
from tests.unit.suite.judging import answer, suite

MISSING = suite("auth/test_missing_credentials")


def asked(kind: str, reason: Reason, afterwards: int = 200) -> Any:
    """What comes of a call without a credential that gets no answer, at a partner that signs in by ``kind``."""

    def anonymous(call: Call, tag: str) -> Any:
        raise Inconclusive(reason, "got no answer")

    def control_after(call: Call, what: str) -> Reply:
        return control(answer(afterwards), what)

    target = SimpleNamespace(anonymous=anonymous, control_after=control_after)
    partner = SimpleNamespace(sign_in=SimpleNamespace(kind=kind))
    probes = SimpleNamespace(secured_read=lambda: Call("GET", "/things"))
    return MISSING.without_credential(target, probes, partner, Call("GET", "/things"))


def test_a_handshake_that_is_refused_is_a_refusal_where_a_certificate_signs_in() -> None:
    assert asked("mutual_tls", Reason.CANNOT_TELL) is None


@pytest.mark.parametrize(
    ("kind", "reason", "afterwards"),
    [
        ("bearer", Reason.CANNOT_TELL, 200),
        ("mutual_tls", Reason.THROTTLED, 200),
        ("mutual_tls", Reason.CANNOT_TELL, 503),
    ],
)
def test_no_answer_is_no_refusal_anywhere_else(kind: str, reason: Reason, afterwards: int) -> None:
    with pytest.raises(Inconclusive):
        asked(kind, reason, afterwards)


@pytest.mark.parametrize(
    ("kind", "settings", "bearer"),
    [
        ("authorization_code", {}, True),
        ("client_credentials", {"dpop": True}, False),
        ("basic", {}, False),
    ],
)
def test_a_bearer_challenge_is_asked_of_those_who_take_bearer_tokens(
    kind: str, settings: dict[str, Any], bearer: bool
) -> None:
    assert MISSING.uses_bearer(SimpleNamespace(sign_in=SimpleNamespace(kind=kind, settings=settings))) is bearer
