"""The playbook: loaded whole, or refused with every problem it has.

What the schema cannot say is checked here: that names mean something, that stages come in an order, and that each kind
of criterion has what decides it. See ``fixtures/playbook.yaml`` for one that is right.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable
from pathlib import Path

from certify.errors import ProgramError
from certify.model.codec import decode
from certify.model.playbook import Criterion, Demand, Kind, Milestone, Playbook
from certify.program.certification_rules import lint_areas, lint_certification
from certify.program.lint import Lint
from certify.program.source import Place, read_document
from certify.program.validate import check_structure


def load_playbook(path: Path, known_checks: Collection[str] | None) -> Playbook:
    """Read a playbook. ``known_checks`` are the ids that the suites and sources declare; None where nobody looks at
    checks, so that the suites, which take longest, need not be read.

    Milestones come back in an order in which each stands after those it waits for. Raises
    :class:`certify.errors.ProgramError` with all problems of the file.
    """
    lint = Lint(read_document(path))
    if check_structure(lint, "playbook.v1"):
        _lint_names(lint)
        _lint_order(lint)
        _lint_empty(lint)
        lint_certification(lint)
        for place in _criteria(lint):
            _lint_criterion(lint, place)
        if known_checks is not None:
            _lint_checks(lint, known_checks)
            lint_areas(lint, known_checks)
    lint.finish(ProgramError, "playbook")
    return _arranged(decode(Playbook, lint.document.value))


def _criteria(lint: Lint) -> list[Place]:
    return [place for milestone in lint.each("milestones") for place in lint.each(*milestone, "criteria")]


def _known(lint: Lint, place: Place, what: str, name: str, known: Collection[str]) -> None:
    if name and name not in known:
        lint.unknown(place, what, name, known)


def _roles(lint: Lint) -> list[str]:
    return [role for _, role in lint.texts("roles")]


def _lint_names(lint: Lint) -> None:
    """Ids are their own; owners and escalation steps name somebody who exists."""
    milestones, contacts = list(lint.each("milestones")), list(lint.each("contacts"))
    lint.unique(milestones, "id", "milestone")
    lint.unique(_criteria(lint), "id", "criterion")
    lint.unique(contacts, "name", "contact")
    roles = _roles(lint)
    for place in milestones:
        _known(lint, (*place, "owner"), "role", lint.text(*place, "owner"), roles)
    for here, role in lint.texts("partner_roles"):
        _known(lint, here, "role", role, roles)
    people = [*roles, *(lint.text(*place, "name") for place in contacts)]
    for place in lint.each("escalation"):
        _known(lint, (*place, "contact"), "contact or role", lint.text(*place, "contact"), people)


def _lint_order(lint: Lint) -> None:
    """Milestones wait for milestones that exist, and never in a circle."""
    waits: dict[str, list[str]] = {}
    for place in lint.each("milestones"):
        waits[lint.text(*place, "id")] = [name for _, name in lint.texts(*place, "after")]
    for place in lint.each("milestones"):
        for here, before in lint.texts(*place, "after"):
            _known(lint, here, "milestone", before, waits)
    if len(waits) == len(list(lint.each("milestones"))):
        _lint_circles(lint, waits)


def _lint_circles(lint: Lint, waits: dict[str, list[str]]) -> None:
    for place in lint.each("milestones"):
        name = lint.text(*place, "id")
        circle = _circle(name, waits)
        if circle and name == min(circle):
            message = f"milestones wait for each other: {' → '.join([*circle, name])}"
            lint.report((*place, "after"), message, rule="circle")


def _circle(start: str, waits: dict[str, list[str]]) -> list[str]:
    """A way from ``start`` back to itself, or nothing."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop()
        for before in waits.get(way[-1], []):
            if before == start:
                return way
            if before not in seen:
                seen.add(before)
                ways.append([*way, before])
    return []


def _lint_empty(lint: Lint) -> None:
    """Each milestone requires something, now or on a known day; an empty one would certify nothing."""
    for place in lint.each("milestones"):
        criteria = list(lint.each(*place, "criteria"))
        if criteria and all(lint.get(*item, "demand") == Demand.RECOMMENDED for item in criteria):
            message = f"milestone {lint.text(*place, 'id')!r} requires nothing, so it would certify nothing"
            lint.report((*place, "criteria"), message, "make one of its criteria required", "empty-milestone")


def _lint_checks(lint: Lint, known_checks: Collection[str]) -> None:
    """Checks are named that somebody declares."""
    places = [("never_waivable",), *((*place, "checks") for place in _criteria(lint))]
    for here, check in (found for place in places for found in lint.texts(*place)):
        _known(lint, here, "check", check, known_checks)


def _lint_criterion(lint: Lint, place: Place) -> None:
    """Each kind has what decides it, and nothing that belongs to another kind."""
    kind = lint.text(*place, "kind")
    _known(lint, (*place, "role"), "role", lint.text(*place, "role"), _roles(lint))
    if kind == Kind.AUTOMATED and not lint.get(*place, "checks"):
        message, advice = "an automated criterion needs checks", "list the ids of the checks that decide it"
        lint.report(place, message, advice, "undecided")
    if kind in {Kind.EVIDENCE, Kind.ATTESTED, Kind.METRIC}:
        _lint_answered(lint, place, kind)
    if kind in set(Kind) and (kind == Kind.METRIC) != ("threshold" in lint.mapping(*place)):
        wanted = "a metric criterion needs a threshold" if kind == Kind.METRIC else "a threshold is only for metrics"
        lint.report((*place, "threshold"), wanted, rule="undecided" if kind == Kind.METRIC else "misplaced")
    _lint_demand(lint, place)
    _lint_waivable(lint, place)


def _lint_answered(lint: Lint, place: Place, kind: str) -> None:
    if not lint.get(*place, "role"):
        lint.report(place, f"a criterion of kind {kind} needs a role", "name the role that answers it", "undecided")
    if "checks" in lint.mapping(*place):
        message = f"checks do not decide a criterion of kind {kind}"
        lint.report((*place, "checks"), message, "remove them", "misplaced")


def _lint_demand(lint: Lint, place: Place) -> None:
    pending = lint.get(*place, "demand") == Demand.PENDING
    if pending and "required_from" not in lint.mapping(*place):
        lint.report(place, "a pending criterion needs required_from", "say from which day it blocks", "no-date")
    if not pending and "required_from" in lint.mapping(*place):
        message = "required_from is only for pending criteria"
        lint.report((*place, "required_from"), message, "set demand: pending", "misplaced")


def _lint_waivable(lint: Lint, place: Place) -> None:
    never = {check for _, check in lint.texts("never_waivable")}
    areas = {area for _, area in lint.texts("certification", "waivers", "never", "areas")}
    bound = [check for _, check in lint.texts(*place, "checks") if check in never or check.split(".", 1)[0] in areas]
    if bound and lint.get(*place, "waivable") is True:
        message = f"it binds {bound[0]!r}, which nobody can waive"
        lint.report((*place, "waivable"), message, "remove 'waivable: true'", "protected")


def _arranged(playbook: Playbook) -> Playbook:
    milestones = tuple(_protected(item, frozenset(playbook.never_waivable)) for item in playbook.milestones)
    return dataclasses.replace(playbook, milestones=tuple(_in_order(milestones)))


def _protected(milestone: Milestone, never: frozenset[str]) -> Milestone:
    def protect(criterion: Criterion) -> Criterion:
        return dataclasses.replace(criterion, waivable=criterion.waivable and never.isdisjoint(criterion.checks))

    return dataclasses.replace(milestone, criteria=tuple(protect(item) for item in milestone.criteria))


def _in_order(milestones: Iterable[Milestone]) -> list[Milestone]:
    """The file's order, except that nothing stands before what it waits for."""
    waiting, done = list(milestones), list[Milestone]()
    while waiting:
        ready = next(item for item in waiting if set(item.after) <= {before.id for before in done})
        waiting.remove(ready)
        done.append(ready)
    return done
