"""A write-protected sandbox is not written to: not by a suite, and not by a generated request."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journeys.console import certify, sandbox_profile


@pytest.mark.slow
def test_without_permission_to_write_only_reads_and_sign_ins_are_sent(tmp_path: Path) -> None:
    with sandbox_profile(tmp_path) as profile:
        text = profile.read_text()
        assert "allow_writes: true" in text
        profile.write_text(text.replace("allow_writes: true", "allow_writes: false"))
        ended = certify("run", "--partner", profile, "--max-examples", "2", "--out", tmp_path / "run", "--json")
    told = json.loads(ended.out)
    assert ended.code == 3, "what only writes can prove stays unproven; nothing fails"
    assert told["counts"].get("failed", 0) == 0
    sent = [json.loads(line) for line in (tmp_path / "run" / "exchanges.ndjson").read_text().splitlines()]
    assert len(sent) > 100
    written = [
        f"{item['request']['method']} {item['request']['url']} {item['check']}"
        for item in sent
        if item["request"]["method"] not in ("GET", "HEAD", "OPTIONS") and "/oauth/token" not in item["request"]["url"]
    ]
    assert written == []
