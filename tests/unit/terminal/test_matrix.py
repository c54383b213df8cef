"""The matrix shows each check on the honest sandbox and with each fault, and is loud about what slipped through."""

from __future__ import annotations

import io

import pytest

from certify.cli.terminal.matrix import render_matrix

HONEST = ("auth.expired-token-rejected", "honest", "passed", "passed", 1.2, True)
CAUGHT = ("auth.expired-token-rejected", "jwt-skip-exp", "failed", "failed", 0.9, True)
MISSED = ("auth.alg-none-rejected", "jwt-accept-none", "failed", "passed", 0.8, False)


def _told(*rows) -> list[str]:
    stream = io.StringIO()
    render_matrix(rows, stream)
    return [" ".join(line.split()) for line in stream.getvalue().splitlines()]


def test_a_check_is_named_once_with_the_honest_row_first():
    lines = _told(CAUGHT, HONEST)

    assert lines[0] == "auth.expired-token-rejected honest ✓ as expected 1.2 s"
    assert lines[1] == "jwt-skip-exp ✓ as expected 0.9 s"


def test_what_slipped_through_is_told_twice_once_in_its_place_and_once_at_the_end():
    lines = _told(HONEST, CAUGHT, MISSED)

    assert "auth.alg-none-rejected jwt-accept-none ✕ passed 0.8 s" in lines
    assert "auth.alg-none-rejected with jwt-accept-none: expected failed, got passed" in lines


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ((HONEST, CAUGHT, MISSED), "1 of 1 checks pass on the honest sandbox; 1 of 2 faults are caught."),
        ((), "0 of 0 checks pass on the honest sandbox; 0 of 0 faults are caught."),
    ],
)
def test_it_ends_with_the_count(rows, count):
    assert _told(*rows)[-1] == count
