"""Schemas of others are data: what their README says of them is what lies beside it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

HERE = Path(__file__).parents[1] / "schemas"


def test_every_vendored_schema_has_its_origin_its_licence_and_its_digest():
    text = (HERE / "README.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `([^`]+)` \| .+ \| .+ \| .+ \| `([0-9a-f]{64})` \|$", text, re.MULTILINE))
    files = [file for file in HERE.iterdir() if file.suffix in (".json", ".xsd")]

    assert told == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
