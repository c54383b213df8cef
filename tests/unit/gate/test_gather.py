"""What the gate finds on disk: really signed certificates, and whatever else lies in a folder of reports."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from certify.certificate.authentic import digest_of
from certify.certificate.claims import to_approval_claims
from certify.errors import ConfigurationError, UsageError
from certify.gate.revoking import book, revoke, sign_again
from certify.model.certificate import Approval, Certificate, CertifiedCheck, Provenance
from certify.model.gate import Answer
from certify.model.report import ReportedWaiver
from certify.program.digest import digest
from certify.rundir import file_digest
from certify.signing.jws import Kind, sign
from certify.signing.key_set import Use
from certify.signing.strict import base64url, from_base64url
from tests.unit.gate.archive import CI, DESK, LAPTOP, STRANGER, TRUSTED_CI, Archive, an_archive
from tests.unit.gate.facts import DAY, NOW
from tests.unit.signing.people import person


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return an_archive(tmp_path)


def revoked(archive: Archive, *certificates: Certificate) -> Path:
    kept = book(archive.reports / "revocations.jws", DESK, None)
    sign_again(kept, now=NOW)
    for item in certificates:
        revoke(item, "found out", kept, now=NOW)
    return kept.path


def test_a_signed_certificate_grants(archive: Archive) -> None:
    path = archive.keep(archive.run())
    found = archive.ask()
    assert found.answer is Answer.GRANTED, found
    assert found.run == str(path.parent)


# — no rows never means yes —


def test_an_empty_folder_is_missing(archive: Archive) -> None:
    assert archive.ask().answer is Answer.MISSING


def test_a_folder_that_is_not_there_is_missing_and_told(archive: Archive) -> None:
    found = archive.ask(reports=archive.folder / "nowhere")
    assert found.answer is Answer.MISSING
    assert any("cannot be looked into" in note for note in found.notes)


def test_a_folder_that_cannot_be_read_is_missing(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.keep(archive.run())

    def refuse(place: Path) -> Any:
        if Path(place) == archive.reports:
            raise PermissionError(13, "Permission denied")
        return listing(place)

    listing = os.scandir
    monkeypatch.setattr(os, "scandir", refuse)
    found = archive.ask()
    assert found.answer is Answer.MISSING
    assert any("Permission denied" in note for note in found.notes)


def test_a_file_where_the_folder_should_be_is_missing(archive: Archive) -> None:
    (archive.folder / "file").write_text("granted")
    assert archive.ask(reports=archive.folder / "file").answer is Answer.MISSING


@pytest.mark.parametrize("content", ["", "granted", "{}", "e30.e30.e30", '{"answer": "granted"}', "\x00" * 100])
def test_foreign_files_grant_nothing(archive: Archive, content: str) -> None:
    for name in ("a", "b"):
        (archive.reports / "acme" / name).mkdir(parents=True)
        (archive.reports / "acme" / name / "certificate.jws").write_text(content)
    found = archive.ask()
    assert found.answer is Answer.MISSING
    assert any("is not a certificate" in note for note in found.notes)


@pytest.mark.parametrize("started", ["1e999", "NaN", "-1", "true", '"now"', "1" + "0" * 400])
def test_a_strange_time_in_a_foreign_file_keeps_nobody_from_an_answer(archive: Archive, started: str) -> None:
    archive.keep(archive.run())
    odd = archive.reports / "acme" / "odd" / "certificate.jws"
    odd.parent.mkdir(parents=True)
    body = f'{{"sub": "acme", "jti": "x", "iat": 1, "certificate": {{"run": "x", "started": {started}}}}}'
    odd.write_text(f"e30.{base64url(body.encode())}.")
    assert archive.ask().answer is Answer.GRANTED


def test_a_certificate_that_is_cut_anywhere_grants_nothing(archive: Archive) -> None:
    path = archive.keep(archive.run())
    whole = path.read_bytes()
    for length in range(0, len(whole), 211):
        path.write_bytes(whole[:length])
        assert archive.ask().answer in (Answer.MISSING, Answer.UNTRUSTED), length


@pytest.mark.parametrize("keys", ["", " ", "[]", "{}", '{"keys": 1}', '{"keys": [{}]}', "no json"])
def test_a_key_set_that_is_none_decides_nothing(archive: Archive, keys: str) -> None:
    archive.keep(archive.run())
    (archive.folder / "jwks.json").write_text(keys)
    assert _exit_code(archive) in (2, 14)


def _exit_code(archive: Archive) -> int:
    try:
        return archive.ask().answer.exit_code
    except ConfigurationError as error:
        return error.exit_code


def test_a_key_set_without_keys_trusts_nobody(archive: Archive) -> None:
    archive.keep(archive.run())
    (archive.folder / "jwks.json").write_text('{"keys": []}')
    assert archive.ask().answer is Answer.UNTRUSTED


# — who signed —


def test_a_stranger_grants_nothing_and_hides_nothing(archive: Archive) -> None:
    archive.keep(archive.run("r2", 0.5), STRANGER)
    assert archive.ask().answer is Answer.UNTRUSTED
    archive.keep(archive.run("r1", 1))
    found = archive.ask()
    assert found.answer is Answer.GRANTED
    assert any("is passed over" in note and "r2" in note for note in found.notes)
    assert archive.ask(strict=True).answer is Answer.UNTRUSTED


def test_what_says_gated_and_is_signed_on_a_laptop_is_practice(archive: Archive) -> None:
    archive.keep(archive.run(), LAPTOP)
    assert archive.ask().answer is Answer.MISSING
    assert archive.ask("staging").answer is Answer.GRANTED


def test_what_says_practice_and_is_signed_in_ci_is_practice(archive: Archive) -> None:
    archive.keep(archive.run(provenance=Provenance.PRACTICE))
    assert archive.ask().answer is Answer.MISSING


def test_a_certificate_that_was_renamed_for_another_partner_is_not_found(archive: Archive) -> None:
    said = archive.run()
    path = archive.keep(replace(said, partner=replace(said.partner, id="globex")))
    shutil.copytree(path.parent, archive.reports / "acme" / "r1")
    assert archive.ask().answer is Answer.MISSING


def test_garbage_about_another_partner_is_nobodys_business(archive: Archive) -> None:
    said = archive.run()
    archive.keep(replace(said, partner=replace(said.partner, id="globex")), STRANGER)
    assert archive.ask().answer is Answer.MISSING


def test_a_profile_that_is_named_has_to_be_the_one_that_was_certified(archive: Archive) -> None:
    """The id in a profile is the partner's own word: a run of another sandbox could speak for this partner."""
    profile = archive.folder / "acme.yaml"
    profile.write_text("id: acme\nbase_url: https://sandbox.acme.example\n")
    said = archive.run()
    archive.keep(replace(said, digests={**said.digests, "profile": digest(profile)}))
    assert archive.ask(profile=profile).answer is Answer.GRANTED
    profile.write_text("id: acme\nbase_url: https://sandbox.globex.example\n")
    found = archive.ask(profile=profile)
    assert found.answer is Answer.UNTRUSTED
    assert "is not the profile that was certified" in found.because
    assert archive.ask().answer is Answer.GRANTED


# — which one —


def test_the_newest_run_decides_wherever_it_lies(archive: Archive) -> None:
    archive.keep(archive.run("a-first", 1, "not_certified"))
    archive.keep(archive.run("z-last", 2))
    assert archive.ask().answer is Answer.FAILED


def test_a_claimed_age_does_not_bring_a_forged_certificate_before_an_authentic_failure(archive: Archive) -> None:
    archive.keep(archive.run("forged", -3), STRANGER)
    archive.keep(archive.run("r1", 1, "not_certified"))
    archive.keep(archive.run("r0", 2))
    assert archive.ask().answer is Answer.FAILED


def test_an_old_run_that_is_signed_again_does_not_hide_a_newer_failure(archive: Archive) -> None:
    archive.keep(archive.run("old", 5, issued=NOW - 60, id="again"))
    archive.keep(archive.run("new", 4, "not_certified"))
    assert archive.ask().answer is Answer.FAILED


def test_two_certificates_of_one_run_that_disagree_are_untrusted(archive: Archive) -> None:
    first = archive.keep(archive.run("r1", 1))
    shutil.move(first.parent, archive.reports / "acme" / "elsewhere")
    archive.keep(archive.run("r1", 1, "not_certified", id="other", issued=NOW - DAY + 60))
    found = archive.ask()
    assert found.answer is Answer.UNTRUSTED
    assert "same run" in found.because


def test_a_twin_with_the_same_id_is_found_however_old_it_is(archive: Archive) -> None:
    archive.keep(archive.run("r1", 1))
    archive.keep(archive.run("r0", 9, id="r1-id"))
    assert archive.ask().answer is Answer.UNTRUSTED


def test_of_two_copies_the_one_that_is_borne_out_counts(archive: Archive) -> None:
    path = archive.keep(archive.run())
    copy = archive.reports / "acme" / "a-copy"
    shutil.copytree(path.parent, copy)
    (copy / "outcomes.ndjson").write_text("junk")
    found = archive.ask()
    assert (found.answer, found.run) == (Answer.GRANTED, str(path.parent))


def sealed(archive: Archive) -> Certificate:
    """A certificate of a run whose seal lies where the run is, and was signed."""
    said = archive.run()
    seal = archive.reports / "acme" / said.run / "seal.json"
    seal.parent.mkdir(parents=True)
    seal.write_text("{}")
    return replace(said, digests={**said.digests, "seal": file_digest(seal)})


def test_a_bare_copy_does_not_hide_that_the_run_was_edited(archive: Archive) -> None:
    path = archive.keep(sealed(archive))
    (path.parent / "outcomes.ndjson").write_text("edited")
    (archive.reports / "acme" / "a-copy").mkdir()
    shutil.copy(path, archive.reports / "acme" / "a-copy")
    assert archive.ask().answer is Answer.UNTRUSTED


def junk_copies(archive: Archive, path: Path, count: int) -> None:
    """Copies that come first in the order of names, with junk beside them: whoever may add files can make these."""
    for number in range(count):
        copy = archive.reports / f"aa{number}" / "r"
        copy.mkdir(parents=True)
        shutil.copy(path, copy)
        (copy / "run.json").write_text("junk")


def test_copies_with_junk_beside_them_deny_nobody(archive: Archive) -> None:
    path = archive.keep(sealed(archive))
    junk_copies(archive, path, 40)
    found = archive.ask()
    assert (found.answer, found.run) == (Answer.GRANTED, str(path.parent)), found.because


def test_an_approval_beside_any_copy_counts(archive: Archive) -> None:
    playbook = archive.folder / "program" / "playbook.yaml"
    rule = "certification:\n  approvals: [{milestone: launch, roles: [engineer]}]\n"
    playbook.write_text(playbook.read_text().replace("certification:\n", rule))
    ada, trusted = person("Ada", Use.APPROVAL, roles=("engineer",))
    archive.trust(TRUSTED_CI, trusted)
    path = archive.keep(archive.run())
    junk_copies(archive, path, 0)
    assert archive.ask().answer is Answer.NOT_REVIEWED
    copy = archive.reports / "acme" / "z-copy"
    (copy / "approvals").mkdir(parents=True)
    shutil.copy(path, copy)
    given = Approval("r1-id", digest_of(path.read_bytes()), "engineer", "Ada", NOW)
    (copy / "approvals" / "engineer.jws").write_text(sign(to_approval_claims(given), ada, Kind.APPROVAL))
    assert archive.ask().answer is Answer.GRANTED


def test_the_twin_of_an_ecdsa_signature_denies_nobody(archive: Archive) -> None:
    """(r, s) and (r, n - s) both verify (FIPS 186-5): anybody can make the one of the other, without any key."""
    key, trusted = person("ci", Use.CERTIFICATE, alg="ES256", provenance=Provenance.GATED)
    archive.trust(trusted)
    path = archive.keep(archive.run(), key)
    head, body, signature = path.read_bytes().split(b".")
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    raw = from_base64url(signature)
    other = raw[:32] + (order - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    twin = archive.reports / "aa" / "r"
    twin.mkdir(parents=True)
    (twin / "certificate.jws").write_bytes(head + b"." + body + b"." + base64url(other).encode())
    assert archive.ask().answer is Answer.GRANTED


def test_a_certificate_whose_run_was_edited_is_untrusted(archive: Archive) -> None:
    path = archive.keep(archive.run())
    (path.parent / "outcomes.ndjson").write_text("edited")
    found = archive.ask()
    assert found.answer is Answer.UNTRUSTED
    assert "outcomes.ndjson" in found.because


def test_a_failure_between_a_partial_run_and_its_base_is_found_however_old_the_base_is(archive: Archive) -> None:
    def run(name: str, days_ago: float, status: str, carried: str = "") -> None:
        verdict = "certified" if status == "passed" else "not_certified"
        checks = (
            CertifiedCheck("net.control-works", "passed", attempts=("passed",)),
            CertifiedCheck("net.clock-accurate", status, attempts=(status,), carried=carried),
        )
        archive.keep(archive.run(name, days_ago, verdict, checks=checks))

    playbook = archive.folder / "program" / "playbook.yaml"
    works = "checks: [net.control-works]"
    playbook.write_text(playbook.read_text().replace(works, "checks: [net.control-works, net.clock-accurate]"))
    run("a", 20, "passed")
    run("c", 1, "passed", carried="a")
    assert archive.ask().answer is Answer.GRANTED
    run("b", 10, "failed")
    found = archive.ask()
    assert found.answer is Answer.FAILED
    assert "did not pass in the newer run b" in found.because


def test_a_failure_behind_a_link_is_told_and_with_strict_refused(archive: Archive) -> None:
    archive.keep(archive.run("r1", 2))
    path = archive.keep(archive.run("r2", 1, "not_certified"))
    shutil.move(path.parent, archive.folder / "elsewhere")
    path.parent.symlink_to(archive.folder / "elsewhere")
    found = archive.ask()
    assert found.answer is Answer.GRANTED
    assert any("r2" in note and "link" in note for note in found.notes), found.notes
    assert archive.ask(strict=True).answer is Answer.UNTRUSTED


def test_a_run_of_the_future_is_passed_over(archive: Archive) -> None:
    archive.keep(archive.run("ahead", -9000, issued=NOW - 60, expires=NOW + DAY), LAPTOP)
    assert archive.ask("staging").answer is Answer.UNTRUSTED
    archive.keep(archive.run("r1", 1), LAPTOP)
    found = archive.ask("staging")
    assert found.answer is Answer.GRANTED
    assert any("issued before its run began" in note for note in found.notes)


# — revocations —


def test_where_the_environment_demands_a_list_nothing_is_granted_without_one(archive: Archive) -> None:
    archive.keep(archive.run())
    assert archive.ask("guarded").answer is Answer.UNTRUSTED
    found = archive.ask("production")
    assert found.answer is Answer.GRANTED
    assert any("no list of revocations was looked at" in note for note in found.notes)
    revoked(archive)
    assert archive.ask("guarded").answer is Answer.GRANTED


def test_a_link_to_nowhere_is_a_list_that_cannot_be_read(archive: Archive) -> None:
    archive.keep(archive.run())
    (archive.reports / "revocations.jws").symlink_to("/nowhere/revocations.jws")
    assert archive.ask("production").answer is Answer.UNTRUSTED


def test_a_list_that_is_named_has_to_be_there(archive: Archive) -> None:
    archive.keep(archive.run())
    assert archive.ask(revocations=archive.folder / "gone.jws").answer is Answer.UNTRUSTED


def test_what_is_on_the_list_is_revoked(archive: Archive) -> None:
    said = archive.run()
    archive.keep(said)
    revoked(archive, said)
    assert archive.ask().answer is Answer.REVOKED


def test_a_revoked_certificate_that_is_deleted_does_not_bring_back_the_older_one(archive: Archive) -> None:
    newer = archive.run("r2", 1)
    archive.keep(archive.run("r1", 2))
    revoked(archive, newer)
    assert archive.ask().answer is Answer.REVOKED
    archive.keep(archive.run("r3", 0.5))
    assert archive.ask().answer is Answer.GRANTED


@pytest.mark.parametrize("damage", ["", "garbage", "cut", "flipped", "stranger", "certificate"])
def test_a_list_that_cannot_be_verified_is_never_passed_over(archive: Archive, damage: str) -> None:
    said = archive.run()
    certificate = archive.keep(said).read_bytes()
    path = revoked(archive, said)
    good = path.read_bytes()
    spoiled = {
        "": b"",
        "garbage": b"nothing is revoked",
        "cut": good[:-10],
        "flipped": good[:200] + bytes([good[200] ^ 1]) + good[201:],
        "certificate": certificate,
    }
    if damage == "stranger":
        path.unlink()
        sign_again(book(path, STRANGER, None), now=NOW)
    else:
        path.write_bytes(spoiled[damage])
    found = archive.ask()
    assert found.answer is Answer.UNTRUSTED
    assert "list of revocations" in found.because


def test_a_list_that_was_rolled_back_is_untrusted(archive: Archive) -> None:
    said = archive.run()
    archive.keep(said)
    older = revoked(archive).read_bytes()
    path = revoked(archive, said)
    path.write_bytes(older)
    assert archive.ask().answer is Answer.GRANTED, "nobody can tell without knowing the number"
    found = archive.ask(at_least=2)
    assert found.answer is Answer.UNTRUSTED
    assert "rolled back" in found.because


# — other days, other words —


def test_an_audit_sees_what_there_was_on_that_day(archive: Archive) -> None:
    archive.keep(archive.run("r1", 10))
    later = archive.run("r2", 5, "not_certified")
    archive.keep(later)
    assert archive.ask().answer is Answer.FAILED
    assert archive.ask(at=date(2026, 10, 26)).answer is Answer.GRANTED
    assert archive.ask(at=date(2026, 10, 1)).answer is Answer.MISSING
    assert any("as of the end of 2026-10-26 (UTC)" in note for note in archive.ask(at=date(2026, 10, 26)).notes)
    assert archive.ask(at=date(2027, 3, 1)).answer is Answer.FAILED


def test_an_audit_does_not_know_yet_what_was_revoked_later(archive: Archive) -> None:
    said = archive.run("r1", 10)
    archive.keep(said)
    revoked(archive, said)
    assert archive.ask().answer is Answer.REVOKED
    assert archive.ask(at=date(2026, 10, 26)).answer is Answer.GRANTED


def test_another_playbook_makes_it_stale(archive: Archive) -> None:
    archive.keep(archive.run())
    playbook = archive.folder / "program" / "playbook.yaml"
    changed = playbook.read_text().replace("[net.control-works]", "[net.control-works, net.clock-accurate]")
    playbook.write_text(changed)
    found = archive.ask()
    assert found.answer is Answer.STALE
    assert found.checks


# — waivers —

WAIVERS = """\
schema: certify/waivers/1
waivers:
  - check: net.control-works
    partner: acme
    reason: The balancer drops one call in ten thousand; retried by the client, mended in release 12.
    approver: {name: Ada Byron, role: engineer}
    granted: 2026-10-01
    expires: 2026-12-31
    link: https://tracker.example/7
"""


def waived(archive: Archive) -> None:
    """A certificate that stands on a waiver, which the program keeps."""
    (archive.folder / "program" / "waivers.yaml").write_text(WAIVERS)
    waiver = ReportedWaiver(
        "net.control-works",
        "The balancer drops one call.",
        "Ada Byron",
        "2026-12-31",
        state="used",
        criteria=("works",),
    )
    failed = CertifiedCheck("net.control-works", "failed", attempts=("failed",))
    archive.keep(archive.run(checks=(failed,), waivers=(waiver,)))


def test_what_stands_on_a_waiver_that_is_kept_is_granted(archive: Archive) -> None:
    waived(archive)
    found = archive.ask()
    assert found.answer is Answer.GRANTED, found.because


def test_a_waiver_is_taken_back_with_its_entry_and_also_with_the_whole_file(archive: Archive) -> None:
    waived(archive)
    file = archive.folder / "program" / "waivers.yaml"
    elsewhere = Path(shutil.copy(file, archive.folder / "elsewhere.yaml"))
    file.write_text("schema: certify/waivers/1\nwaivers: []\n")
    assert archive.ask().answer is Answer.EXPIRED
    file.unlink()
    found = archive.ask()
    assert found.answer is Answer.EXPIRED
    assert "was taken back" in found.because
    assert archive.ask(waivers=elsewhere).answer is Answer.GRANTED


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ("waivers: {never: {areas: [net]}}", "lets nobody waive a check of the area net"),
        ("waivers: {never: {levels: [MUST, CONTRACT, PRACTICE]}}", "lets nobody waive a check of the level"),
        ("waivers: {budget: 0}", "its budget is 0: none counts"),
    ],
)
def test_rules_that_became_stricter_end_what_they_would_not_excuse_today(
    archive: Archive, rules: str, told: str
) -> None:
    waived(archive)
    playbook = archive.folder / "program" / "playbook.yaml"
    playbook.write_text(playbook.read_text().replace("certification:\n", f"certification:\n  {rules}\n"))
    found = archive.ask()
    assert found.answer is Answer.EXPIRED
    assert told in found.because


def test_a_run_of_some_checks_proves_nothing(archive: Archive) -> None:
    recommended = (
        "      - {id: nice, statement: N., kind: automated, demand: recommended, checks: [net.clock-accurate]}\n"
    )
    playbook = archive.folder / "program" / "playbook.yaml"
    playbook.write_text(playbook.read_text() + recommended)
    archive.keep(archive.run(verdict="certified"))
    assert archive.ask().answer is not Answer.GRANTED
    archive.keep(replace(archive.run(), verdict="unproven"))
    found = archive.ask()
    assert found.answer is Answer.UNPROVEN
    assert "left out net.clock-accurate" in found.because


def test_a_demand_whose_day_came_makes_it_stale_although_no_file_changed(archive: Archive) -> None:
    pending = "      - {id: soon, statement: S., kind: automated, demand: pending, required_from: 2026-11-02, "
    playbook = archive.folder / "program" / "playbook.yaml"
    playbook.write_text(f"{playbook.read_text()}{pending}checks: [net.clock-accurate]}}\n")
    checks = (CertifiedCheck("net.control-works", "passed"), CertifiedCheck("net.clock-accurate", "failed"))
    archive.keep(archive.run("r1", 3, checks=checks))
    assert archive.ask(at=date(2026, 11, 1)).answer is Answer.GRANTED
    found = archive.ask()
    assert (found.answer, found.checks) == (Answer.STALE, ("net.clock-accurate",))
    assert any("soon in launch asks for it, and it was failed" in note for note in found.notes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"milestone": "lunch"}, "no milestone 'lunch'; did you mean 'launch'?"),
        ({"environment": "prodction"}, "no environment 'prodction'; did you mean 'production'?"),
        ({"contract": Path("nowhere.yaml")}, "there is no contract nowhere.yaml"),
        ({"waivers": Path("nowhere.yaml")}, "there is no waivers file nowhere.yaml"),
        ({"profile": Path("nowhere.yaml")}, "there is no profile nowhere.yaml"),
        ({"at": date.max}, "no calendar has a day after 9999-12-31"),
    ],
)
def test_a_name_that_nothing_answers_to_is_a_mistake_and_no_refusal(
    archive: Archive, changes: dict[str, object], told: str
) -> None:
    with pytest.raises(UsageError) as caught:
        archive.ask(**{"environment": "production", **changes})
    assert told in caught.value.message
    assert caught.value.exit_code == 2


def test_where_gated_runs_are_asked_for_the_contract_of_today_has_to_be_known(archive: Archive) -> None:
    contract = archive.folder / "program" / "openapi"
    archive.keep(archive.run())
    contract.rename(archive.folder / "elsewhere")
    with pytest.raises(UsageError, match="nobody can tell whether it changed since"):
        archive.ask()
    assert archive.ask(contract=archive.folder / "elsewhere" / "api.json").answer is Answer.GRANTED
    found = archive.ask("staging")
    assert found.answer is Answer.GRANTED
    assert any("contract was not compared" in note for note in found.notes)


def test_a_playbook_without_environments_opens_nothing(archive: Archive) -> None:
    archive.keep(archive.run())
    playbook = archive.folder / "program" / "playbook.yaml"
    text = playbook.read_text()
    section = text[text.index("certification:") : text.index("milestones:")]
    playbook.write_text(text.replace(section, ""))
    with pytest.raises(UsageError, match="opens nowhere"):
        archive.ask()


def test_a_certificate_in_the_future_is_suspicious(archive: Archive) -> None:
    archive.keep(archive.run("r1", -1), CI)
    assert archive.ask().answer is Answer.UNTRUSTED


def test_the_decision_is_json(archive: Archive) -> None:
    from certify.model.codec import encode

    archive.keep(archive.run())
    assert json.loads(json.dumps(encode(archive.ask())))["answer"] == "granted"
