"""The doctor tries what the identities of a profile may do, so that no run is spent on the wrong credentials."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.journeys.console import certify
from tests.second_api.profile import profile, write_profile
from tests.second_api.serving import serve


def told(folder: Path, **identities: str) -> tuple[int, list[dict[str, Any]], str]:
    """Exit code, ailments and profile of a visit in which identities have the keys of others."""
    with serve() as url:
        document = profile(url)
        for name, other in identities.items():
            document["identities"][name]["api_key"] = {"file": f"{other}.key"}
        file = write_profile(folder, document)
        ended = certify("doctor", "--partner", file, "--json")
    found = json.loads(ended.out)
    return ended.code, [item for seen in found["examinations"] for item in seen["ailments"]], file.read_text()


def test_the_second_api_is_healthy(tmp_path: Path) -> None:
    code, ailments, _ = told(tmp_path)
    assert code == 0
    assert not [item for item in ailments if item["weight"] != "minor"], ailments


def test_a_primary_that_may_only_read_is_told_once(tmp_path: Path) -> None:
    code, ailments, _ = told(tmp_path, primary="read_only")
    serious = [item for item in ailments if item["weight"] == "serious"]
    assert code == 2
    assert [item["member"] for item in serious] == ["identities.primary"]
    assert "primary may not create, update" in serious[0]["message"]
    assert "allow_writes" in " ".join(serious[0]["causes"])


def test_another_client_of_the_same_tenant_is_no_other_tenant(tmp_path: Path) -> None:
    code, ailments, text = told(tmp_path, other_tenant="burnable")
    serious = [item for item in ailments if item["weight"] == "serious"]
    assert code == 2
    assert "other_tenant can read what primary has made" in serious[0]["message"]
    assert "other_tenant:" in text.splitlines()[serious[0]["line"] - 1]
