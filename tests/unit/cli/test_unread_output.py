"""Whoever reads the output may go away: no traceback, no report of a fault, and no exit code that is a verdict."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from certify.cli.unread import UNREAD
from tests.journeys.console import CERTIFY

VERDICTS = {0, 1, 3}


@pytest.mark.parametrize(
    "words",
    [
        ["explain", "contract.schema-valid"],
        ["checks"],
        ["checks", "--json"],
        ["run", "--help"],
        ["keys", "list", "--json"],
        ["lint", "--program", "reference", "--format", "sarif"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("both", [False, True], ids=["stdout", "stdout-and-stderr"])
def test_a_reader_that_went_away_is_not_told_of_it(words: list[str], both: bool, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(
            [CERTIFY, *words],
            stdout=writing,
            stderr=writing if both else subprocess.PIPE,
            env={**os.environ, "HOME": str(tmp_path)},
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)
    assert ended.returncode == UNREAD
    assert ended.returncode not in VERDICTS
    assert not ended.stderr


def test_an_output_that_is_read_changes_nothing() -> None:
    ended = subprocess.run([CERTIFY, "checks"], capture_output=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
