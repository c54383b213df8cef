"""The baseline holds any HTTP API to published standards and to its own promises, and to nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from certify.explain import load_catalogue
from certify.model.check import Check, Level
from certify.model.playbook import Criterion, Demand, Kind, Playbook
from certify.program.program import BASELINE, find_program, program_for
from certify.program.shipped import shipped_root
from certify.waiving import unwaivable

OBLIGING = {Level.MUST, Level.CONTRACT}


@pytest.fixture(scope="module")
def catalogue() -> tuple[Playbook, dict[str, Check]]:
    return load_catalogue(Path(BASELINE))


def criteria(playbook: Playbook) -> list[Criterion]:
    return [criterion for milestone in playbook.milestones for criterion in milestone.criteria]


def test_only_what_a_standard_or_a_promise_obliges_to_is_required(
    catalogue: tuple[Playbook, dict[str, Check]],
) -> None:
    playbook, checks = catalogue
    for criterion in criteria(playbook):
        levels = {checks[name].level for name in criterion.checks}
        assert (criterion.demand is Demand.REQUIRED) == (levels <= OBLIGING), criterion.id


def test_every_shipped_check_is_bound_once(catalogue: tuple[Playbook, dict[str, Check]]) -> None:
    playbook, checks = catalogue
    bound = [name for criterion in criteria(playbook) for name in criterion.checks]
    assert sorted(bound) == sorted(checks)


def test_an_exception_ends_within_a_quarter_and_tenants_and_scopes_are_never_excused(
    catalogue: tuple[Playbook, dict[str, Check]],
) -> None:
    playbook, checks = catalogue
    levels = {check.id: check.level for check in checks.values()}
    assert playbook.certification.waivers.max_days == 90
    for name in ("authz.scope-enforced", "authz.tenant-read-isolated"):
        assert "nobody waive" in unwaivable(name, playbook, levels), name
    assert unwaivable("error.format-valid", playbook, levels) == ""


def test_nobody_has_to_sign_anything(catalogue: tuple[Playbook, dict[str, Check]]) -> None:
    assert {criterion.kind for criterion in criteria(catalogue[0])} == {Kind.AUTOMATED}


def test_an_api_without_sign_in_limits_and_paging_can_be_certified_in_every_milestone(
    catalogue: tuple[Playbook, dict[str, Check]],
) -> None:
    playbook, checks = catalogue
    special = {"secured", "client_credentials", "jwt", "scopes", "limits", "stress", "pagination", "audit"}
    for milestone in playbook.milestones:
        required = [item for item in milestone.criteria if item.demand is Demand.REQUIRED]
        assert any(not special & set(checks[name].needs) for item in required for name in item.checks), milestone.id
        for item in required:
            assert item.absent_ok or not any(special & set(checks[name].needs) for name in item.checks), item.id


def test_a_profile_with_a_contract_of_its_own_gets_the_baseline() -> None:
    program = program_for(None, "https://api.partner.example/openapi.json")
    assert program.playbook == shipped_root() / "fixtures" / "baseline" / "playbook.yaml"
    assert program.contract is None


def test_a_profile_without_a_contract_or_with_the_reference_contract_gets_the_reference_program() -> None:
    reference = find_program()
    assert program_for(None, "") == reference
    assert program_for(None, str(reference.contract)) == reference


def test_a_named_program_wins(tmp_path: Path) -> None:
    (tmp_path / "playbook.yaml").write_text("schema: certify/playbook/1\n")
    assert program_for(tmp_path, "https://api.partner.example/openapi.json").root == tmp_path


def test_a_folder_called_baseline_is_that_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / BASELINE).mkdir()
    (tmp_path / BASELINE / "playbook.yaml").write_text("schema: certify/playbook/1\n")
    monkeypatch.chdir(tmp_path)
    assert find_program(Path(BASELINE)).root == Path(BASELINE)
