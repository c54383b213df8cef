"""in-toto's own libraries read what certify signs: the envelope by securesystemslib, the Statement by its protobufs."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certify.certificate.sign import sign_run
from certify.certificate.signatory import Signatory
from certify.model.certificate import CERTIFICATE, STATEMENT
from certify.signing.algorithms import EDDSA, ES256
from certify.signing.key_set import Use
from tests.journeys.third_party.pins import IN_TOTO
from tests.unit.certificate.golden import NOW, a_run
from tests.unit.signing.people import person

pytestmark = pytest.mark.slow
READER = """
import json, sys
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from google.protobuf import json_format
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

envelope = Envelope.from_dict(json.load(open(sys.argv[1])))
key = SSlibKey.from_crypto(load_pem_public_key(open(sys.argv[2], "rb").read()), keyid=sys.argv[3])
vouching = sorted(envelope.verify([key], 1))
statement = Statement.copy_from_pb(json_format.Parse(envelope.payload, statement_pb2.Statement()))
statement.validate()
told = json_format.MessageToDict(statement.pb)
print(json.dumps({"by": vouching, "type": envelope.payload_type, **told}))
"""
"""Run with the libraries of others on its path, beside cryptography, which they share with us."""


def read(envelope: Path, public: Path, kid: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(IN_TOTO.installed())}
    words = [sys.executable, "-c", READER, str(envelope), str(public), kid]
    return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("alg", [EDDSA, ES256])
def test_the_envelope_verifies_and_the_statement_is_one(tmp_path: Path, alg: str) -> None:
    rundir = a_run(tmp_path)
    key, trusted = person("Integration desk", Use.CERTIFICATE, alg=alg)
    another, _ = person("Eve Else", Use.CERTIFICATE, alg=alg)
    signed = sign_run(rundir, Signatory(key, trusted), now=NOW)
    for name, private in (("ours", key.private), ("another", another.private)):
        pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (tmp_path / name).write_bytes(pem)

    ended = read(rundir.path / STATEMENT, tmp_path / "ours", key.kid)
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert (told["by"], told["type"]) == ([key.kid], "application/vnd.in-toto+json")
    assert told["predicateType"] == "https://certify.example/certification/v1"
    assert told["predicate"]["id"] == signed.certificate.id
    assert {item["name"]: item["digest"]["sha256"] for item in told["subject"]} == {
        name: hashlib.sha256((rundir.path / name).read_bytes()).hexdigest()
        for name in ("certification.json", CERTIFICATE)
    }

    refused = read(rundir.path / STATEMENT, tmp_path / "another", key.kid)
    assert refused.returncode != 0
    assert "VerificationError" in refused.stderr or "UnverifiedSignatureError" in refused.stderr, refused.stderr


def test_an_envelope_that_was_edited_does_not_verify(tmp_path: Path) -> None:
    rundir = a_run(tmp_path)
    key, trusted = person("Integration desk", Use.CERTIFICATE)
    sign_run(rundir, Signatory(key, trusted), now=NOW)
    pem = key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "ours").write_bytes(pem)
    envelope = json.loads((rundir.path / STATEMENT).read_bytes())
    envelope["payloadType"] += "x"
    (rundir.path / STATEMENT).write_text(json.dumps(envelope))
    assert "Error" in read(rundir.path / STATEMENT, tmp_path / "ours", key.kid).stderr
