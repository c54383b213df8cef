"""Every way of tampering with a signed run, and that none of them is silently accepted.

Bytes first: of the certificate, of each file of the run directory, of approvals, Statement and key set. Then tokens
that nobody should believe, keys that should not have signed, and records, reports and certificates of somebody else.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certify.certificate.as_json import as_object
from certify.certificate.claims import to_claims
from certify.certificate.issue import file_digests
from certify.certificate.reviews import missing_reviews
from certify.certificate.statement import statement
from certify.certificate.verify import Examined
from certify.errors import CertifyError
from certify.model.certificate import CERTIFICATE, DIGESTED, STATEMENT, Certificate
from certify.model.gate import Answer
from certify.model.playbook import ApprovalRule
from certify.pipeline import conclude
from certify.rundir import OUTCOMES, RunDirectory, Writer
from certify.signing import dsse
from certify.signing.jwk import to_jwk
from certify.signing.jws import Kind, sign
from certify.signing.key_set import Use, read_key_set
from certify.signing.strict import base64url, from_base64url
from tests.unit.certificate.forging import assembled, by, keyed_with, parts, spoilt, unsigned
from tests.unit.certificate.signed import (
    DAY,
    NOW,
    STARTED,
    Signed,
    a_profile,
    a_program,
    approve,
    everything,
    jwks,
    reasons,
    write_certificate,
)
from tests.unit.certificate.signing_hands import ADA, BOB, CI, STRANGER
from tests.unit.signing.people import person

RULES = (ApprovalRule("secured", ("solution-engineer", "platform-security"), 2),)
ES = person("Elliptic pipeline", Use.CERTIFICATE, alg="ES256")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    return everything(tmp_path_factory.mktemp("signed"))


@pytest.fixture
def signed(original: Signed, tmp_path: Path) -> Signed:
    """A copy to tamper with."""
    run = Path(shutil.copytree(original.run, tmp_path / "reports" / "acme" / "run1"))
    keys = Path(shutil.copy(original.jwks, tmp_path / "jwks.json"))
    return replace(original, run=run, jwks=keys)


def refused(found: Examined, *expected: str) -> None:
    """Nothing of it is granted, and it is said why."""
    assert found.answer is Answer.UNTRUSTED, (found.answer, reasons(found))
    assert set(expected) <= set(reasons(found)), reasons(found)
    assert all(problem.message and problem.advice for problem in found.problems)


def test_untouched_it_is_believed(signed: Signed) -> None:
    found = signed.examined(partner=signed.profile, expect_partner="acme")
    assert (found.answer, found.problems, len(found.approvals)) == (Answer.GRANTED, (), 2)
    assert missing_reviews(found.approvals, RULES, "secured") == ()


def test_of_the_views_that_nobody_signed_it_is_told(signed: Signed) -> None:
    """An edited page beside an authentic certificate says nothing against the certificate, and nothing for the page."""
    (signed.run / "report.html").write_text("<h1>Certified</h1>")
    found = signed.examined()
    assert found.answer is Answer.GRANTED
    assert "report.html" in found.views
    assert any("not signed" in note and "report.html" in note for note in as_object(found)["notes"])


def test_what_lies_in_every_run_directory_is_no_note_of_the_gate(signed: Signed) -> None:
    (signed.run / "report.html").write_text("<h1>Certified</h1>")
    assert not any("report.html" in note for note in signed.examined().notes)


# — bytes of the certificate —


def test_every_byte_of_the_header_and_of_the_signature_counts(signed: Signed) -> None:
    token = signed.certificate.read_bytes()
    header, signature = token.index(b".") + 1, token.rindex(b".")
    for place in (*range(header), *range(signature, len(token))):
        for bits in (1, 2, 32):
            signed.certificate.write_bytes(token[:place] + bytes([token[place] ^ bits]) + token[place + 1 :])
            found = signed.examined()
            assert found.certificate is None, place
            refused(found)


@pytest.mark.parametrize("seed", range(4))
def test_bytes_of_the_payload_count(signed: Signed, seed: int) -> None:
    token = signed.certificate.read_bytes()
    for place, forged in spoilt(token, seed, 150):
        signed.certificate.write_bytes(forged)
        found = signed.examined()
        assert found.certificate is None, place
        refused(found)


@pytest.mark.parametrize("cut", [0, 1, 20, -1, -2, -80, -90])
def test_a_truncated_certificate_is_refused(signed: Signed, cut: int) -> None:
    signed.certificate.write_bytes(signed.certificate.read_bytes()[:cut])
    found = signed.examined()
    assert found.certificate is None
    refused(found)


@pytest.mark.parametrize("more", [b"\n", b" ", b"=", b".", b"A", b"\x00", b".AAAA", b"\r\n", b"#"])
def test_bytes_around_a_certificate_are_refused(signed: Signed, more: bytes) -> None:
    token = signed.certificate.read_bytes()
    for forged in (token + more, more + token):
        signed.certificate.write_bytes(forged)
        refused(signed.examined())


# — bytes of what lies beside it —


@pytest.mark.parametrize("name", sorted(DIGESTED.values()))
def test_bytes_of_each_file_of_the_record_count(signed: Signed, name: str) -> None:
    file = signed.run / name
    for _, forged in spoilt(file.read_bytes(), len(name), 25):
        file.write_bytes(forged)
        refused(signed.examined(), "digest")


@pytest.mark.parametrize("name", sorted(DIGESTED.values()))
def test_truncating_extending_and_removing_a_file_is_refused(signed: Signed, name: str) -> None:
    file = signed.run / name
    data = file.read_bytes()
    for forged in (b"", data[:1], data[: len(data) // 2], data[:-1], data + b"\n", data + b" ", b"\xef\xbb\xbf" + data):
        file.write_bytes(forged)
        refused(signed.examined(), "digest")
    file.unlink()
    refused(signed.examined(), "missing-file")
    file.mkdir()
    refused(signed.examined(), "missing-file")


def test_a_file_of_the_record_that_was_put_there_later_is_refused(signed: Signed) -> None:
    def without_document(c: Any) -> Any:
        return replace(c, digests={name: value for name, value in c.digests.items() if name != "document"})

    refused(signed.signed_again(without_document), "unsigned-file")


def test_a_spoilt_approval_does_not_count_and_is_told(signed: Signed) -> None:
    file = signed.run / "approvals" / "solution-engineer.jws"
    token = file.read_bytes()
    forgeries = [forged for _, forged in spoilt(token, 7, 80)]
    for forged in (*forgeries, b"", token[:-1], token + b"\n", b"\xff" * 10):
        file.write_bytes(forged)
        found = signed.examined()
        assert [item.approval.role for item in found.approvals] == ["platform-security"]
        assert any("approvals/solution-engineer.jws does not count" in note for note in found.notes)
        assert missing_reviews(found.approvals, RULES, "secured") != ()


def test_a_spoilt_statement_is_refused_or_says_the_same(signed: Signed) -> None:
    """White space between the members of its envelope is not signed, and means nothing."""
    file = signed.run / STATEMENT
    whole = file.read_bytes()
    blank = {place for place, byte in enumerate(whole) if byte in b" \n"}
    for place, forged in spoilt(whole, 3, 150):
        file.write_bytes(forged)
        found = signed.examined()
        assert reasons(found) == ["statement"] or (place in blank and json.loads(forged) == json.loads(whole)), place


def test_a_statement_that_says_something_else_is_refused(signed: Signed) -> None:
    certificate = signed.examined().certificate
    assert certificate is not None
    token = signed.certificate.read_bytes()
    for said, about, key in (
        (replace(certificate, verdict="not_certified"), token, CI[0]),
        (certificate, token + b"x", CI[0]),
        (certificate, token, STRANGER[0]),
    ):
        (signed.run / STATEMENT).write_bytes(dsse.sign(statement(said, about), key))
        refused(signed.examined(), "statement")


def test_a_statement_by_another_than_the_issuer_is_refused(signed: Signed) -> None:
    certificate = signed.examined().certificate
    assert certificate is not None
    other = person("Other pipeline", Use.CERTIFICATE)
    signed.jwks.write_bytes(jwks(CI[1], other[1], ADA[1], BOB[1]))
    (signed.run / STATEMENT).write_bytes(dsse.sign(statement(certificate, signed.certificate.read_bytes()), other[0]))
    refused(signed.examined(), "statement")


def test_a_spoilt_key_set_is_refused_or_names_the_same_keys(signed: Signed) -> None:
    """It is the verifier's own, and the root of trust: what can still change is a name in it."""
    data = signed.jwks.read_bytes()
    before = {key.kid: key.public.public_bytes_raw() for key in signed.keys.keys}  # type: ignore[union-attr]
    for _, forged in spoilt(data, 11, 250):
        signed.jwks.write_bytes(forged)
        try:
            found = signed.examined()
        except CertifyError:
            continue
        if found.answer is not Answer.UNTRUSTED:
            assert found.key is not None
            assert before[found.key.kid] == found.key.public.public_bytes_raw()  # type: ignore[union-attr]


# — tokens that nobody should believe (RFC 8725) —


def pem() -> bytes:
    return CI[1].public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def raw() -> bytes:
    return CI[1].public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _forged(token: bytes) -> Iterator[tuple[str, str, bytes]]:
    header, claims, _ = parts(token)
    mallory, ours = by(STRANGER[0]), by(CI[0])
    for none in ("none", "None", "NONE", ""):
        yield f"alg {none!r}", "algorithm", assembled({**header, "alg": none}, claims, unsigned)
    for name, secret in (("pem", pem()), ("raw", raw()), ("jwk", json.dumps(to_jwk(CI[1].public)).encode())):
        yield f"HS256 {name}", "algorithm", assembled({**header, "alg": "HS256"}, claims, keyed_with(secret))
    for alg in ("ES256", "ES384", "RS256", "PS256", "Ed25519", "eddsa"):
        yield f"alg {alg}", "algorithm", assembled({**header, "alg": alg}, claims, ours)
    yield "ES256 as EdDSA", "signature", assembled(header, claims, by(ES[0]))
    yield "no signature", "signature", assembled(header, claims, unsigned)
    yield "a stranger's signature", "signature", assembled(header, claims, mallory)
    yield "a stranger's key", "unknown-key", assembled({**header, "kid": STRANGER[0].kid}, claims, mallory)
    yield "a reviewer's name", "wrong-use", assembled({**header, "kid": ADA[0].kid}, claims, mallory)
    yield "a reviewer's key", "wrong-use", assembled({**header, "kid": ADA[0].kid}, claims, by(ADA[0]))
    yield "a path as kid", "unknown-key", assembled({**header, "kid": "../../keys/ci.pem"}, claims, mallory)
    yield "no kid", "malformed", assembled({k: v for k, v in header.items() if k != "kid"}, claims, ours)
    yield "a kid that is a list", "malformed", assembled({**header, "kid": [CI[0].kid]}, claims, ours)
    jwk = {**to_jwk(STRANGER[1].public), "kid": CI[0].kid}
    for name, value in (
        ("jwk", jwk),
        ("jku", "http://127.0.0.1:1/"),
        ("x5u", "http://127.0.0.1:1/"),
        ("x5c", ["QQ=="]),
    ):
        yield f"embedded {name}", "malformed", assembled({**header, name: value}, claims, mallory)
        yield f"embedded {name}, signed by us", "malformed", assembled({**header, name: value}, claims, ours)
    for name, value in (("crit", ["exp"]), ("b64", False), ("zip", "DEF"), ("cty", "JWT"), ("x", 1)):
        yield f"header {name}", "malformed", assembled({**header, name: value}, claims, ours)
    for typ in ("JWT", "certify-approval+jwt", "certify-revocations+jwt", "CERTIFY-CERTIFICATE+JWT", ""):
        yield f"typ {typ!r}", "wrong-type", assembled({**header, "typ": typ}, claims, ours)
    for aud in ("other", ["certify"], ["certify", "other"], None, "certify "):
        yield f"aud {aud!r}", "wrong-audience", assembled(header, {**claims, "aud": aud}, ours)
    for iat in (None, "1793703600", True, -1, 1e12, [1]):
        yield f"iat {iat!r}", "malformed", assembled(header, {**claims, "iat": iat}, ours)
    for name, value in (("sub", "globex"), ("iss", "X"), ("jti", "other"), ("exp", 9_999_999_999), ("exp", None)):
        yield f"claim {name} {value}", "claims", assembled(header, {**claims, name: value}, ours)
    yield "iat of another day", "claims", assembled(header, {**claims, "iat": claims["iat"] - 5}, ours)
    yield "nbf tomorrow", "not-yet-valid", assembled(header, {**claims, "nbf": NOW + 99 * DAY}, ours)
    body = claims["certificate"]
    for schema in ("certify/certificate/2", "certify/certificate/99"):
        newer = {**claims, "certificate": {**body, "schema": schema}}
        yield f"schema {schema}", "newer-version", assembled(header, newer, ours)
    for schema in ("certify/report/1", "", None, 1, "certify/certificate/0"):
        other = {**claims, "certificate": {**body, "schema": schema}}
        yield f"schema {schema!r}", "malformed", assembled(header, other, ours)
    for content in (None, [], "certified", {}, {**body, "checks": 1}, {**body, "expires": "never"}):
        yield f"content {str(content)[:12]}", "", assembled(header, {**claims, "certificate": content}, ours)
    twice = json.dumps(claims).encode()
    twice = twice[:-1] + b', "exp": 9999999999}'
    yield "a claim twice", "malformed", assembled(header, twice, ours)
    inner = json.dumps(claims).replace('"verdict": "certified"', '"verdict": "failed", "verdict": "certified"', 1)
    yield "a verdict twice", "malformed", assembled(header, inner.encode(), ours)
    double = json.dumps(header)[:-1].encode() + b', "alg": "none"}'
    yield "a header twice", "malformed", assembled(double, claims, ours)
    for what, data in (
        ("NaN", b'{"iat": NaN}'),
        ("not JSON", b"{"),
        ("a list", b"[1]"),
        ("not UTF-8", b'{"a":"\xff"}'),
    ):
        yield f"payload {what}", "malformed", assembled(header, data, ours)
    yield "deeply nested", "malformed", assembled(header, b"[" * 100_000 + b"]" * 100_000, ours)
    yield "JSON serialization", "malformed", json.dumps({"payload": "", "signatures": []}).encode()
    yield "four parts", "malformed", token + b".e30"
    yield "huge", "too-large", b"A" * (2 * 1024 * 1024)
    yield "empty", "malformed", b""
    yield "binary", "malformed", bytes(range(256))


def test_a_token_that_is_not_to_be_believed_is_refused_for_its_own_reason(signed: Signed) -> None:
    names = []
    for name, reason, token in _forged(signed.certificate.read_bytes()):
        signed.certificate.write_bytes(token)
        found = signed.examined()
        assert found.certificate is None, name
        assert found.answer is Answer.UNTRUSTED, name
        assert reason in ("", *reasons(found)), (name, reasons(found), found.problems)
        names.append(name)
    assert len(names) > 60


def test_the_name_of_another_trusted_key_does_not_help(signed: Signed) -> None:
    other = person("Other pipeline", Use.CERTIFICATE)
    signed.jwks.write_bytes(jwks(CI[1], other[1], ES[1]))
    header, claims, _ = parts(signed.certificate.read_bytes())
    for kid, alg, reason in ((other[1].kid, "EdDSA", "signature"), (ES[1].kid, "EdDSA", "algorithm")):
        signed.certificate.write_bytes(assembled({**header, "kid": kid, "alg": alg}, claims, by(CI[0])))
        refused(signed.examined(), reason)
    signed.certificate.write_bytes(assembled({**header, "kid": ES[1].kid, "alg": "ES256"}, claims, by(CI[0])))
    refused(signed.examined(), "signature")
    signed.certificate.write_bytes(assembled({**header, "alg": "ES256"}, claims, by(ES[0])))
    refused(signed.examined(), "algorithm")


def test_a_certificate_of_an_elliptic_key_is_believed_and_its_twin_carries_no_approval(signed: Signed) -> None:
    """With r and s, r and n - s is a signature as well. Nothing hangs on it: approvals and Statement name the bytes."""
    signed.jwks.write_bytes(jwks(ES[1], ADA[1], BOB[1]))
    write_certificate(signed.run, ES[0])
    approve(signed.run, ADA[0], "solution-engineer")
    assert [item.approval.role for item in signed.examined().approvals] == ["solution-engineer"]
    head, _, signature = signed.certificate.read_bytes().rpartition(b".")
    numbers = from_base64url(signature)
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    twin = numbers[:32] + (order - int.from_bytes(numbers[32:], "big")).to_bytes(32, "big")
    signed.certificate.write_bytes(head + b"." + base64url(twin).encode())
    found = signed.examined()
    assert found.approvals == ()
    refused(found, "statement")


def test_an_approval_is_no_certificate_whatever_its_key_may_sign(signed: Signed) -> None:
    both = person("Both", Use.CERTIFICATE, Use.APPROVAL, roles=("solution-engineer",))
    signed.jwks.write_bytes(jwks(CI[1], both[1]))
    token = approve(signed.run, both[0], "solution-engineer").read_bytes()
    signed.certificate.write_bytes(token)
    refused(signed.examined(), "wrong-type")


def test_a_certificate_is_no_approval(signed: Signed) -> None:
    (signed.run / "approvals" / "solution-engineer.jws").write_bytes(signed.certificate.read_bytes())
    assert [item.approval.role for item in signed.examined().approvals] == ["platform-security"]


# — keys that should not have signed —


def test_a_key_that_was_retired_before_does_not_count(signed: Signed) -> None:
    retired = replace(CI[1], status="retired", retired=NOW - DAY)
    signed.jwks.write_bytes(jwks(retired, ADA[1], BOB[1]))
    refused(signed.examined(), "retired-key")


def test_a_key_that_was_retired_since_still_verifies_what_it_signed(signed: Signed) -> None:
    retired = replace(CI[1], status="retired", retired=NOW + DAY)
    signed.jwks.write_bytes(jwks(retired, ADA[1], BOB[1]))
    assert signed.examined(now=NOW + 30 * DAY).answer is Answer.GRANTED


def test_a_revoked_key_vouches_for_nothing(signed: Signed) -> None:
    signed.jwks.write_bytes(jwks(replace(CI[1], status="revoked"), ADA[1], BOB[1]))
    refused(signed.examined(), "revoked-key")


@pytest.mark.parametrize("change", [{"status": "revoked"}, {"status": "retired", "retired": NOW - DAY}, {"roles": ()}])
def test_an_approval_by_a_key_that_may_not_does_not_count(signed: Signed, change: dict[str, Any]) -> None:
    signed.jwks.write_bytes(jwks(CI[1], replace(ADA[1], **change), BOB[1]))
    found = signed.examined()
    assert found.answer is Answer.GRANTED
    assert [item.approval.role for item in found.approvals] == ["platform-security"]


def test_a_stranger_in_the_key_set_is_trusted_for_nothing(signed: Signed) -> None:
    """A JWK without our member is known, and no more than that."""
    bare = {**to_jwk(STRANGER[1].public), "kid": STRANGER[1].kid}
    write_certificate(signed.run, STRANGER[0])
    signed.jwks.write_text(json.dumps({"keys": [bare]}))
    refused(signed.examined(), "wrong-use")


# — clocks —


@pytest.mark.parametrize(
    ("now", "answer"),
    [
        (NOW - 59, Answer.GRANTED),
        (NOW - 62, Answer.UNTRUSTED),
        (NOW + 10 * DAY + 59, Answer.GRANTED),
        (NOW + 10 * DAY + 62, Answer.EXPIRED),
    ],
)
def test_a_minute_between_two_clocks_is_tolerated_both_ways_and_no_more(
    signed: Signed, now: float, answer: Answer
) -> None:
    write_certificate(signed.run, CI[0], lambda c: replace(c, expires=NOW + 10 * DAY))
    assert signed.examined(now=now).answer is answer


def test_a_certificate_that_ends_before_it_begins_is_refused(signed: Signed) -> None:
    refused(signed.signed_again(lambda c: replace(c, expires=c.issued - 1)), "claims")


def test_a_certificate_from_before_its_run_is_refused(signed: Signed) -> None:
    refused(signed.signed_again(lambda c: replace(c, started=c.issued + DAY)), "times")


def test_an_expiry_that_was_moved_breaks_the_signature(signed: Signed) -> None:
    header, claims, signature = parts(signed.certificate.read_bytes())
    later = {**claims, "exp": claims["exp"] + 1e8}
    later["certificate"] = {**claims["certificate"], "expires": claims["exp"] + 1e8}
    signed.certificate.write_bytes(assembled(header, later, lambda _: signature))
    refused(signed.examined(), "signature")


# — somebody else's —


def another(signed: Signed, folder: Path) -> Signed:
    """Another run of the same partner, certified as well."""
    other = everything(folder)
    return replace(other, jwks=signed.jwks, program=signed.program)


@pytest.mark.parametrize("name", sorted({*DIGESTED.values()} - {"contract.json"}))
def test_a_file_of_another_run_is_refused(signed: Signed, tmp_path: Path, name: str) -> None:
    other = another(signed, tmp_path / "other")
    if (other.run / name).read_bytes() == (signed.run / name).read_bytes():
        (other.run / name).write_bytes((other.run / name).read_bytes() + b"\n")
    shutil.copy(other.run / name, signed.run / name)
    refused(signed.examined(), "digest")


def test_the_certificate_of_another_run_is_refused(signed: Signed, tmp_path: Path) -> None:
    other = another(signed, tmp_path / "other")
    shutil.copy(other.certificate, signed.certificate)
    found = signed.examined()
    refused(found, "digest", "statement")
    assert found.approvals == ()  # they are of other bytes


def test_the_approval_of_another_certificate_does_not_count(signed: Signed) -> None:
    write_certificate(signed.run, CI[0], now=NOW + 1)
    assert signed.examined().approvals == ()


def test_a_report_that_is_given_has_to_be_the_one_that_was_signed(signed: Signed, tmp_path: Path) -> None:
    report, alone = signed.run / DIGESTED["report"], tmp_path / "alone" / CERTIFICATE
    alone.parent.mkdir()
    shutil.copy(signed.certificate, alone)
    lonely = replace(signed, run=alone.parent)
    assert lonely.examined(report=report).answer is Answer.GRANTED
    assert not any("no report" in note for note in lonely.examined(report=report).notes)
    assert any("no report" in note for note in lonely.examined().notes)
    other = another(signed, tmp_path / "other").run / DIGESTED["report"]
    refused(lonely.examined(report=other), "digest")
    refused(lonely.examined(report=tmp_path / "nowhere.json"), "report")


def without_the_failure(run: Path) -> None:
    """Take a failure out of the record and make everything consistent again, as an attacker would."""
    lines = [json.loads(line) for line in (run / OUTCOMES).read_bytes().splitlines()]
    (run / OUTCOMES).unlink()
    writer = Writer(run / OUTCOMES, "suites")
    for line in lines:
        if line["status"] != "failed":
            writer.append({name: value for name, value in line.items() if name not in ("writer", "seq", "digest")})
    writer.close()
    RunDirectory(run).seal(STARTED + 60)
    conclude(RunDirectory(run), ["json"])


def test_an_outcome_that_was_removed_with_all_its_traces_is_refused(signed: Signed) -> None:
    without_the_failure(signed.run)
    refused(signed.examined(), "digest")


def test_the_same_signed_by_somebody_whom_nobody_trusts_is_refused(signed: Signed) -> None:
    without_the_failure(signed.run)
    write_certificate(signed.run, STRANGER[0])
    refused(signed.examined(), "unknown-key")


def test_a_check_that_was_taken_out_of_plan_record_and_report_is_missed(signed: Signed) -> None:
    """Even where a trusted key signs it: the playbook still asks for the check."""
    plan = json.loads((signed.run / "run.json").read_bytes())
    gone = "net.clock-accurate"
    plan["checks"] = [item for item in plan["checks"] if item["check"]["id"] != gone]
    for milestone in plan["playbook"]["milestones"]:
        milestone["criteria"] = [item for item in milestone["criteria"] if gone not in item["checks"]]
    (signed.run / "run.json").write_text(json.dumps(plan))
    RunDirectory(signed.run).seal(STARTED + 60)
    conclude(RunDirectory(signed.run), ["json"])
    write_certificate(signed.run, CI[0])
    refused(signed.examined(), "missing-check")


@pytest.mark.parametrize(
    "change",
    [
        lambda c: replace(c, verdict="not_certified"),
        lambda c: replace(c, milestones=c.milestones[:1]),
        lambda c: replace(c, partner=replace(c.partner, id="globex")),
        lambda c: replace(c, partner=replace(c.partner, base_url="https://production.example")),
        lambda c: replace(c, program=replace(c.program, version="2")),
        lambda c: replace(c, run="20260101-000000-aaaa"),
        lambda c: replace(c, started=c.started - DAY),
        lambda c: replace(c, checks=c.checks[1:]),
        lambda c: replace(c, checks=(replace(c.checks[0], flaky=True), *c.checks[1:])),
        lambda c: replace(c, waivers=()),
        lambda c: replace(c, waivers=(replace(c.waivers[0], approver="Somebody"),)),
        lambda c: replace(c, capabilities={**c.capabilities, "jwt": ""}),
        lambda c: replace(c, origin=replace(c.origin, system="github-actions")),
        lambda c: replace(c, digests={**c.digests, "profile": "sha256:0"}),
        lambda c: replace(c, digests={**c.digests, "outcomes": "sha256:0"}),
        lambda c: replace(c, complete=False),
    ],
)
def test_a_certificate_that_says_something_else_than_its_record_is_refused(
    signed: Signed, change: Callable[[Any], Any]
) -> None:
    refused(signed.signed_again(change))


def sign_as_it_lies(signed: Signed, certificate: Certificate) -> Examined:
    """Somebody with a trusted key signs whatever lies in the run directory now, with words of before."""
    said = replace(certificate, digests={**certificate.digests, **file_digests(signed.run)})
    token = sign(to_claims(said), CI[0], Kind.CERTIFICATE).encode()
    signed.certificate.write_bytes(token)
    (signed.run / STATEMENT).write_bytes(dsse.sign(statement(said, token), CI[0]))
    return signed.examined()


def test_a_report_that_its_record_does_not_bear_is_refused_whoever_signs_it(signed: Signed) -> None:
    certificate = signed.examined().certificate
    assert certificate is not None
    lines = (signed.run / OUTCOMES).read_bytes().splitlines()
    (signed.run / OUTCOMES).unlink()
    writer = Writer(signed.run / OUTCOMES, "suites")
    for line in map(json.loads, lines):
        outcome = {name: value for name, value in line.items() if name not in ("writer", "seq", "digest")}
        writer.append({**outcome, "status": "failed"} if line["check"] == "net.clock-accurate" else outcome)
    writer.close()
    RunDirectory(signed.run).seal(STARTED + 60)
    found = sign_as_it_lies(signed, certificate)
    refused(found, "verdict")
    assert any("judged again" in problem.message for problem in found.problems)


def test_a_run_that_was_interrupted_is_not_said_to_be_complete(signed: Signed) -> None:
    certificate = signed.examined().certificate
    assert certificate is not None
    RunDirectory(signed.run).seal(STARTED + 60, interrupted=True)
    found = sign_as_it_lies(signed, replace(certificate, verdict="unproven"))
    assert any("completeness" in problem.message for problem in found.problems)
    refused(found, "verdict")


@pytest.mark.parametrize("member", ["run_id", "started", "capabilities"])
def test_a_plan_that_is_of_another_run_is_refused_whoever_signs_it(signed: Signed, member: str) -> None:
    certificate = signed.examined().certificate
    assert certificate is not None
    plan = json.loads((signed.run / "run.json").read_bytes())
    plan[member] = {"run_id": "another", "started": STARTED - 60, "capabilities": {}}[member]
    (signed.run / "run.json").write_text(json.dumps(plan))
    RunDirectory(signed.run).seal(STARTED + 60)
    refused(sign_as_it_lies(signed, certificate), "record")


@pytest.mark.parametrize("name", ["run.json", OUTCOMES, "seal.json"])
def test_a_record_that_is_none_is_refused_whoever_signs_it(signed: Signed, name: str) -> None:
    certificate = signed.examined().certificate
    assert certificate is not None
    for content in (b"{}", b"[]", b"\xff", b'{"writer": 1}\n', b'{"lines": {}, "run": 1}'):
        (signed.run / name).write_bytes(content)
        refused(sign_as_it_lies(signed, certificate), "record")


@pytest.mark.parametrize("name", sorted(DIGESTED.values()))
def test_what_is_nested_too_deeply_is_refused(signed: Signed, name: str) -> None:
    certificate = signed.examined().certificate
    assert certificate is not None
    deep = b"[" * 200_000
    (signed.run / name).write_bytes(deep)
    refused(signed.examined(), "digest")
    refused(signed.examined(program=None), "digest")
    if name not in ("exchanges.ndjson", "contract.json"):  # these two are not read for what they say
        refused(sign_as_it_lies(signed, certificate))


def test_a_report_that_is_none_is_refused_whoever_signs_it(signed: Signed) -> None:
    certificate = signed.examined().certificate
    assert certificate is not None
    for content in (b"{}", b"[]", b"\xff", b"", b'{"partner": 1}'):
        (signed.run / DIGESTED["report"]).write_bytes(content)
        refused(sign_as_it_lies(signed, certificate), "report")


# — shown for something else —


def test_it_is_not_shown_for_another_partner(signed: Signed, tmp_path: Path) -> None:
    refused(signed.examined(expect_partner="globex"), "other-partner")
    refused(signed.examined(partner=a_profile(tmp_path / "globex.yaml", "globex")), "other-partner")


def test_it_is_not_shown_for_another_profile_of_the_same_partner(signed: Signed, tmp_path: Path) -> None:
    profile = a_profile(tmp_path / "acme.yaml")
    profile.write_text(profile.read_text() + "# another sandbox\n")
    refused(signed.examined(partner=profile), "profile")


@pytest.mark.parametrize(
    ("file", "old", "new", "part"),
    [
        ("playbook.yaml", 'version: "1"', 'version: "2"', "playbook"),
        ("openapi/partner-api.v1.yaml", "openapi: ", "# changed\nopenapi: ", "contract"),
    ],
)
def test_of_an_older_program_it_is_stale(
    signed: Signed, tmp_path: Path, file: str, old: str, new: str, part: str
) -> None:
    program = a_program(tmp_path / "newer")
    text = (program.root / file).read_text()
    (program.root / file).write_text(text.replace(old, new, 1))
    found = signed.examined(program=a_program_again(program.root))
    assert (found.answer, [problem.message for problem in found.problems]) == (
        Answer.STALE,
        [f"the {part} changed since it was certified"],
    )


def test_with_other_suites_it_is_stale(signed: Signed, tmp_path: Path) -> None:
    program = a_program(tmp_path / "newer")
    (program.root / "suites").mkdir()
    (program.root / "suites" / "test_own.py").write_text('"""A suite of one\'s own."""\n')
    found = signed.examined(program=a_program_again(program.root))
    assert [problem.message for problem in found.problems] == ["the suites changed since it was certified"]


def a_program_again(root: Path) -> Any:
    from certify.program.program import find_program

    return find_program(root)


def test_it_says_nothing_of_a_milestone_that_the_playbook_has_besides(signed: Signed) -> None:
    """Nobody can add one: neither by editing, nor by signing what was not run."""
    found = signed.signed_again(
        lambda c: replace(c, milestones=(*c.milestones, replace(c.milestones[0], id="production")))
    )
    refused(found, "milestones", "report")


# — files that are none —


def test_what_is_no_file_is_refused_with_advice(signed: Signed, tmp_path: Path) -> None:
    from certify.certificate.verify import examine

    for path in (tmp_path / "nowhere.jws", signed.run, Path("/dev/null"), signed.run / CERTIFICATE / "x"):
        found = examine(path, signed.keys, now=NOW)
        refused(found, "unreadable")


def test_a_key_set_without_keys_trusts_nobody(signed: Signed) -> None:
    keys = read_key_set(b'{"keys": []}', "empty.json")
    from certify.certificate.verify import examine

    refused(examine(signed.certificate, keys, now=NOW), "unknown-key")


def test_a_revocation_list_is_no_certificate(signed: Signed) -> None:
    claims = {"iss": "x", "aud": "certify", "iat": NOW, "revocations": {"number": 1, "issued": NOW}}
    signed.certificate.write_bytes(sign(claims, CI[0], Kind.REVOCATIONS).encode())
    refused(signed.examined(), "wrong-type")
