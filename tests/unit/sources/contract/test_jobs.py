"""How the work is split: resources stay together, nothing is lost, one process runs plainly."""

from __future__ import annotations

from collections import Counter

import pytest

from certify.sources.contract.facts import OperationFacts
from certify.sources.contract.jobs import ALL_PHASES, UNIT_PHASES, Job, plan_jobs

REFERENCE = (
    *("GET /health", "POST /oauth/token"),
    *("GET /v1/leads", "POST /v1/leads", "GET /v1/leads/{id}", "POST /v1/leads/{id}/transitions"),
    *("GET /v1/customers", "POST /v1/customers", "GET /v1/customers/{id}/usage-records"),
)


def facts(*labels: str) -> list[OperationFacts]:
    return [OperationFacts(label, label, has_body=label.startswith("POST")) for label in labels]


def covered(jobs: list[Job]) -> Counter[tuple[str, str]]:
    return Counter((label, phase) for job in jobs for label in job.labels for phase in job.phases)


def test_one_process_runs_one_plain_job() -> None:
    (job,) = plan_jobs(facts(*REFERENCE), 1)
    assert (job.labels, job.phases) == (REFERENCE, ALL_PHASES)


def test_no_operations_are_no_jobs() -> None:
    assert plan_jobs([], 1) == plan_jobs([], 2) == []


@pytest.mark.parametrize("processes", [2, 3, 8])
def test_every_operation_is_in_every_phase_once(processes: int) -> None:
    found = covered(plan_jobs(facts(*REFERENCE), processes))
    assert found == Counter({(label, phase): 1 for label in REFERENCE for phase in ALL_PHASES})


def test_the_stateful_phase_goes_alone_and_first() -> None:
    first, *others = plan_jobs(facts(*REFERENCE), 2)
    assert (first.phases, first.labels) == (("stateful",), REFERENCE)
    assert all("stateful" not in job.phases for job in others)


def test_the_operations_of_a_resource_stay_together() -> None:
    jobs = plan_jobs(facts(*REFERENCE), 2)[1:]
    for prefix in ("/v1/leads", "/v1/customers"):
        homes = {job.labels for job in jobs for label in job.labels if f" {prefix}" in label}
        assert len(homes) == 1, prefix


def test_an_api_of_one_resource_is_split_by_phase() -> None:
    jobs = plan_jobs(facts("GET /a", "POST /a", "GET /a/{id}", "DELETE /a/{id}"), 2)[1:]
    assert {job.phases for job in jobs} == {UNIT_PHASES[:2], UNIT_PHASES[2:]}
    assert all(len(job.labels) == 4 for job in jobs)


def test_a_leading_parameter_is_part_of_the_collection() -> None:
    labels = [f"{method} /{{tenant}}/{name}" for name in ("a", "b", "c") for method in ("GET", "POST")]
    assert len({job.labels for job in plan_jobs(facts(*labels), 2)[1:]}) == 3


def test_equal_resources_are_evened_out_by_splitting_one() -> None:
    labels = [f"{method} /{name}" for name in ("a", "b", "c", "d") for method in ("GET", "POST")]
    jobs = plan_jobs(facts(*labels), 2)[1:]
    assert sorted(len(job.phases) for job in jobs) == [1, 2, 3, 3, 3]


def test_names_are_unique_and_the_longest_work_comes_first() -> None:
    jobs = plan_jobs(facts(*REFERENCE), 2)
    assert len({job.name for job in jobs}) == len(jobs)
    weights = [job.weight for job in jobs[1:]]
    assert weights == sorted(weights, reverse=True)
