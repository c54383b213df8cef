"""A comparison as a pull-request comment: what fell first, each with the answers before and now.

What a partner wrote stands in code, where it can neither mention, link, nor format anything. It stays below 60,000
characters (GitHub takes 65,536) by leaving out whole items, and says how many.
"""

from __future__ import annotations

from collections.abc import Iterator

from certify.comparing.comparison import Comparison, Difference, FindingChange, Witness
from certify.comparing.telling import Section, Told, at, evidence, headline, sections, stood_on, tone
from certify.formats.inert import markdown, markdown_code
from certify.formats.words import verdict_word

LIMIT = 60_000
NAMED = 40
_SIGNS = {"good": "✅", "bad": "❌", "doubt": "❔", "quiet": "➖"}


def as_markdown(comparison: Comparison) -> str:
    """The whole document."""
    text, left = "", 0
    for block in _blocks(comparison):
        if len(text) + len(block) > LIMIT:
            left += 1
        else:
            text += f"{block}\n\n"
    return text + (f"… and {left} more; the whole of it: `certify diff … --format html`\n" if left else "")


def _blocks(comparison: Comparison) -> Iterator[str]:
    """Headings and whole items, in order."""
    sign, name = _SIGNS[tone(comparison).tone], markdown(comparison.after.partner_name)
    yield f"## {sign} {name}: {markdown(headline(comparison))}"
    yield _sides(comparison)
    for note in comparison.notes:
        yield f"> {markdown(note, 500)}"
    if comparison.milestones:
        yield _milestones(comparison)
    for section in sections(comparison):
        yield f"### {section.word.label} ({len(section.items)})"
        yield from _items(section)
    yield from _evidence(comparison)
    yield from _flaky(comparison)
    yield from _ground(comparison)


def _sides(comparison: Comparison) -> str:
    rows = ["| | run | started | verdict |", "|---|---|---|---|"]
    for name, side in (("before", comparison.before), ("after", comparison.after)):
        incomplete = "" if side.complete else ", not complete"
        verdict = f"{markdown(verdict_word(side.verdict).label)}{incomplete}"
        rows.append(f"| {name} | {markdown(side.run, 80)} | {at(side)} | {verdict} |")
    chosen = comparison.before.chosen
    return "\n".join(rows) + (f"\n\nCompared with {markdown(chosen)}." if chosen else "")


def _milestones(comparison: Comparison) -> str:
    rows = ["| Milestone | before | after | why |", "|---|---|---|---|"]
    for item in comparison.milestones[:50]:
        before, after = (markdown(verdict_word(code).label) if code else "—" for code in (item.before, item.after))
        rows.append(f"| {markdown(item.title, 80)} | {before} | {after} | {markdown(item.because)} |")
    return "\n".join(rows)


def _items(section: Section) -> Iterator[str]:
    if section.brief:
        names = ", ".join(markdown_code(item.change.subject, 120) for item in section.items[:NAMED])
        more = len(section.items) - NAMED
        yield names + (f" and {more} more" if more > 0 else "")
        return
    yield from map(_check, section.items)


def _check(told: Told) -> str:
    change = told.change
    formerly = f" (formerly {markdown_code(change.formerly, 120)})" if change.formerly else ""
    lines = [f"**{markdown_code(change.subject, 120)}**{formerly}: {markdown(told.then)} → {markdown(told.now)}"]
    lines += (
        [f"- holds back {', '.join(markdown(title, 80) for title in change.milestones)}"] if change.milestones else []
    )
    lines += [f"- {markdown(change.note)}"] if change.note and change.after not in ("passed", "failed") else []
    for finding in told.findings[:3]:
        lines += [f"- {markdown(f'{finding.id_after or finding.id_before} · {finding.title}', 300)}"]
        lines += [f"  - expected {markdown_code(finding.expected)}", f"  - actual {markdown_code(finding.actual)}"]
    lines += _witness(change.witness) if change.witness else []
    return "\n".join(lines)


def _witness(witness: Witness) -> list[str]:
    kind = "a request alike" if witness.alike else "the same request"
    unsteady = " (one run gave both answers)" if witness.unsteady else ""
    return [f"- {kind}{unsteady}: {markdown_code(witness.request)}", *map(_difference, witness.differences)]


def _difference(item: Difference) -> str:
    return f"  - {markdown(item.place, 120)}: {markdown_code(item.before)} → {markdown_code(item.after)}"


def _evidence(comparison: Comparison) -> Iterator[str]:
    found = evidence(comparison)
    if found:
        yield f"### Findings that are new, gone or told otherwise ({len(found)})"
    yield from map(_finding, found)


def _finding(item: FindingChange) -> str:
    number = " → ".join(filter(None, (item.id_before, item.id_after)))
    what = f"**{item.fate}** {markdown(item.weight, 40)} {markdown(number, 40)}"
    lines = [f"- {what} of {markdown_code(item.check, 120)}: {markdown(item.title)}"]
    return "\n".join([*lines, *map(_difference, item.differences)])


def _flaky(comparison: Comparison) -> Iterator[str]:
    if comparison.flaky:
        yield f"### Flaky ({len(comparison.flaky)})"
    for item in comparison.flaky:
        then, now = (markdown(text) if text else "steady" for text in (item.flaky_before, item.flaky_after))
        yield f"- {markdown_code(item.subject, 120)}: then {then}; now {now}"


def _ground(comparison: Comparison) -> Iterator[str]:
    """What the runs stood on."""
    rows = [
        f"| {markdown(part, 40)} | {markdown(name, 120)} | {markdown(one, 120)} | {markdown(other, 120)} |"
        for part, name, one, other in stood_on(comparison)
    ]
    if rows:
        yield "\n".join(["### What the runs stood on", "", "| part | | before | after |", "|---|---|---|---|", *rows])
    yield from _list(
        "Playbook", (f"{d.bearing}: {markdown(d.place, 120)}: {markdown(d.told)}" for d in comparison.demands)
    )
    yield from _list(
        "Contract",
        (
            f"{c.kind.replace('_', '-')}: {markdown(c.message)} ({markdown_code(c.rule, 80)})"
            for c in comparison.contract
        ),
    )
    yield from _list("Waivers", (
        f"{markdown_code(w.check, 120)}: {markdown(w.before or 'none')} → {markdown(w.after or 'none')}"
        for w in comparison.waivers
    ))  # fmt: skip
    yield from _list("Coverage", (
        f"{'gained' if o.gained else 'lost'}: {markdown_code(o.id, 120)} {markdown(o.after or o.before)}"
        for o in comparison.operations
    ))  # fmt: skip


def _list(title: str, items: Iterator[str]) -> Iterator[str]:
    lines = [f"- {item}" for item in items]
    if lines:
        yield f"### {title} ({len(lines)})"
    yield from lines
