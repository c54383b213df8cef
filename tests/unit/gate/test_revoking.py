"""The signed list of revocations: it only grows, in one piece, and is never extended blindly."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from certify.certificate.claims import ClaimsError
from certify.certificate.revoked import read_revocations
from certify.cli.group import group
from certify.errors import CertifyError, OutputError, UsageError
from certify.gate import revoking
from certify.gate.revoking import Book, book, certificate_to_revoke, revoke, sign_again
from certify.model.certificate import RevocationList
from certify.signing.key_set import Use
from certify.signing.refusal import Reason, SignatureRefused
from tests.unit.gate.archive import CI, DESK, LAPTOP, TRUSTED_DESK, TRUSTED_LAPTOP, Archive, an_archive
from tests.unit.gate.facts import NOW, a_certificate
from tests.unit.signing.people import person, trusting


@pytest.fixture
def kept(tmp_path: Path) -> Book:
    return book(tmp_path / "reports" / "revocations.jws", DESK, trusting(TRUSTED_DESK))


def listed(kept: Book) -> RevocationList:
    return read_revocations(kept.path, trusting(TRUSTED_DESK), now=NOW)


def test_a_list_is_begun_empty_and_signed(kept: Book) -> None:
    sign_again(kept, now=NOW)
    assert listed(kept) == RevocationList(1, NOW, ())


def test_the_number_grows_with_each_list(kept: Book) -> None:
    numbers = [revoke(a_certificate(f"r{n}"), "found out", kept, now=NOW)[0].number for n in (1, 2, 3)]
    assert numbers == [1, 2, 3]
    assert [item.certificate for item in listed(kept).revoked] == ["r1-id", "r2-id", "r3-id"]


def test_an_entry_says_what_was_revoked_why_and_by_whom(kept: Book) -> None:
    said = a_certificate()
    revoke(said, "  a fault \n in production ", kept, now=NOW)
    (entry,) = listed(kept).revoked
    assert (entry.partner, entry.reason, entry.by, entry.at) == ("acme", "a fault in production", "desk", NOW)
    assert (entry.run, entry.started, entry.program, entry.provenance) == ("r1", said.started, "playbook", "gated")
    assert entry.milestones == ("connectivity", "launch")


def test_revoking_twice_changes_nothing(kept: Book) -> None:
    revoke(a_certificate(), "found out", kept, now=NOW)
    before = kept.path.read_bytes()
    again, new = revoke(a_certificate(), "found out again", kept, now=NOW + 60)
    assert (again.number, new) == (1, False)
    assert kept.path.read_bytes() == before


def test_a_forged_run_of_the_future_cannot_outrank_the_runs_to_come(kept: Book) -> None:
    revoke(a_certificate(days_ago=-9000), "found out", kept, now=NOW)
    assert listed(kept).revoked[0].started == NOW


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_nothing_is_revoked_without_a_reason(kept: Book, reason: str) -> None:
    with pytest.raises(UsageError, match="reason"):
        revoke(a_certificate(), reason, kept, now=NOW)
    assert not kept.path.exists()


@pytest.mark.parametrize("content", [b"", b"garbage", b"e30.e30.e30"])
def test_a_list_that_cannot_be_read_is_not_replaced(kept: Book, content: bytes) -> None:
    kept.path.parent.mkdir()
    kept.path.write_bytes(content)
    with pytest.raises(SignatureRefused):
        revoke(a_certificate(), "found out", kept, now=NOW)
    assert kept.path.read_bytes() == content


def test_a_list_of_somebody_else_is_not_extended_without_their_key_set(tmp_path: Path) -> None:
    other, trusted = person("other desk", Use.REVOCATION)
    path = tmp_path / "revocations.jws"
    sign_again(book(path, other, None), now=NOW)
    with pytest.raises(SignatureRefused) as caught:
        revoke(a_certificate(), "found out", book(path, DESK, None), now=NOW)
    assert caught.value.reason is Reason.UNKNOWN_KEY
    longer, new = revoke(a_certificate(), "found out", book(path, DESK, trusting(TRUSTED_DESK, trusted)), now=NOW)
    assert (longer.number, new) == (2, True)


def test_a_key_that_may_not_revoke_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(SignatureRefused) as caught:
        book(tmp_path / "revocations.jws", LAPTOP, trusting(TRUSTED_LAPTOP, TRUSTED_DESK))
    assert caught.value.reason is Reason.WRONG_USE


def test_a_disk_that_refuses_leaves_the_old_list(kept: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_again(kept, now=NOW)
    before = kept.path.read_bytes()

    def refuse(*places: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OutputError, match="No space left"):
        revoke(a_certificate(), "found out", kept, now=NOW)
    assert kept.path.read_bytes() == before
    assert sorted(item.name for item in kept.path.parent.iterdir()) == ["revocations.jws", "revocations.jws.lock"]


def test_who_comes_second_waits_and_then_says_so(kept: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revoking, "PATIENCE_S", 0.1)
    with revoking._alone(kept.path), pytest.raises(OutputError, match="somebody else"):
        sign_again(kept, now=NOW)


def test_everybody_may_read_the_list(kept: Book) -> None:
    sign_again(kept, now=NOW)
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o644


def test_many_who_revoke_at_once_are_all_heard(tmp_path: Path) -> None:
    """Eight processes, one list: no entry is lost, and no number is given twice."""
    archive = an_archive(tmp_path)
    paths = [archive.keep(a_certificate(f"r{number}")) for number in range(8)]
    key = tmp_path / "desk.pem"
    key.write_bytes(_pem())
    key.chmod(0o600)
    words = [str(Path(sys.executable).with_name("certify")), "revoke", "--reason", "found out", "--key", str(key)]
    words += ["--list", str(tmp_path / "revocations.jws")]
    running = [subprocess.Popen([*words, str(path)], stdout=subprocess.DEVNULL) for path in paths]
    assert [process.wait(60) for process in running] == [0] * 8
    found = read_revocations(tmp_path / "revocations.jws", trusting(TRUSTED_DESK), now=4e9)
    assert found.number == 8
    assert {item.run for item in found.revoked} == {f"r{number}" for number in range(8)}


def _pem() -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return DESK.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


# — what is revoked —


def test_a_certificate_is_named_by_its_file_or_its_run(tmp_path: Path) -> None:
    path = an_archive(tmp_path).keep(a_certificate())
    assert certificate_to_revoke(path) == certificate_to_revoke(path.parent) == a_certificate()


@pytest.mark.parametrize(("content", "error"), [(b"garbage", SignatureRefused), (b"e30.e30.e30", CertifyError)])
def test_what_is_no_certificate_cannot_be_revoked(tmp_path: Path, content: bytes, error: type[CertifyError]) -> None:
    (tmp_path / "certificate.jws").write_bytes(content)
    with pytest.raises(error):
        certificate_to_revoke(tmp_path)


def test_what_is_not_there_is_a_slip(tmp_path: Path) -> None:
    for place in (tmp_path / "nothing", tmp_path):
        with pytest.raises(UsageError):
            certificate_to_revoke(place)


def test_the_verb_says_the_number_to_ask_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    archive: Archive = an_archive(tmp_path)
    path = archive.keep(a_certificate(), CI)
    monkeypatch.setenv("DESK_KEY", _pem().decode())
    place = tmp_path / "list.jws"
    words = ["revoke", str(path), "--reason", "found out", "--key", "env:DESK_KEY", "--list", str(place)]
    told = CliRunner().invoke(group, words)
    assert told.exit_code == 0, told.output
    assert "--revocations-at-least 1" in told.output
    again = CliRunner().invoke(group, [*words, "--json"])
    assert json.loads(again.output) == {"certificate": "r1-id", "new": False, "list": str(place), "number": 1}


def test_a_list_with_words_of_two_days_is_refused(tmp_path: Path) -> None:
    from certify.model.codec import encode
    from certify.signing.jws import Kind, sign

    claims = {"iss": "desk", "aud": "certify", "iat": int(NOW), "revocations": encode(RevocationList(1, NOW - 9.0))}
    (tmp_path / "list.jws").write_text(sign(claims, DESK, Kind.REVOCATIONS))
    with pytest.raises(ClaimsError):
        read_revocations(tmp_path / "list.jws", trusting(TRUSTED_DESK), now=NOW)
