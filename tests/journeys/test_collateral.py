"""One cause, one finding: a fault of the reference sandbox trips its own checks and few others.

Each fault declares what else may rightly go red with it. Here the checks that cost less than a second look at every
fault, besides the ones that it has to trip.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from certify.model.verdict import CheckResult
from certify.sandbox.faults import Fault, all_faults
from certify.selftest import try_fault

pytestmark = pytest.mark.slow
ABREAST = 8
COMPANY = (
    *("net.clock-accurate", "disc.*", "auth.challenge-present", "auth.valid-token-accepted", "auth.cc-*"),
    *(
        "authz.tenant-*",
        "page.*",
        "audit.*",
        "error.format-valid",
        "error.no-internals-leaked",
        "error.not-found-clean",
    ),
    *("contract.status-documented", "contract.schema-valid", "contract.headers-and-media-type"),
)
COSTLY = {"contract.valid-input-accepted", "contract.invalid-input-rejected", "error.no-5xx-on-bad-input"}
"""What takes long begins first, so that nobody waits for one trial alone in the end."""
MOST = 3
"""Checks that a fault may trip besides its own, except where nothing at all can be measured any more."""
EVERYTHING = "*"
FAULTS = [fault for fault in all_faults().values() if not any(check.startswith("rate.") for check in fault.checks)]


@pytest.fixture(scope="module")
def trials() -> Iterator[dict[str, Future[Mapping[str, CheckResult]]]]:
    with ThreadPoolExecutor(ABREAST) as pool:
        ordered = sorted(FAULTS, key=lambda fault: not COSTLY & set(fault.checks))
        yield {fault.name: pool.submit(try_fault, fault.name, (*fault.checks, *COMPANY)) for fault in ordered}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_trips_its_own_checks_and_few_others(
    trials: dict[str, Future[Mapping[str, CheckResult]]], fault: Fault
) -> None:
    results = trials[fault.name].result()
    failed = {name for name, result in results.items() if result.status == "failed"}
    others = failed - set(fault.checks)

    assert set(fault.checks) <= failed
    assert EVERYTHING in fault.collateral or others <= set(fault.collateral)
    assert len(others) <= MOST
