"""Controls that checks share: a success stands for a moment, and only as long as nothing goes wrong."""

import pytest

from certify.http.call import Call, Reply
from certify.suite.controls import FRESH_S, Controls
from certify.suite.target import Target
from certify.suite.verdicts import Inconclusive
from tests.unit.http.loopback import Told, loopback
from tests.unit.suite.bench import target
from tests.unit.suite.test_target import in_turn

READ = Call("GET", "/things", "list")


def controls_sent(there: Target) -> int:
    return there.session.recorder.count


def test_the_control_that_ends_one_check_begins_the_next() -> None:
    with loopback(Told(200)) as server:
        there = target(server.url)
        for _ in range(3):
            with there.sandwich(READ):
                pass

        assert controls_sent(there) == 4


def test_every_check_asks_again_at_its_end() -> None:
    with loopback(in_turn(Told(200), Told(200), Told(403))) as server:
        there = target(server.url)
        with there.sandwich(READ):
            pass
        with pytest.raises(Inconclusive), there.sandwich(READ):
            pass


def test_what_comes_after_a_trial_is_always_asked() -> None:
    with loopback(Told(200)) as server:
        there = target(server.url)
        there.control(READ)
        there.control_after(READ)

        assert controls_sent(there) == 2


@pytest.mark.parametrize("trouble", [Told(500), Told(403), Told(429, {"Retry-After": "0"})], ids=["500", "403", "429"])
def test_after_trouble_nothing_is_shared(trouble: Told) -> None:
    with loopback(in_turn(Told(200), trouble, Told(200))) as server:
        there = target(server.url, [])
        there.control(READ)
        there.send(Call("GET", "/other", "other"))
        before = controls_sent(there)
        there.control(READ)

        assert controls_sent(there) == before + 1


@pytest.mark.parametrize(
    ("call", "identity", "minted", "shared"),
    [
        (READ, "primary", False, True),
        (READ, "other_tenant", False, False),
        (READ, "primary", True, False),
        (READ.with_query(page="2"), "primary", False, False),
        (READ.with_header("Accept", "text/csv"), "primary", False, False),
    ],
)
def test_only_the_same_request_of_the_same_identity_is_shared(
    call: Call, identity: str, minted: bool, shared: bool
) -> None:
    controls = Controls()
    controls.keep(READ, "primary", Reply(200, (), b"", 0.1, "s-1", READ), minted=False)

    assert (controls.fresh(call, identity, minted=minted) is not None) is shared


def test_a_control_does_not_stand_for_long() -> None:
    now = [0.0]
    controls = Controls(clock=lambda: now[0])
    controls.keep(READ, "primary", Reply(200, (), b"", 0.1, "s-1", READ), minted=False)
    now[0] = FRESH_S + 0.1

    assert controls.fresh(READ, "primary", minted=False) is None


@pytest.mark.parametrize(("method", "status"), [("POST", 201), ("GET", 404)])
def test_a_write_and_a_refusal_are_never_kept(method: str, status: int) -> None:
    call, controls = READ.with_method(method), Controls()
    controls.keep(call, "primary", Reply(status, (), b"", 0.1, "s-1", call), minted=False)

    assert controls.fresh(call, "primary", minted=False) is None
