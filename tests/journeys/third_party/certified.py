"""Runs ``certify`` on a profile, and reads what it said check by check."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.journeys.console import certify


@dataclass(frozen=True)
class Result:
    """What a run said: the outcome of each check, and its own words where it came to none."""

    code: int
    outcomes: Mapping[str, Mapping[str, Any]]
    text: str

    def status(self, check: str) -> str:
        return str(self.outcomes[check]["status"])

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
    lines = (out / "outcomes.ndjson").read_text(encoding="utf-8").splitlines() if out.is_dir() else []
    outcomes = {item["check"]: item for item in map(json.loads, lines) if item.get("source", "suites") == "suites"}
    return Result(ended.code, outcomes, ended.text)
