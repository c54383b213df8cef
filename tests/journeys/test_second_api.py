"""The checks on an API that is nothing like the reference: honest, nothing fails; with a fault, its check does,
and hardly another.

The API is ``tests/second_api``. Trials run side by side ahead of the tests that ask for them.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.second_api.faults import Fault, all_faults
from tests.second_api.trying import NOT_THEIRS, Tried, try_on
from tests.second_api.variants import ANSWERS

pytestmark = pytest.mark.slow
ABREAST = 8
"""One or two trials at once have work for a core; those of rate limits mostly wait for a window to end."""
FAULTS = sorted(all_faults(), key=lambda fault: not fault.check.startswith("rate."))
COMPANY = ("net.clock-accurate", "auth.challenge-present", "page.*", "authz.*", "audit.*", *ANSWERS)
"""What each fault is tried on besides its own check: all but the checks that cost a second or more."""


def asked(fault: Fault) -> tuple[str, ...]:
    return (fault.check,) if fault.check.startswith("rate.") else (fault.check, *COMPANY)


@pytest.fixture(scope="module")
def honest() -> Tried:
    return try_on()


@pytest.fixture(scope="module")
def trials() -> Iterator[dict[str, Future[Tried]]]:
    with ThreadPoolExecutor(ABREAST) as pool:
        yield {fault.name: pool.submit(try_on, fault.apply, checks=asked(fault)) for fault in FAULTS}


def test_on_the_honest_api_every_check_that_applies_passes(honest: Tried) -> None:
    others = {name: str(result.status) for name, result in honest.results.items() if result.status != "passed"}

    assert honest.failed() == set(), honest.told()
    assert others == dict.fromkeys(NOT_THEIRS, "not_applicable"), honest.told()


def test_every_check_that_applies_has_a_fault_here(honest: Tried) -> None:
    assert {fault.check for fault in FAULTS} == set(honest.results) - NOT_THEIRS


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_fails_its_check(trials: dict[str, Future[Tried]], fault: Fault) -> None:
    tried = trials[fault.name].result()

    assert tried.status(fault.check) == "failed", f"{fault.does}\n{tried.told()}"
    assert tried.failed() - {fault.check} <= set(fault.also), f"{fault.does}\n{tried.told()}"
