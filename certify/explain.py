"""Checks, criteria and faults in words, from where they are declared: nothing is written twice."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from certify.errors import UsageError
from certify.formats.words import counted
from certify.model.check import Check
from certify.model.playbook import Criterion, Kind, Milestone, Playbook
from certify.nearest import did_you_mean
from certify.pipeline import load_suites
from certify.program.playbook import load_playbook
from certify.program.program import BASELINE, find_program
from certify.rundir import RunDirectory
from certify.sandbox.faults import Fault, all_faults

WIDTH = 88
NEEDED = {
    "secured": "operations that the contract secures, and a sign-in in the profile",
    "jwt": "platform_tokens in the profile",
    "client_credentials": "sign_in.kind client_credentials",
    "scopes": "scopes in the contract, and tokens with chosen scopes",
    "other_tenant": "identities.other_tenant in the profile",
    "writes": "permissions.allow_writes: true",
    "stress": "permissions.allow_stress: true",
    "limits": "limits in the profile",
    "pagination": "paged lists, and capabilities.pagination not not_offered",
    "idempotency": "idempotency in the profile",
    "audit": "audit in the profile",
}
"""Where each need of a check is declared."""
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


def criteria_of(playbook: Playbook) -> dict[str, tuple[Milestone, Criterion]]:
    return {
        criterion.id: (milestone, criterion) for milestone in playbook.milestones for criterion in milestone.criteria
    }


def baseline(checks: Mapping[str, Check]) -> Playbook:
    """The built-in baseline playbook: whoever names no program may have been judged by it."""
    return load_playbook(find_program(Path(BASELINE)).playbook, checks)


def bindings(playbook: Playbook) -> dict[str, tuple[str, ...]]:
    """The criteria that each check decides."""
    bound: dict[str, tuple[str, ...]] = {}
    for criterion in (criterion for milestone in playbook.milestones for criterion in milestone.criteria):
        for check in criterion.checks:
            bound[check] = (*bound.get(check, ()), criterion.id)
    return bound


def load_run(path: Path) -> tuple[Playbook, dict[str, Check]]:
    """The playbook and the checks that a recorded run was judged by."""
    plan = RunDirectory.open(path).plan()
    return plan.playbook, {item.check.id: item.check for item in plan.checks}


def explain(name: str, playbook: Playbook, checks: Mapping[str, Check], others: Sequence[Playbook] = ()) -> str:
    """A check, a criterion or a fault in words. Raises :class:`UsageError` with the nearest name for anything else.

    A criterion is explained as each of ``playbook`` and ``others`` has it, since playbooks share names.
    """
    books = [playbook, *(other for other in others if other.id != playbook.id)]
    criteria = {book.id: criteria_of(book) for book in books}
    if name in checks:
        return explain_check(checks[name], _bound(name, books))
    if told := [explain_criterion(book, *criteria[book.id][name]) for book in books if name in criteria[book.id]]:
        return "\n\n".join(told)
    faults = all_faults()
    if name in faults:
        return explain_fault(faults[name])
    hint = did_you_mean(name, [*checks, *(known for found in criteria.values() for known in found), *faults])
    raise UsageError(f"no check, criterion or fault is called {name!r}{hint}", ["`certify checks` lists the checks"])


def _bound(check: str, books: Sequence[Playbook]) -> list[str]:
    """The criteria that a check decides, each with its playbook where there are several."""
    several = len(books) > 1
    return [
        f"{criterion} ({book.id})" if several else criterion
        for book in books
        for criterion in bindings(book).get(check, ())
    ]


def explain_check(check: Check, criteria: Sequence[str]) -> str:
    requests = f"about {counted(check.requests, 'request')}" if check.requests else "no requests"
    lines = [
        f"{check.id}   {check.level}: {LEVELS[check.level]}",
        *_wrapped("", check.statement),
        "",
        *_wrapped("Source", check.clause),
        *_wrapped("Sends", check.sends),
        *_wrapped("Decides", check.decides),
        *_wrapped("Needs", "; ".join(needed(check)) or "nothing but a sandbox that answers"),
        *_wrapped("Costs", f"{requests}, {check.seconds:g} s; safety class {check.safety}"),
        *_wrapped("Criteria", ", ".join(criteria) or "none"),
        *_wrapped("Faults", ", ".join(check.faults)),
        "",
        "Usual causes, and their fixes",
    ]
    for cause in check.causes:
        lines += [*_wrapped("  -", cause.what, 4), *_wrapped("    fix:", cause.fix, 9)]
    return "\n".join(lines)


def explain_criterion(playbook: Playbook, milestone: Milestone, criterion: Criterion) -> str:
    waivable = "may be waived" if criterion.waivable else "cannot be waived"
    lines = [
        f"{criterion.id}   {criterion.kind}, {criterion.demand}, {waivable}",
        *_wrapped("", criterion.statement),
        "",
        *_wrapped("Playbook", f"{playbook.title} ({playbook.id} {playbook.version})"),
        *_wrapped("Milestone", f"{milestone.title} ({milestone.id}), owned by {milestone.owner}"),
    ]
    if criterion.checks:
        lines += _wrapped("Checks", ", ".join(criterion.checks))
    if criterion.checks and criterion.absent_ok:
        lines += _wrapped("Absent", "a partner may lack it: it is then not applicable, and blocks nothing")
    if criterion.role:
        lines += _wrapped("Answer", f"by {criterion.role}, in the answers file (--answers FILE), like this:")
        lines += ["", *(f"{' ' * 11}{line}" for line in answer_example(criterion))]
    if criterion.threshold:
        bound = criterion.threshold
        lines += _wrapped("Threshold", f"{bound.metric} {bound.operator} {bound.value:g}")
    return "\n".join(lines)


def answer_example(criterion: Criterion) -> list[str]:
    """An entry of an answers file for a criterion that people answer; only the first three lines go once per file."""
    own = {
        Kind.EVIDENCE: ["evidence: docs/what-was-reviewed.md   # a path from the answers file's folder", "met: true"],
        Kind.ATTESTED: ["statement: What was done or found, in one sentence.", "met: true"],
        Kind.METRIC: [f"value: {criterion.threshold.value:g}   # as measured" if criterion.threshold else "value: 0"],
    }
    members = [
        f"role: {criterion.role}",
        "name: Who Signs",
        "date: 2026-01-31   # the day it was signed",
        *own.get(criterion.kind, []),
    ]
    head = ["schema: certify/answers/1", "partner: the-id-in-the-profile", "answers:"]
    return [*head, f"  - criterion: {criterion.id}", *(f"    {member}" for member in members)]


def needed(check: Check) -> list[str]:
    """What a check needs, in words that a profile's author knows."""
    return [f"{name} ({NEEDED[name]})" if name in NEEDED else name for name in check.needs]


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
