"""The prepared contract on disk: one JSON file, which the suites child and the engine's processes load.

It is written by us from what was checked, so whoever loads it need not check it again. Its name says what it is,
to our own processes only.
"""

from __future__ import annotations

import json
from pathlib import Path

from certify.contract.document import Contract
from certify.contract.facts import Facts

SUFFIX = ".prepared.json"


def write_prepared(contract: Contract, folder: Path) -> Path:
    """Write a contract's document into a folder; returns the file."""
    file = folder / f"contract{SUFFIX}"
    file.write_text(json.dumps(contract.document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return file


def is_prepared(source: str) -> bool:
    return source.endswith(SUFFIX)


def load_prepared(source: str) -> Contract:
    """A contract as it was written by :func:`write_prepared`."""
    document = json.loads(Path(source).read_text(encoding="utf-8"))
    return Contract(document, source, facts=Facts(str(document.get("x-written-as", ""))))
