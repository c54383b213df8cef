"""Findings of two runs held against each other: new, gone, or of the same cause with other evidence.

Two are of one cause where their checks, causes and first operations agree; of those left, where they expect the same at
the same place of the same operation. What merely repeats in other words (ids, times) is the same finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from certify.comparing.checks import Names
from certify.comparing.comparison import Difference, Fate, FindingChange
from certify.comparing.differing import conduct
from certify.comparing.steady import steady
from certify.model.exchange import Exchange
from certify.model.report import Report, ReportedFinding
from certify.report.causes import any_item

Key = tuple[str, ...]


@dataclass
class _Pairing:
    """Findings that are still without a counterpart, and the pairs that were made."""

    old: list[ReportedFinding]
    new: list[ReportedFinding]
    pairs: list[tuple[ReportedFinding, ReportedFinding]] = field(default_factory=list)

    def by(self, key: Callable[[ReportedFinding], Key]) -> None:
        """Pair what has the same key, in order."""
        waiting: dict[Key, list[ReportedFinding]] = {}
        for finding in self.old:
            waiting.setdefault(key(finding), []).append(finding)
        left = []
        for finding in self.new:
            same = waiting.get(key(finding))
            if same:
                self.pairs.append((same.pop(0), finding))
            else:
                left.append(finding)
        self.new, self.old = left, [item for item in self.old if any(item is one for one in waiting[key(item)])]


def finding_changes(before: Report, after: Report, names: Names) -> Iterator[FindingChange]:
    """What changed, by check and in the order of the later report; then what is gone."""
    pairing = _Pairing(list(before.findings), list(after.findings))
    pairing.by(lambda item: (names(item.check), item.cause, _where(item), steady(item.expected)))
    pairing.by(lambda item: (names(item.check), item.cause, _where(item)))
    pairing.by(lambda item: (names(item.check), steady(item.expected), _where(item), any_item(item.pointer)))
    order = {finding.id: number for number, finding in enumerate(after.findings)}
    changed = [_changed(old, new, before, after, names) for old, new in pairing.pairs]
    told = [*(_alone(item, Fate.NEW, names) for item in pairing.new), *(item for item in changed if item)]
    yield from sorted(told, key=lambda item: order[item.id_after])
    yield from (_alone(item, Fate.GONE, names) for item in pairing.old)


def _where(finding: ReportedFinding) -> str:
    return finding.operations[0] if finding.operations else ""


def _alone(finding: ReportedFinding, fate: Fate, names: Names) -> FindingChange:
    old, new = ("", finding.id) if fate is Fate.NEW else (finding.id, "")
    check = names(finding.check)
    return FindingChange(check, fate, finding.title, finding.weight, old, new, finding.expected, finding.actual)


def _changed(
    old: ReportedFinding, new: ReportedFinding, before: Report, after: Report, names: Names
) -> FindingChange | None:
    """The same cause with other evidence; None where it says the same."""
    told = [*_words(old, new), *_answers(old, new, before.evidence, after.evidence)]
    if not told:
        return None
    return FindingChange(
        names(new.check), Fate.CHANGED, new.title, new.weight, old.id, new.id, new.expected, new.actual,
        tuple(dict.fromkeys(told)),
    )  # fmt: skip


def _words(old: ReportedFinding, new: ReportedFinding) -> Iterator[Difference]:
    facts = (
        ("expected", old.expected, new.expected),
        ("actual", old.actual, new.actual),
        ("place", any_item(old.pointer), any_item(new.pointer)),
        ("weight", old.weight, new.weight),
        ("operations", _listed(old.operations), _listed(new.operations)),
    )
    yield from (Difference(name, one, other) for name, one, other in facts if steady(one) != steady(other))


def _listed(names: Iterable[str]) -> str:
    """Sorted: the order in which requests came is no matter."""
    return ", ".join(sorted(names))


def _answers(
    old: ReportedFinding, new: ReportedFinding, then: Mapping[str, Exchange], now: Mapping[str, Exchange]
) -> Iterator[Difference]:
    """Another status or another telling header of the first exchange that each shows."""
    one = next((then[name] for name in old.exchanges if name in then), None)
    other = next((now[name] for name in new.exchanges if name in now), None)
    if one is not None and other is not None and one.request.method == other.request.method:
        yield from conduct(one, other)
