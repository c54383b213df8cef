"""`certify verify` by command line: may a certificate be relied upon? Each refusal has an exit code and a reason."""

from __future__ import annotations

import json
import shutil
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from certify.model.certificate import Revocation, RevocationList
from certify.model.codec import encode
from certify.program.validate import schema
from certify.signing.jws import Kind, sign
from certify.signing.key_set import Use
from tests.journeys.console import Ended, certify
from tests.unit.certificate.signed import WAIVER, Signed, a_profile, everything, jwks, write_certificate
from tests.unit.certificate.signing_hands import ADA, BOB, CI, STRANGER
from tests.unit.signing.people import person

DESK = person("Integration desk", Use.REVOCATION)
STARTED = time.time() - 7200


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    until = datetime.fromtimestamp(STARTED, UTC).date() + timedelta(days=30)
    waivers = (replace(WAIVER, expires=until),)
    return everything(tmp_path_factory.mktemp("signed"), started=STARTED, waivers=waivers)


@pytest.fixture
def signed(original: Signed, tmp_path: Path) -> Signed:
    run = Path(shutil.copytree(original.run, tmp_path / "reports" / "acme" / "run1"))
    keys = tmp_path / "jwks.json"
    keys.write_bytes(jwks(CI[1], ADA[1], BOB[1], DESK[1]))
    return replace(original, run=run, jwks=keys)


def verify(signed: Signed, *more: object, jwks: object = None, certificate: Path | None = None) -> Ended:
    told = certify("verify", certificate or signed.certificate, "--jwks", jwks or signed.jwks, *more)
    assert "Traceback" not in told.text
    return told


def as_object(told: Ended) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(told.out)
    Draft202012Validator(schema("verification.v1")).validate(found)
    return found


def test_an_untouched_certificate_is_authentic_and_says_all_that_a_reviewer_asks(signed: Signed) -> None:
    told = verify(signed, "--program", signed.program.root, "--partner", signed.profile, "--expect-partner", "acme")
    assert told.code == 0
    assert "✓ Authentic: certified" in told.out
    for word in (
        "Ada Byron as solution-engineer",
        "Bob Kahn as platform-security",
        "Grace Hopper",
        "failed, then passed",
    ):
        assert word in told.out
    assert "gated, signed with key" in told.out
    assert len(told.out.splitlines()) <= 40


def test_for_a_machine_it_is_one_object_of_a_published_shape(signed: Signed) -> None:
    found = as_object(verify(signed, "--json"))
    assert (found["authentic"], found["answer"], found["exit_code"]) == (True, "granted", 0)
    assert found["certificate"]["milestones"] == {"reachable": "certified", "secured": "certified"}
    assert found["provenance"] == "gated"


def test_a_certificate_by_itself_is_told_from_one_with_its_record(signed: Signed, tmp_path: Path) -> None:
    alone = Path(shutil.copy(signed.certificate, tmp_path / "alone.jws"))
    assert as_object(verify(signed, "--json"))["alone"] is False
    found = verify(signed, "--json", certificate=alone)
    assert (found.code, as_object(found)["alone"]) == (0, True)
    report = signed.run / "certification.json"
    assert as_object(verify(signed, "--json", "--report", report, certificate=alone))["alone"] is False


def test_an_edited_record_is_refused_and_the_file_is_named(signed: Signed) -> None:
    file = signed.run / "outcomes.ndjson"
    file.write_bytes(file.read_bytes().replace(b"failed", b"passed"))
    told = verify(signed)
    assert told.code == 14
    assert "✕ Do not rely on it" in told.out
    assert "outcomes.ndjson is not the file that was signed" in told.out
    assert "Authentic" not in told.out
    refused = as_object(verify(signed, "--json"))
    assert [problem["reason"] for problem in refused["problems"]] == ["digest"]


def test_a_signature_that_does_not_hold_says_nothing_of_its_content(signed: Signed) -> None:
    token = signed.certificate.read_text()
    signed.certificate.write_text(token[:-8] + ("A" * 8))
    told = verify(signed)
    assert told.code == 14
    assert "acme" not in told.out.replace(str(signed.run), "")
    refused = as_object(verify(signed, "--json"))
    assert refused["certificate"] is None


def test_a_certificate_of_a_stranger_is_refused(signed: Signed) -> None:
    write_certificate(signed.run, STRANGER[0], now=STARTED + 3600)
    told = verify(signed)
    assert told.code == 14
    assert "unknown-key" in told.out


def test_a_check_that_was_left_out_is_missed(signed: Signed) -> None:
    write_certificate(signed.run, CI[0], lambda c: replace(c, checks=c.checks[1:]), now=STARTED + 3600)
    told = verify(signed, "--program", signed.program.root)
    assert told.code == 14
    assert "net.control-works should have run, and the certificate does not name it" in " ".join(told.out.split())


def test_a_certificate_for_another_partner_is_refused(signed: Signed, tmp_path: Path) -> None:
    assert verify(signed, "--expect-partner", "globex").code == 14
    assert verify(signed, "--partner", a_profile(tmp_path / "globex.yaml", "globex")).code == 14


def test_against_a_newer_program_it_is_stale(signed: Signed, tmp_path: Path) -> None:
    program = Path(shutil.copytree(signed.program.root, tmp_path / "newer"))
    playbook = (program / "playbook.yaml").read_text()
    (program / "playbook.yaml").write_text(playbook.replace('version: "1"', 'version: "2"'))
    told = verify(signed, "--program", program)
    assert told.code == 12
    assert "stale: The playbook changed since it was certified." in told.out


def test_past_its_end_it_is_expired(signed: Signed) -> None:
    write_certificate(signed.run, CI[0], lambda c: replace(c, expires=time.time() - 120), now=STARTED + 3600)
    told = verify(signed)
    assert told.code == 11
    assert "it expired on" in told.out.lower()


def test_what_is_on_the_list_beside_the_reports_is_revoked(signed: Signed) -> None:
    said = RevocationList(1, STARTED + 4000, (Revocation("run1-0001", "acme", "fake", STARTED + 4000, "Ada Byron"),))
    claims = {"iss": "desk", "aud": "certify", "iat": said.issued, "revocations": encode(said)}
    file = signed.run.parents[1] / "revocations.jws"
    file.write_text(sign(claims, DESK[0], Kind.REVOCATIONS))
    told = verify(signed)
    assert told.code == 13
    assert "by Ada Byron: fake" in told.out
    file.write_text("not a list")
    broken = verify(signed)
    assert (broken.code, broken.out) == (14, "")
    assert str(file) in broken.err
    file.unlink()
    file.symlink_to(file.with_name("nowhere"))
    assert verify(signed).code == 14


def test_of_a_partner_who_is_not_certified_it_is_authentic_all_the_same(tmp_path: Path) -> None:
    from tests.unit.facts import failed

    signed = everything(tmp_path, [failed("net.control-works")], started=STARTED, waivers=())
    told = verify(signed)
    assert told.code == 1
    assert "✕ Authentic: not certified" in told.out


# — what is not a certificate, and key sets that are none —


def test_what_is_no_certificate_is_refused_clearly(signed: Signed, tmp_path: Path) -> None:
    odd = tmp_path / "odd.jws"
    for content in (b"", b"hello", bytes(range(256)), b"A" * 3_000_000, b'{"payload": ""}'):
        odd.write_bytes(content)
        assert verify(signed, certificate=odd).code == 14


def test_what_is_not_there_is_a_slip_and_says_nothing_about_a_certificate(signed: Signed, tmp_path: Path) -> None:
    empty, unsigned = tmp_path / "empty", Path(shutil.copytree(signed.run, tmp_path / "unsigned"))
    empty.mkdir()
    (unsigned / "certificate.jws").unlink()
    for path, told in (
        (tmp_path / "nowhere", "there is no certificate"),
        (Path("/dev/null"), "is not a file"),
        (empty, "holds no certificate.jws"),
        (unsigned, "certify sign RUN_DIR"),
    ):
        ended = verify(signed, certificate=path)
        assert (ended.code, ended.out) == (2, ""), path
        assert told in ended.err


def test_a_run_directory_is_verified_by_the_certificate_in_it(signed: Signed) -> None:
    ended = verify(signed, certificate=signed.run)
    assert ended.code == 0
    assert str(signed.certificate) in ended.out.replace("\n", "")


def test_a_key_set_that_cannot_be_used_is_a_matter_of_configuration(signed: Signed, tmp_path: Path) -> None:
    odd = tmp_path / "odd.json"
    for content in (b"", b"{", b"[]", b'{"keys": 1}', b'{"keys": ' + b"[" * 100_000, b" " * 300_000 + b'{"keys": []}'):
        odd.write_bytes(content)
        told = verify(signed, jwks=odd)
        assert (told.code, told.out) == (2, ""), content[:20]
        assert str(odd) in told.err
    assert verify(signed, jwks=tmp_path / "nowhere.json").code == 2
    assert verify(signed, jwks=signed.run).code == 2


@contextmanager
def a_server(answer: bytes, pause: float = 0.0) -> Iterator[str]:
    """Answers every connection with that, a byte at a time where it is slow."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                self.request.recv(65536)
                for byte in range(len(answer)) if pause else ():
                    self.request.sendall(answer[byte : byte + 1])
                    time.sleep(pause)
                if not pause:
                    self.request.sendall(answer)
            except OSError:
                return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/jwks.json"
        server.shutdown()


def test_a_key_set_behind_a_url_is_fetched_and_its_answers_are_bounded(signed: Signed) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    with a_server(head + signed.jwks.read_bytes()) as url:
        assert verify(signed, jwks=url).code == 0
    with a_server(head + b" " * 5_000_000) as url:
        assert verify(signed, jwks=url).code in (2, 4)
    with a_server(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:1/\r\nContent-Length: 0\r\n\r\n") as url:
        assert verify(signed, jwks=url).code in (2, 4)
    with a_server(head + b'{"keys": []}' + b" " * 200, pause=0.2) as url:
        started = time.monotonic()
        assert verify(signed, jwks=url).code == 4
        assert time.monotonic() - started < 15
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert verify(signed, jwks=f"http://127.0.0.1:{free.getsockname()[1]}/").code == 4
    assert verify(signed, jwks="http://example.com/jwks.json").code == 2


def test_without_a_key_set_nothing_is_verified(signed: Signed) -> None:
    assert certify("verify", signed.certificate).code == 2
