"""Comparisons for the tests of everything that renders one: one that fell, one that is the same, one full of malice."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from certify.comparing.comparison import (
    SCHEMA,
    Bearing,
    CheckChange,
    Comparison,
    DemandChange,
    Difference,
    FactChange,
    Fate,
    FindingChange,
    MilestoneChange,
    OperationChange,
    Side,
    SuiteChange,
    Turn,
    WaiverChange,
    Witness,
)
from certify.model.change import Change, ChangeKind, Direction
from tests.unit.facts import NOW
from tests.unit.formats.sample_extremes import HOSTILE

BEFORE = Side("reports/northwind/one", "one", NOW, "certified", True, "northwind", "Northwind Energy",
              "https://sandbox.northwind.example", 7, 1200, "the last signed certified run of northwind")  # fmt: skip
AFTER = replace(
    BEFORE, directory="reports/northwind/two", run="two", started=NOW + 86_400, verdict="not_certified", chosen=""
)
WITNESS = Witness(
    "GET /v1/leads as primary, token.expired.by-a-day", "s-000112", "s-000125",
    (Difference("status", "401", "200"), Difference("header www-authenticate", 'Bearer realm="api"', "—"),
     Difference("body", '{"title": "The access token is not valid"}', '{"items": []}')),
)  # fmt: skip
FINDING = FindingChange(
    "auth.expired-token-rejected", Fate.NEW, "listLeads answers 200 OK for a token with an exp of yesterday",
    "violation", "", "F1", "401 for a token with an exp of yesterday", "200 OK with an object of 2 members",
)  # fmt: skip


def fallen() -> Comparison:
    """Something of every kind."""
    changed = replace(
        FINDING, check="contract.schema-valid", fate=Fate.CHANGED, id_before="F2", title="getLead lacks the name",
        differences=(Difference("actual", "it is missing", "null"),),
    )  # fmt: skip
    return Comparison(
        BEFORE,
        AFTER,
        {"same": 20, "newly_failing": 1, "newly_unproven": 1, "newly_passing": 1, "still_failing": 2},
        (
            CheckChange("auth.expired-token-rejected", Turn.NEWLY_FAILING, "passed", "failed",
                        "A token is refused once it has expired.", milestones=("Authentication",), findings=("F1",),
                        witness=WITNESS),
            CheckChange("page.walk-complete", Turn.NEWLY_UNPROVEN, "passed", "inconclusive", "Pages can be walked.",
                        reason_after="unstable", note="failed once, and was passed when it was run again",
                        flaky_after="failed, and did not fail again (failed, then passed)"),
            CheckChange("net.clock-accurate", Turn.NEWLY_PASSING, "failed", "passed", "The clock is right.",
                        formerly="net.clock"),
            CheckChange("contract.schema-valid", Turn.STILL_FAILING, "failed", "failed"),
            CheckChange("error.format-valid", Turn.STILL_FAILING, "failed", "failed"),
        ),
        (FINDING, changed),
        (MilestoneChange("authentication", "Authentication", "certified", "not_certified", "not met: tokens"),),
        (DemandChange("authentication / tokens", Bearing.TIGHTENED, "now binds auth.alg-none-rejected"),),
        (FactChange("contract", "digest", "sha256:db6395a265ba", "sha256:108a08cfb50c"),
         FactChange("tools", "pytest", "9.1.0", "9.2.0")),
        (SuiteChange("auth/test_tokens.py", "sha256:1", "sha256:2", ("auth.expired-token-rejected",)),),
        (Change("operation-removed", ChangeKind.BREAKING, Direction.NONE, "deleteLead", "/paths/~1leads", "", "",
                "deleteLead is gone"),),
        (OperationChange("listUsage", False, "", "the identity was refused: 403 to 4 of 4 requests"),),
        (WaiverChange("rate.limit-enforced", "", "unneeded: by Ada until 2026-12-31: mended in December"),),
        ("Run two was asked for other milestones.",),
    )  # fmt: skip


def same() -> Comparison:
    return Comparison(BEFORE, replace(AFTER, verdict="certified"), {"same": 24})


def hostile() -> Comparison:
    """The fallen one with hostile text at the end of every free text."""
    spoiled: Comparison = _spoil(fallen())
    return spoiled


def enormous() -> Comparison:
    """A thousand checks and findings whose texts grow fivefold when escaped."""
    whole, long = fallen(), "&" * 5000
    checks = tuple(replace(whole.checks[0], subject=f"a.check-{number}", note=long) for number in range(1000))
    findings = (replace(FINDING, check=check.subject, expected=long, actual=long, title=long) for check in checks)
    return replace(whole, checks=checks, findings=tuple(findings))


def _spoil(value: Any, name: str = "") -> Any:
    if name in ("before", "after", "verdict", "weight", "schema", "part") and value in _CODES:
        return value
    if isinstance(value, str) and not isinstance(value, Enum):
        return value + HOSTILE
    if isinstance(value, tuple):
        return tuple(map(_spoil, value))
    if not is_dataclass(value):
        return value
    return replace(value, **{item.name: _spoil(getattr(value, item.name), item.name) for item in fields(value)})  # type: ignore[type-var]


_CODES = {
    SCHEMA,
    "contract",
    "tools",
    "passed",
    "failed",
    "inconclusive",
    "certified",
    "not_certified",
    "violation",
    "",
}
