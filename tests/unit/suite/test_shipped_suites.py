"""The shipped suites know no API: not one word of the reference contract stands in them."""

import re
from pathlib import Path

import pytest

from certify.contract import load_contract
from certify.sandbox.clients import TENANTS
from certify.suite.catalogue import load_checks

ROOT = Path(__file__).parents[3]
SUITES = sorted((ROOT / "suites").rglob("test_*.py"))
CONTRACT = load_contract(ROOT / "openapi" / "partner-api.v1.yaml")


@pytest.mark.parametrize("file", SUITES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_suite_names_nothing_of_the_reference_contract(file: Path) -> None:
    paths = {part for op in CONTRACT.operations for part in op.path.split("/") if "{" not in part}
    names = (
        {op.id for op in CONTRACT.operations} | set(TENANTS.values()) | paths - {"", "v1", "health", "token", "admin"}
    )
    words = set(re.findall(r"[\w-]+", file.read_text(encoding="utf-8")))

    assert not names & words


def test_every_suite_holds_checks_and_each_explains_itself() -> None:
    checks = load_checks([ROOT / "suites"])

    assert {Path(check.file) for check in checks.values()} == set(SUITES)
    assert all(check.sends and check.decides and check.causes and check.clause for check in checks.values())


def test_a_check_names_only_faults_that_the_sandbox_has() -> None:
    from certify.sandbox.faults import all_faults

    for check in load_checks([ROOT / "suites"]).values():
        for name in check.faults:
            assert check.id in all_faults()[name].checks
