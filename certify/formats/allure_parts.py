"""The smaller parts of Allure results: labels, links to clauses, the environment, categories of what is not green."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from certify.formats.clauses import clause_url
from certify.formats.inert import one_line
from certify.formats.reading import Case, waivers
from certify.formats.standing import Stand
from certify.model.report import Report, ReportedFinding

CATEGORIES = [
    {"name": "Waived", "matchedStatuses": ["failed"], "messageRegex": "(?s)Waived by .*"},
    {"name": "Not met", "matchedStatuses": ["failed"], "messageRegex": "(?s)(?!Waived by ).*"},
    {"name": "Flaky", "matchedStatuses": ["passed", "broken"], "flaky": True},
    {"name": "Not proven", "matchedStatuses": ["broken"]},
    {"name": "Not applicable", "matchedStatuses": ["skipped"]},
]
BINDING = ("MUST", "CONTRACT")


def labels(report: Report, case: Case, stand: Stand) -> list[dict[str, str]]:
    """Suites are milestone over criterion, in the playbook's order; behaviours say it as demand over behaviour."""
    milestone = f"{_rank(report, case)}. {case.milestone.title}"
    pairs = [
        ("parentSuite", milestone),
        ("suite", f"{case.criterion.id}: {case.criterion.statement}"),
        ("epic", milestone),
        ("feature", case.criterion.statement),
        ("story", case.check.statement if case.check else ""),
        ("package", case.check.area if case.check else ""),
        ("severity", severity(case)),
        ("owner", case.milestone.owner),
        ("framework", "certify"),
        *(("tag", tag) for tag in _tags(case, stand)),
    ]
    return [{"name": name, "value": one_line(value)} for name, value in pairs if value]


def _rank(report: Report, case: Case) -> str:
    """Trees are sorted by name, and milestones have an order."""
    width = len(str(len(report.milestones)))
    return str(1 + [item.id for item in report.milestones].index(case.milestone.id)).rjust(width, "0")


def _tags(case: Case, stand: Stand) -> Iterator[str]:
    yield case.criterion.level
    if case.check:
        yield case.check.level
        yield from (tag for tag, holds in (("flaky", case.check.flaky), ("carried", case.check.carried)) if holds)
    if stand is Stand.WAIVED:
        yield "waived"


def verdict_labels() -> list[dict[str, str]]:
    """The verdict stands before the first milestone."""
    pairs = {"parentSuite": "Verdict", "epic": "Verdict", "severity": "blocker", "framework": "certify"}
    return [{"name": name, "value": value} for name, value in pairs.items()]


def severity(case: Case) -> str:
    """How much a failure weighs, however it ended, so that it is the same in every run.

    A required criterion blocks its milestone: *blocker* where a standard or the contract binds, else *critical* (our
    own practice, or a person's answer). One that will be required is *normal*, a recommended one *minor*.
    """
    if case.criterion.blocking:
        return "blocker" if case.check and case.check.level in BINDING else "critical"
    return "normal" if case.criterion.level == "pending" else "minor"


def links(case: Case, findings: Sequence[ReportedFinding]) -> list[dict[str, str]]:
    """The clauses behind the check and its findings, where they have an address, and what was agreed on a waiver."""
    clauses = dict.fromkeys([case.check.clause if case.check else "", *(finding.clause for finding in findings)])
    cited = [{"type": "link", "name": one_line(item), "url": url} for item in clauses if (url := clause_url(item))]
    agreed = (item.link for item in case.criterion.waiver if case.check and item.check == case.check.id)
    return cited + [{"type": "issue", "name": "waiver", "url": url} for url in agreed if _is_web(url)]


def _is_web(url: str) -> bool:
    """Whether a browser may be sent there: Allure puts an address into ``href`` as it is."""
    return bool(re.fullmatch(r"https?://[!-~]{1,500}", url))


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
