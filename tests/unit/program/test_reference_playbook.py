"""The reference playbook binds every check, and its partner's answers leave nothing open."""

from __future__ import annotations

from datetime import date

import pytest

from certify.model.playbook import Answer, Criterion, Demand, Kind, Playbook
from certify.program.answers import load_answers
from certify.program.playbook import load_playbook
from certify.program.program import find_program

CHECKS = frozenset(
    [
        "net.control-works",
        "net.clock-accurate",
        "disc.operations-exist",
        "auth.missing-credentials-rejected",
        "auth.challenge-present",
        "auth.valid-token-accepted",
        "auth.expired-token-rejected",
        "auth.bad-signature-rejected",
        "auth.alg-none-rejected",
        "auth.wrong-audience-rejected",
        "auth.wrong-issuer-rejected",
        "auth.cc-token-issued",
        "auth.cc-errors-standard",
        "authz.scope-enforced",
        "authz.tenant-read-isolated",
        "authz.tenant-list-isolated",
        "contract.status-documented",
        "contract.schema-valid",
        "contract.headers-and-media-type",
        "contract.valid-input-accepted",
        "contract.invalid-input-rejected",
        "error.format-valid",
        "error.no-internals-leaked",
        "error.no-5xx-on-bad-input",
        "error.not-found-clean",
        "rate.limit-enforced",
        "rate.retry-after-honest",
        "page.walk-complete",
        "idem.replay-returns-same",
        "audit.action-recorded",
    ]
)


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return load_playbook(find_program().playbook, CHECKS)


@pytest.fixture(scope="module")
def answers(playbook: Playbook) -> dict[str, Answer]:
    file = find_program().answers_for("reference")
    assert file
    return {answer.criterion: answer for answer in load_answers(file, playbook, date(2026, 11, 1), "reference")}


def _criteria(playbook: Playbook) -> list[Criterion]:
    return [criterion for milestone in playbook.milestones for criterion in milestone.criteria]


def test_the_milestones_lead_from_connectivity_to_production_readiness(playbook: Playbook) -> None:
    ids = [milestone.id for milestone in playbook.milestones]
    assert ids == ["connectivity", "authentication", "contract", "resilience", "production-readiness"]
    assert [milestone.after for milestone in playbook.milestones[1:]] == [(name,) for name in ids[:-1]]


def test_every_check_is_bound_exactly_once(playbook: Playbook) -> None:
    bound = [check for criterion in _criteria(playbook) for check in criterion.checks]
    assert sorted(bound) == sorted(CHECKS)


def test_all_kinds_and_all_demands_are_shown(playbook: Playbook) -> None:
    assert {criterion.kind for criterion in _criteria(playbook)} == set(Kind)
    assert {criterion.demand for criterion in _criteria(playbook)} == set(Demand)


def test_what_must_never_be_excused_cannot_be_waived(playbook: Playbook) -> None:
    fixed = {criterion.id for criterion in _criteria(playbook) if not criterion.waivable}
    assert {"tokens-validated", "tenants-isolated", "anonymous-calls-refused"} <= fixed


def test_every_question_to_people_is_answered_and_met(playbook: Playbook, answers: dict[str, Answer]) -> None:
    asked = {criterion.id: criterion for criterion in _criteria(playbook) if criterion.kind is not Kind.AUTOMATED}
    assert set(answers) == set(asked)
    assert all(answer.met and answer.role == asked[name].role for name, answer in answers.items())
    assert answers["latency-within-bounds"].value == 210.0
    assert answers["calls-free-of-errors"].value == 0.9994


def test_nothing_that_blocks_goes_stale_by_itself(playbook: Playbook) -> None:
    blocking = [item for item in _criteria(playbook) if item.demand is not Demand.RECOMMENDED]
    assert all(item.max_age_days is None for item in blocking), "the demo would begin to fail on some day"


def test_every_topic_has_a_contact(playbook: Playbook) -> None:
    assert {contact.topic for contact in playbook.contacts} == {"technical", "legal", "marketing", "escalation"}
