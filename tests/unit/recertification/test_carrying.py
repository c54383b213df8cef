"""What a partial run takes over from an earlier one, what it runs again, and on what it refuses to stand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from certify.contract import load_contract
from certify.errors import CertifyError
from certify.model.certificate import CERTIFICATE, Provenance
from certify.model.outcome import Finding, Outcome, Status, Weight
from certify.model.plan import Plan
from certify.pipeline import conclude
from certify.recertification.carrying import Division, divide
from certify.recertification.since import Since, SinceError, certified_since
from certify.rundir import OUTCOMES, RunDirectory, Writer
from tests.unit.certificate.signed import (
    CI,
    DAY,
    FLAKY,
    NOW,
    OUTCOMES_OF_IT,
    WAIVED,
    Signed,
    a_plan_of,
    a_run,
    everything,
    jwks,
    write_certificate,
)
from tests.unit.facts import failed, passed, stopped
from tests.unit.recertification.worlds import change_contract, contract_of

MISSING, CLOCK, GATE = "auth.missing-credentials-rejected", "net.clock-accurate", "net.control-works"


@pytest.fixture
def signed(tmp_path: Path) -> Signed:
    return everything(tmp_path, [replace(outcome, requests=3) for outcome in OUTCOMES_OF_IT])


def since(signed: Signed, *, now: float = NOW + DAY, partner: str = "acme") -> Since:
    return certified_since(signed.certificate, signed.keys, now=now, partner=partner)


def divided(signed: Signed, change: Callable[[Plan], Plan] = lambda plan: plan) -> Division:
    plan = replace(a_plan_of(signed.program, signed.profile), run_id="later", started=NOW + DAY)
    return divide(change(plan), since(signed), load_contract(contract_of(signed)))


def carried(division: Division) -> set[str]:
    return set(division.plan.carried.checks) if division.plan.carried else set()


def test_what_passed_at_once_is_carried_over_and_marked_with_its_run(signed: Signed) -> None:
    division = divided(signed)
    assert carried(division) == {CLOCK, MISSING}
    assert {(o.check, o.status, o.carried) for o in division.outcomes} == {
        (CLOCK, Status.PASSED, since(signed).certificate.run),
        (MISSING, Status.PASSED, since(signed).certificate.run),
    }


@pytest.mark.parametrize(
    ("later", "runs_again"),
    [
        ([failed(CLOCK)], True),
        ([failed(CLOCK), passed(CLOCK, attempt=2)], True),
        ([stopped(CLOCK, Status.INCONCLUSIVE)], True),
        ([passed(CLOCK)], False),
    ],
)
def test_what_a_newer_run_did_not_pass_is_not_taken_over_from_before_it(
    signed: Signed, later: list[Outcome], runs_again: bool
) -> None:
    plan = replace(RunDirectory(signed.run).plan(), run_id="newer", started=NOW + 60)
    rest = [outcome for outcome in OUTCOMES_OF_IT if outcome.check != CLOCK]
    a_run(signed.run.parent / "newer", plan, contract_of(signed), [*rest, *later])
    division = divided(signed)
    assert (CLOCK not in carried(division)) is runs_again
    assert division.reasons.get(CLOCK) == ("it did not pass at once in the newer run newer" if runs_again else None)


def test_an_older_run_and_one_of_another_partner_say_nothing_about_it(signed: Signed) -> None:
    plan = RunDirectory(signed.run).plan()
    older = replace(plan, run_id="older", started=plan.started - 60)
    other = replace(plan, run_id="other", started=NOW, partner=replace(plan.partner, id="globex"))
    for found in (older, other):
        a_run(signed.run.parent / found.run_id, found, contract_of(signed), [failed(CLOCK)])
    assert CLOCK in carried(divided(signed))


def test_exchanges_of_the_earlier_run_are_not_cited_in_the_later_one(tmp_path: Path) -> None:
    advice = Finding("a date", "none", exchanges=("s-000001",), weight=Weight.ADVISORY)
    signed = everything(tmp_path, [replace(outcome, requests=3, findings=(advice,)) for outcome in OUTCOMES_OF_IT])
    (found,) = (outcome for outcome in divided(signed).outcomes if outcome.check == CLOCK)
    assert found.findings == (replace(advice, exchanges=()),)


def test_gate_flaky_and_failed_checks_run_again_each_with_its_reason(signed: Signed) -> None:
    division = divided(signed)
    assert division.reasons[GATE] == "the gate: every run stands on it"
    assert division.reasons[FLAKY] == "it was flaky then"
    assert division.reasons[WAIVED] == "it was failed then"
    assert {check.id for check in division.plan.running} == set(division.reasons)


def test_what_the_contract_touches_runs_again(signed: Signed) -> None:
    change_contract(signed, _tokens_come_from_elsewhere)
    division = divided(signed)
    assert carried(division) == {CLOCK}
    assert division.reasons[MISSING].startswith("touches ")


def _tokens_come_from_elsewhere(document: dict[str, Any]) -> None:
    flows = [scheme.get("flows", {}) for scheme in document["components"]["securitySchemes"].values()]
    for flow in (flow for found in flows for flow in found.values()):
        flow["tokenUrl"] = "https://elsewhere.example/token"


def test_the_plan_names_the_certificate_and_keeps_which_operations_were_called(signed: Signed) -> None:
    found = divided(signed).plan.carried
    assert found is not None
    certificate = since(signed).certificate
    assert (found.certificate, found.run, found.expires) == (certificate.id, certificate.run, certificate.expires)
    assert set(found.operations) == set(found.checks)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda plan: replace(plan, digests={**plan.digests, "profile": "sha256:other"}), "profile changed"),
        (lambda plan: replace(plan, versions={**plan.versions, "certify": "9.9"}), "another version of certify"),
    ],
)
def test_with_another_profile_or_another_certify_nothing_is_carried_over(
    signed: Signed, change: Callable[[Plan], Plan], why: str
) -> None:
    division = divided(signed, change)
    assert division.plan.carried is None
    assert not division.outcomes
    assert all(why in reason for reason in division.reasons.values())


def _edited(plan: Plan, **changes: object) -> Plan:
    checks = tuple(
        replace(item, check=replace(item.check, **changes)) if item.check.id == CLOCK else item for item in plan.checks
    )
    return replace(plan, checks=checks)


def test_a_check_that_another_file_or_another_source_decides_now_runs(signed: Signed) -> None:
    rewritten = divided(signed, lambda plan: _edited(plan, digest="sha256:other"))
    assert rewritten.reasons[CLOCK] == "the suite that declares it changed"
    elsewhere = divided(signed, lambda plan: _edited(plan, sources=("suites", "contract")))
    assert elsewhere.reasons[CLOCK] == "another source decides it now"


def test_a_check_that_is_new_runs(signed: Signed) -> None:
    division = divided(signed, lambda plan: _edited(plan, id="net.new"))
    assert division.reasons["net.new"] == "it did not run then"


def test_what_was_carried_twice_keeps_the_name_of_the_run_in_which_it_happened(signed: Signed) -> None:
    carrying = divided(signed).plan.carried
    plan = replace(RunDirectory(signed.run).plan(), carried=carrying)
    outcomes = [outcome for outcome in OUTCOMES_OF_IT if outcome.check not in (CLOCK, MISSING)]
    shutil.rmtree(signed.run)
    a_run(signed.run, plan, contract_of(signed), [*outcomes, *(passed(c, carried="origin") for c in (CLOCK, MISSING))])
    write_certificate(signed.run, CI[0])
    known = since(signed)
    origins = {outcome.check: outcome.carried for outcome in known.outcomes}
    assert (origins[CLOCK], origins[MISSING], origins[GATE]) == ("origin", "origin", plan.run_id)
    assert carrying is not None
    assert known.certificate.expires <= carrying.expires
    assert known.certificate.based_on == carrying.certificate


def test_a_gated_run_that_stands_on_a_practice_run_is_worth_no_more(signed: Signed) -> None:
    carrying = divided(signed).plan.carried
    assert carrying is not None
    assert carrying.provenance == since(signed).provenance == "gated"
    plan = replace(RunDirectory(signed.run).plan(), carried=replace(carrying, provenance="practice"))
    shutil.rmtree(signed.run)
    a_run(signed.run, plan, contract_of(signed))
    write_certificate(signed.run, CI[0])
    assert since(signed).certificate.provenance == "practice"


def test_a_certificate_that_calls_itself_gated_is_believed_only_with_a_key_that_is_trusted_for_it(
    signed: Signed,
) -> None:
    signed.jwks.write_bytes(jwks(replace(CI[1], provenance=Provenance.PRACTICE)))
    known = certified_since(signed.certificate, signed.keys, now=NOW + DAY, partner="acme")
    assert (known.certificate.provenance, known.provenance) == ("gated", "practice")


# — what no run can stand on —


def refused(signed: Signed, **asked: object) -> str:
    with pytest.raises(SinceError) as caught:
        since(signed, **asked)  # type: ignore[arg-type]
    return caught.value.message


def test_a_certificate_of_another_partner_is_refused(signed: Signed) -> None:
    assert "acme" in refused(signed, partner="globex")


def test_an_expired_certificate_is_refused(signed: Signed) -> None:
    assert "expired" in refused(signed, now=NOW + 400 * DAY)
    with pytest.raises(SinceError) as caught:
        since(signed, now=NOW + 400 * DAY)
    assert caught.value.exit_code == 11


def test_a_certificate_that_an_unknown_key_signed_is_refused(signed: Signed) -> None:
    signed.jwks.write_text('{"keys": []}')
    with pytest.raises(CertifyError):
        since(signed)


def test_a_record_that_was_edited_is_refused(signed: Signed) -> None:
    writer = Writer(signed.run / OUTCOMES, "suites")
    writer.append({"check": "net.invented", "status": "passed"})
    writer.close()
    assert "outcomes.ndjson" in refused(signed)


def test_a_certificate_without_its_run_directory_is_refused(signed: Signed, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / CERTIFICATE).write_bytes(signed.certificate.read_bytes())
    with pytest.raises(SinceError, match="run directory"):
        certified_since(alone, signed.keys, now=NOW + DAY, partner="acme")


def test_a_run_that_was_not_finished_is_refused(signed: Signed) -> None:
    rundir = RunDirectory(signed.run)
    rundir.seal(NOW, interrupted=True)
    conclude(rundir, ["json"])
    write_certificate(signed.run, CI[0])
    assert "was not finished" in refused(signed)


def test_a_list_of_revocations_that_cannot_be_believed_stops_the_run(signed: Signed) -> None:
    (signed.run.parent.parent / "revocations.jws").write_text(json.dumps({"revoked": []}))
    with pytest.raises(CertifyError):
        since(signed)
