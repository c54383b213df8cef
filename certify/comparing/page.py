"""A comparison as one self-contained HTML file, with the look of the report: it loads nothing and runs nothing.

What is shown is bounded and counted here, so that the file stays below 5 MB whatever the runs were like; the template
only lays it out, and shows every text as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from certify.comparing.comparison import Comparison, MilestoneChange, Side
from certify.comparing.telling import at, evidence, headline, sections, stood_on, tone
from certify.formats.html import laid_out
from certify.formats.html_page import Bounded, bounded
from certify.formats.inert import clip
from certify.formats.words import Word, verdict_word

MOST = 100
"""Checks with their details in all sections together, and rows of each other table."""
LONGEST = 400
"""Characters of one text."""
Row = tuple[str, ...]


@dataclass(frozen=True)
class SideView:
    side: Side
    word: Word
    at: str


@dataclass(frozen=True)
class SectionView:
    anchor: str
    word: Word
    brief: bool
    count: int
    items: Bounded


@dataclass(frozen=True)
class ListView:
    """A plain table of what lies beneath the outcomes."""

    anchor: str
    title: str
    columns: Row
    rows: Bounded


@dataclass(frozen=True)
class Page:
    partner: str
    word: Word
    headline: str
    chosen: str
    before: SideView
    after: SideView
    notes: Bounded
    sections: tuple[SectionView, ...]
    milestones: Bounded
    evidence: Bounded
    flaky: Bounded
    lists: tuple[ListView, ...]
    same: int
    all: int


def as_html(comparison: Comparison) -> bytes:
    """The whole file."""
    return laid_out("comparison.html", ("report.css", "comparison.css"), page=_page(comparison))


def _page(whole: Comparison) -> Page:
    comparison: Comparison = _clipped(whole)
    return Page(
        partner=comparison.after.partner_name,
        word=tone(comparison),
        headline=headline(comparison),
        chosen=comparison.before.chosen,
        before=_side(comparison.before),
        after=_side(comparison.after),
        notes=_bounded(comparison.notes, 30),
        sections=tuple(_sections(comparison)),
        milestones=_bounded([_milestone(item) for item in comparison.milestones]),
        evidence=_bounded(evidence(comparison)),
        flaky=_bounded(comparison.flaky),
        lists=tuple(item for item in _lists(comparison) if item.rows.rows),
        same=comparison.counts.get("same", 0),
        all=sum(comparison.counts.values()),
    )


def _bounded(rows: Sequence[Any], most: int = MOST) -> Bounded:
    return bounded(rows, most)


def _side(side: Side) -> SideView:
    return SideView(side, verdict_word(side.verdict), at(side))


def _clipped(value: Any) -> Any:
    """The same with every text cut; enumerations and numbers are what they are."""
    if type(value) is str:
        return clip(value, LONGEST)
    if isinstance(value, tuple):
        return tuple(map(_clipped, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{item.name: _clipped(getattr(value, item.name)) for item in fields(value)})
    return value


def _sections(comparison: Comparison) -> Iterator[SectionView]:
    """Sections in order; what is told by names alone costs little, and is not counted."""
    left = MOST
    for section in sections(comparison):
        items = _bounded(section.items, MOST * 10 if section.brief else left)
        left -= 0 if section.brief else len(items.rows)
        yield SectionView(section.turn.value, section.word, section.brief, len(section.items), items)


def _milestone(item: MilestoneChange) -> tuple[MilestoneChange, Word | None, Word | None]:
    then, now = (verdict_word(code) if code else None for code in (item.before, item.after))
    return item, then, now


def _lists(comparison: Comparison) -> Iterator[ListView]:
    ground: list[Row] = [(f"{part}: {name}", one, other) for part, name, one, other in stood_on(comparison)]
    demands: list[Row] = [(item.place, item.bearing.value, item.told) for item in comparison.demands]
    contract: list[Row] = [
        (c.operation or "the whole", c.kind.replace("_", "-"), c.message) for c in comparison.contract
    ]
    waivers: list[Row] = [(item.check, item.before or "none", item.after or "none") for item in comparison.waivers]
    coverage: list[Row] = [
        (item.id, "gained" if item.gained else "lost", item.after or item.before) for item in comparison.operations
    ]
    then_and_now = ("Before", "After")
    yield ListView("ground", "What the runs stood on", ("Part", *then_and_now), _bounded(ground))
    yield ListView("playbook", "Playbook", ("Place", "Change", "What"), _bounded(demands))
    yield ListView("contract", "Contract", ("Operation", "Kind", "What"), _bounded(contract))
    yield ListView("waivers", "Waivers", ("Check", *then_and_now), _bounded(waivers))
    yield ListView("coverage", "Coverage", ("Operation", "Change", "Why it was not exercised"), _bounded(coverage))
