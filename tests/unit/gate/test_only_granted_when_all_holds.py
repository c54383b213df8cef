"""Thousands of random situations: the gate grants only where all conditions hold, stated here once more, otherwise."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from certify.gate.question import Evidence, Question, Revoked, Suspect, Witness
from certify.model.certificate import Provenance, Revocation
from certify.model.change import Staleness
from certify.model.gate import Answer, Decision
from certify.model.playbook import ApprovalRule, Certification, EnvironmentRule, Grace
from tests.unit.gate.facts import (
    DAY,
    LAUNCH,
    NOW,
    a_question,
    a_revocation,
    a_suspect,
    a_witness,
    approved,
    decide,
    milestones,
)

ROUNDS = 6000
WORDS = ("certified", "certified", "certified", "not_certified", "unproven", "")


@dataclass(frozen=True)
class Situation:
    question: Question
    evidence: Evidence


def situation(dice: random.Random) -> Situation:
    witnesses = tuple(_witness(dice, number) for number in range(dice.choice((0, 1, 1, 2, 3))))
    entries = tuple(_entry(dice, item) for item in witnesses if dice.random() < 0.15)
    hidden = (a_revocation(_witness(dice, 9)),) if dice.random() < 0.05 else ()
    suspects = tuple(a_suspect(dice.uniform(0, 40)) for _ in range(dice.choice((0, 0, 0, 1, 2))))
    trouble = "the list cannot be used" if dice.random() < 0.1 else ""
    rules = Certification(
        approvals=(ApprovalRule(LAUNCH, ("engineer", "security"), dice.choice((1, 2))),) if dice.random() < 0.4 else (),
        grace=Grace(dice.choice((0, 10)), dice.choice((0, 10))),
    )
    asked = a_question(
        rule=EnvironmentRule("there", dice.choice(("gated", "gated", "practice"))),
        rules=rules,
        strict=dice.random() < 0.3,
    )
    return Situation(
        asked,
        Evidence(witnesses, suspects, Revoked(entries=(*entries, *hidden), number=3, trouble=trouble), _change(dice)),
    )


def _witness(dice: random.Random, number: int) -> Witness:
    word = {name: verdict for name in ("connectivity", LAUNCH) if (verdict := dice.choice(WORDS))}
    made = a_witness(
        f"r{number if dice.random() < 0.93 else 0}",
        dice.uniform(0.1, 45),
        milestones=milestones(**word),
        complete=dice.random() < 0.95,
        content=f"sha256:{number}",
        provenance=Provenance.GATED if dice.random() < 0.75 else Provenance.PRACTICE,
        objections=("edited",) if dice.random() < 0.08 else (),
        over="a waiver ended" if dice.random() < 0.05 else "",
        unasked=("a.one",) if dice.random() < 0.05 else (),
        approvals=tuple(
            approved(role, person)
            for role, person in (("engineer", "Ada"), ("security", dice.choice(("Ada", "Bob"))))
            if dice.random() < 0.85
        ),
    )
    said = made.certificate
    if dice.random() < 0.05:
        said = replace(said, partner=replace(said.partner, id="globex"))
    if dice.random() < 0.05:
        said = replace(said, program=replace(said.program, id="baseline"))
    if dice.random() < 0.05:
        said = replace(said, issued=said.started - DAY)
    return replace(made, certificate=said)


def _entry(dice: random.Random, witness: Witness) -> Revocation:
    return a_revocation(witness, run="") if dice.random() < 0.3 else a_revocation(witness)


def _change(dice: random.Random) -> Staleness:
    if dice.random() < 0.6:
        return Staleness()
    days = (None, date(2026, 10, 20), date(2026, 11, 1), date(2026, 11, 3), date(2026, 12, 1))
    return Staleness(("contract",), checks=("a.one",), since=dice.choice(days[:4]), deadline=dice.choice(days))


def may_be_granted(asked: Question, evidence: Evidence) -> bool:
    """All that has to hold, in other words than the law's."""
    about = [
        item
        for item in evidence.witnesses
        if (item.certificate.partner.id, item.certificate.program.id) == ("acme", "playbook")
        and (asked.rule.provenance == "practice" or item.provenance is Provenance.GATED)
        and item.certificate.issued >= item.certificate.started - 60
    ]
    verdicts = {id(item): {m.id: m.verdict for m in item.certificate.milestones} for item in about}
    good = [
        item
        for item in about
        if verdicts[id(item)].get(LAUNCH) == "certified"
        and verdicts[id(item)].get("connectivity", "certified") == "certified"
        and item.certificate.complete
    ]
    return any(
        _bears(asked, evidence, item, [other for other in about if other is not item], verdicts) for item in good
    )


def _bears(
    asked: Question, evidence: Evidence, item: Witness, others: list[Witness], verdicts: dict[int, dict[str, str]]
) -> bool:
    said, today = item.certificate, datetime.fromtimestamp(NOW, UTC).date()
    for other in others:
        later = (other.certificate.started, other.certificate.issued) > (said.started, said.issued)
        word = verdicts[id(other)]
        if later and (LAUNCH in word or set(word.values()) - {"certified"}):
            return False  # somebody newer has something to say
    for entry in evidence.revoked.entries:
        if said.id == entry.certificate or said.run == entry.run:
            return False
    patient = not asked.strict
    lapsed = said.expires <= NOW and not (patient and said.expires + asked.rules.grace.expired_days * DAY > NOW)
    stale = evidence.staleness
    in_time = [stale.deadline is not None and today <= stale.deadline]
    if stale.since is not None and asked.rules.grace.stale_days:
        in_time.append((today - stale.since).days <= asked.rules.grace.stale_days)
    people = {a.approval.name for a in item.approvals}
    roles = {a.approval.role for a in item.approvals}
    reviewed = all(set(rule.roles) <= roles and len(people) >= rule.people for rule in asked.rules.approvals)
    return (
        not evidence.revoked.trouble
        and not item.objections
        and not item.over
        and not item.unasked
        and not lapsed
        and (not stale.changed or (patient and any(in_time)))
        and reviewed
    )


def decisions() -> list[tuple[Situation, Decision]]:
    dice = random.Random(20261103)
    made = [situation(dice) for _ in range(ROUNDS)]
    return [(item, decide(item.question, item.evidence)) for item in made]


@pytest.fixture(scope="module")
def played() -> list[tuple[Situation, Decision]]:
    return decisions()


def test_granted_only_where_all_conditions_hold(played: list[tuple[Situation, Decision]]) -> None:
    for item, found in played:
        if found.answer is Answer.GRANTED:
            assert may_be_granted(item.question, item.evidence), (item, found)


def test_the_situations_are_of_every_kind(played: list[tuple[Situation, Decision]]) -> None:
    """Else the test above would say nothing."""
    answers = [found.answer for _, found in played]
    assert {answer for answer in Answer if answers.count(answer) >= 30} == set(Answer)
    assert {found.degraded for _, found in played} == {None, Answer.EXPIRED, Answer.STALE}


def test_what_cannot_be_verified_changes_no_answer_without_strict(played: list[tuple[Situation, Decision]]) -> None:
    for item, found in played:
        if item.question.strict or found.answer in (Answer.MISSING, Answer.UNTRUSTED):
            continue
        garbage = Suspect(a_suspect().path, "anything", NOW + 1)
        more = replace(item.evidence, suspects=(*item.evidence.suspects, garbage))
        assert decide(item.question, more).answer is found.answer


def test_practice_changes_no_answer_at_a_gated_environment(played: list[tuple[Situation, Decision]]) -> None:
    for item, found in played:
        if item.question.rule.provenance == "gated":
            gated = tuple(w for w in item.evidence.witnesses if w.provenance is Provenance.GATED)
            assert decide(item.question, replace(item.evidence, witnesses=gated)).answer is found.answer
