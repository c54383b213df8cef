"""Exchanges as the run directory holds them, for the judgements over traffic."""

from __future__ import annotations

from typing import Any

from certify.contract import Contract
from certify.suite.traffic import Seen


def seen(
    contract: Contract, operation: str, status: int, body: str = "{}", sent: str | None = None, **headers: str
) -> Seen:
    found = contract.operation(operation)
    pairs = [[name.replace("_", "-"), value] for name, value in {"Content_Type": "application/json", **headers}.items()]
    record: dict[str, Any] = {
        "id": f"s-{status}",
        "identity": "primary",
        "purpose": "probe",
        "operation": operation,
        "request": {
            "method": found.method if found else "GET",
            "url": "http://api.example" + (found.path if found else "/none"),
            "headers": [],
            "body": sent,
        },
        "response": {"status": status, "headers": [p for p in pairs if p[1]], "body": body, "truncated": False},
    }
    return Seen(record, found)
