"""What is read from the source of suites is what importing them gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from certify.certificate import declared as module
from certify.certificate.declared import Declared, declared
from certify.program.shipped import shipped_root
from certify.suite.catalogue import load_checks

SUITES = shipped_root() / "suites"


def test_the_shipped_suites_say_the_same_read_and_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = load_checks([SUITES])
    monkeypatch.setattr(module, "_imported", None)  # so that reading alone has to do
    found = declared([SUITES, SUITES], set(imported))
    assert found == {name: Declared(row.needs, row.level) for name, row in imported.items()}


def test_only_what_is_asked_for_is_told() -> None:
    assert set(declared([SUITES], {"net.control-works", "no.such-check"})) == {"net.control-works"}


OWN = '''
from certify import suite
from certify.suite import check

NEEDS = ["jwt"]


@{mark}("own.thing", level="PRACTICE", clause="ours", faults=["one"], needs={needs})
def test_it(target):
    """It holds.

    Sends: nothing.
    Decides: nothing.
    Cause: a slip -> mend it.
    """
'''


@pytest.mark.parametrize(("mark", "needs"), [("check", '["jwt"]'), ("check", "NEEDS"), ("suite.check", '["jwt"]')])
def test_however_it_is_written_it_is_found(tmp_path: Path, mark: str, needs: str) -> None:
    (tmp_path / "test_own.py").write_text(OWN.format(mark=mark, needs=needs))
    assert declared([tmp_path], {"own.thing"}) == {"own.thing": Declared(("jwt",), "PRACTICE")}
