"""``summary.md``: the verdict as a pull-request comment.

Verdict first, then a table of milestones, then the findings that block most; the rest folds away in ``<details>``. It
stays below 60,000 characters (GitHub takes 65,536) by leaving out whole items, never by cutting one in half. What a
partner wrote stands in code, where it can neither mention, link, nor format anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from certify.formats.inert import markdown, markdown_block, markdown_code
from certify.formats.interface import Format
from certify.formats.reading import (
    Unproven,
    advisories,
    by_reason,
    carried,
    carried_from,
    excused_findings,
    flaky,
    how_flaky,
    idle_waivers,
    required_met,
    titles,
    to_fix,
    unproven,
    waived_by,
    waivers,
)
from certify.formats.words import counted, sentence, status_word, verdict_word
from certify.model.plan import LAPTOP, Origin
from certify.model.report import Report, ReportedCheck, ReportedFinding, ReportedMilestone, ReportedWaiver

LIMIT = 60_000
TOP = 5
SUBJECTS = 30
_SIGNS = {"certified": "✅", "not_certified": "❌", "unproven": "❔"}
_ROOM_FOR_THE_END = 2_000


class SummaryFormat(Format):
    name = "summary"
    description = "summary.md, which fits a pull-request comment"

    def render(self, report: Report) -> Mapping[str, bytes]:
        return {"summary.md": _document(report).encode()}


def _document(report: Report) -> str:
    text = "\n\n".join(_opening(report))
    for part in _parts(report):
        text = _append(text, *part)
    return f"{text}\n\n{_ending(report)}\n"


def _opening(report: Report) -> Iterator[str]:
    word = verdict_word(report.verdict)
    yield f"## {_SIGNS.get(report.verdict, '❔')} {markdown(report.partner.name)}: {markdown(word.label.lower())}"
    yield markdown(report.summary, 1000)
    if not report.run.complete:
        yield "**This run was interrupted.** It is judged as far as it goes, and cannot certify."
    yield _table(report.milestones)


def _table(milestones: tuple[ReportedMilestone, ...]) -> str:
    rows = [_row(milestone) for milestone in milestones[:50]]
    return "\n".join(["| Milestone | Verdict | Required criteria met | Why |", "|---|---|---|---|", *rows])


def _row(milestone: ReportedMilestone) -> str:
    met, required = required_met(milestone)
    verdict = f"{_SIGNS.get(milestone.verdict, '❔')} {markdown(verdict_word(milestone.verdict).label)}"
    cells = (
        markdown(milestone.title, 80),
        verdict,
        f"{met} of {required}",
        markdown(sentence(milestone.because)),
    )
    return f"| {' | '.join(cells)} |"


Part = tuple[str, str, list[str], bool]  # heading, what is counted, items, folded


def _parts(report: Report) -> Iterator[Part]:
    wrong = [_finding(report, item) for item in to_fix(report)]
    yield "What to fix", "more to fix", wrong[:TOP], False
    yield f"{len(wrong) - TOP} more to fix", "more", wrong[TOP:], True
    doubts = list(map(_doubt, by_reason(unproven(report))))
    yield "Not proven", "more not proven", doubts[:TOP], False
    yield f"{len(doubts) - TOP} more not proven", "more", doubts[TOP:], True
    excused = [_finding(report, item) for item in excused_findings(report)]
    yield "Waived", "more waived", [*map(_waiver, waivers(report)), *excused], False
    idle = list(map(_idle, idle_waivers(report)))
    yield f"{counted(len(idle), 'waiver')} excusing nothing", "more", idle, True
    yield "Flaky", "more flaky", list(map(_flaky, flaky(report))), False
    over = list(map(_carried, carried(report)))
    yield f"{counted(len(over), 'check')} carried over", "more", over, True
    advice = [_finding(report, item) for item in advisories(report)]
    yield f"{len(advice)} {'advisory' if len(advice) == 1 else 'advisories'}, blocking nothing", "more", advice, True
    yield _coverage_heading(report), "more", _missed(report), True
    yield _left_heading(report), "more", _left(report), True
    yield "Notes", "more notes", [f"- {markdown(note)}" for note in report.notes], False


def _coverage_heading(report: Report) -> str:
    coverage = report.coverage
    return f"{coverage.operations - coverage.exercised} of {counted(coverage.operations, 'operation')} not exercised"


def _left_heading(report: Report) -> str:
    return f"{counted(report.cleanup.left_behind if report.cleanup else 0, 'object')} left in the sandbox"


def _left(report: Report) -> list[str]:
    """What the run created and could not delete, by kind."""
    left = report.cleanup.left if report.cleanup else ()
    return [f"- {item.count} of {markdown_code(item.operation, 120)}: {markdown(item.why, 200)}" for item in left]


def _missed(report: Report) -> list[str]:
    missed = [item for item in report.coverage.details if not item.succeeded]
    lines = [f"- {markdown_code(item.id, 120)}: {markdown(item.why, 200)}".rstrip(": ") for item in missed[:SUBJECTS]]
    lines += [f"- and {len(missed) - SUBJECTS} more"] if len(missed) > SUBJECTS else []
    return ["\n".join(lines)] if lines else []


def _append(text: str, heading: str, rest: str, items: list[str], folded: bool) -> str:
    """The text with a section added: as many whole items as fit, and a count of those that do not."""
    room = LIMIT - _ROOM_FOR_THE_END - len(text) - len(heading) - 200
    kept = list(_that_fit(items, room))
    left = len(items) - len(kept)
    if not items or (not kept and room < 0):
        return text
    body = "\n\n".join(kept + ([f"… and {left} {rest}; see `report.html`."] if left else []))
    opening, closing = (
        (f"<details>\n<summary>{heading}</summary>\n\n", "\n\n</details>") if folded else (f"### {heading}\n\n", "")
    )
    return f"{text}\n\n{opening}{body}{closing}"


def _that_fit(items: Iterable[str], room: int) -> Iterator[str]:
    for item in items:
        room -= len(item) + 2
        if room < 0:
            return
        yield item


def _finding(report: Report, finding: ReportedFinding) -> str:
    blocks = ", ".join(markdown(title, 80) for title in titles(report, finding.blocks[:10]))
    lines = [
        f"**{markdown(finding.id, 12)} · {markdown(finding.title)}**" + (f" — holds back {blocks}" if blocks else ""),
        f"- expected: {markdown_code(finding.expected)}",
        f"- actual: {markdown_code(finding.actual)}",
        f"- check: {markdown_code(finding.check, 120)}"
        + (f" ({markdown(finding.clause, 120)})" if finding.clause else ""),
    ]
    again = markdown_block("\n".join(finding.again[:4]), "sh") if finding.again else ""
    return "\n\n".join(filter(None, ("\n".join(lines), again, _exception(finding))))


def _exception(finding: ReportedFinding) -> str:
    """How to argue for a waiver of what holds a milestone back, or why none can be had."""
    if finding.argue:
        return f"What cannot be mended in time can be argued about: {markdown_code(finding.argue)}"
    return f"No waiver can excuse it: {markdown(finding.unwaivable)}." if finding.blocks and finding.unwaivable else ""


def _doubt(items: tuple[Unproven, ...]) -> str:
    first = items[0]
    word = "Unanswered" if first.status == "unanswered" else markdown(status_word(first.status).label)
    blocks = "" if any(item.required for item in items) else "Blocks nothing."
    told = (
        f"**{word}.**",
        markdown(sentence(first.why)),
        markdown(sentence(first.note)),
        f"To settle it: {markdown(first.enable)}",
        blocks,
    )
    names = ", ".join(markdown_code(item.subject, 120) for item in items[:SUBJECTS])
    more = f" and {len(items) - SUBJECTS} more" if len(items) > SUBJECTS else ""
    return f"- {' '.join(filter(None, told))}\n  {names}{more}"


def _carried(check: ReportedCheck) -> str:
    return f"- {markdown_code(check.id, 120)} {markdown(carried_from(check))}"


def _flaky(check: ReportedCheck) -> str:
    return f"- {markdown_code(check.id, 120)} {markdown(how_flaky(check))}"


def _waiver(waiver: ReportedWaiver) -> str:
    link = f" ({markdown_code(waiver.link, 200)})" if waiver.link else ""
    return (
        f"- {markdown_code(waiver.check, 120)}, by {markdown(waived_by(waiver), 200)}: {markdown(waiver.reason)}{link}"
    )


def _idle(waiver: ReportedWaiver) -> str:
    who = f"by {markdown(waived_by(waiver), 200)}"
    return f"- {markdown_code(waiver.check, 120)}, {who}: {markdown(waiver.because)}"


def _ending(report: Report) -> str:
    run = report.run
    program = f"program {markdown_code(report.program.id, 60)} {markdown(report.program.version, 40)}"
    spent = f"{counted(run.requests, 'request')} in {run.seconds:.0f} s"
    facts = (f"run {markdown_code(run.id, 100)} on {_where(run.origin)}", spent, f"seed {run.seed}", program)
    return f"<sub>{' · '.join(facts)}. The whole report, with the exchanges: `report.html`.</sub>"


def _where(origin: Origin) -> str:
    if origin.system == LAPTOP:
        return "a laptop"
    repository = origin.facts.get("repository", "")
    return markdown_code(origin.system, 40) + (f" ({markdown_code(repository, 100)})" if repository else "")
