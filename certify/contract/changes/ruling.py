"""How rules are written, and where they are found: each module of a family has a tuple called ``RULES``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from certify.model.change import ChangeKind, ChangeRule, Direction

REQUEST, RESPONSE, NONE = Direction.REQUEST, Direction.RESPONSE, Direction.NONE


def breaking(name: str, direction: Direction, title: str, why: str, *, conduct: bool = True) -> ChangeRule:
    return ChangeRule(name, ChangeKind.BREAKING, direction, title, why, conduct)


def harmless(name: str, direction: Direction, title: str, why: str, *, conduct: bool = True) -> ChangeRule:
    return ChangeRule(name, ChangeKind.NON_BREAKING, direction, title, why, conduct)


def deprecating(name: str, direction: Direction, title: str, why: str) -> ChangeRule:
    """A warning of what comes. Nothing has to be done differently yet."""
    return ChangeRule(name, ChangeKind.DEPRECATION, direction, title, why, conduct=False)


@cache
def rules() -> Mapping[str, ChangeRule]:
    """Every rule by its id, in the order of families."""
    found = [rule for family in _families() for rule in family]
    by_id = {rule.id: rule for rule in found}
    assert len(by_id) == len(found), "two rules share an id"
    return by_id


def _families() -> Iterator[Iterable[ChangeRule]]:
    package = importlib.import_module("certify.contract.changes")
    for item in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield getattr(importlib.import_module(item.name), "RULES", ())
