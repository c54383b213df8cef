"""What signing writes, and that it holds with the key and nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certify.certificate.claims import from_claims
from certify.certificate.sign import sign_run
from certify.certificate.signatory import Signatory
from certify.errors import OutputError, RunDirectoryError, UsageError
from certify.model.certificate import CERTIFICATE, STATEMENT, Provenance, approval_file
from certify.model.plan import Origin
from certify.pipeline import conclude
from certify.rundir import RunDirectory
from certify.signing import dsse
from certify.signing.algorithms import ES256
from certify.signing.jws import Kind, verify
from certify.signing.key_set import Use
from tests.unit.certificate.golden import NOW, a_run
from tests.unit.certificate.test_issue import SMALL, a_recorded_run
from tests.unit.signing.people import person, trusting

KEY, TRUSTED = person("Integration desk", Use.CERTIFICATE)
DESK = Signatory(KEY, TRUSTED)


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return a_run(tmp_path)


@pytest.mark.parametrize("alg", ["EdDSA", ES256])
def test_what_is_written_verifies_and_is_what_was_signed(run: RunDirectory, alg: str) -> None:
    key, trusted = person("Integration desk", Use.CERTIFICATE, alg=alg)
    signed = sign_run(run, Signatory(key, trusted), now=NOW)
    token = (run.path / CERTIFICATE).read_bytes()
    verified = verify(token, trusting(trusted), Kind.CERTIFICATE, Use.CERTIFICATE, now=NOW)
    assert from_claims(verified.claims) == signed.certificate
    assert (signed.path, signed.by.key, signed.certificate.issuer) == (run.path / CERTIFICATE, key, "Integration desk")


def test_the_statement_is_about_the_report_and_the_certificate(run: RunDirectory) -> None:
    signed = sign_run(run, DESK, now=NOW)
    sealed = dsse.verify(
        (run.path / STATEMENT).read_bytes(),
        trusting(TRUSTED),
        Use.CERTIFICATE,
        now=NOW,
        issued=lambda payload: json.loads(payload)["predicate"]["issued"],
    )
    statement = json.loads(sealed.payload)
    for subject in statement["subject"]:
        data = (run.path / subject["name"]).read_bytes()
        assert subject["digest"] == {"sha256": hashlib.sha256(data).hexdigest()}, subject["name"]
    assert [subject["name"] for subject in statement["subject"]] == ["certification.json", CERTIFICATE]
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "https://certify.example/certification/v1"
    assert statement["predicate"]["id"] == signed.certificate.id


def test_a_run_is_not_signed_twice(run: RunDirectory) -> None:
    sign_run(run, DESK, now=NOW)
    before = (run.path / CERTIFICATE).read_bytes()
    with pytest.raises(UsageError, match="is signed"):
        sign_run(run, DESK, now=NOW)
    assert (run.path / CERTIFICATE).read_bytes() == before


def test_signed_again_it_is_another_certificate_and_the_approvals_are_gone(run: RunDirectory) -> None:
    first = sign_run(run, DESK, now=NOW)
    run.write(approval_file("solution-engineer"), b"of the first")
    second = sign_run(run, DESK, now=NOW, again=True)
    assert second.certificate.id != first.certificate.id
    assert second.void == ("solution-engineer",)
    assert not (run.path / approval_file("solution-engineer")).exists()


@pytest.mark.parametrize(
    ("trusted_for", "claims", "doubted"),
    [
        (Provenance.GATED, Provenance.GATED, False),
        (Provenance.PRACTICE, Provenance.GATED, True),
        (None, Provenance.GATED, False),
    ],
)
def test_a_claim_that_no_gate_will_believe_is_told_when_signing(
    tmp_path: Path, trusted_for: Provenance | None, claims: Provenance, doubted: bool
) -> None:
    plan = replace(SMALL, origin=Origin("gitlab-ci"))
    rundir = a_recorded_run(tmp_path / "run", plan)
    key, trusted = person("ci", Use.CERTIFICATE, provenance=trusted_for or Provenance.PRACTICE)
    signed = sign_run(rundir, Signatory(key, trusted if trusted_for else None), now=plan.started)
    assert (signed.certificate.provenance, "practice only" in signed.doubt) == (claims, doubted)


def test_a_key_that_is_named_for_gated_runs_makes_a_gated_certificate(run: RunDirectory) -> None:
    key, trusted = person("ci", Use.CERTIFICATE, provenance=Provenance.GATED)
    signed = sign_run(run, Signatory(key, trusted), now=NOW)
    assert (signed.certificate.provenance, signed.doubt) == (Provenance.GATED, "")
    assert sign_run(run, DESK, now=NOW, again=True).doubt == "", "practice claims nothing"


def test_a_run_that_is_refused_is_left_as_it_was(run: RunDirectory) -> None:
    (run.path / "certification.json").write_text("{}")
    with pytest.raises(RunDirectoryError):
        sign_run(run, DESK, now=NOW)
    assert not (run.path / CERTIFICATE).exists()
    assert not (run.path / STATEMENT).exists()


def test_where_nothing_can_be_written_it_is_told(run: RunDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(RunDirectory, "write", full)
    with pytest.raises(OutputError, match="No space left"):
        sign_run(run, DESK, now=NOW)


def test_publishing_signs_where_a_signer_is_given(run: RunDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("certify.pipeline.time.time", lambda: NOW)
    assert conclude(run, ["json"]).signed is None
    signed = conclude(run, ["json"], DESK).signed
    assert signed is not None
    assert signed.certificate.issued == NOW
    assert signed.path.is_file()


@pytest.mark.parametrize("alg", ["EdDSA", ES256])
def test_nothing_of_the_private_key_is_in_what_is_written(run: RunDirectory, alg: str) -> None:
    key, trusted = person("Integration desk", Use.CERTIFICATE, alg=alg)
    signed = sign_run(run, Signatory(key, trusted), now=NOW)
    written = b"".join(file.read_bytes() for file in run.path.rglob("*") if file.is_file()) + repr(signed).encode()
    for secret in secrets_of(key.private):
        assert secret not in written
    assert repr(Signatory(key, trusted)).count("private") == 0


def secrets_of(private: object) -> list[bytes]:
    """The private key in every spelling in which it could slip out."""
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

    key: PrivateKeyTypes = private  # type: ignore[assignment]
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    raw = der[-32:] if len(der) < 60 else der[36:68]
    return [raw, raw.hex().encode(), base64.b64encode(raw)[:40], base64.urlsafe_b64encode(raw)[:40], *pem.splitlines()]
