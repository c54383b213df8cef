"""What should have run is derived again, so that a signed certificate cannot leave out what it does not like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from certify.model.certificate import Certificate, CertifiedCheck
from certify.model.gate import Answer
from certify.program.digest import digest
from tests.unit.certificate.signed import (
    DAY,
    FLAKY,
    NOW,
    OUTCOMES_OF_IT,
    PLAYBOOK,
    STARTED,
    WAIVED,
    Signed,
    everything,
    reasons,
    write_certificate,
)
from tests.unit.certificate.signing_hands import CI
from tests.unit.facts import failed, passed

Change = Callable[[Certificate], Certificate]


@pytest.fixture
def signed(tmp_path: Path) -> Signed:
    return everything(tmp_path)


def alone(signed: Signed, tmp_path: Path, change: Change) -> list[str]:
    """The reasons to refuse a certificate by itself, signed by a trusted key: no record contradicts it."""
    write_certificate(signed.run, CI[0], change)
    (tmp_path / "alone").mkdir()
    lonely = replace(signed, run=tmp_path / "alone")
    lonely.certificate.write_bytes(signed.certificate.read_bytes())
    return reasons(lonely.examined())


def without(*names: str) -> Change:
    return lambda c: replace(c, checks=tuple(item for item in c.checks if item.id not in names))


def with_status(name: str, status: str, *attempts: str) -> Change:
    def change(c: Certificate) -> Certificate:
        checks = (replace(i, status=status, attempts=attempts) if i.id == name else i for i in c.checks)
        return replace(c, checks=tuple(checks))

    return change


def test_an_honest_certificate_is_believed_with_its_record_and_without(signed: Signed, tmp_path: Path) -> None:
    assert signed.examined(partner=signed.profile).answer is Answer.GRANTED
    assert alone(signed, tmp_path, lambda c: c) == []


@pytest.mark.parametrize("name", ["net.clock-accurate", FLAKY, WAIVED, "audit.action-recorded", "answer:no-real-data"])
def test_a_check_that_is_left_out_is_missed(signed: Signed, tmp_path: Path, name: str) -> None:
    assert "missing-check" in alone(signed, tmp_path, without(name))


def test_a_check_of_an_optional_criterion_is_missed_too(tmp_path: Path) -> None:
    signed = everything(tmp_path)
    found = signed.signed_again(without("audit.action-recorded"))
    missing = next(problem for problem in found.problems if problem.reason == "missing-check")
    assert "audit.action-recorded, for audited in secured" in missing.expected
    assert found.answer is Answer.UNTRUSTED


def test_a_check_is_not_said_to_be_kept_from_running_by_nothing(signed: Signed, tmp_path: Path) -> None:
    assert alone(signed, tmp_path, with_status("net.clock-accurate", "not_applicable")) == [
        "wrongly-blocked",
        "verdict",
        "verdict",
    ]


def test_a_check_is_not_kept_from_running_by_a_capability_that_is_offered(signed: Signed, tmp_path: Path) -> None:
    def offered(c: Certificate) -> Certificate:
        return replace(c, capabilities={**c.capabilities, "audit": ""})

    assert alone(signed, tmp_path, offered) == ["wrongly-blocked"]


def test_the_profile_says_what_is_offered(signed: Signed) -> None:
    write_certificate(
        signed.run, CI[0], lambda c: replace(c, capabilities={**c.capabilities, "pagination": "no lists"})
    )
    found = signed.examined(partner=signed.profile)
    assert "capabilities" in reasons(found)
    assert "pagination" in next(p.message for p in found.problems if p.reason == "capabilities")


@pytest.mark.parametrize("status", ["failed", "silent", "inconclusive", "not_run", "errored", "no such status"])
def test_certified_is_not_said_of_a_check_that_did_not_pass(signed: Signed, tmp_path: Path, status: str) -> None:
    assert "verdict" in alone(signed, tmp_path, with_status("net.clock-accurate", status, "failed"))


def test_an_unfinished_run_certifies_nothing(signed: Signed, tmp_path: Path) -> None:
    assert alone(signed, tmp_path, lambda c: replace(c, complete=False)) == ["verdict"]


def test_a_milestone_does_not_stand_without_those_before_it(signed: Signed, tmp_path: Path) -> None:
    assert "milestones" in alone(signed, tmp_path, lambda c: replace(c, milestones=c.milestones[1:]))


def test_no_milestone_at_all_certifies_nothing(signed: Signed, tmp_path: Path) -> None:
    assert "verdict" in alone(signed, tmp_path, lambda c: replace(c, milestones=()))


def test_a_milestone_that_the_playbook_does_not_have_is_refused(signed: Signed, tmp_path: Path) -> None:
    def renamed(c: Certificate) -> Certificate:
        return replace(c, milestones=(*c.milestones, replace(c.milestones[1], id="production")))

    assert alone(signed, tmp_path, renamed) == ["milestones"]


@pytest.mark.parametrize(
    "change",
    [{"expires": "2026-10-01"}, {"expires": "soon"}, {"state": "other-partner"}, {"check": "net.other"}],
    ids=str,
)
def test_a_waiver_that_excuses_nothing_does_not_carry_a_certificate(
    signed: Signed, tmp_path: Path, change: dict[str, str]
) -> None:
    found = alone(signed, tmp_path, lambda c: replace(c, waivers=(replace(c.waivers[0], **change),)))
    assert "verdict" in found
    assert ("waiver" in found) == (change.get("state") is None)


def test_a_waiver_that_names_a_check_which_nobody_may_waive_is_refused(signed: Signed, tmp_path: Path) -> None:
    never = "auth.missing-credentials-rejected"

    def waive(c: Certificate) -> Certificate:
        spoilt = with_status(never, "failed", "failed")(c)
        return replace(spoilt, waivers=(*c.waivers, replace(c.waivers[0], check=never)))

    assert alone(signed, tmp_path, waive) == ["waiver", "verdict"]


def test_a_certificate_that_says_not_certified_is_believed_whatever_is_missing(tmp_path: Path) -> None:
    signed = everything(tmp_path, [passed("net.control-works"), failed("net.clock-accurate")])
    found = signed.examined()
    assert (found.answer, found.problems) == (Answer.FAILED, ())


def test_a_run_of_some_checks_is_unproven_and_not_distrusted(tmp_path: Path) -> None:
    signed = everything(tmp_path, [passed("net.control-works")], checks=("net.*",))
    assert signed.examined().answer is Answer.UNPROVEN


def test_a_check_is_not_listed_twice(signed: Signed, tmp_path: Path) -> None:
    again = CertifiedCheck(WAIVED, "passed", attempts=("passed",))
    assert alone(signed, tmp_path, lambda c: replace(c, checks=(*c.checks, again))) != []


def test_without_the_playbook_nobody_claims_to_have_looked(signed: Signed, tmp_path: Path) -> None:
    (tmp_path / "alone").mkdir()
    lonely = replace(signed, run=tmp_path / "alone")
    lonely.certificate.write_bytes(signed.certificate.read_bytes())
    found = lonely.examined(program=None)
    assert found.answer is Answer.GRANTED
    assert any("what should have run was not derived" in note for note in found.notes)


def test_in_its_run_directory_the_recorded_playbook_serves(signed: Signed) -> None:
    write_certificate(signed.run, CI[0], without("net.clock-accurate"))
    assert "missing-check" in reasons(signed.examined(program=None))


def test_a_waiver_that_ended_since_ends_the_certificate(signed: Signed) -> None:
    write_certificate(signed.run, CI[0], lambda c: replace(c, expires=c.started + 90 * DAY))
    assert signed.examined(now=NOW + 57 * DAY).answer is Answer.GRANTED  # 2026-12-31
    late = signed.examined(now=NOW + 60 * DAY)
    assert (late.answer, reasons(late)) == (Answer.EXPIRED, ["waiver-ended"])


def test_nobody_lets_a_certificate_last_longer_than_the_playbook_does(signed: Signed, tmp_path: Path) -> None:
    assert alone(signed, tmp_path, lambda c: replace(c, expires=c.started + 90 * DAY + 1)) == ["times"]


AGEING = PLAYBOOK.replace("kind: attested, role", "kind: attested, max_age_days: 40, role")


@pytest.mark.parametrize(("answered", "days"), [("-30", 10), ("", 40), ("+30", 40), ("soon", 40)])
def test_nobody_lets_a_certificate_outlive_an_answer(tmp_path: Path, answered: str, days: int) -> None:
    """Forty days from the day on which it was given; from the run's, where that is not said or lies after it."""
    asked = datetime.fromtimestamp(STARTED, UTC).date()
    said = (asked + timedelta(days=int(answered))).isoformat() if answered[1:].isdigit() else answered
    outcomes = [replace(item, answered=said) if item.source == "answers" else item for item in OUTCOMES_OF_IT]
    signed = everything(tmp_path, outcomes, AGEING)
    end = (asked - date(1970, 1, 1)).days * DAY + (days + 1) * DAY

    assert signed.examined().certificate.expires == end
    assert alone(signed, tmp_path, lambda c: replace(c, expires=end + 1.0)) == ["times"]
    late = signed.signed_again(lambda c: replace(c, expires=end + 1.0))
    assert "it outlives answer:no-real-data, which has to be given again" in [p.message for p in late.problems]


def test_the_record_says_when_an_answer_was_given(tmp_path: Path) -> None:
    outcomes = [replace(item, answered="2026-08-01") if item.source == "answers" else item for item in OUTCOMES_OF_IT]
    signed = everything(tmp_path, outcomes)

    def fresher(c: Certificate) -> Certificate:
        return replace(c, checks=tuple(replace(i, answered="2026-11-01") if i.answered else i for i in c.checks))

    assert reasons(signed.signed_again(fresher)) == ["verdict"]


def test_it_does_not_pass_for_one_of_another_playbook(signed: Signed, tmp_path: Path) -> None:
    assert alone(signed, tmp_path, lambda c: replace(c, program=replace(c.program, id="grand"))) == ["playbook"]


def test_a_profile_whose_contract_is_gone_is_compared_all_the_same(signed: Signed) -> None:
    signed.profile.write_text(signed.profile.read_text().replace("  # contract: my-api.yaml", "  contract: gone.yaml"))
    profile = digest(signed.profile)
    write_certificate(signed.run, CI[0], lambda c: replace(c, digests={**c.digests, "profile": profile}))
    found = signed.examined(partner=signed.profile)
    assert "profile" not in reasons(found)
    assert any("what the profile offers was not derived" in note for note in found.notes)
