"""What suites declare of checks, read from their source: importing all suites takes longer than all the rest.

    declared([suites], {"audit.action-recorded"})["audit.action-recorded"].needs      # ("secured", "writes", "audit")

A declaration is a decorator, ``@check("id", level="MUST", needs=["jwt"])``. Where one is written in another way, the
suites are imported after all.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Declared:
    """What a check needs of a partner, and the level of the standard that it stands on."""

    needs: tuple[str, ...]
    level: str


def declared(folders: Iterable[Path], checks: Collection[str]) -> Mapping[str, Declared]:
    """The named checks, of those that the suites in the folders declare.

    Raises :class:`certify.errors.ProgramError` where suites have to be imported and cannot be.
    """
    places = list(dict.fromkeys(folders))
    try:
        found = dict(_read(places, checks))
    except (ValueError, SyntaxError, LookupError):
        return _imported(places, checks)
    return found if found.keys() >= set(checks) else _imported(places, checks)


def _read(folders: Iterable[Path], checks: Collection[str]) -> Iterator[tuple[str, Declared]]:
    for file in (file for folder in folders for file in sorted(folder.rglob("test_*.py"))):
        text = file.read_text(encoding="utf-8")
        if any(name in text for name in checks):
            yield from ((name, row) for name, row in _declarations(ast.parse(text)) if name in checks)


def _declarations(module: ast.Module) -> Iterator[tuple[str, Declared]]:
    tests = (item for item in module.body if isinstance(item, ast.FunctionDef))
    for call in (mark for test in tests for mark in test.decorator_list):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "check":
            words = {word.arg: word.value for word in call.keywords}
            needs = ast.literal_eval(words["needs"]) if "needs" in words else ()
            yield str(ast.literal_eval(call.args[0])), Declared(tuple(needs), str(ast.literal_eval(words["level"])))


def _imported(folders: Iterable[Path], checks: Collection[str]) -> Mapping[str, Declared]:
    from certify.suite.catalogue import load_checks

    found = load_checks(list(folders))
    return {name: Declared(row.needs, row.level) for name, row in found.items() if name in checks}
