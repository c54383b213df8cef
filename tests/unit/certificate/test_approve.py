"""Approving: what can count is signed, and whatever could not count is refused at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from certify.certificate.approve import MAX_COMMENT, Proposal, Review, UnreliableCertificateError, propose
from certify.certificate.revoked import MEMBER
from certify.certificate.sign import sign_run
from certify.certificate.signatory import Signatory
from certify.certificate.verify import examine
from certify.errors import KeyMaterialError, OutputError, UsageError
from certify.model.certificate import CERTIFICATE, REVOCATIONS, Revocation, RevocationList
from certify.model.codec import encode
from certify.model.gate import Answer
from certify.model.playbook import ApprovalRule, Certification
from certify.rundir import RunDirectory
from certify.signing.jws import Kind, sign
from certify.signing.key_set import KeySet, Use
from tests.unit.certificate.test_issue import SMALL, a_recorded_run
from tests.unit.facts import failed, passed
from tests.unit.signing.people import person, trusting

DESK, DESK_KEY = person("Integration desk", Use.CERTIFICATE)
ADA, ADA_KEY = person("Ada Byron", Use.APPROVAL, roles=("engineer", "security"))
BOB, BOB_KEY = person("Bob Noyce", Use.APPROVAL, roles=("security",))
KEYS = trusting(DESK_KEY, ADA_KEY, BOB_KEY)
RULES = (ApprovalRule("m", ("engineer", "security"), people=2),)
PLAN = replace(
    SMALL,
    playbook=replace(
        SMALL.playbook, roles=("engineer", "security", "legal"), certification=Certification(approvals=RULES)
    ),
)
NOW = PLAN.started + 7200


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return signed(a_recorded_run(tmp_path / "run", PLAN, passed("auth.x")))


def signed(rundir: RunDirectory) -> RunDirectory:
    sign_run(rundir, Signatory(DESK, DESK_KEY), now=PLAN.started + 3600)
    return rundir


def ada(run: RunDirectory, role: str = "engineer", keys: KeySet = KEYS, now: float = NOW, **said: object) -> Proposal:
    return propose(run, Signatory(ADA, keys.of(ADA.kid)), keys, Review(role, **said), now=now)  # type: ignore[arg-type]


def bob(run: RunDirectory, role: str = "security", **said: object) -> Proposal:
    return propose(run, Signatory(BOB, BOB_KEY), KEYS, Review(role, **said), now=NOW)  # type: ignore[arg-type]


def approvals(run: RunDirectory) -> list[tuple[str, str]]:
    """Who approved in which role, by the verifier's word."""
    examined = examine(run.path / CERTIFICATE, KEYS, now=NOW)
    assert examined.authentic
    return [(item.approval.role, item.approval.name) for item in examined.approvals]


def test_an_approval_that_was_given_counts(run: RunDirectory) -> None:
    assert ada(run, comment="read it all").give() == run.path / "approvals" / "engineer.jws"
    assert approvals(run) == [("engineer", "Ada Byron")]


def test_proposing_writes_nothing(run: RunDirectory) -> None:
    ada(run)
    assert approvals(run) == []


def test_what_is_missing_is_told_until_nothing_is(run: RunDirectory) -> None:
    first = ada(run)
    assert first.missing == {
        "m": ("nobody approved it as security", "2 different people have to approve it, and 1 did")
    }
    first.give()
    assert bob(run).missing == {}


def test_the_same_person_in_two_roles_is_told_to_be_one(run: RunDirectory) -> None:
    ada(run).give()
    second = ada(run, "security")
    assert second.same_person == ("engineer",)
    assert second.missing == {"m": ("2 different people have to approve it, and 1 did",)}
    second.give()
    assert len(approvals(run)) == 2


def test_two_keys_of_one_person_are_one_person(run: RunDirectory) -> None:
    ada(run).give()
    key, trusted = person("ADA  byron", Use.APPROVAL, roles=("security",))
    keys = trusting(*KEYS.keys, trusted)
    second = propose(run, Signatory(key, trusted), keys, Review("security"), now=NOW)
    assert second.same_person == ("engineer",)


def test_an_approval_is_replaced_only_when_that_is_asked_for(run: RunDirectory) -> None:
    ada(run, "security").give()
    with pytest.raises(UsageError, match="Ada Byron approved it as security already"):
        bob(run)
    bob(run, again=True).give()
    assert approvals(run) == [("security", "Bob Noyce")]


def test_one_that_does_not_count_is_in_nobodys_way(run: RunDirectory) -> None:
    run.write("approvals/engineer.jws", b"of nobody")
    ada(run).give()
    assert approvals(run) == [("engineer", "Ada Byron")]


def test_a_role_that_the_playbook_asks_nobody_for_is_known_as_that(run: RunDirectory) -> None:
    key, trusted = person("Lea Legal", Use.APPROVAL, roles=("legal",))
    keys = trusting(*KEYS.keys, trusted)
    assert not propose(run, Signatory(key, trusted), keys, Review("legal"), now=NOW).asked_for
    assert ada(run).asked_for


def test_where_it_cannot_be_written_that_is_told(run: RunDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    proposal = ada(run)
    monkeypatch.setattr(RunDirectory, "write", full)
    with pytest.raises(OutputError, match="No space left"):
        proposal.give()


# — refused —


def test_without_a_certificate_there_is_nothing_to_approve(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no certificate\.jws"):
        ada(a_recorded_run(tmp_path / "run", PLAN, passed("auth.x")))


def test_a_certificate_of_an_edited_run_is_not_approved(run: RunDirectory) -> None:
    report = run.path / "certification.json"
    report.write_text(report.read_text().replace("certified", "Certified", 1))
    with pytest.raises(UnreliableCertificateError, match=r"certification\.json is not the file that was signed") as no:
        ada(run)
    assert no.value.exit_code == Answer.UNTRUSTED.exit_code


def test_an_expired_certificate_is_not_approved(run: RunDirectory) -> None:
    with pytest.raises(UnreliableCertificateError) as no:
        ada(run, now=PLAN.started + 91 * 86_400)
    assert no.value.exit_code == Answer.EXPIRED.exit_code


def test_a_revoked_certificate_is_not_approved(tmp_path: Path) -> None:
    run = signed(a_recorded_run(tmp_path / "reports" / "acme" / "run", PLAN, passed("auth.x")))
    key, trusted = person("Security", Use.REVOCATION)
    keys = trusting(*KEYS.keys, trusted)
    of = ada(run, keys=keys).certificate
    listed = RevocationList(1, NOW, (Revocation(of.id, "acme", "the sandbox was a fake", NOW, "Security"),))
    claims = {"iss": "Security", "aud": "certify", "iat": int(NOW), MEMBER: encode(listed)}
    (tmp_path / "reports" / REVOCATIONS).write_text(sign(claims, key, Kind.REVOCATIONS))
    with pytest.raises(UnreliableCertificateError, match="a fake") as no:
        ada(run, keys=keys)
    assert no.value.exit_code == Answer.REVOKED.exit_code


def test_a_certificate_of_a_strangers_key_is_not_approved_and_the_key_set_is_asked_for(run: RunDirectory) -> None:
    with pytest.raises(UnreliableCertificateError, match="does not hold") as no:
        ada(run, keys=trusting(ADA_KEY))
    assert "--jwks" in no.value.advice[0]


def test_a_role_that_the_playbook_does_not_know_is_refused_with_the_nearest(run: RunDirectory) -> None:
    with pytest.raises(UsageError, match=r"no role 'enginer'; did you mean 'engineer'\?"):
        ada(run, "enginer")


def test_a_role_that_the_key_may_not_act_in_is_refused(run: RunDirectory) -> None:
    with pytest.raises(KeyMaterialError, match="may not approve as engineer"):
        bob(run, "engineer")


def test_nobody_approves_under_anothers_name(run: RunDirectory) -> None:
    with pytest.raises(UsageError, match="is of Ada Byron, not of 'Bob Noyce'"):
        ada(run, name="Bob Noyce")
    assert ada(run, name=" ada  BYRON").approval.name == "Ada Byron"


@pytest.mark.parametrize("owner", ["", " "])
def test_a_key_of_nobody_approves_nothing(run: RunDirectory, owner: str) -> None:
    key, trusted = person(owner, Use.APPROVAL, roles=("engineer",))
    with pytest.raises(KeyMaterialError, match="whose key"):
        propose(run, Signatory(key, trusted), trusting(*KEYS.keys, trusted), Review("engineer"), now=NOW)


def test_a_key_that_the_key_set_does_not_hold_approves_nothing(run: RunDirectory) -> None:
    with pytest.raises(KeyMaterialError, match="nobody who verifies with it"):
        propose(run, Signatory(ADA), trusting(DESK_KEY), Review("engineer"), now=NOW)


def test_a_comment_is_bounded(run: RunDirectory) -> None:
    with pytest.raises(UsageError, match="2,001 characters"):
        ada(run, comment="x" * (MAX_COMMENT + 1))


def test_a_certificate_that_certifies_nothing_can_be_approved_and_lacks_nothing(tmp_path: Path) -> None:
    run = signed(a_recorded_run(tmp_path / "run", PLAN, failed("auth.x")))
    proposal = ada(run)
    assert (proposal.certificate.verdict, proposal.missing) == ("not_certified", {})
