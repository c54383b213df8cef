"""Runs ``certify`` on a profile, and reads what it said check by check."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.journeys.console import certify


@dataclass(frozen=True)
class Result:
    """What a run said: the outcome of each check by the suites, and by generated requests (``generated``); ``blocked``
    are the checks that could not be tried, which have none."""

    code: int
    outcomes: Mapping[str, Mapping[str, Any]]
    text: str
    generated: Result | None = None
    blocked: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def status(self, check: str) -> str:
        return str((self.outcomes.get(check) or self.blocked[check])["status"])

    def reason(self, check: str) -> str:
        return str(self.outcomes[check].get("reason") or "")

    def note(self, check: str) -> str:
        return str(self.outcomes[check].get("note") or "")

    def findings(self, check: str, weight: str) -> list[str]:
        """What was expected and what came, of each finding of that weight: violation or advisory."""
        found = self.outcomes[check].get("findings", [])
        return [f"{item['expected']} | {item['actual']}" for item in found if item["weight"] == weight]

    def failed(self) -> dict[str, list[str]]:
        """The checks that failed, each with its violations."""
        return {
            check: self.findings(check, "violation")
            for check, outcome in self.outcomes.items()
            if outcome["status"] == "failed"
        }

    def statuses(self) -> dict[str, str]:
        return {check: self.status(check) for check in self.outcomes}


def profile(base_url: str, contract: Path, **sections: Any) -> dict[str, Any]:
    """A profile of a server on loopback that can take what it gets; sections replace or add."""
    target = {"base_url": base_url, "contract": str(contract), "environment": "sandbox", **sections.pop("target", {})}
    return {
        "schema": "certify/partner/1",
        "id": "third-party",
        "name": "A server that others wrote",
        "target": target,
        "sign_in": {"kind": "none"},
        "identities": {"primary": {"tenant": "one"}},
        "limits": [{"requests": 6000, "window_s": 60}],
        "permissions": {"allow_writes": True, "allow_destructive": True, "allow_stress": False},
        **sections,
    }


def run(folder: Path, described: Mapping[str, Any], checks: Sequence[str], *, examples: int = 1) -> Result:
    """Certify a described partner by some checks (globs)."""
    file, out = folder / "partner.yaml", folder / "run"
    file.write_text(yaml.safe_dump(dict(described), sort_keys=False), encoding="utf-8")
    chosen = [word for check in checks for word in ("--check", check)]
    ended = certify("run", "--partner", file, *chosen, "--max-examples", examples, "--out", out, "--json")
    assert ended.code in (0, 1, 3), ended.text  # anything else is no verdict, and an empty one must not look like one
    outcomes = [json.loads(line) for line in (out / "outcomes.ndjson").read_text(encoding="utf-8").splitlines()]
    of_suites, of_contract = (
        {item["check"]: item for item in outcomes if item["source"] == source} for source in ("suites", "contract")
    )
    assert of_suites, ended.text
    planned = json.loads((out / "run.json").read_text(encoding="utf-8"))["checks"]
    blocked = {item["check"]["id"]: item["blocked"] for item in planned if item["blocked"]}
    return Result(ended.code, of_suites, ended.text, Result(ended.code, of_contract, ended.text), blocked)
