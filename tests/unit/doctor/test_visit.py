"""Each examination stands on former ones; what stands on a failed one is not looked at, and never green."""

from __future__ import annotations

from pathlib import Path

from certify.doctor import Ailment, Attribution, Case, Diagnosis, State, Visit, Weight
from certify.doctor.diagnosis import Examined, Seen
from certify.doctor.examinations import examinations
from certify.errors import ProfileError, ProgramError, SandboxUnreachableError


def test_each_examination_stands_on_former_ones() -> None:
    steps = {item.name: item.step for item in examinations()}
    assert len(set(steps.values())) == len(steps)
    for item in examinations():
        assert all(steps[name] < item.step for name in item.stands_on), item.name


def test_what_stands_on_a_failed_one_is_not_looked_at(tmp_path: Path) -> None:
    with Visit(Case(tmp_path / "none.yaml")) as visit:
        found = visit.whole()
    assert [item.state for item in found.examined] == [State.AILING] + [State.NOT_LOOKED_AT] * (len(found.examined) - 1)
    assert not found.healthy
    assert found.exit_code == 2
    assert found.requests == 0


def test_the_state_is_that_of_the_worst() -> None:
    def state(*weights: Weight) -> State:
        return Seen("", tuple(Ailment(Attribution.US, "x", weight=weight) for weight in weights)).state

    assert state() is State.HEALTHY
    assert state(Weight.MINOR) is State.WARNED
    assert state(Weight.MINOR, Weight.SERIOUS) is State.AILING
    assert Seen("", needed=False).state is State.NOT_NEEDED


def test_only_what_is_fatal_stops_what_stands_on_it() -> None:
    def held(*weights: Weight, state: State = State.AILING) -> bool:
        return Examined(
            "x", "x", state, "", tuple(Ailment(Attribution.US, "x", weight=weight) for weight in weights)
        ).holds

    assert held(Weight.SERIOUS, Weight.MINOR)
    assert not held(Weight.SERIOUS, Weight.FATAL)
    assert not held(state=State.NOT_LOOKED_AT)


def test_minor_things_do_not_make_ill_and_the_first_that_does_gives_the_exit_code() -> None:
    minor = Ailment(Attribution.PROFILE, "a", weight=Weight.MINOR)
    network, profile = Ailment(Attribution.NETWORK, "b"), Ailment(Attribution.PROFILE, "c")

    def diagnosis(*ailments: Ailment) -> Diagnosis:
        return Diagnosis("p.yaml", "P", "http://p", (Examined("x", "x", Seen("", ailments).state, "", ailments),))

    assert (diagnosis(minor).healthy, diagnosis(minor).exit_code) == (True, 0)
    assert diagnosis(minor, network, profile).exit_code == 4
    assert diagnosis(profile, network).exit_code == 2
    clock = Ailment(Attribution.PARTNER, "d", weight=Weight.SERIOUS)
    assert diagnosis(clock).exit_code == 4
    assert diagnosis(clock, profile).exit_code == 2, "what ends a run counts first"


def test_an_ailment_ends_a_run_with_the_error_of_whom_it_is() -> None:
    errors = {kind: Ailment(kind, "x", ("why",), "p.yaml", 3, "target").error() for kind in Attribution}
    assert isinstance(errors[Attribution.PROFILE], ProfileError)
    assert isinstance(errors[Attribution.CONTRACT], ProgramError)
    assert isinstance(errors[Attribution.NETWORK], SandboxUnreachableError)
    assert isinstance(errors[Attribution.PARTNER], SandboxUnreachableError)
    for kind, error in errors.items():
        assert error.exit_code == Ailment(kind, "x").exit_code
    assert "p.yaml:3 target" in errors[Attribution.NETWORK].advice
