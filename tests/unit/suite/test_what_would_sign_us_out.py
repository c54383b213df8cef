"""What ends a session, changes a password or closes the caller's own account is not sent by the suites either."""

from __future__ import annotations

import pytest

from certify.contract import Contract
from certify.model.partner import OperationHint
from tests.unit.contract.documents import contract
from tests.unit.http.loopback import Told, loopback
from tests.unit.suite.bench import kit
from tests.unit.suite.test_scouting import op

ACCOUNT: Contract = contract(
    {
        "/auth/logout": {"get": op("logout")},
        "/account/deactivate": {"post": op("deactivate")},
        "/me/password": {"post": op("password")},
        "/zoo/animals": {"get": op("animals")},
    }
)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("logout", "it ends a session"),
        ("deactivate", "it closes the identity's own account"),
        ("password", "it changes how an identity signs in"),
    ],
)
def test_the_survey_leaves_it_out_and_says_why(name: str, reason: str) -> None:
    with loopback(Told(200)) as server:
        found = kit(server.url, ACCOUNT).survey.of(ACCOUNT.operation(name))  # type: ignore[arg-type]

    assert found.reply is None
    assert reason in found.reason
    assert server.asked == []


def test_it_is_no_read_to_begin_with() -> None:
    with loopback(Told(200)) as server:
        call = kit(server.url, ACCOUNT).probes.secured_read()

    assert call.operation == "animals"
    assert [asked.path for asked in server.asked] == ["/zoo/animals"]


def test_the_profile_may_name_it() -> None:
    with loopback(Told(200)) as server:
        there = kit(server.url, ACCOUNT, operations={"update": OperationHint("deactivate")})
        found = there.survey.of(ACCOUNT.operation("deactivate"))  # type: ignore[arg-type]

    assert found.ok
