"""The straight line: pair the operations up, and let every family look at each pair."""

from __future__ import annotations

from datetime import date

from certify.contract.changes import (
    bodies,
    callbacks,
    deprecation,
    headers,
    operations,
    parameters,
    responses,
    security,
    servers,
    texts,
)
from certify.contract.changes.comparing import Comparing, Family
from certify.contract.changes.pairing import pair_up, paired
from certify.contract.changes.side import Side
from certify.contract.document import Contract
from certify.model.change import Change, ChangeKind

FAMILIES: tuple[Family, ...] = (
    operations.look,
    deprecation.look,
    parameters.look,
    bodies.look,
    responses.look,
    headers.look,
    security.look,
    servers.look,
    callbacks.look,
    texts.look,
)
_WEIGHT = list(ChangeKind)


def compare(old: Contract, new: Contract, today: date | None = None) -> tuple[Change, ...]:
    """Every change, breaking ones first, then in the order of the document. ``today`` tells whether a sunset came."""
    comparing = Comparing(Side(old.document), Side(new.document), today)
    pairing = pair_up(comparing.old, comparing.new)
    operations.look_at_all(comparing, pairing)
    for earlier, later in pairing.both:
        pair = paired(earlier, later)
        for look in FAMILIES if earlier.readable and later.readable else ():
            look(comparing, pair)
    servers.look_at_document(comparing)
    callbacks.look_at_document(comparing)
    security.look_at_document(comparing)
    texts.look_at_document(comparing)
    return tuple(sorted(comparing.found.values(), key=lambda change: _WEIGHT.index(change.kind)))
