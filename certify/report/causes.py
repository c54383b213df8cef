"""One cause, one finding: what two sources saw of the same defect is told once, under a title that tells it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from certify.model.outcome import Finding, Weight

_Key = tuple[str, str, Weight, str]


def one_per_cause(findings: Iterable[Finding]) -> list[Finding]:
    """Findings of one check, those with the same expectation at the same place of the same operation told once."""
    merged: dict[_Key, Finding] = {}
    for finding in findings:
        key = _key(finding)
        merged[key] = _join(merged[key], finding) if key in merged else finding
    return list(merged.values())


def _key(finding: Finding) -> _Key:
    """Item 2 and item 9 of a list are the same place; without a place, the cause itself has to be equal."""
    place = re.sub(r"/\d+(?=/|$)", "/*", finding.pointer)
    first = finding.operations[0] if finding.operations else ""
    return (finding.expected, place or finding.cause or finding.actual, finding.weight, first)


def _join(first: Finding, second: Finding) -> Finding:
    return replace(
        first,
        exchanges=tuple(dict.fromkeys((*first.exchanges, *second.exchanges))),
        operations=tuple(dict.fromkeys((*first.operations, *second.operations))),
    )


def title(finding: Finding) -> str:
    """What happened, in one line: ``listLeads answers 200 OK for a token with an exp of yesterday``."""
    _, _, occasion = finding.expected.partition(" for ")
    answered = f"{_where(finding)} {_verb(finding)} {_short(finding.actual)}".strip()
    return _sentence(f"{answered} for {occasion}" if occasion else answered)


def _where(finding: Finding) -> str:
    if not finding.operations:
        return ""
    others = len(finding.operations) - 1
    return finding.operations[0] + (f" and {others} more" if others else "")


def _verb(finding: Finding) -> str:
    if not finding.operations:
        return ""
    gives_status = re.match(r"\d{3}\b", finding.actual)
    plural = len(finding.operations) > 1
    return ("answer" if plural else "answers") if gives_status else ("give" if plural else "gives")


def _short(text: str, limit: int = 90) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _sentence(text: str) -> str:
    return _short(text.strip(), 160) or "Something is wrong"
