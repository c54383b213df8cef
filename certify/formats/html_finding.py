"""A finding as the HTML report shows it, within a budget: the most important ones get their evidence first.

Escaping can make hostile text five times as long, so the budget counts escaped characters. A finding that no longer
fits is still listed, by its title; the evidence stays in ``certification.json``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import urlsplit

from certify.formats.clauses import clause_url
from certify.formats.exchange_text import Line, request_lines, response_lines
from certify.formats.inert import clip, visible
from certify.formats.reading import UNDECIDED, titles
from certify.formats.words import STATUSES, Word
from certify.model.exchange import Exchange
from certify.model.report import Report, ReportedCause, ReportedContact, ReportedFinding

BUDGET = 3_000_000  # escaped characters for all findings together
OPENED = 3  # findings whose evidence is unfolded from the start
MOST_EXCHANGES = 3
MOST_OPERATIONS = 20
MOST_LINES_AGAIN = 4
Anchors = dict[str, str]


@dataclass(frozen=True)
class ExchangeView:
    id: str
    title: str
    identity: str
    purpose: str
    request: list[Line]
    response: list[Line]


@dataclass(frozen=True)
class FindingView:
    """``explains``: it tells why its check could not be decided. ``brief``: the title only, for want of budget."""

    anchor: str
    finding: ReportedFinding
    word: Word
    expected: str
    actual: str
    clause_url: str
    blocks: tuple[str, ...]
    criteria: tuple[str, ...]
    operations: tuple[str, ...]
    more_operations: int
    causes: tuple[ReportedCause, ...]
    again: tuple[str, ...]
    contacts: tuple[ReportedContact, ...]
    left_out: int
    opened: bool
    exchanges: tuple[ExchangeView, ...] = ()
    explains: bool = False
    brief: bool = False


def finding_views(report: Report, findings: Iterable[ReportedFinding]) -> tuple[FindingView, ...]:
    left = BUDGET
    undecided = {check.id for check in report.checks if check.status in UNDECIDED}
    statements = {item.id: item.statement for milestone in report.milestones for item in milestone.criteria}
    views = []
    for number, finding in enumerate(findings, 1):
        view = _view(report, finding, number, statements)
        if left > 0:
            view = replace(view, exchanges=_exchanges(report, finding), explains=finding.check in undecided)
        left -= _cost(view)
        views.append(view if left > 0 else replace(view, brief=True, exchanges=()))
    return tuple(views)


def _view(report: Report, finding: ReportedFinding, number: int, statements: Mapping[str, str]) -> FindingView:
    return FindingView(
        anchor=f"finding-{number}",
        finding=finding,
        word=STATUSES["failed" if finding.weight == "violation" else "inconclusive"],
        expected=clip(finding.expected, 1500),
        actual=clip(finding.actual, 1500),
        clause_url=clause_url(finding.clause),
        blocks=titles(report, finding.blocks),
        criteria=tuple(statements.get(item, item) for item in finding.criteria[:10]),
        operations=finding.operations[:MOST_OPERATIONS],
        more_operations=max(0, len(finding.operations) - MOST_OPERATIONS),
        causes=finding.causes[:10],
        again=finding.again[:MOST_LINES_AGAIN],
        contacts=(finding.contacts or report.contacts)[:5],
        left_out=len(dict.fromkeys(finding.exchanges)) - len(_shown(report, finding)),
        opened=number <= OPENED,
    )


def _shown(report: Report, finding: ReportedFinding) -> list[str]:
    return [key for key in dict.fromkeys(finding.exchanges) if key in report.evidence][:MOST_EXCHANGES]


def _exchanges(report: Report, finding: ReportedFinding) -> tuple[ExchangeView, ...]:
    return tuple(_exchange(report.evidence[key], finding) for key in _shown(report, finding))


def _exchange(item: Exchange, finding: ReportedFinding) -> ExchangeView:
    outcome = str(item.response.status) if item.response else "no response"
    title = f"{item.request.method} {_path(item.request.url)} → {outcome}"
    response = response_lines(item, finding.pointer, finding.actual)
    return ExchangeView(item.id, clip(title, 200), item.identity, item.purpose, request_lines(item), response)


def _path(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _cost(view: FindingView) -> int:
    finding = view.finding
    texts = [finding.title, view.expected, view.actual, finding.advice, finding.pointer, finding.clause]
    texts += [clip(text, 4000) for text in (*view.again, *view.operations, *view.criteria, *view.blocks)]
    texts += [clip(part, 4000) for cause in view.causes for part in (cause.what, cause.fix)]
    texts += [line.text for item in view.exchanges for line in (*item.request, *item.response)]
    return sum(len(escape(visible(text))) for text in texts)
