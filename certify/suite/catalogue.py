"""The rows that suites declare, read by importing them: no list of checks is kept anywhere else.

checks = load_checks([suites])
checks["auth.expired-token-rejected"].file        # suites/auth/test_tokens.py
"""

from __future__ import annotations

import importlib.util
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from certify.errors import Problem, ProgramError
from certify.model.check import Check
from certify.program.digest import digest
from certify.suite.check import ATTRIBUTE

AREAS = ("net", "disc", "auth", "authz", "contract", "error", "page", "idem", "audit", "rate")
"""The order of areas; one that is not named here comes after them, by name."""


def load_checks(folders: Sequence[Path]) -> dict[str, Check]:
    """Every check under the folders, by id, in the order of areas and files.

    Raises :class:`ProgramError` with all problems at once: a module that cannot be imported, an id that is declared
    twice, a parametrised check, a check without a fault that proves it can fail.
    """
    found: list[Check] = []
    problems: list[Problem] = []
    for file in _files(folders):
        try:
            module = _imported(file)
            found += _declared(module, file)
            problems += _parametrised(module, file)
        except Exception as error:
            problems.append(_unusable(file, error))
    problems += _unfit(found)
    if problems:
        raise ProgramError("the suites cannot be used", problems=problems)
    return {row.id: row for row in sorted(found, key=_order)}


def _files(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(folder.rglob("test_*.py"))


def _imported(file: Path) -> ModuleType:
    # Suites of two folders may share a file name, so the module is named after its whole path.
    name = "certify_suite_" + "_".join(part for part in file.resolve().with_suffix("").parts[1:])
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _declared(module: ModuleType, file: Path) -> list[Check]:
    rows = (getattr(item, ATTRIBUTE, None) for item in vars(module).values())
    return [replace(row, file=str(file), digest=digest(file)) for row in rows if isinstance(row, Check)]


def _parametrised(module: ModuleType, file: Path) -> Iterator[Problem]:
    """A check is one test with one outcome: of several items only one would count."""
    everywhere = hasattr(module, "pytest_generate_tests") or _parametrises(module)
    for test in vars(module).values():
        row = getattr(test, ATTRIBUTE, None)
        if isinstance(row, Check) and (everywhere or _parametrises(test)):
            line = test.__code__.co_firstlineno
            yield Problem(str(file), f"{row.id} is parametrised", line, advice="loop inside the test")


def _parametrises(holder: object) -> bool:
    marks = getattr(holder, "pytestmark", [])
    return any(mark.name == "parametrize" for mark in (marks if isinstance(marks, list) else [marks]))


def _unusable(file: Path, error: Exception) -> Problem:
    """Where an import went wrong: the line of the suite itself, not of what it called."""
    lines = [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
    line = (error.lineno or 0) if isinstance(error, SyntaxError) else lines[-1] if lines else 0
    told = error.msg if isinstance(error, SyntaxError) else f"{type(error).__name__}: {error}"
    return Problem(str(file), f"cannot be imported: {told}", line)


def _unfit(found: Sequence[Check]) -> Iterator[Problem]:
    first: dict[str, Check] = {}
    for row in found:
        if row.id in first:
            yield Problem(row.file, f"{row.id} is declared in {first[row.id].file} already", advice="use another id")
        if not row.faults:
            yield Problem(row.file, f"{row.id} names no fault", advice="name one that turns it red: faults=[…]")
        first.setdefault(row.id, row)
    yield from _taken_names(found, first)


def _taken_names(found: Sequence[Check], first: Mapping[str, Check]) -> Iterator[Problem]:
    """A former id belongs to one check: ids are never used again, so that an earlier run means one thing."""
    owners: dict[str, Check] = {}
    for row in found:
        for name in row.formerly:
            other = first.get(name) or owners.get(name)
            if other is not None:
                told = f"{row.id} says that it was formerly {name}, which is {other.id}'s"
                yield Problem(row.file, told, advice="a former id belongs to one check, and is never used again")
            owners.setdefault(name, row)


def _order(row: Check) -> tuple[int, str]:
    return (AREAS.index(row.area) if row.area in AREAS else len(AREAS), "" if row.area in AREAS else row.area)
