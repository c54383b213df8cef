"""The smaller parts of Allure results: labels, links to clauses, the environment, categories of what is not green."""

from __future__ import annotations

from certify.formats.clauses import clause_url
from certify.formats.inert import one_line
from certify.formats.reading import Case, waivers
from certify.model.report import Report, ReportedFinding

CATEGORIES = [
    {"name": "Not met", "matchedStatuses": ["failed"]},
    {"name": "Not proven", "matchedStatuses": ["broken"], "messageRegex": "(?s)Not proven.*"},
    {"name": "Not applicable", "matchedStatuses": ["skipped"]},
]
SEVERITIES = {"MUST": "critical", "CONTRACT": "critical", "SHOULD": "normal", "PRACTICE": "normal", "DRAFT": "minor"}


def labels(case: Case) -> list[dict[str, str]]:
    """Milestone over criterion over check; severity by what the standard says and whether it is required."""
    pairs = [
        ("parentSuite", case.milestone.title),
        ("suite", f"{case.criterion.id}: {case.criterion.statement}"),
        ("severity", _severity(case)),
        ("owner", case.milestone.owner),
        ("tag", case.criterion.level),
        ("framework", "certify"),
    ]
    if case.check:
        pairs += [("feature", case.check.area), ("tag", case.check.level)]
    return [{"name": name, "value": one_line(value)} for name, value in pairs if value]


def _severity(case: Case) -> str:
    if not case.criterion.blocking:
        return "trivial"
    severity = SEVERITIES.get(case.check.level, "normal") if case.check else "normal"
    return "blocker" if severity == "critical" and case.check and case.check.status == "failed" else severity


def links(case: Case, findings: list[ReportedFinding]) -> list[dict[str, str]]:
    """The clauses behind the check and its findings, where they have an address."""
    clauses = dict.fromkeys([case.check.clause if case.check else "", *(finding.clause for finding in findings)])
    return [{"type": "link", "name": one_line(clause), "url": url} for clause in clauses if (url := clause_url(clause))]


def environment(report: Report) -> bytes:
    """A Java properties file: Latin-1, everything else escaped."""
    facts = {
        "partner": report.partner.name,
        "base_url": report.partner.base_url,
        "environment": report.partner.environment,
        "program": f"{report.program.id} {report.program.version}",
        "run": report.run.id,
        "seed": str(report.run.seed),
        "verdict": report.verdict,
        **({"waivers": stands_on} if (stands_on := ", ".join(item.check for item in waivers(report))) else {}),
        **{f"version.{name}": version for name, version in report.run.versions.items()},
    }
    return "".join(f"{_property(name)}={_property(value)}\n" for name, value in facts.items()).encode("ascii")


def _property(text: str) -> str:
    quoted = one_line(text).replace("\\", "\\\\")
    for character in " =:#!":
        quoted = quoted.replace(character, f"\\{character}")
    units = quoted.encode("utf-16-be")
    codes = [int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2)]
    return "".join(chr(code) if code < 0x7F else f"\\u{code:04x}" for code in codes)
