"""What a child process sees of the environment: where somebody signs in for it, none of the secrets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from certify.http.broker import Broker
from certify.model.partner import Identity, SecretRef
from certify.sources.suites import environment
from certify.suite import bench
from tests.unit.sources.contract.scene import a_partner, an_assignment, written_contract

SECRET = {"token": SecretRef("env", "CERTIFY_TEST_TOKEN")}


@pytest.mark.parametrize("lent", [True, False])
def test_a_child_that_is_lent_credentials_gets_no_secret_in_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lent: bool
) -> None:
    monkeypatch.setenv("CERTIFY_TEST_TOKEN", "TEST-ONLY-token")
    partner = replace(
        a_partner("http://127.0.0.1:1", tmp_path), identities={"primary": Identity("primary", secrets=SECRET)}
    )
    assignment = an_assignment(partner, written_contract(tmp_path), tmp_path)
    broker = Broker(SimpleNamespace()) if lent else None  # type: ignore[arg-type]

    seen = environment(replace(assignment, broker=broker))

    assert ("TEST-ONLY-token" in seen.values()) is not lent
    assert "PATH" in seen


@pytest.mark.parametrize("lent", [True, False])
def test_only_a_child_that_signs_in_by_itself_asks_where_the_secrets_are(
    monkeypatch: pytest.MonkeyPatch, lent: bool
) -> None:
    asked: list[bool] = []

    def load_partner(file: Path, *, secrets: bool = True) -> None:
        asked.append(secrets)
        raise InterruptedError

    monkeypatch.setattr(bench, "load_partner", load_partner)
    monkeypatch.setattr(bench, "parent", lambda: print if lent else None)
    monkeypatch.setattr(bench.Job, "load", lambda file: SimpleNamespace(partner="p.yaml"))
    with pytest.raises(InterruptedError):
        bench.open_bench(SimpleNamespace(getoption=lambda name: "job.json"))  # type: ignore[arg-type]

    assert asked == [not lent]
