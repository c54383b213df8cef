"""SARIF 2.1.0 (OASIS): what is wrong with a file, for tools that show it beside the line: playbook lint, contract diff.

    sarif([SarifRule("unknown-check", "A criterion binds a check that does not exist.")],
          [SarifResult("unknown-check", "error", "No check is called `auth.exprd`.", "playbook.yaml", 12)])

This is no :class:`~certify.formats.interface.Format`: a report of a run has no lines of a file to point at. Texts are
plain text (``message.text``, §3.11.8), so nothing in them is markup, and acting characters have become visible; square
brackets and backslashes are escaped, because §3.11.6 reads links in them. A result without a file has no location.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os.path import normpath
from pathlib import Path
from urllib.parse import quote

from certify import __version__
from certify.formats.inert import within
from certify.model.change import Change, ChangeKind, ChangeRule
from certify.model.lint import LintFinding, LintReport

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 5_000
"""Readers refuse huge logs (25,000 results a run in code scanning); the first are kept, and a note says so."""


@dataclass(frozen=True)
class SarifRule:
    """What is looked for: ``id`` is stable, ``title`` one sentence, ``help`` what to do about it."""

    id: str
    title: str
    help: str = ""
    level: str = "warning"


@dataclass(frozen=True)
class SarifResult:
    """One thing found. ``level`` is error, warning or note (§3.27.10).

    ``file`` is a path as a person would type it; ``line`` and ``column`` count from 1, and 0 is unknown.
    ``place`` says where it is in the file's own terms, such as a JSON Pointer. What tells this result from another of
    its rule between two runs is ``same``: lines move, so it defaults to file and place, or else to the message.
    """

    rule: str
    level: str
    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    place: str = ""
    same: str = ""


def sarif(rules: Sequence[SarifRule], results: Sequence[SarifResult], *, root: Path | None = None) -> bytes:
    """A SARIF log of one run. Files below ``root`` (default: the working folder) are named relative to it."""
    base = (root or Path.cwd()).resolve()
    known = {rule.id: rule for rule in rules}
    for result in results:  # a result must be of a rule: readers group by them
        known.setdefault(result.rule, SarifRule(result.rule, result.rule, level=result.level))
    index = {rule: place for place, rule in enumerate(sorted(known))}
    run = {
        "tool": {"driver": _driver([known[rule] for rule in index])},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item, index[item.rule], base) for item in results[:MOST_RESULTS]],
        "invocations": [_invocation(len(results))],
    }
    return (json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n").encode()


def changes_sarif(changes: Sequence[Change], rules: Mapping[str, ChangeRule], *, root: Path | None = None) -> bytes:
    """What changed between two contracts, as SARIF: breaking is an error, a deprecation a warning, the rest a note."""
    told = [SarifRule(rule.id, rule.title, rule.why, _LEVELS[rule.kind]) for rule in rules.values()]
    return sarif(told, [_change(item) for item in changes], root=root)


def lint_sarif(report: LintReport, *, root: Path | None = None) -> bytes:
    """What is wrong in the files that people write, as SARIF. A file that cannot be read at all is a finding there."""
    rules = [SarifRule(rule.id, rule.statement, rule.why, rule.level.value) for rule in report.rules.values()]
    return sarif(rules, [_lint(item) for item in report.findings], root=root)


def _lint(finding: LintFinding) -> SarifResult:
    said = " ".join(filter(None, (finding.message, finding.advice)))
    return SarifResult(
        finding.rule, finding.level.value, said, finding.file, finding.line, finding.column, finding.path
    )


_LEVELS = {ChangeKind.BREAKING: "error", ChangeKind.DEPRECATION: "warning", ChangeKind.NON_BREAKING: "note"}


def _change(change: Change) -> SarifResult:
    same = "\n".join((change.operation, change.pointer))
    where = f"{change.operation}: " if change.operation and change.operation not in change.message else ""
    return SarifResult(change.rule, _LEVELS[change.kind], where + change.message, change.file, change.line,
                       place=change.pointer, same=same)  # fmt: skip


def _driver(rules: Sequence[SarifRule]) -> dict[str, object]:
    return {"name": "certify", "semanticVersion": __version__, "rules": list(map(_rule, rules))}


def _rule(rule: SarifRule) -> dict[str, object]:
    text = {"shortDescription": {"text": within(rule.title) or rule.id}}
    more = {"help": {"text": within(rule.help)}} if rule.help else {}
    return {"id": within(rule.id, 255), **text, **more, "defaultConfiguration": {"level": rule.level}}


def _result(result: SarifResult, index: int, base: Path) -> dict[str, object]:
    said = {
        "ruleId": within(result.rule, 255),
        "ruleIndex": index,
        "level": result.level,
        "message": {"text": _message(result.message)},
        "partialFingerprints": {"certify/v1": _fingerprint(result, base)},
    }
    return said | ({"locations": [_location(result, base)]} if result.file or result.place else {})


def _location(result: SarifResult, base: Path) -> dict[str, object]:
    spot: dict[str, object] = {}
    if result.file:
        spot["physicalLocation"] = {"artifactLocation": _artifact(result.file, base), **_region(result)}
    if result.place:
        spot["logicalLocations"] = [{"fullyQualifiedName": within(result.place)}]
    return spot


def _artifact(file: str, base: Path) -> dict[str, str]:
    """A URI reference (RFC 3986), relative to the sources' root where the file lies below it."""
    place = Path(normpath(base / file))
    if place.is_relative_to(base):
        return {"uri": quote(place.relative_to(base).as_posix(), errors="replace"), "uriBaseId": "%SRCROOT%"}
    return {"uri": "file://" + quote(place.as_posix(), errors="replace")}


def _region(result: SarifResult) -> dict[str, object]:
    if result.line < 1:
        return {}
    column = {"startColumn": result.column} if result.column > 0 else {}
    return {"region": {"startLine": result.line, **column}}


def _fingerprint(result: SarifResult, base: Path) -> str:
    file = _artifact(result.file, base)["uri"] if result.file else ""
    told = result.same or "\n".join((file, result.place or result.message))
    return hashlib.sha256(f"{result.rule}\n{told}".encode("utf-8", "replace")).hexdigest()


def _invocation(found: int) -> dict[str, object]:
    if found <= MOST_RESULTS:
        return {"executionSuccessful": True}
    left = f"{found - MOST_RESULTS:,} more results were left out."
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [{"level": "warning", "message": {"text": left}}],
    }


def _message(text: str) -> str:
    escaped = within(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return escaped or "(nothing more is known)"
