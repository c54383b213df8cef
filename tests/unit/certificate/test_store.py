"""Certificates are found whatever else lies in the directory, and nothing that lies there can stop the search."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from certify.certificate.store import beginning, find
from certify.model.certificate import CERTIFICATE
from certify.signing.jws import MAX_BYTES
from certify.signing.strict import base64url
from tests.unit.certificate.signed import everything

HEADER = base64url(b'{"alg":"EdDSA","typ":"certify-certificate+jwt"}')


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return everything(tmp_path_factory.mktemp("signed")).certificate.read_bytes()


def put(folder: Path, token: bytes) -> Path:
    folder.mkdir(parents=True)
    (folder / CERTIFICATE).write_bytes(token)
    return folder / CERTIFICATE


def a_token(**claims: object) -> bytes:
    """A token that says so, signed by nobody."""
    said = {"iss": "ci", "sub": "acme", "aud": "certify", "iat": 1, "exp": 2, "jti": "a", **claims}
    return f"{HEADER}.{base64url(json.dumps(said).encode())}.".encode()


def test_what_a_certificate_says_of_itself_is_found(tmp_path: Path, token: bytes) -> None:
    path = put(tmp_path / "acme" / "run1", token)
    (found,) = find(tmp_path).found
    assert (found.path, found.partner, found.id, found.issued) == (path, "acme", "run1-0001", 1_793_703_600.0)
    assert found.run.startswith("20261103-")
    assert [item["id"] for item in found.claims["certificate"]["milestones"]] == ["reachable", "secured"]


def test_the_newest_come_first(tmp_path: Path) -> None:
    for number in (2, 9, 5):
        put(tmp_path / f"run{number}", a_token(iat=number, certificate={"run": f"r{number}"}))
    assert [found.issued for found in find(tmp_path).found] == [9, 5, 2]


def test_only_the_beginning_is_read(tmp_path: Path) -> None:
    """What comes after it may be anything at all."""
    certificate = {"run": "r1", "checks": ["x" * 50] * 1000}
    whole = a_token(certificate=certificate)
    put(tmp_path / "run1", whole[:30_000] + b"\x00" * 30_000)
    assert [found.run for found in find(tmp_path).found] == ["r1"]


def test_where_the_beginning_does_not_say_it_all_is_read(tmp_path: Path) -> None:
    put(tmp_path / "run1", a_token(certificate={"checks": ["x" * 50] * 1000, "run": "r1"}))
    assert [found.run for found in find(tmp_path).found] == ["r1"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"a.b.c",
        b"...",
        b"\xff\xfe\x00" * 100,
        b"e30.W10.",
        a_token(),
        a_token(certificate={"run": 7}),
        a_token(iat="now", certificate={"run": "r"}),
        a_token(iat=float("nan"), certificate={"run": "r"}),
        a_token(iat=10**400, certificate={"run": "r"}),
        a_token(iat=-1, certificate={"run": "r"}),
        a_token(sub=None, certificate={"run": "r"}),
        a_token(certificate=[[[]]]),
        b"e30." + base64url(b"[" * 5000).encode() + b".",
        b"e30." + base64url(b'{"a":' * 1500).encode() + b".",
        b"e30." + base64url(b'{"iat": ' + b"9" * 5000).encode() + b".",
    ],
)
def test_what_is_no_certificate_is_told_and_passed_over(tmp_path: Path, token: bytes, content: bytes) -> None:
    put(tmp_path / "good", token)
    put(tmp_path / "odd", content)
    search = find(tmp_path)
    assert len(search.found) == 1
    assert search.notes == (f"{tmp_path / 'odd' / CERTIFICATE}: is not a certificate",)


def test_foreign_files_and_folders_do_not_matter(tmp_path: Path, token: bytes) -> None:
    put(tmp_path / "acme" / "run1", token)
    (tmp_path / "README.md").write_text("hello")
    (tmp_path / "acme" / "notes").mkdir()
    (tmp_path / "revocations.jws").write_bytes(b"x")
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / CERTIFICATE).mkdir()
    os.mkfifo(tmp_path / "acme" / "notes" / CERTIFICATE)
    search = find(tmp_path)
    assert len(search.found) == 1
    assert [note.rpartition(": ")[2] for note in search.notes] == ["is not a file", "is not a file"]


def test_huge_and_unreadable_files_are_told(tmp_path: Path, token: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "good", token)
    with put(tmp_path / "huge", b"").open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    locked, whole = put(tmp_path / "locked", token), Path.open

    def refuse(path: Path, *arguments: str) -> object:
        if path == locked:
            raise PermissionError(13, "Permission denied")
        return whole(path, *arguments)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    search = find(tmp_path)
    assert [found.path.parent.name for found in search.found] == ["good"]
    assert any("which no certificate has" in note for note in search.notes)
    assert any("Permission denied" in note for note in search.notes)


def test_large_files_that_are_none_take_no_time(tmp_path: Path, token: bytes) -> None:
    put(tmp_path / "good", token)
    for number in range(20):
        put(tmp_path / f"odd{number}", b'{"a": ' * (900_000 // 6))
        put(tmp_path / f"own{number}", a_token(certificate={f"m{name}": 1 for name in range(40_000)}))
    started = time.process_time()
    search = find(tmp_path)
    assert len(search.found) == 1
    assert time.process_time() - started < 5


def test_links_are_not_followed_and_are_told(tmp_path: Path, token: bytes) -> None:
    elsewhere = put(tmp_path / "elsewhere" / "run1", token)
    reports = tmp_path / "reports"
    (reports / "run2").mkdir(parents=True)
    (reports / "run2" / CERTIFICATE).symlink_to(elsewhere)
    (reports / "run3").symlink_to(elsewhere.parent)
    (reports / "loop").symlink_to(reports)
    (reports / "dangling").symlink_to(reports / "nowhere")
    search = find(reports)
    assert search.found == ()
    links = [reports / "loop", reports / "run2" / CERTIFICATE, reports / "run3"]
    assert search.notes == tuple(f"{link}: is a symbolic link, which is not followed" for link in links)


@pytest.mark.parametrize("made", ["run.json", "seal.json", CERTIFICATE])
@pytest.mark.parametrize("where", [".", "acme", "acme/2026"])
def test_nothing_that_is_put_into_a_folder_hides_what_lies_below(
    tmp_path: Path, token: bytes, where: str, made: str
) -> None:
    path = put(tmp_path / "acme" / "2026" / "run1", token)
    (tmp_path / where / made).write_bytes(b"")
    assert [found.path for found in find(tmp_path).found] == [path]


def test_the_many_results_of_a_run_are_not_looked_through(tmp_path: Path, token: bytes) -> None:
    put(tmp_path / "run1", token)
    put(tmp_path / "run1" / "allure-results", token)
    put(tmp_path / "run1" / "approvals", token)
    assert len(find(tmp_path).found) == 1


def test_what_lies_too_deep_is_told(tmp_path: Path, token: bytes) -> None:
    put(tmp_path.joinpath(*"123456789"), token)
    search = find(tmp_path)
    assert search.found == ()
    assert "more than 8 folders deep" in search.notes[0]


def test_a_directory_that_is_not_there_holds_none_and_says_so(tmp_path: Path) -> None:
    search = find(tmp_path / "nowhere")
    assert search.found == ()
    assert "No such file" in search.notes[0]


def test_many_notes_are_counted(tmp_path: Path) -> None:
    for number in range(30):
        put(tmp_path / f"run{number}", b"x")
    notes = find(tmp_path).notes
    assert len(notes) == 21
    assert notes[-1] == "10 more of this kind"


def test_a_thousand_are_found_in_a_moment(tmp_path: Path, token: bytes) -> None:
    first = put(tmp_path / "p0" / "run0", token)
    for number in range(1, 1000):
        folder = tmp_path / f"p{number % 10}" / f"run{number}"
        folder.mkdir(parents=True)
        shutil.copy(first, folder / CERTIFICATE)
    started = time.process_time()
    assert len(find(tmp_path).found) == 1000
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"sub": "acme", "certificate": {"run": "r1", "checks": [{"id": "auth.al', {"run": "r1"}),
        ('{"certificate": {"run": "r1"', {}),  # the cut may be inside of it
        ('{"certificate": {"started": 17', {}),
        ('{"certificate": {"started": 17, "run"', {"started": 17}),
    ],
)
def test_what_a_cut_object_says_is_what_stands_whole_in_it(text: str, found: dict[str, object]) -> None:
    assert beginning(text)["certificate"] == found
