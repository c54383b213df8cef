"""What is written in the docs about checks, verbs and names is what the code says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from docs.generate import DOCS, PAGES

ROOT = Path(__file__).parents[3]
GENERATED = "import json; from docs.generate import PAGES; print(json.dumps({n: page() for n, page in PAGES.items()}))"


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """Made by a process of their own: click remembers how a verb's help was first asked for."""
    done = subprocess.run([sys.executable, "-c", GENERATED], cwd=ROOT, capture_output=True, text=True, check=True)
    made: dict[str, str] = json.loads(done.stdout)
    return made


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_current(name: str, pages: dict[str, str]) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == pages[name], "run `make docs`"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_on_a_generated_page_is_left_unexplained(name: str, pages: dict[str, str]) -> None:
    assert ": \n" not in pages[name]
