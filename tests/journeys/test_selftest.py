"""The harness on trial, whole: each check passes on the honest sandbox and fails on each of its own faults."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from certify import selftest
from certify.sandbox.faults import all_faults
from tests.journeys.console import CERTIFY, certify

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def test_every_fault_is_caught_and_the_honest_sandbox_passes(tmp_path: Path) -> None:

    words = [CERTIFY, "selftest", "--json", str(tmp_path / "matrix.json")]
    ended = subprocess.run(words, capture_output=True, text=True, timeout=380, check=False)
    rows = json.loads((tmp_path / "matrix.json").read_text())
    wrong = [row for row in rows if row["got"] != row["expected"]]
    assert wrong == []
    assert ended.returncode == 0
    assert len([row for row in rows if row["fault"] == ""]) == 30
    assert {row["fault"] for row in rows} - {""} == set(all_faults())


def test_a_check_that_cannot_fail_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "all_faults", dict)
    rows = selftest.selftest(["net.clock-accurate"])
    told = [row for row in rows if not row.ok]
    assert {row.check for row in told} == {"net.control-works", "net.clock-accurate"}
    assert {row.got for row in told} == {"no fault"}


def test_an_unknown_check_is_refused() -> None:
    assert certify("selftest", "--check", "auth.nothing").code == 2
