"""Keys by command line: two people and a pipeline make theirs, a team publishes them, one is rotated, one revoked."""

from __future__ import annotations

import json
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from certify.signing.key_set import load_key_set
from certify.signing.keyring import load_signing_key
from tests.journeys.console import certify


def made(folder: Path, *words: str) -> dict[str, Any]:
    """A new key in a folder of its own, as ``--json`` tells it."""
    ended = certify("keys", "new", "--keys", folder, "--json", *words)
    assert ended.code == 0, ended.text
    told: dict[str, Any] = json.loads(ended.out)
    return told


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_team_collects_publishes_rotates_and_revokes(tmp_path: Path) -> None:
    ada = made(tmp_path / "ada", "--owner", "Ada Byron", "--use", "approval", "--role", "solution-engineer")
    bob = made(
        tmp_path / "bob", "--owner", "Bob Noyce", "--use", "approval", "--use", "revocation", "--role", "security"
    )
    ci = made(tmp_path / "ci", "--owner", "CI of main", "--gated", "--algorithm", "es256")

    public = tmp_path / "public"
    public.mkdir()
    collected = certify("keys", "jwks", ada["jwks"], bob["jwks"], ci["jwks"])
    assert (collected.code, "PRIVATE" in collected.text, '"d"' in collected.text) == (0, False, False)
    (public / "keys.jwks.json").write_text(collected.out)
    with serving(public) as url:
        listed = json.loads(certify("keys", "list", "--jwks", f"{url}/keys.jwks.json", "--json").out)
    assert [(row["owner"], row["uses"], row["roles"], row["provenance"], row["status"]) for row in listed] == [
        ("Ada Byron", ["approval"], ["solution-engineer"], "practice", "active"),
        ("Bob Noyce", ["approval", "revocation"], ["security"], "practice", "active"),
        ("CI of main", ["certificate"], [], "gated", "active"),
    ]

    rotated = certify("keys", "rotate", "--keys", tmp_path / "ci")
    assert (rotated.code, f"key {ci['kid'][:12]} retires" in rotated.out) == (0, True)
    assert [(key.alg, key.status) for key in load_key_set(ci["jwks"]).keys] == [
        ("ES256", "retired"),
        ("ES256", "active"),
    ]
    revoked = certify("keys", "revoke", bob["kid"][:6], "--keys", tmp_path / "bob")
    assert (revoked.code, "is revoked" in revoked.out) == (0, True)
    table = certify("keys", "list", "--keys", tmp_path / "bob").out
    assert table.split()[:3] == [bob["kid"][:12], "Bob", "Noyce"]
    assert "revoked" in table

    stale = certify("keys", "jwks", public / "keys.jwks.json", ci["jwks"])
    assert (stale.code, "different things about key" in stale.err, stale.out) == (2, True, "")


def test_a_private_key_is_for_its_owners_eyes_and_on_no_screen(tmp_path: Path) -> None:
    ended = certify("keys", "new", "--owner", "Ada Byron", XDG_CONFIG_HOME=str(tmp_path))
    (file,) = (tmp_path / "certify" / "keys").glob("*.pem")
    assert ended.code == 0
    assert f"private: {file}" in ended.out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not any(line in ended.text for line in file.read_text().splitlines())
    assert load_signing_key(str(file)).owner == "Ada Byron"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("new",), "Missing option '--owner'"),
        (("new", "--owner", "Ada", "--role", "qa"), "add --use approval"),
        (("new", "--owner", "Ada", "--use", "everything"), "'everything' is not one of"),
        (("new", "--owner", "Ada", "--keys", "run/keys"), "lies in the run directory"),
        (("rotate", "--keys", "nothing"), "nothing cannot be used: No such file"),
        (("rotate", "--keys", "."), "has 0 active keys"),
        (("rotate", "--keys", "run"), "lies in the run directory"),
        (("retire", "abc", "--keys", "."), "no key whose name begins with 'abc'"),
        (("jwks", "private.json"), "is not public: it has the member 'd'"),
        (("jwks", "missing.json"), "No such file"),
        (("list", "--jwks", "http://keys.example/jwks.json"), "without TLS"),
        (("platform", "--partner", "missing.yaml"), "missing.yaml cannot be read"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text("{}")
    (tmp_path / "private.json").write_text('{"keys": [{"kty": "OKP", "crv": "Ed25519", "d": "c2VjcmV0"}]}')
    ended = certify("keys", *words, folder=tmp_path, XDG_CONFIG_HOME=str(tmp_path / "config"))
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert "c2VjcmV0" not in ended.err
    assert "Traceback" not in ended.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["private.json", "run"]
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["run.json"]


def test_a_key_set_that_cannot_be_fetched_is_another_exit_code(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"http://127.0.0.1:{silent.getsockname()[1]}/keys"
        ended = certify("keys", "list", "--jwks", place)
    assert (ended.code, "within 5 seconds" in ended.err) == (4, True)


def test_a_second_key_of_the_same_owner_and_use_is_told(tmp_path: Path) -> None:
    first = made(tmp_path / "ci", "--owner", "Pipeline")
    again = certify("keys", "new", "--keys", tmp_path / "ci", "--owner", "Pipeline", "--json")
    assert (again.code, json.loads(again.out)["owner"]) == (0, "Pipeline")
    assert f"beside it key {first['kid'][:8]}" in again.err
    assert "keys retire" in again.err


def test_a_key_of_another_owner_or_use_is_no_second_one(tmp_path: Path) -> None:
    made(tmp_path / "ci", "--owner", "Pipeline")
    for words in (("--owner", "Ada"), ("--owner", "Pipeline", "--use", "revocation")):
        assert "beside it" not in certify("keys", "new", "--keys", tmp_path / "ci", *words).err
