"""Every fault can be seen from outside, and is absent from the honest sandbox. A fault without a symptom fails here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from certify.errors import UsageError
from certify.sandbox.faults import all_faults, find_fault
from certify.sandbox.server import serve
from tests.sandbox.conftest import Talk
from tests.sandbox.symptoms import SYMPTOMS


@pytest.mark.parametrize("name", all_faults())
def test_a_fault_shows_its_symptom(name: str) -> None:
    with serve(faults=[name]) as running:
        assert SYMPTOMS[name](Talk(running))


@pytest.mark.parametrize("name", SYMPTOMS)
def test_the_honest_sandbox_shows_no_symptom(honest: Talk, name: str) -> None:
    """Symptoms of limits use up a window, so they get a sandbox to themselves."""
    if find_fault(name).family != "rate":
        assert not SYMPTOMS[name](honest)
        return
    with serve() as fresh:
        assert not SYMPTOMS[name](Talk(fresh))


def test_no_symptom_is_left_of_a_fault_that_is_gone() -> None:
    assert SYMPTOMS.keys() == all_faults().keys()


@pytest.mark.parametrize("name", all_faults())
def test_a_fault_explains_itself(name: str) -> None:
    fault = find_fault(name)
    assert fault.checks
    assert fault.does.endswith(".")
    assert not set(fault.checks) & set(fault.collateral)


def test_several_faults_are_on_at_once() -> None:
    names = ["jwt-skip-exp", "bola-read", "sql-in-detail", "problem-status-mismatch", "optional-null-accepted"]
    with serve(faults=names) as running:
        assert all(SYMPTOMS[name](Talk(running)) for name in names)


def test_a_misspelt_fault_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UsageError) as refusal:
        find_fault("jwt-skip-expp")
    assert "Did you mean jwt-skip-exp?" in refusal.value.advice


def test_the_faults_are_those_of_the_catalogue() -> None:
    """The names and their checks, as the catalogue lists them."""
    told = json.loads((Path(__file__).parent / "catalogue_faults.json").read_text())
    assert {name: list(fault.checks) for name, fault in all_faults().items()} == told
