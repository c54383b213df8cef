"""Imports point one way.

model ← judge, rundir ← program ← http, contract, mutations ← suite, report, sources, formats, sandbox ← pipeline ← cli
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "certify"

RANKS = [
    {"errors", "model", "lifeline", "link", "origin", "nearest"},
    {"judge", "waiving", "rundir", "budget", "ledger"},
    {"signing"},
    {"program"},
    {"http", "contract", "mutations"},
    {"suite", "report", "formats", "sandbox", "pytest_plugin"},
    {"sources"},
    {"watch", "record", "planning", "linting", "unmet", "preflight", "trial", "cleanup", "doctor"}
    | {"certificate", "comparing", "recertification"},
    {"pipeline"},
    {"gate"},
    {"explain", "selftest", "replay", "reproduce", "onboarding"},
    {"cli"},
]
RANK = {name: rank for rank, names in enumerate(RANKS) for name in names}
HEAVY = {"httpx", "pytest", "click", "yaml", "schemathesis", "starlette", "jsonschema"}


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_imports_point_one_way(file: Path) -> None:
    own = room(file)
    if own == "__init__":
        return
    used = {name.split(".")[1] for name in imports(file) if name.startswith("certify.")} - {"__version__"}
    upwards = {name for name in used if RANK[name] > RANK[own]}
    assert not upwards, f"{own} reaches up to {upwards}"


@pytest.mark.parametrize("name", ["model", "judge.py", "waiving.py", "rundir.py", "errors.py"])
def test_facts_and_judgement_know_no_tool(name: str) -> None:
    place = PACKAGE / name
    for file in place.rglob("*.py") if place.is_dir() else [place]:
        used = {imported.split(".")[0] for imported in imports(file)}
        assert not used & HEAVY, file


def test_only_the_wire_knows_httpx() -> None:
    users = {room(file) for file in modules() if any(name.split(".")[0] == "httpx" for name in imports(file))}
    assert users <= {"http"}


def test_formats_see_no_source_and_sources_do_not_judge() -> None:
    formats = {n for f in (PACKAGE / "formats").rglob("*.py") for n in imports(f)}
    assert not {name for name in formats if name.startswith(("certify.sources", "certify.rundir", "certify.http"))}
    sources = {n for f in (PACKAGE / "sources").rglob("*.py") for n in imports(f)}
    assert "certify.judge.judge" not in sources


def test_suites_import_only_the_suite_module() -> None:
    for file in sorted((ROOT / "suites").rglob("*.py")):
        used = {name for name in imports(file) if name.startswith("certify")}
        assert all(name.startswith("certify.suite.") for name in used), file
        assert {name.count(".") for name in used} <= {2}, f"{file} reaches inside certify.suite"
