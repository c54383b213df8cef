"""A signed run, and ways to change the program after it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from certify.certificate.authentic import authentic
from certify.model.certificate import Certificate
from certify.model.report import Report
from certify.program.program import find_program
from certify.recertification.staleness import Staleness, staleness
from certify.report.recorded import read_report
from certify.rundir import CONTRACT, RunDirectory
from tests.unit.certificate.signed import NOW, Signed

TODAY = datetime.fromtimestamp(NOW, UTC).date()


def certificate_of(signed: Signed) -> Certificate:
    return authentic(signed.certificate, signed.keys, now=NOW).certificate


def report_of(signed: Signed) -> Report:
    return read_report(RunDirectory(signed.run))


def stale(signed: Signed, **changes: Any) -> Staleness:
    """What became of a certificate, with the program as it is on disk now."""
    given: dict[str, Any] = {
        "certificate": certificate_of(signed),
        "report": report_of(signed),
        "contract_then": signed.run / CONTRACT,
        "program": find_program(signed.program.root),
        "today": TODAY,
        **changes,
    }
    return staleness(**given)


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text, f"{old!r} is not in {file.name}"
    file.write_text(text.replace(old, new, 1))


def contract_of(signed: Signed) -> Path:
    assert signed.program.contract is not None
    return signed.program.contract


def change_contract(signed: Signed, edit: Any) -> None:
    """Change the contract of today as a document."""
    file = contract_of(signed)
    document = yaml.safe_load(file.read_text())
    edit(document)
    file.write_text(yaml.safe_dump(document, sort_keys=False))


def listing_customers_needs_more(document: dict[str, Any]) -> None:
    """A breaking change of the operation that ``net.control-works`` called."""
    wanted = {"name": "X-Campaign", "in": "header", "required": True, "schema": {"type": "string"}}
    document["paths"]["/v1/customers"]["get"].setdefault("parameters", []).append(wanted)
