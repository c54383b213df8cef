"""Generated requests may cost the identity that sends them. Known dangers are left out; a loss is noticed at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from certify.model.outcome import Outcome, Reason, Status
from certify.model.partner import Generated, Partner
from certify.sources.contract.source import ContractSource
from tests.unit.sources.contract.mortal import MortalApi, contract, mortals, written
from tests.unit.sources.contract.scene import an_assignment, served


def run(
    api: MortalApi, folder: Path, *identities: str, killer: str, processes: int = 2, **more: object
) -> list[Outcome]:
    with served(api.app) as url:
        partner: Partner = replace(mortals(url, folder, *identities), **more)  # type: ignore[arg-type]
        file = written(folder, contract(killer))
        assignment = an_assignment(partner, file, folder, processes=processes, max_examples=20)
        ContractSource().record(assignment)
        return list(assignment.rundir.outcomes())


def test_what_would_end_the_identity_is_left_out_and_told(tmp_path: Path) -> None:
    api = MortalApi()
    outcomes = run(api, tmp_path, "primary", killer="me")
    assert api.killers == []
    assert {outcome.status for outcome in outcomes} <= {Status.PASSED, Status.NOT_APPLICABLE}, outcomes
    told = {item.operation: item.why for outcome in outcomes for item in outcome.unexercised}
    assert told["remove-me"].startswith("it closes the identity's own account")
    assert told["setSecret"].startswith("it changes how an identity signs in")


@pytest.mark.parametrize("processes", [1, 2])
def test_a_loss_is_noticed_at_once_and_names_what_caused_it(tmp_path: Path, processes: int) -> None:
    api = MortalApi()
    outcomes = run(api, tmp_path, "primary", killer="goodbye", processes=processes)
    assert api.killers == ["DELETE /goodbye"]
    assert api.refused < 60, "not a thousand times 401"
    assert {(outcome.status, outcome.reason) for outcome in outcomes} == {(Status.INCONCLUSIVE, Reason.CONTROL_FAILED)}
    assert all("since remove-goodbye (DELETE /goodbye answered 204)" in outcome.note for outcome in outcomes)
    assert all("generated.leave_out" in outcome.note for outcome in outcomes)


def test_an_identity_of_its_own_takes_the_harm(tmp_path: Path) -> None:
    api = MortalApi()
    run(api, tmp_path, "primary", "fuzz", killer="goodbye")
    assert api.alive == {"token-of-primary"}


def test_the_profile_has_the_last_word(tmp_path: Path) -> None:
    api = MortalApi()
    kept_off = Generated(leave_out=("DELETE /goodbye",), keep=("setSecret",))
    run(api, tmp_path, "primary", killer="goodbye", generated=kept_off)
    assert set(api.killers) == {"PUT /me/password"}
