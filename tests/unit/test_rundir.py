"""The run directory: appended line by line, survives a kill, and shows who touched it."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from certify.errors import OutputError, RunDirectoryError
from certify.model.codec import encode
from certify.rundir import EXCHANGES, OUTCOMES, RUN, SEAL, RunDirectory, Writer
from tests.unit.facts import NOW, a_criterion, a_milestone, a_plan, failed, passed

PLAN = a_plan(a_milestone("first", a_criterion("works", "a.one")))


@pytest.fixture
def rundir(tmp_path: Path) -> RunDirectory:
    made = RunDirectory.create(tmp_path / "run", PLAN)
    writer = Writer(made.path / OUTCOMES, "suites")
    for outcome in (passed("a.one"), failed("a.two"), passed("a.three")):
        writer.append(encode(outcome))
    writer.close()
    made.seal(NOW)
    return made


def edit(rundir: RunDirectory, name: str, old: str, new: str) -> None:
    file = rundir.path / name
    file.write_text(file.read_text().replace(old, new, 1))


def test_what_was_written_is_read_back(rundir: RunDirectory) -> None:
    assert [outcome.check for outcome in rundir.outcomes()] == ["a.one", "a.two", "a.three"]
    assert rundir.plan() == PLAN
    assert rundir.read_seal() is not None


def test_an_edited_line_is_named(rundir: RunDirectory) -> None:
    edit(rundir, OUTCOMES, '"failed"', '"passed"')
    with pytest.raises(RunDirectoryError, match=rf"{OUTCOMES}:2: .*edited"):
        list(rundir.outcomes())


def test_a_removed_line_is_noticed(rundir: RunDirectory) -> None:
    file = rundir.path / OUTCOMES
    lines = file.read_text().splitlines(keepends=True)
    file.write_text(lines[0] + lines[2])
    with pytest.raises(RunDirectoryError, match=f"{OUTCOMES}:2"):
        list(rundir.outcomes())


def test_a_cut_line_is_named(rundir: RunDirectory) -> None:
    file = rundir.path / OUTCOMES
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(RunDirectoryError, match=rf"{OUTCOMES}:3: not a whole line"):
        list(rundir.outcomes())


def test_lines_removed_from_the_end_are_missed_at_the_end(rundir: RunDirectory) -> None:
    file = rundir.path / OUTCOMES
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:2]))
    with pytest.raises(RunDirectoryError, match="3 lines of 'suites' were sealed, 2 are there"):
        list(rundir.outcomes())


def test_lines_added_after_the_seal_are_noticed(rundir: RunDirectory) -> None:
    writer = Writer(rundir.path / OUTCOMES, "stranger")
    writer.append(encode(passed("a.four")))
    with pytest.raises(RunDirectoryError, match="stranger"):
        list(rundir.outcomes())


def test_an_edited_plan_is_noticed(rundir: RunDirectory) -> None:
    edit(rundir, RUN, '"seed": 7', '"seed": 8')
    with pytest.raises(RunDirectoryError, match=r"run\.json: changed after"):
        rundir.read_seal()


def test_a_plan_that_is_not_json_is_named_with_its_line(rundir: RunDirectory) -> None:
    (rundir.path / RUN).write_text('{\n "run_id": \n')
    with pytest.raises(RunDirectoryError, match=r"run\.json:3: not JSON") as caught:
        rundir.plan()
    assert "run again" in caught.value.advice[0]


def test_an_unreadable_seal_is_refused(rundir: RunDirectory) -> None:
    (rundir.path / SEAL).write_text("{}")
    with pytest.raises(RunDirectoryError, match="seal cannot be read"):
        rundir.read_seal()


def test_a_missing_record_is_named(rundir: RunDirectory) -> None:
    (rundir.path / EXCHANGES).unlink()
    with pytest.raises(RunDirectoryError, match=f"{EXCHANGES} is missing"):
        list(rundir.exchanges())


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunDirectoryError, match="not a run directory"):
        RunDirectory.open(tmp_path)


def test_a_run_is_never_written_over_another(rundir: RunDirectory) -> None:
    with pytest.raises(OutputError, match="not an empty directory"):
        RunDirectory.create(rundir.path, PLAN)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write to"):
        RunDirectory.create(tmp_path / "file" / "run", PLAN)


def _append_many(path: Path, name: str) -> None:
    writer = Writer(path, name)
    for number in range(200):
        writer.append({"check": f"{name}.{number}", "text": "x" * 5_000})


def test_a_folder_is_replaced_as_a_whole(rundir: RunDirectory) -> None:
    rundir.replace_folder("results", {"a.json": b"1", "deep/b.json": b"2"})
    (rundir.path / ".results.tmp").mkdir()
    (rundir.path / ".results.tmp/half").touch()
    before = {item.name for item in rundir.path.iterdir()} - {".results.tmp"}
    paths = rundir.replace_folder("results", {"c.json": b"3"})
    assert paths == [rundir.path / "results/c.json"]
    assert [item for item in rundir.path.rglob("*") if "results" in item.parts[-2:]] == [paths[0].parent, *paths]
    assert {item.name for item in rundir.path.iterdir()} == before


def test_a_link_in_the_place_of_a_folder_is_replaced_and_not_followed(rundir: RunDirectory, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/kept").touch()
    (rundir.path / "results").symlink_to(tmp_path / "elsewhere")
    rundir.replace_folder("results", {"a.json": b"1"})
    assert [item.name for item in (tmp_path / "elsewhere").iterdir()] == ["kept"]
    assert not (rundir.path / "results").is_symlink()


def test_several_processes_append_whole_lines(rundir: RunDirectory) -> None:
    file = rundir.path / EXCHANGES
    context = multiprocessing.get_context("spawn")
    children = [context.Process(target=_append_many, args=(file, f"writer-{n}")) for n in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    rundir.seal(NOW)
    assert json.loads((rundir.path / SEAL).read_text())["lines"][EXCHANGES] == {f"writer-{n}": 200 for n in range(3)}


def test_a_line_survives_kill_9(tmp_path: Path) -> None:
    file = tmp_path / "lines.ndjson"
    code = (
        "import sys, os, signal; from pathlib import Path; from certify.rundir import Writer\n"
        "w = Writer(Path(sys.argv[1]), 'w'); w.append({'n': 1}); os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(file)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert json.loads(file.read_text())["n"] == 1


def test_a_resumed_writer_goes_on_with_its_chain(rundir: RunDirectory) -> None:
    (rundir.path / SEAL).unlink()
    writer = Writer(rundir.path / OUTCOMES, "suites")
    writer.append(encode(passed("a.four")))
    assert len(list(rundir.outcomes())) == 4


def test_the_record_is_for_its_owner_only(rundir: RunDirectory) -> None:
    assert os.stat(rundir.path / OUTCOMES).st_mode & 0o077 == 0
