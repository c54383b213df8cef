"""What the playbook asks for, then and now: criteria added, removed, tightened, loosened, bound to other checks.

Read from the playbooks that the runs recorded. A rule is tightened where a partner that passed may not pass any more,
and loosened where the reverse holds; what is neither, such as another role, is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from certify.comparing.checks import Names
from certify.comparing.comparison import Bearing, DemandChange
from certify.model.codec import encode
from certify.model.playbook import Criterion, Demand, Milestone, Playbook

_STRENGTH = (Demand.RECOMMENDED, Demand.PENDING, Demand.REQUIRED)
Told = Iterator[tuple[Bearing, str]]


def demand_changes(before: Playbook, after: Playbook, names: Names, *, narrowed: bool) -> Iterator[DemandChange]:
    """Every change. ``narrowed``: the runs were asked for different milestones, so that one may be missing here."""
    old, new = _by_id(before), _by_id(after)
    for name in {**old, **new}:
        if name in old and name in new:
            yield from _milestone(old[name], new[name], names)
        elif not narrowed:
            came = name in new
            told = f"milestone {(new if came else old)[name].title}"
            yield DemandChange(name, Bearing.ADDED if came else Bearing.REMOVED, told)
    yield from _rules(before, after, names)


def _by_id(playbook: Playbook) -> Mapping[str, Milestone]:
    return {milestone.id: milestone for milestone in playbook.milestones}


def _milestone(before: Milestone, after: Milestone, names: Names) -> Iterator[DemandChange]:
    if set(before.after) != set(after.after):
        told = f"comes after {_listed(after.after)}; it was {_listed(before.after)}"
        bearing = _set_bearing(set(before.after), set(after.after))
        yield DemandChange(after.id, bearing, told)
    old = {criterion.id: criterion for criterion in before.criteria}
    new = {criterion.id: criterion for criterion in after.criteria}
    for name in {**old, **new}:
        place = f"{after.id} / {name}"
        if name in old and name in new:
            for bearing, told in _criterion(old[name], new[name], names):
                yield DemandChange(place, bearing, told)
        else:
            came = name in new
            one = (new if came else old)[name]
            yield DemandChange(place, Bearing.ADDED if came else Bearing.REMOVED, f"{one.demand} criterion")


def _criterion(before: Criterion, after: Criterion, names: Names) -> Told:
    """What was changed of a criterion, each with its bearing."""
    yield from _level(before, after)
    yield from _bindings({names(name) for name in before.checks}, {names(name) for name in after.checks})
    yield from _switch(before.waivable, after.waivable, "may be waived", "may not be waived")
    yield from _switch(before.absent_ok, after.absent_ok, "a partner may lack it", "no partner may lack it")
    yield from _age(before.max_age_days, after.max_age_days)
    for what in ("kind", "role", "threshold", "statement"):
        one, other = _plain(getattr(before, what)), _plain(getattr(after, what))
        if one != other:
            yield Bearing.CHANGED, f"{what}: {one or 'none'} → {other or 'none'}"


def _level(before: Criterion, after: Criterion) -> Told:
    if before.demand is not after.demand:
        tighter = _STRENGTH.index(after.demand) > _STRENGTH.index(before.demand)
        yield Bearing.TIGHTENED if tighter else Bearing.LOOSENED, f"level: {before.demand} → {after.demand}"
    elif before.required_from != after.required_from:
        was, now = before.required_from or date.max, after.required_from or date.max
        told = f"required from {after.required_from or 'no date'}; it was {before.required_from or 'no date'}"
        yield Bearing.TIGHTENED if now < was else Bearing.LOOSENED, told


def _bindings(before: set[str], after: set[str]) -> Told:
    if after - before:
        yield Bearing.TIGHTENED, f"now binds {_listed(sorted(after - before))}"
    if before - after:
        yield Bearing.LOOSENED, f"no longer binds {_listed(sorted(before - after))}"


def _switch(before: bool, after: bool, allows: str, forbids: str) -> Told:
    if before != after:
        yield Bearing.LOOSENED if after else Bearing.TIGHTENED, allows if after else forbids


def _age(before: int | None, after: int | None) -> Told:
    if before != after:
        tighter = (after or 10**9) < (before or 10**9)
        told = f"evidence may be {_days(after)} old; it was {_days(before)}"
        yield Bearing.TIGHTENED if tighter else Bearing.LOOSENED, told


def _days(days: int | None) -> str:
    return f"{days} days" if days is not None else "any age"


def _rules(before: Playbook, after: Playbook, names: Names) -> Iterator[DemandChange]:
    """What is not of one milestone: checks that nobody waives, and what a certificate is worth."""
    old, new = ({names(name) for name in playbook.never_waivable} for playbook in (before, after))
    if new - old:
        yield DemandChange("never_waivable", Bearing.TIGHTENED, f"nobody may waive {_listed(sorted(new - old))}")
    if old - new:
        yield DemandChange("never_waivable", Bearing.LOOSENED, f"may be waived: {_listed(sorted(old - new))}")
    one, other = dict(_leaves(encode(before.certification), "")), dict(_leaves(encode(after.certification), ""))
    for path in {**one, **other}:
        if one.get(path) != other.get(path):
            told = f"{one.get(path, 'nothing')} → {other.get(path, 'nothing')}"
            yield DemandChange(f"certification{path}", Bearing.CHANGED, told)


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every scalar of a JSON value with its path; members of a list go by their id, where they have one."""
    match value:
        case dict():
            for name, item in value.items():
                yield from _leaves(item, f"{path}.{name}")
        case list():
            for number, item in enumerate(value):
                yield from _leaves(item, f"{path}[{_name(item, number)}]")
        case _:
            yield path, str(value)


def _name(item: Any, number: int) -> str:
    named = (item.get(key) for key in ("id", "milestone", "kind")) if isinstance(item, dict) else ()
    return str(next((name for name in named if name), number))


def _set_bearing(before: set[str], after: set[str]) -> Bearing:
    if before < after:
        return Bearing.TIGHTENED
    return Bearing.LOOSENED if after < before else Bearing.CHANGED


def _plain(value: Any) -> str:
    if hasattr(value, "metric"):
        return f"{value.metric} {value.operator} {value.value:g}"
    return str(value or "")


def _listed(names: Any) -> str:
    return ", ".join(names) or "nothing"
