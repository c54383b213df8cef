"""The law of the gate, line by line (see the docstrings of certify/gate/decide.py and choosing.py)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from certify.model.certificate import CertifiedCheck, Provenance
from certify.model.change import Staleness
from certify.model.codec import encode
from certify.model.gate import EXIT_CODES, Answer
from certify.model.playbook import Certification, Grace
from certify.model.report import ReportedWaiver
from certify.program.validate import schema
from tests.unit.gate.facts import (
    CHANGED,
    CONNECTIVITY,
    DAY,
    GRACE,
    LAUNCH,
    NOW,
    REVIEWED,
    STAGING,
    a_certificate,
    a_question,
    a_revocation,
    a_suspect,
    a_witness,
    approved,
    day,
    decided,
    milestones,
    practice,
)

ASKED = a_question()


def test_one_good_certificate_grants_until_it_expires() -> None:
    found = decided(ASKED, a_witness())
    assert found.answer is Answer.GRANTED
    assert found.until == "2026-12-02"
    assert found.degraded is None
    assert (found.certificate, found.run) == ("r1-id", "reports/acme/r1")
    assert found.remedy == ""


def test_each_answer_has_an_exit_code_of_its_own_and_only_granted_has_zero() -> None:
    assert set(EXIT_CODES) == set(Answer)
    assert len(set(EXIT_CODES.values())) == len(Answer)
    assert [answer for answer, code in EXIT_CODES.items() if code == 0] == [Answer.GRANTED]
    assert not {2, 4} & set(EXIT_CODES.values())


# — 1: nobody speaks —


def test_no_rows_never_means_yes() -> None:
    found = decided(ASKED)
    assert found.answer is Answer.MISSING
    assert "no gated certificate of acme for launch" in found.because


def test_what_cannot_be_verified_is_untrusted_where_nothing_else_is_there() -> None:
    found = decided(ASKED, a_suspect(), a_suspect())
    assert found.answer is Answer.UNTRUSTED
    assert "1 more are no better" in found.because
    assert "certify verify reports/acme/x/certificate.jws --jwks KEYS" in found.remedy


def test_garbage_beside_a_good_certificate_neither_grants_nor_denies_and_is_told() -> None:
    found = decided(ASKED, a_witness(), a_suspect())
    assert found.answer is Answer.GRANTED
    assert any("is passed over" in note for note in found.notes)
    assert decided(ASKED, a_witness(verdict="not_certified"), a_suspect()).answer is Answer.FAILED


def test_a_certificate_of_another_partner_is_not_found() -> None:
    other = a_witness(partner=replace(a_witness().certificate.partner, id="globex"))
    assert decided(ASKED, other).answer is Answer.MISSING


def test_a_certificate_of_another_playbook_is_not_found_and_told() -> None:
    other = a_witness(program=replace(a_witness().certificate.program, id="baseline"))
    found = decided(ASKED, other)
    assert found.answer is Answer.MISSING
    assert "another playbook (baseline)" in found.notes[0]


def test_a_certificate_of_another_milestone_is_not_found() -> None:
    assert decided(ASKED, a_witness(milestones=milestones(connectivity="certified"))).answer is Answer.MISSING


# — provenance —


def test_practice_never_opens_a_gated_environment() -> None:
    found = decided(ASKED, practice())
    assert found.answer is Answer.MISSING
    assert "practice certificates open nothing here" in found.notes[0]


def test_practice_never_poisons_a_gated_environment() -> None:
    found = decided(ASKED, practice(days_ago=0.1, verdict="not_certified"), a_witness())
    assert found.answer is Answer.GRANTED


def test_where_practice_is_enough_the_newest_of_both_decides() -> None:
    asked = a_question(rule=STAGING)
    assert decided(asked, practice()).answer is Answer.GRANTED
    assert decided(asked, practice(days_ago=0.1, verdict="not_certified"), a_witness()).answer is Answer.FAILED
    assert decided(asked, practice(days_ago=3, verdict="not_certified"), a_witness()).answer is Answer.GRANTED


# — the newest run decides —


@pytest.mark.parametrize(("verdict", "answer"), [("not_certified", Answer.FAILED), ("unproven", Answer.UNPROVEN)])
def test_a_newer_run_overrides_an_older_grant(verdict: str, answer: Answer) -> None:
    older, newer = a_witness("r1", 2), a_witness("r2", 1, verdict)
    assert decided(ASKED, older, newer).answer is answer
    assert decided(ASKED, newer, older).answer is answer


def test_a_newer_success_overrides_an_older_failure() -> None:
    assert decided(ASKED, a_witness("r1", 2, "not_certified"), a_witness("r2", 1)).answer is Answer.GRANTED


def test_signing_an_old_run_again_does_not_hide_a_newer_failure() -> None:
    old = a_witness("r1", 3, issued=NOW - 60)
    assert decided(ASKED, old, a_witness("r2", 2, "not_certified")).answer is Answer.FAILED


def test_of_two_certificates_of_one_run_the_one_issued_last_decides() -> None:
    first = a_witness("r1", 40, id="first", content="sha256:first", expires=NOW - 10 * DAY)
    again = a_witness("r1", 40, id="again", content="sha256:again", issued=NOW - DAY, expires=NOW + DAY)
    assert decided(ASKED, first, again).certificate == "again"


def test_a_newer_failure_of_a_milestone_before_it_is_a_failure() -> None:
    newer = a_witness("r2", 1, milestones=milestones(connectivity="not_certified"))
    found = decided(ASKED, a_witness("r1", 2), newer)
    assert found.answer is Answer.FAILED
    assert CONNECTIVITY in found.because


def test_a_newer_success_of_a_milestone_before_it_says_nothing() -> None:
    newer = a_witness("r2", 1, milestones=milestones(connectivity="certified"))
    assert decided(ASKED, a_witness("r1", 2), newer).certificate == "r1-id"


def test_the_milestone_counts_and_not_the_whole_run() -> None:
    found = a_witness(verdict="not_certified", milestones=milestones(launch="certified", later="not_certified"))
    assert decided(ASKED, found).answer is Answer.GRANTED


def test_an_unfinished_run_proves_nothing_whatever_it_says() -> None:
    found = decided(ASKED, a_witness(complete=False))
    assert found.answer is Answer.UNPROVEN
    assert "not finished" in found.because


def test_a_run_of_some_checks_proves_nothing_also_where_these_are_all_that_the_milestone_requires() -> None:
    found = decided(ASKED, a_witness(unasked=("a.two",)))
    assert found.answer is Answer.UNPROVEN
    assert found.because == "the newest run was narrowed: it left out a.two"


# — 2: revoked —


def test_what_was_revoked_is_refused_whatever_else_is_true_of_it() -> None:
    good, bad = a_witness(), a_witness(verdict="not_certified", objections=("edited",))
    for witness in (good, bad):
        found = decided(ASKED, witness, revoked=[a_revocation(witness)])
        assert found.answer is Answer.REVOKED
        assert "by Ada: found out" in found.because


def test_the_older_certificate_does_not_count_again() -> None:
    newer = a_witness("r2", 1)
    assert decided(ASKED, a_witness("r1", 2), newer, revoked=[a_revocation(newer)]).answer is Answer.REVOKED


def test_a_newer_run_takes_the_place_of_a_revoked_one() -> None:
    older = a_witness("r1", 2)
    assert decided(ASKED, older, a_witness("r2", 1), revoked=[a_revocation(older)]).answer is Answer.GRANTED


def test_hiding_the_file_of_a_revoked_certificate_does_not_bring_back_the_older_one() -> None:
    hidden = a_witness("r2", 1)
    found = decided(ASKED, a_witness("r1", 2), revoked=[a_revocation(hidden)])
    assert found.answer is Answer.REVOKED
    assert (found.certificate, found.run) == ("r2-id", "r2")


def test_signing_a_revoked_run_again_does_not_bring_it_back() -> None:
    again = a_witness("r1", 1, id="again", issued=NOW - 60)
    assert decided(ASKED, again, revoked=[a_revocation(a_witness("r1", 1))]).answer is Answer.REVOKED


def test_what_stands_on_a_revoked_run_is_revoked() -> None:
    old = a_revocation(a_witness("r1", 5))
    directly = a_witness("r2", 1, based_on="r1-id")
    through_another = a_witness("r3", 1, based_on="r2-id", checks=(CertifiedCheck("a.one", "passed", carried="r1"),))
    for witness in (directly, through_another):
        found = decided(ASKED, witness, revoked=[old])
        assert found.answer is Answer.REVOKED
        assert "r1-id, from which outcomes were carried over, was revoked" in found.because


@pytest.mark.parametrize(
    "changes",
    [{"partner": "globex"}, {"program": "baseline"}, {"milestones": (CONNECTIVITY,)}, {"provenance": "practice"}],
    ids=lambda changes: next(iter(changes)),
)
def test_what_is_gone_and_would_not_have_counted_takes_nothing_away(changes: dict[str, object]) -> None:
    entry = a_revocation(a_witness("r2", 1), **changes)
    assert decided(ASKED, a_witness("r1", 2), revoked=[entry]).answer is Answer.GRANTED


def test_a_revocation_without_particulars_hits_its_certificate_and_no_other() -> None:
    entry = a_revocation(a_witness("r1", 2), run="", started=0.0, milestones=(), program="", provenance="")
    assert decided(ASKED, a_witness("r1", 2), revoked=[entry]).answer is Answer.REVOKED
    assert decided(ASKED, a_witness("r2", 1), revoked=[entry]).answer is Answer.GRANTED


# — 4: the list —


def test_without_a_list_that_can_be_used_nothing_is_granted() -> None:
    found = decided(ASKED, a_witness(), trouble="there is no list", missing=True)
    assert found.answer is Answer.UNTRUSTED
    assert found.because == "there is no list"
    assert "certify revoke --list reports/revocations.jws --key KEY" in found.remedy


def test_where_nobody_speaks_the_list_is_only_a_note() -> None:
    found = decided(ASKED, trouble="there is no list")
    assert found.answer is Answer.MISSING
    assert "there is no list" in found.notes


def test_a_failure_is_told_also_where_the_list_cannot_be_used() -> None:
    assert decided(ASKED, a_witness(verdict="not_certified"), trouble="there is no list").answer is Answer.FAILED


# — 5: what speaks against it —


def test_a_certificate_that_its_run_does_not_bear_out_is_untrusted() -> None:
    found = decided(ASKED, a_witness(objections=("outcomes.ndjson is not the file that was signed",)))
    assert found.answer is Answer.UNTRUSTED
    assert "outcomes.ndjson" in found.because


def test_an_edited_failure_is_still_a_failure() -> None:
    assert decided(ASKED, a_witness(verdict="not_certified", objections=("edited",))).answer is Answer.FAILED


def test_one_that_was_issued_before_its_run_is_not_heard() -> None:
    """Else it would be the newest for years, and nothing but a revocation could take its place."""
    ahead = a_witness("r9", -9000, issued=NOW - 60)
    assert decided(ASKED, ahead).answer is Answer.MISSING
    assert decided(ASKED, ahead, a_witness()).answer is Answer.GRANTED


# — what was carried over —


def ran(**statuses: str) -> tuple[CertifiedCheck, ...]:
    return tuple(CertifiedCheck(name, status) for name, status in statuses.items())


def carried_from(run: str, **statuses: str) -> tuple[CertifiedCheck, ...]:
    """``one`` ran, ``two`` was taken over."""
    return (*ran(one="passed"), *(CertifiedCheck(name, status, carried=run) for name, status in statuses.items()))


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        ("failed", Answer.FAILED),
        ("inconclusive", Answer.UNPROVEN),
        ("not_run", Answer.UNPROVEN),
        ("passed", Answer.GRANTED),
        ("not_applicable", Answer.GRANTED),
    ],
)
def test_a_failure_is_not_undone_by_naming_the_success_before_it(status: str, answer: Answer) -> None:
    base = a_witness("a", 9, checks=ran(one="passed", two="passed"))
    between = a_witness("b", 5, "not_certified", checks=ran(one="passed", two=status))
    partial = a_witness("c", 1, checks=carried_from("a", two="passed"), based_on="a-id")
    found = decided(ASKED, partial, base, between)
    assert found.answer is answer
    if answer is not Answer.GRANTED:
        assert "two was carried over, and did not pass in the newer run b" in found.because
        assert found.checks == ("two",)


def test_a_failure_before_what_was_carried_over_is_history() -> None:
    before = a_witness("b", 12, "not_certified", checks=ran(one="passed", two="failed"))
    base = a_witness("a", 9, checks=ran(one="passed", two="passed"))
    partial = a_witness("c", 1, checks=carried_from("a", two="passed"), based_on="a-id")
    assert decided(ASKED, before, base, partial).answer is Answer.GRANTED


def test_a_failure_that_ran_again_since_is_history() -> None:
    base = a_witness("a", 9, checks=ran(one="passed", two="passed"))
    between = a_witness("b", 5, "not_certified", checks=ran(one="passed", two="failed"))
    mended = a_witness("m", 4, checks=ran(one="passed", two="passed"))
    partial = a_witness("c", 1, checks=carried_from("a", two="passed"), based_on="a-id")
    assert decided(ASKED, base, between, mended, partial).answer is Answer.GRANTED


def test_a_practice_failure_refutes_nothing_at_a_gated_environment() -> None:
    base = a_witness("a", 9, checks=ran(one="passed", two="passed"))
    laptop = a_witness("b", 5, "not_certified", checks=ran(two="failed"), provenance=Provenance.PRACTICE)
    partial = a_witness("c", 1, checks=carried_from("a", two="passed"), based_on="a-id")
    assert decided(ASKED, base, laptop, partial).answer is Answer.GRANTED


def test_what_another_partial_run_carried_too_says_nothing_of_its_own() -> None:
    base = a_witness("a", 9, checks=ran(one="passed", two="passed"))
    between = a_witness("b", 5, "not_certified", checks=ran(one="passed", two="failed"))
    first = a_witness("c", 3, checks=carried_from("a", two="passed"), based_on="a-id")
    second = a_witness("d", 1, checks=carried_from("a", two="passed"), based_on="c-id")
    assert decided(ASKED, base, between, first, second).answer is Answer.FAILED


def test_two_of_one_run_that_say_different_things_are_untrusted() -> None:
    one = a_witness("r1", 1)
    other = a_witness("r1", 1, "not_certified", id="other", content="sha256:other", issued=one.certificate.issued - 9)
    found = decided(ASKED, one, other)
    assert found.answer is Answer.UNTRUSTED
    assert "is of the same run, and says something else" in found.because


def test_two_with_one_id_that_say_different_things_are_untrusted() -> None:
    other = a_witness("r0", 2, id="r1-id")
    found = decided(ASKED, a_witness("r1", 1), other)
    assert found.answer is Answer.UNTRUSTED
    assert "has the same id" in found.because


def test_older_ones_that_contradict_each_other_do_not_matter_any_more() -> None:
    other = a_witness("r1", 2, "not_certified", id="other", content="sha256:other")
    assert decided(ASKED, a_witness("r1", 2), other, a_witness("r2", 1)).answer is Answer.GRANTED


def test_a_practice_key_cannot_contradict_a_gated_one() -> None:
    forged = a_witness("r1", 1, "not_certified", content="sha256:other", provenance=Provenance.PRACTICE)
    assert decided(ASKED, a_witness("r1", 1), forged).answer is Answer.GRANTED


def test_a_copy_contradicts_nothing() -> None:
    assert decided(ASKED, a_witness(), a_witness()).answer is Answer.GRANTED


def test_the_same_words_in_other_bytes_contradict_nothing() -> None:
    assert decided(ASKED, a_witness(), a_witness(content="sha256:twin")).answer is Answer.GRANTED


# — 6: expiry —


@pytest.mark.parametrize(("seconds", "answer"), [(1, Answer.GRANTED), (0, Answer.EXPIRED), (-1, Answer.EXPIRED)])
def test_it_has_expired_from_that_second_on(seconds: float, answer: Answer) -> None:
    assert decided(ASKED, a_witness(expires=NOW + seconds)).answer is answer


def test_no_certificate_holds_for_longer_than_the_playbook_gives() -> None:
    """Whoever holds a retired key chooses ``issued`` and ``expires``; the run's start is older than its retirement."""
    forever = a_witness(days_ago=91, expires=NOW + 9000 * DAY)
    assert decided(ASKED, forever).answer is Answer.EXPIRED
    assert decided(a_question(rules=Certification(valid_days=180)), forever).until == "2027-01-31"


def test_in_its_grace_an_expired_one_grants_degraded_with_a_date() -> None:
    found = decided(a_question(rules=GRACE), a_witness(days_ago=40, expires=NOW - 2 * DAY))
    assert (found.answer, found.degraded) == (Answer.GRANTED, Answer.EXPIRED)
    assert found.until == "2026-11-15"
    assert found.remedy.startswith("Before 2026-11-15: Certify again")


def test_grace_ends() -> None:
    found = decided(a_question(rules=GRACE), a_witness(days_ago=60, expires=NOW - 14 * DAY))
    assert found.answer is Answer.EXPIRED
    assert found.until == ""


def test_a_grant_that_stands_on_a_waiver_says_so() -> None:
    used = ReportedWaiver("page.walk-complete", "why", "Ada", "2027-01-31", state="used")
    witness = replace(
        a_witness(), certificate=a_certificate(waivers=(used, replace(used, check="a.b", state="expired")))
    )
    found = decided(a_question(), witness)
    assert found.answer is Answer.GRANTED
    assert found.notes == ("it stands on a waiver: page.walk-complete may fail until 2027-01-31",)


def test_a_waiver_that_ended_ends_the_certificate_without_grace() -> None:
    found = decided(a_question(rules=GRACE), a_witness(over="the waiver of a.one ended on 2026-11-01"))
    assert found.answer is Answer.EXPIRED
    assert "waiver of a.one" in found.because


# — 7: staleness —


def test_a_change_that_touches_checks_makes_it_stale_and_names_them() -> None:
    found = decided(ASKED, a_witness(), staleness=CHANGED)
    assert found.answer is Answer.STALE
    assert found.checks == ("a.one", "a.two", "a.three")
    assert found.because == "the contract changed since; 3 checks have to run again"
    assert "--since reports/acme/r1 --jwks KEYS" in found.remedy


def test_a_change_that_touches_nothing_is_a_note() -> None:
    found = decided(ASKED, a_witness(), staleness=Staleness(notes=("a description changed",)))
    assert found.answer is Answer.GRANTED
    assert "a description changed" in found.notes


@pytest.mark.parametrize(
    ("deadline", "answer", "until"),
    [
        ("2026-11-02", Answer.STALE, ""),
        ("2026-11-03", Answer.GRANTED, "2026-11-04"),
        ("2026-12-24", Answer.GRANTED, "2026-12-25"),
    ],
)
def test_the_deadline_is_the_last_day(deadline: str, answer: Answer, until: str) -> None:
    found = decided(
        ASKED, a_witness(days_ago=0, expires=NOW + 90 * DAY), staleness=replace(CHANGED, deadline=day(deadline))
    )
    assert (found.answer, found.until) == (answer, until)
    assert found.degraded is (Answer.STALE if answer is Answer.GRANTED else None)


@pytest.mark.parametrize(("since", "answer"), [("2026-10-29", Answer.GRANTED), ("2026-10-28", Answer.STALE)])
def test_days_of_grace_count_from_when_the_change_took_effect(since: str, answer: Answer) -> None:
    found = decided(a_question(rules=GRACE), a_witness(), staleness=replace(CHANGED, since=day(since)))
    assert found.answer is answer


def test_a_change_of_which_nobody_knows_the_day_has_no_grace() -> None:
    assert decided(a_question(rules=GRACE), a_witness(), staleness=CHANGED).answer is Answer.STALE


def test_of_two_ends_the_first_is_told() -> None:
    late = a_witness(days_ago=40, expires=NOW - DAY)
    found = decided(a_question(rules=GRACE), late, staleness=replace(CHANGED, deadline=day("2026-11-05")))
    assert (found.degraded, found.until) == (Answer.STALE, "2026-11-06")
    found = decided(a_question(rules=GRACE), late, staleness=replace(CHANGED, deadline=day("2027-01-05")))
    assert (found.degraded, found.until) == (Answer.EXPIRED, "2026-11-16")


# — 8: people —


def test_approvals_that_are_not_there_are_named() -> None:
    found = decided(a_question(rules=REVIEWED), a_witness())
    assert found.answer is Answer.NOT_REVIEWED
    assert "as engineer" in found.because
    assert "as security" in found.because
    assert "2 different people" in found.because
    assert "certify approve reports/acme/r1 --as engineer --key KEY --jwks KEYS\n" in found.remedy
    assert "certify approve reports/acme/r1 --as security --key KEY --jwks KEYS" in found.remedy


def test_one_person_in_two_roles_is_not_two_people() -> None:
    both = (approved("engineer", "Ada"), approved("security", "Ada", kid="her-other-key"))
    found = decided(a_question(rules=REVIEWED), a_witness(approvals=both))
    assert found.answer is Answer.NOT_REVIEWED
    assert found.because == "2 different people have to approve it, and 1 did"
    assert found.remedy.startswith("Let another person approve")


def test_two_people_in_their_roles_suffice() -> None:
    both = (approved("engineer", "Ada"), approved("security", "Bob"))
    assert decided(a_question(rules=REVIEWED), a_witness(approvals=both)).answer is Answer.GRANTED


def test_approvals_of_another_milestone_are_not_asked_for() -> None:
    rules = Certification(approvals=(replace(REVIEWED.approvals[0], milestone=CONNECTIVITY),))
    assert decided(a_question(rules=rules), a_witness()).answer is Answer.GRANTED


def test_grace_never_stands_in_for_people() -> None:
    rules = replace(REVIEWED, grace=Grace(14))
    found = decided(a_question(rules=rules), a_witness(days_ago=40, expires=NOW - DAY))
    assert found.answer is Answer.NOT_REVIEWED


# — strict —


def test_strict_knows_no_grace() -> None:
    asked = a_question(rules=GRACE, strict=True)
    assert decided(asked, a_witness(days_ago=40, expires=NOW - DAY)).answer is Answer.EXPIRED
    late = replace(CHANGED, deadline=day("2027-01-01"))
    assert decided(asked, a_witness(), staleness=late).answer is Answer.STALE
    assert decided(asked, a_witness()).answer is Answer.GRANTED


def test_strict_refuses_beside_a_newer_certificate_that_cannot_be_verified() -> None:
    asked = a_question(strict=True)
    assert decided(asked, a_witness(days_ago=1), a_suspect(days_ago=0.5)).answer is Answer.UNTRUSTED
    assert decided(asked, a_witness(days_ago=1), a_suspect(days_ago=2)).answer is Answer.GRANTED


def test_strict_refuses_beside_what_could_not_be_looked_at() -> None:
    unseen = ("reports/acme/fails: is a symbolic link, which is not followed",)
    assert decided(a_question(strict=True), a_witness(), unseen=unseen).answer is Answer.UNTRUSTED
    found = decided(ASKED, a_witness(), unseen=unseen)
    assert found.answer is Answer.GRANTED
    assert unseen[0] in found.notes


def test_a_list_is_begun_only_where_there_is_none() -> None:
    """Beside one that was damaged or rolled back, a new list would undo what was revoked."""
    gone = decided(a_question(), a_witness(), trouble="there is none", missing=True)
    older = decided(a_question(), a_witness(), trouble="it was rolled back")
    assert (gone.answer, older.answer) == (Answer.UNTRUSTED, Answer.UNTRUSTED)
    assert "begin one" in gone.remedy
    assert "certify revoke --list" in gone.remedy
    assert "put the newest" in older.remedy.lower()
    assert "certify revoke" not in older.remedy


def test_where_there_is_practice_only_it_says_what_makes_a_run_gated() -> None:
    found = decided(a_question(), a_witness(provenance=Provenance.PRACTICE))
    assert found.answer is Answer.MISSING
    assert "with a key that the key set names gated" in found.because
    assert "--jwks KEYS" in found.remedy


def test_every_refusal_says_what_to_do() -> None:
    told = [
        decided(ASKED),
        decided(ASKED, a_suspect()),
        decided(ASKED, a_witness(verdict="not_certified")),
        decided(ASKED, a_witness(verdict="unproven")),
        decided(ASKED, a_witness(expires=NOW)),
        decided(ASKED, a_witness(), staleness=CHANGED),
        decided(ASKED, a_witness(), revoked=[a_revocation(a_witness())]),
        decided(a_question(rules=REVIEWED), a_witness()),
    ]
    assert {found.answer for found in told} == set(Answer) - {Answer.GRANTED}
    for found in told:
        assert "\n  certify " in found.remedy, found.answer
        assert found.because


def test_the_milestone_of_the_question_is_that_of_the_decision() -> None:
    found = decided(ASKED, a_witness())
    assert (found.partner, found.milestone, found.environment) == ("acme", LAUNCH, "production")


def test_every_decision_is_as_the_published_schema_says() -> None:
    validator = Draft202012Validator(schema("decision.v1"))
    for found in (decided(ASKED), decided(ASKED, a_witness()), decided(ASKED, a_witness(), staleness=CHANGED)):
        validator.validate(encode(found))
    assert set(schema("decision.v1")["properties"]["answer"]["enum"]) == {answer.value for answer in Answer}
    assert not validator.is_valid({**encode(decided(ASKED)), "answer": "perhaps"})
