"""Certificates and approvals keep the schemas that are published of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from certify.certificate.claims import to_approval_claims, to_claims
from certify.model.certificate import SCHEMA
from certify.program.validate import schema
from tests.unit.certificate.golden import a_certificate
from tests.unit.certificate.test_claims import APPROVAL


def test_a_certificate_as_written_validates(tmp_path: Path) -> None:
    certificate = json.loads(json.dumps(to_claims(a_certificate(tmp_path))))["certificate"]
    validator = Draft202012Validator(schema("certificate.v1"))
    validator.validate(certificate)
    for wrong in (
        {"verdict": "splendid"},
        {"digests": {**certificate["digests"], "report": "md5:0"}},
        {"checks": [{}]},
    ):
        assert not validator.is_valid({**certificate, **wrong}), wrong


def test_an_approval_as_written_validates() -> None:
    approval = to_approval_claims(APPROVAL)["approval"] | {"digest": "sha256:" + "0" * 64}
    validator = Draft202012Validator(schema("approval.v1"))
    validator.validate(approval)
    assert not validator.is_valid({**approval, "digest": "sha256:0"})


@pytest.mark.parametrize("member", ["schema"])
def test_the_schema_is_of_the_version_that_is_written(member: str) -> None:
    assert schema("certificate.v1")["properties"][member]["const"] == SCHEMA
