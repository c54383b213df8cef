"""Revocation, expiry, and which part of a program changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from certify.certificate.revoked import read_revocations
from certify.certificate.validity import changed, moment
from certify.errors import CertifyError
from certify.model.certificate import Certificate, Revocation, RevocationList
from certify.model.codec import encode
from certify.model.gate import Answer
from certify.program.digest import combined
from certify.program.program import find_program
from certify.signing.jws import Kind, sign
from certify.signing.key_set import Use
from certify.signing.refusal import SignatureRefused
from tests.unit.certificate.signed import NOW, Signed, everything, reasons, write_certificate
from tests.unit.certificate.signing_hands import ADA, CI
from tests.unit.signing.people import person, trusting

DESK = person("Integration desk", Use.REVOCATION)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    return everything(tmp_path_factory.mktemp("signed"))


def revoking(certificate: str, run: str = "") -> RevocationList:
    return RevocationList(1, NOW, (Revocation(certificate, "acme", "the sandbox was a fake", NOW, "Ada Byron", run),))


def test_a_certificate_on_the_list_is_revoked_and_says_why(signed: Signed) -> None:
    found = signed.examined(revocations=revoking("run1-0001"))
    assert (found.answer, reasons(found)) == (Answer.REVOKED, ["revoked"])
    assert "by Ada Byron: the sandbox was a fake" in found.problems[0].message


def test_its_run_cannot_be_signed_again_under_another_name(signed: Signed) -> None:
    certificate = signed.examined().certificate
    assert certificate is not None
    assert signed.examined(revocations=revoking("another", certificate.run)).answer is Answer.REVOKED
    assert signed.examined(revocations=revoking("another", "another run")).answer is Answer.GRANTED


def test_what_was_carried_over_from_a_revoked_certificate_is_revoked_too(tmp_path: Path) -> None:
    signed = everything(tmp_path)
    write_certificate(signed.run, CI[0], lambda c: replace(c, based_on="earlier-0001"))
    assert signed.examined().answer is Answer.GRANTED
    assert signed.examined(revocations=revoking("earlier-0001")).answer is Answer.REVOKED


def test_what_was_carried_over_twice_falls_with_the_run_that_it_comes_from(tmp_path: Path) -> None:
    signed = everything(tmp_path)

    def carried(c: Certificate) -> Certificate:
        return replace(c, based_on="second-0001", checks=(replace(c.checks[0], carried="first-run"), *c.checks[1:]))

    write_certificate(signed.run, CI[0], carried)
    found = signed.examined(revocations=revoking("first-0001", "first-run"))
    assert "revoked" in reasons(found)
    assert "carried over from first-0001, which was revoked" in next(
        problem.message for problem in found.problems if problem.reason == "revoked"
    )


def test_without_a_list_it_is_told_that_nobody_looked(signed: Signed) -> None:
    assert any("revocation was not looked at" in note for note in signed.examined().notes)
    assert not any("revocation" in note for note in signed.examined(revocations=RevocationList(1, NOW)).notes)


def test_a_list_is_read_only_from_whom_it_may_come(tmp_path: Path) -> None:
    file, said = tmp_path / "revocations.jws", revoking("run1-0001")
    claims = {"iss": "desk", "aud": "certify", "iat": NOW, "revocations": encode(said)}
    file.write_text(sign(claims, DESK[0], Kind.REVOCATIONS))
    assert read_revocations(file, trusting(DESK[1]), now=NOW) == said
    for keys in (trusting(ADA[1]), trusting(replace(DESK[1], uses=(Use.CERTIFICATE,)))):
        with pytest.raises(SignatureRefused, match=str(file)):
            read_revocations(file, keys, now=NOW)


@pytest.mark.parametrize("content", [None, {}, {"number": "x", "issued": NOW}, {"number": 1, "issued": NOW - 9}])
def test_a_list_that_is_none_is_refused(tmp_path: Path, content: object) -> None:
    file = tmp_path / "revocations.jws"
    claims = {"iss": "desk", "aud": "certify", "iat": NOW, "revocations": content}
    file.write_text(sign(claims, DESK[0], Kind.REVOCATIONS))
    with pytest.raises(CertifyError, match="revocations"):
        read_revocations(file, trusting(DESK[1]), now=NOW)


def test_only_the_parts_that_changed_are_named(signed: Signed) -> None:
    certificate = signed.examined().certificate
    assert certificate is not None
    now = dict(signed.program.digests)
    assert changed(certificate, now) == ()
    for part in ("playbook", "suites", "contract"):
        assert changed(certificate, {**now, part: "sha256:other"}) == (part,)


def test_a_contract_that_the_partner_brought_says_nothing_of_the_program(signed: Signed) -> None:
    certificate = signed.examined().certificate
    assert certificate is not None
    own = replace(certificate, digests={**certificate.digests, "contract": "sha256:partner"})
    assert changed(own, signed.program.digests) == ()


def test_a_program_without_a_contract_is_compared_without_one(signed: Signed) -> None:
    certificate = signed.examined().certificate
    assert certificate is not None
    parts = {name: signed.program.digests[name] for name in ("playbook", "suites")}
    baseline = replace(certificate, digests={**certificate.digests, "program": combined(parts)})
    assert changed(baseline, {**parts, "program": combined(parts)}) == ()


def test_a_moment_beyond_every_calendar_is_told_as_a_number() -> None:
    assert moment(NOW) == "2026-11-03 11:00 UTC"
    assert moment(1e30) == "1e+30 s after 1970"


KEPT = """\
schema: certify/waivers/1
waivers:
  - check: error.format-valid
    partner: acme
    reason: A fix is planned for December, and until then errors are readable by hand.
    approver: {name: Grace Hopper, role: partner-engineer}
    granted: 2026-11-01
    expires: 2026-12-31
    link: https://tracker.example/7
"""


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        (KEPT, []),
        (KEPT.replace("planned for December", "promised for the summer"), []),
        (KEPT.replace("partner: acme", "partner: globex"), ["waiver-ended"]),
        (KEPT.replace("error.format-valid", "error.not-found-clean"), ["waiver-ended"]),
        ("schema: certify/waivers/1\nwaivers: []\n", ["waiver-ended"]),
    ],
)
def test_a_waiver_that_was_taken_back_ends_what_stood_on_it(signed: Signed, kept: str, found: list[str]) -> None:
    file = signed.program.root / "waivers.yaml"
    file.write_text(kept)
    try:
        examined = signed.examined(program=find_program(signed.program.root))
    finally:
        file.unlink()
    assert reasons(examined) == found
    assert any("whether its waivers were taken back" in note for note in signed.examined().notes)
