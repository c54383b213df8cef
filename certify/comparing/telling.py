"""The words of a comparison, once: headline, names of turns, what stands together. Renderers only lay it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from certify.comparing.comparison import CheckChange, Comparison, Fate, FindingChange, Side, Turn
from certify.formats.words import Word, counted, status_word

TURNS = {
    Turn.NEWLY_FAILING: Word("Newly failing", "✕", "bad"),
    Turn.NEWLY_UNPROVEN: Word("Newly not proven", "?", "doubt"),
    Turn.NO_LONGER_FAILING: Word("No longer failing, and not proven", "?", "doubt"),
    Turn.NO_LONGER_APPLICABLE: Word("No longer applicable", "–", "doubt"),
    Turn.NEWLY_PASSING: Word("Newly passing", "✓", "good"),
    Turn.STILL_FAILING: Word("Still failing", "✕", "bad"),
    Turn.STILL_UNPROVEN: Word("Still not proven", "?", "doubt"),
    Turn.GONE: Word("Not in the later run", "–", "quiet"),
}
"""In the order in which they are told; what is the same is only counted."""
BRIEF = (Turn.STILL_FAILING, Turn.STILL_UNPROVEN, Turn.GONE)
"""Turns that are told by names alone: nothing of them is new."""


@dataclass(frozen=True)
class Told:
    """A check that took a turn, with what its report says of it anew."""

    change: CheckChange
    findings: tuple[FindingChange, ...]
    then: str
    now: str


@dataclass(frozen=True)
class Section:
    turn: Turn
    word: Word
    items: tuple[Told, ...]

    @property
    def brief(self) -> bool:
        return self.turn in BRIEF


def sections(comparison: Comparison) -> tuple[Section, ...]:
    """Checks by turn, those that need somebody first."""
    own: dict[str, list[FindingChange]] = {}
    for finding in comparison.findings:
        if finding.weight == "violation":
            own.setdefault(finding.check, []).append(finding)
    found = ((turn, word, comparison.of(turn)) for turn, word in TURNS.items())
    return tuple(
        Section(turn, word, tuple(_told(change, tuple(own.get(change.subject, ()))) for change in changes))
        for turn, word, changes in found
        if changes
    )


def _told(change: CheckChange, findings: tuple[FindingChange, ...]) -> Told:
    return Told(
        change,
        findings,
        status_told(change.before, change.reason_before),
        status_told(change.after, change.reason_after),
    )


def status_told(status: str, reason: str) -> str:
    """``Inconclusive (unstable)``; a run that did not have the check says so."""
    if not status:
        return "not in the run"
    return status_word(status).label + (f" ({reason})" if reason else "")


def evidence(comparison: Comparison) -> tuple[FindingChange, ...]:
    """Findings that are not told with a check that took a turn: changed evidence, causes that came or went beside
    others, advice."""
    turned = {item.change.subject for section in sections(comparison) if not section.brief for item in section.items}
    return tuple(
        item
        for item in comparison.findings
        if item.fate is Fate.CHANGED or item.check not in turned or item.weight != "violation"
    )


def headline(comparison: Comparison) -> str:
    """What a reader wants to know first, in one sentence."""
    failing, unproven = len(comparison.of(Turn.NEWLY_FAILING)), len(comparison.of(Turn.NEWLY_UNPROVEN))
    passing = len(comparison.of(Turn.NEWLY_PASSING))
    if comparison.worse and not failing and not unproven:
        return "No check fell, and a milestone did: what is asked for changed"
    told = [f"{counted(failing, 'check')} newly failing"] * bool(failing)
    told += [f"{unproven} newly not proven" if failing else f"{counted(unproven, 'check')} newly not proven"] * bool(
        unproven
    )
    told += [f"{passing} newly passing" if told else f"{counted(passing, 'check')} newly passing"] * bool(passing)
    return ", ".join(told) or (
        "Other outcomes, none of them worse" if comparison.outcomes_differ else "The same outcomes"
    )


def tone(comparison: Comparison) -> Word:
    """The sign of the whole comparison."""
    if comparison.of(Turn.NEWLY_FAILING) or any(item.after == "not_certified" for item in comparison.milestones):
        return Word("Worse", "✕", "bad")
    if comparison.worse:
        return Word("Less is proven", "?", "doubt")
    if comparison.of(Turn.NEWLY_PASSING) and not comparison.of(Turn.NO_LONGER_APPLICABLE):
        return Word("Better", "✓", "good")
    return Word("No worse", "–", "quiet")


def at(side: Side) -> str:
    return datetime.fromtimestamp(side.started, UTC).strftime("%Y-%m-%d %H:%M UTC")


def stood_on(comparison: Comparison) -> Iterator[tuple[str, str, str, str]]:
    """What the runs stood on, where it differs: part, name, before, after."""
    for fact in comparison.facts:
        yield fact.part, fact.name, fact.before or "—", fact.after or "—"
    for suite in comparison.suites:
        yield "suites", f"{suite.file} ({counted(len(suite.checks), 'check')})", suite.before, suite.after
