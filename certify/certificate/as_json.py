"""What came out of an examination, for a machine: one object, as ``program/schemas/verification.v1.json`` describes."""

from __future__ import annotations

from typing import Any

from certify.certificate.evidence import about_views
from certify.certificate.problem import Problem
from certify.certificate.reviews import Approved
from certify.certificate.verify import Examined
from certify.model.certificate import Certificate
from certify.signing.key_set import TrustedKey

SCHEMA = "certify/verification/1"


def as_object(examined: Examined) -> dict[str, Any]:
    """``certificate`` is null where nobody who is trusted says it: nothing of such a token is passed on."""
    return {
        "schema": SCHEMA,
        "authentic": examined.authentic,
        "answer": examined.answer.value,
        "exit_code": examined.answer.exit_code,
        "file": str(examined.path),
        "digest": examined.digest,
        "certificate": _certificate(examined.certificate) if examined.certificate else None,
        "alone": examined.alone,
        "provenance": examined.provenance,
        "key": _key(examined.key) if examined.key else None,
        "approvals": [_approval(item) for item in examined.approvals],
        "problems": [_problem(item) for item in examined.problems],
        "notes": [*examined.notes, *about_views(examined.views)],
    }


def _certificate(said: Certificate) -> dict[str, Any]:
    """What decides, in a few members; all of it stands in the certificate itself."""
    return {
        "id": said.id,
        "partner": said.partner.id,
        "program": said.program.id,
        "verdict": said.verdict,
        "milestones": {item.id: item.verdict for item in said.milestones},
        "run": said.run,
        "started": said.started,
        "issued": said.issued,
        "expires": said.expires,
        "issuer": said.issuer,
        "waived": [item.check for item in said.waivers if item.state == "used"],
        "flaky": [item.id for item in said.checks if item.flaky],
        "carried": [item.id for item in said.checks if item.carried],
        "earlier_runs": len(said.earlier),
    }


def _key(key: TrustedKey) -> dict[str, Any]:
    return {"kid": key.kid, "owner": key.owner, "status": key.status}


def _approval(item: Approved) -> dict[str, Any]:
    approval = item.approval
    return {
        "role": approval.role,
        "name": approval.name,
        "at": approval.at,
        "comment": approval.comment,
        "key": item.key.kid,
    }


def _problem(item: Problem) -> dict[str, Any]:
    return {
        "reason": item.reason.value,
        "answer": item.answer.value,
        "message": item.message,
        "expected": item.expected,
        "found": item.found,
        "advice": item.advice,
    }
