"""Run every benchmark, print the table, and write it into docs/performance.md."""

from __future__ import annotations

import importlib
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.table import Figure, markdown

MODULES = (
    "start_up",
    "client",
    "contract_loading",
    "doctor",
    "replay",
    "purposes",
    "contract_source",
    "whole_runs",
    "memory",
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
    if len(chosen) == len(MODULES):
        write(table)


def write(table: str) -> None:
    """Replace the figures of the page; what is written around them stays."""
    when = f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {platform.machine()}, two cores"
    head, rest = PAGE.read_text("utf-8").split(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}\n{when}\n\n{table}\n{END}{rest.split(END)[1]}", "utf-8")


if __name__ == "__main__":
    main()
