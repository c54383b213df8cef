"""Checks, criteria and faults in words, from where they are declared: nothing is written twice."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from certify.errors import UsageError
from certify.model.check import Check
from certify.model.playbook import Criterion, Milestone, Playbook
from certify.pipeline import load_suites
from certify.program.nearest import did_you_mean
from certify.program.playbook import load_playbook
from certify.program.program import find_program
from certify.sandbox.faults import Fault, all_faults

WIDTH = 88
LEVELS = {
    "MUST": "a published standard obliges the server",
    "SHOULD": "a published standard recommends it",
    "DRAFT": "only an Internet-Draft says so",
    "CONTRACT": "the partner promised it in contract or profile",
    "PRACTICE": "good practice; no standard obliges it",
}


def load_catalogue(program: Path | None) -> tuple[Playbook, dict[str, Check]]:
    """The playbook and the checks of a program."""
    found = find_program(program)
    checks = load_suites(found)
    return load_playbook(found.playbook, checks), checks


def bindings(playbook: Playbook) -> dict[str, tuple[str, ...]]:
    """The criteria that each check decides."""
    bound: dict[str, tuple[str, ...]] = {}
    for criterion in (criterion for milestone in playbook.milestones for criterion in milestone.criteria):
        for check in criterion.checks:
            bound[check] = (*bound.get(check, ()), criterion.id)
    return bound


def explain(name: str, playbook: Playbook, checks: Mapping[str, Check]) -> str:
    """A check, a criterion or a fault in words. Raises :class:`UsageError` with the nearest name for anything else."""
    criteria = {c.id: (m, c) for m in playbook.milestones for c in m.criteria}
    faults = all_faults()
    if name in checks:
        return explain_check(checks[name], bindings(playbook).get(name, ()))
    if name in criteria:
        return explain_criterion(*criteria[name])
    if name in faults:
        return explain_fault(faults[name])
    hint = did_you_mean(name, [*checks, *criteria, *faults])
    raise UsageError(f"no check, criterion or fault is called {name!r}{hint}", ["`certify checks` lists the checks"])


def explain_check(check: Check, criteria: Sequence[str]) -> str:
    lines = [
        f"{check.id}   {check.level}: {LEVELS[check.level]}",
        *_wrapped("", check.statement),
        "",
        *_wrapped("Source", check.clause),
        *_wrapped("Sends", check.sends),
        *_wrapped("Decides", check.decides),
        *_wrapped("Needs", ", ".join(check.needs) or "nothing but a sandbox that answers"),
        *_wrapped("Costs", f"about {check.requests} requests, {check.seconds:g} s; safety class {check.safety}"),
        *_wrapped("Criteria", ", ".join(criteria) or "none"),
        *_wrapped("Faults", ", ".join(check.faults)),
        "",
        "Usual causes, and their fixes",
    ]
    for cause in check.causes:
        lines += [*_wrapped("  -", cause.what, 4), *_wrapped("    fix:", cause.fix, 9)]
    return "\n".join(lines)


def explain_criterion(milestone: Milestone, criterion: Criterion) -> str:
    waivable = "may be waived" if criterion.waivable else "cannot be waived"
    lines = [
        f"{criterion.id}   {criterion.kind}, {criterion.demand}, {waivable}",
        *_wrapped("", criterion.statement),
        "",
        *_wrapped("Milestone", f"{milestone.title} ({milestone.id}), owned by {milestone.owner}"),
    ]
    if criterion.checks:
        lines += _wrapped("Checks", ", ".join(criterion.checks))
    if criterion.role:
        lines += _wrapped("Answer", f"by {criterion.role}, in the answers file")
    if criterion.threshold:
        bound = criterion.threshold
        lines += _wrapped("Threshold", f"{bound.metric} {bound.operator} {bound.value:g}")
    return "\n".join(lines)


def explain_fault(fault: Fault) -> str:
    return "\n".join(
        [
            f"{fault.name}   a fault of the reference sandbox ({fault.family})",
            *_wrapped("", fault.does),
            "",
            *_wrapped("Caught by", ", ".join(fault.checks)),
            *_wrapped("See it", f"certify demo --fault {fault.name}"),
        ]
    )


def _wrapped(label: str, text: str, indent: int = 11) -> list[str]:
    head = f"{label:{indent}}" if label else ""
    rest = " " * (indent if label else 0)
    return textwrap.wrap(text, WIDTH, initial_indent=head, subsequent_indent=rest, break_on_hyphens=False)
