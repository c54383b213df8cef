"""The clean-up ledger: on disk at once, one for each run, and nobody else's while its run lives."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from certify.errors import OutputError
from certify.ledger import STATE, Ledger, abandoned, kept, open_ledger, owner_of, read_entries, state_folder

URL = "https://sandbox.partner.example/api"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(STATE, str(tmp_path / "state"))
    return tmp_path / "state"


def test_what_was_noted_is_read_back_by_anybody() -> None:
    ledger = open_ledger(URL, "run-1", "acme")
    child = Ledger(ledger.path, "suites-active")
    key = child.trying("createLead", "other_tenant", "/leads", "certify-0123456789ab")
    (tried,) = ledger.entries()
    child.made(key, "7", "/leads/7", "DELETE /leads/7")
    (made,) = ledger.entries()
    child.gone(key, "deleted")
    (gone,) = ledger.entries()

    assert (tried.state, tried.canary, tried.open) == ("tried", "certify-0123456789ab", True)
    assert (made.state, made.identity, made.remove, made.open) == ("made", "other_tenant", "DELETE /leads/7", True)
    assert (gone.state, gone.how, gone.open) == ("gone", "deleted", False)
    assert owner_of(ledger.path).base_url == URL
    assert owner_of(ledger.path).pid == os.getpid()


def test_each_failure_to_delete_is_counted() -> None:
    ledger = open_ledger(URL, "run-1", "acme")
    key = ledger.trying("createLead", "primary", "/leads")
    for _ in range(3):
        ledger.left(key, "409 Conflict")

    assert [(entry.state, entry.attempts) for entry in ledger.entries()] == [("left", 3)]


def test_a_process_knows_its_own_entries() -> None:
    ledger = open_ledger(URL, "run-1", "acme")
    child = Ledger(ledger.path, "suites-active")
    ledger.trying("a", "primary", "/a")
    child.trying("b", "primary", "/b")

    assert [entry.operation for entry in child.entries(child.name)] == ["b"]
    assert len(child.entries()) == 2


def looked_at() -> list[str]:
    runs = []
    for owner, ledger in abandoned(URL):
        runs.append(owner.run)
        ledger.close()
    return runs


def test_the_ledger_of_a_living_run_is_left_alone_and_another_hosts_too() -> None:
    living = open_ledger(URL, "living", "acme")
    open_ledger(URL, "dead", "acme").close()
    open_ledger("https://elsewhere.example", "elsewhere", "acme").close()

    assert looked_at() == ["dead"]
    assert len(kept(URL)) == 2
    living.close()
    assert looked_at() == ["dead", "living"]


def test_a_killed_process_lets_go_of_its_ledger() -> None:
    code = (
        "import os, signal; from certify.ledger import open_ledger;"
        f"ledger = open_ledger({URL!r}, 'killed', 'acme'); ledger.trying('createLead', 'primary', '/leads', 'c');"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    ((owner, ledger),) = abandoned(URL)

    assert owner.run == "killed"
    assert [entry.state for entry in ledger.entries()] == ["tried"]


def test_two_settlers_do_not_settle_the_same_ledger() -> None:
    open_ledger(URL, "dead", "acme").close()
    first = list(abandoned(URL))

    assert len(first) == 1
    assert list(abandoned(URL)) == []


def test_a_line_that_a_kill_cut_is_skipped() -> None:
    ledger = open_ledger(URL, "run-1", "acme")
    ledger.trying("createLead", "primary", "/leads")
    with ledger.path.open("ab") as stream:
        stream.write(b'{"do":"try","key":"x-1","opera')

    assert [entry.operation for entry in ledger.entries()] == ["createLead"]


@pytest.mark.parametrize("line", [b"[]\n", b"7\n", b"\xff\xfe\n", b'{"do":"made"}\n', b'{"key":null,"do":7}\n'])
def test_whatever_stands_in_the_file_is_survived(tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "ledger.ndjson"
    file.write_bytes(line)

    assert all(not entry.remove for entry in read_entries(file).values())
    assert owner_of(file).run == ""


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(STATE, str(tmp_path / "file"))

    with pytest.raises(OutputError, match="cannot be kept") as caught:
        open_ledger(URL, "run-1", "acme")
    assert STATE in caught.value.advice[0]


def test_the_state_folder_follows_the_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STATE)
    monkeypatch.setenv("XDG_STATE_HOME", "/somewhere")
    assert state_folder() == Path("/somewhere/certify")
    monkeypatch.delenv("XDG_STATE_HOME")
    assert state_folder() == Path.home() / ".local/state/certify"


def test_nobody_else_may_read_it() -> None:
    ledger = open_ledger(URL, "run-1", "acme")

    assert ledger.path.stat().st_mode & 0o077 == 0
    assert ledger.path.parent.stat().st_mode & 0o077 == 0


def test_a_settler_that_comes_while_a_run_opens_its_ledger_neither_stops_it_nor_takes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lock, seen = fcntl.flock, []

    def first_a_settler(descriptor: int, how: int) -> None:
        monkeypatch.setattr("certify.ledger.fcntl.flock", lock)
        for owner, ledger in abandoned(URL):
            seen.append(owner.run)
            ledger.close(discard=True)
        lock(descriptor, how)

    monkeypatch.setattr("certify.ledger.fcntl.flock", first_a_settler)
    ledger = open_ledger(URL, "run-1", "acme")
    Ledger(ledger.path, "suites-active").trying("createLead", "primary", "/leads")

    assert seen == looked_at() == []
    assert [entry.operation for entry in ledger.entries()] == ["createLead"]


@pytest.mark.parametrize("again", [False, True])
def test_a_ledger_that_is_removed_while_it_is_taken_is_not_settled(
    monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    lock, ledger = fcntl.flock, open_ledger(URL, "run-1", "acme")
    ledger.trying("createLead", "primary", "/leads")

    def first_the_run_ends(descriptor: int, how: int) -> None:
        monkeypatch.setattr("certify.ledger.fcntl.flock", lock)
        ledger.close(discard=True)
        if again:
            open_ledger(URL, "run-1", "acme")
        lock(descriptor, how)

    monkeypatch.setattr("certify.ledger.fcntl.flock", first_the_run_ends)

    assert looked_at() == []
    assert len(kept(URL)) == again


def test_a_ledger_that_was_removed_does_not_come_back() -> None:
    ledger = open_ledger(URL, "run-1", "acme")
    ledger.close(discard=True)

    with pytest.raises(FileNotFoundError):
        Ledger(ledger.path, "suites-active")
    assert kept(URL) == []


def test_looking_at_living_runs_leaves_no_descriptor_open() -> None:
    living = open_ledger(URL, "living", "acme")
    before = os.listdir("/proc/self/fd")
    assert [looked_at() for _ in range(3)] == [[], [], []]

    assert os.listdir("/proc/self/fd") == before
    assert [file.name for file in living.path.parent.iterdir()] == ["living.ndjson"]


@pytest.mark.parametrize("links", [True, False])
def test_a_run_that_has_a_ledger_already_gets_another(monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    def link(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no hard links here")

    if not links:
        monkeypatch.setattr("certify.ledger.os.link", link)
    one, other = open_ledger(URL, "run.replay", "acme"), open_ledger(URL, "run.replay", "acme")
    one.trying("createLead", "primary", "/leads")

    assert len(kept(URL)) == 2
    assert other.entries() == []
    assert looked_at() == []


def test_a_full_disk_is_told_with_advice() -> None:
    with pytest.raises(OutputError, match="No space left on device") as caught:
        Ledger(Path("/dev/full"), "suites-active").trying("createLead", "primary", "/leads")
    assert "free some space" in caught.value.advice[0]


def test_a_line_that_a_full_disk_cut_spoils_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, write = open_ledger(URL, "run-1", "acme"), os.write

    def half(descriptor: int, data: bytes) -> int:
        monkeypatch.setattr("certify.ledger.os.write", write)
        return write(descriptor, data[: len(data) // 2])

    monkeypatch.setattr("certify.ledger.os.write", half)
    with pytest.raises(OutputError, match="its disk is full"):
        ledger.trying("createLead", "primary", "/leads")
    ledger.trying("createNote", "primary", "/notes")

    assert [entry.operation for entry in ledger.entries()] == ["createNote"]


def test_what_cannot_be_read_is_told_and_keeps_nobody_from_the_rest() -> None:
    dead, told = open_ledger(URL, "dead", "acme"), []
    dead.close()
    (dead.path.parent / "a-folder.ndjson").mkdir()

    assert [owner.run for owner, _ in abandoned(URL, told.append)] == ["dead"]
    assert len(told) == 1
    assert "a-folder.ndjson cannot be read" in told[0]
