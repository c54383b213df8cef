"""Approving at a terminal: the role is typed, and anything else approves nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certify.cli.approve import verb
from certify.signing.key_set import as_jwks
from tests.unit.certificate.test_approve import ADA, KEYS, NOW, PLAN, signed
from tests.unit.certificate.test_issue import a_recorded_run
from tests.unit.facts import passed


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A signed run, and a terminal at the moment in which it counts."""
    import json

    monkeypatch.setattr("certify.cli.terminal.screen.is_terminal", lambda stream: isinstance(stream, io.TextIOBase))
    monkeypatch.setattr("certify.cli.approve.time.time", lambda: NOW)
    key = tmp_path / "ada.pem"
    key.write_bytes(ADA.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key.chmod(0o600)
    (tmp_path / "jwks.json").write_text(json.dumps(as_jwks(KEYS.keys)))
    return signed(a_recorded_run(tmp_path / "run", PLAN, passed("auth.x"))).path


def approve(run: Path, typed: str | None) -> Result:
    words = [str(run), "--as", "engineer", "--key", f"{run.parent}/ada.pem", "--jwks", f"{run.parent}/jwks.json"]
    return CliRunner().invoke(verb, words, input=typed)


def test_whoever_types_the_role_approves(run: Path) -> None:
    ended = approve(run, "engineer\n")
    assert ended.exit_code == 0, ended.output
    assert "Ada Byron, type the role to approve this as engineer" in ended.output
    assert (run / "approvals" / "engineer.jws").is_file()


@pytest.mark.parametrize("typed", ["", "\n", "yes\n", "security\n", "ENGINEER\n"])
def test_anything_else_approves_nothing(run: Path, typed: str) -> None:
    ended = approve(run, typed)
    assert ended.exit_code == 2, ended.output
    assert "nothing was approved" in ended.output
    assert not (run / "approvals").exists()
