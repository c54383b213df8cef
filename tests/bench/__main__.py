"""Run every benchmark, or those that are named, print the table, and write its rows into docs/performance.md."""

from __future__ import annotations

import importlib
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.table import Figure, markdown

MODULES = (
    "start_up",
    "certificates",
    "client",
    "contract_loading",
    "doctor",
    "replay",
    "purposes",
    "contract_source",
    "whole_runs",
    "memory",
    "run_diff",
    "rendering",
    "verifying",
)
PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def main() -> None:
    chosen = sys.argv[1:] or MODULES
    figures: list[Figure] = []
    for name in chosen:
        print(f"… {name}", file=sys.stderr)
        figures += importlib.import_module(f"tests.bench.{name}").run()
    table = markdown(figures)
    print(table)
    write(table)


def write(table: str) -> None:
    """Replace the rows of what was measured; other rows, and what is written around them, stay."""
    when = f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {platform.machine()}, two cores"
    head, rest = PAGE.read_text("utf-8").split(BEGIN)
    before, after = rest.split(END)
    rows = {row.split("|")[1]: row for row in (*_rows(before), *_rows(table))}
    PAGE.write_text("\n".join([f"{head}{BEGIN}", when, "", *rows.values(), f"{END}{after}"]), "utf-8")


def _rows(table: str) -> list[str]:
    return [line for line in table.splitlines() if line.startswith("|")]


if __name__ == "__main__":
    main()
