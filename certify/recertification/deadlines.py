"""From when a change holds, and until when partners have to be certified again: the playbook's notice and grace.

Two documents do not say when a change took effect. Either somebody says it (``--effective``), or the later contract
does, as ``info.x-effective: 2027-03-01``; a day that began anew whenever somebody asks would never end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from certify.model.change import Change, ChangeKind
from certify.model.playbook import Certification, ChangeRule

EFFECTIVE = "x-effective"


def rule_for(kind: ChangeKind, certification: Certification) -> ChangeRule:
    """The playbook's rule for a kind of change; where it has none, there is neither notice nor grace."""
    return next((rule for rule in certification.changes if rule.kind == kind), ChangeRule(kind))


def effective(document: Mapping[str, Any]) -> date | None:
    """The day from which a contract holds, where it says one that can be read."""
    info = document.get("info")
    told = info.get(EFFECTIVE) if isinstance(info, dict) else None
    try:
        return told if isinstance(told, date) else date.fromisoformat(str(told)[:10])
    except ValueError:
        return None


def effective_by_notice(kind: ChangeKind, certification: Certification, today: date) -> date:
    """The earliest day from which a change may hold that partners are told of today."""
    return _after(today, rule_for(kind, certification).notice_days)


def deadline(changes: Iterable[Change], certification: Certification, since: date) -> date:
    """The last day on which a certificate from before the changes stands; of several kinds the strictest counts."""
    days = [rule_for(change.kind, certification).grace_days for change in changes]
    return _after(since, min(days, default=0))


def strictest(changes: Iterable[Change], certification: Certification, today: date, since: date | None) -> date:
    """The deadline where each kind of change takes effect after its own notice, unless ``since`` says when."""
    kinds = {change.kind for change in changes}
    ends = [
        _after(since or effective_by_notice(kind, certification, today), rule_for(kind, certification).grace_days)
        for kind in kinds
    ]
    return min(ends, default=today)


def short_notice(changes: Iterable[Change], certification: Certification, today: date, since: date) -> list[str]:
    """For which kinds of change ``since`` comes sooner than the playbook's notice allows, in words."""
    kinds = dict.fromkeys(change.kind for change in changes)
    first = {kind: effective_by_notice(kind, certification, today) for kind in kinds}
    return [
        f"{since} is too soon for a {kind.replace('_', ' ')} change: the playbook gives notice until {day}"
        for kind, day in first.items()
        if since < day
    ]


def _after(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max
