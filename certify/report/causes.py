"""One cause, one finding: what two sources saw of the same defect is told once, under a title that tells it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import reduce

from certify.model.outcome import Finding, Weight

_Key = tuple[str, str, Weight, str]
_LACKS = "the required member "
_MISSING = "it is missing"


def one_per_cause(findings: Iterable[Finding]) -> list[Finding]:
    """Findings of one check, those of one defect told once.

    Equal is what has the same expectation at the same place of the same operation; what the generated requests show of
    a defect that a suite found too; and the required members that the same objects lack.
    """
    merged: dict[_Key, Finding] = {}
    for finding in findings:
        key = _key(finding)
        merged[key] = _join(merged[key], finding) if key in merged else finding
    return _without_twins(_lacking_together(merged.values()))


def _key(finding: Finding) -> _Key:
    """Item 2 and item 9 of a list are the same place; without a place, the cause itself has to be equal."""
    first = finding.operations[0] if finding.operations else ""
    return (finding.expected, any_item(finding.pointer) or finding.cause or finding.actual, finding.weight, first)


def any_item(pointer: str) -> str:
    """A JSON pointer to which item 2 and item 9 of a list are the same place."""
    return re.sub(r"/\d+(?=/|$)", "/*", pointer)


def _join(first: Finding, second: Finding) -> Finding:
    """The first one's words, by which it is found in the record again, with what both were seen on."""
    return replace(
        first,
        exchanges=tuple(dict.fromkeys((*first.exchanges, *second.exchanges))),
        operations=tuple(dict.fromkeys((*first.operations, *second.operations))),
    )


def _lacking_together(findings: Iterable[Finding]) -> list[Finding]:
    """Members that are missing of the same objects are one defect: most often the wrong schema, or nulls left out."""
    groups: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        lacks = finding.actual.startswith(_MISSING) and finding.expected.startswith(_LACKS)
        key = (finding.operations, any_item(finding.pointer), finding.weight) if lacks else number
        groups.setdefault(key, []).append(finding)
    return [_lacking(group) if len(group) > 1 else group[0] for group in groups.values()]


def _lacking(group: list[Finding]) -> Finding:
    others = ", ".join(dict.fromkeys(finding.expected.removeprefix(_LACKS) for finding in group[1:]))
    told = f"what is there also lacks {others}: see whether it has another schema altogether"
    return replace(reduce(_join, group), advice="; ".join(part for part in (group[0].advice, told) if part))


def _without_twins(findings: list[Finding]) -> list[Finding]:
    """What the engine saw joins what a suite says of the same: a suite's words are about one thing, and come first."""
    told = [finding for finding in findings if not _of_engine(finding)]
    for finding in filter(_of_engine, findings):
        place = next((number for number, known in enumerate(told) if _twins(known, finding)), None)
        if place is None:
            told.append(finding)
        else:
            told[place] = _join(told[place], finding)
    return told


def _of_engine(finding: Finding) -> bool:
    return finding.oracle.startswith("engine ")


def _twins(ours: Finding, engines: Finding) -> bool:
    """Whether an engine's finding is of the same defect. Crashes and inputs never: one status has many causes."""
    shared = not set(ours.operations).isdisjoint(engines.operations)
    if _of_engine(ours) or ours.weight is not engines.weight or not shared:
        return False
    match engines.oracle.split()[1]:
        case "IgnoredAuth" | "UndefinedStatusCode":
            return ours.actual[:3].isdigit() and ours.actual[:3] == engines.actual[:3]
        case "JsonSchemaError":
            return (ours.expected, any_item(ours.pointer)) == (engines.expected, any_item(engines.pointer))
        case "UndefinedContentType" | "MissingContentType" | "MalformedMediaType":
            return ours.actual.lower() == engines.actual.partition(" on ")[0].lower()
        case "MissingHeaders":
            return ours.actual == _MISSING and ours.expected.split()[-1].lower() == engines.expected.split()[-1].lower()
        case _:
            return False


def title(finding: Finding) -> str:
    """What happened, in one line: ``listLeads answers 200 OK for a token with an exp of yesterday``."""
    if finding.actual.startswith(_MISSING) and finding.operations:
        lacks = "lack" if len(finding.operations) > 1 else "lacks"
        return _sentence(f"{_where(finding)} {lacks} {finding.expected}")
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
