"""What is written in the docs about checks, verbs and names is what the code says."""

from __future__ import annotations

import pytest

from docs.generate import DOCS, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_current(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), "run `make docs`"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_on_a_generated_page_is_left_unexplained(name: str) -> None:
    assert ": \n" not in PAGES[name]()
