"""A run that is judged again is shown as it is judged now, and nothing of an earlier rendering stays."""

from __future__ import annotations

from pathlib import Path

from certify.pipeline import publish
from certify.rundir import RunDirectory
from tests.unit.facts import a_criterion, a_milestone, a_plan
from tests.unit.formats import samples


def test_nothing_of_an_earlier_rendering_stays_in_a_folder_of_a_format(tmp_path: Path) -> None:
    rundir = RunDirectory.create(tmp_path / "run", a_plan(a_milestone("first", a_criterion("works", "a.one"))))
    failed = set(publish(samples.failing(), rundir))
    passed = set(publish(samples.passing(), rundir))
    folder = rundir.path / "allure-results"
    assert failed - passed, "the two have the same files, so this would show nothing"
    assert set(folder.iterdir()) == {path for path in passed if path.parent == folder}
    assert all(path.is_file() for path in passed)
    assert not [item.name for item in rundir.path.iterdir() if item.name.endswith((".tmp", ".old"))]


def test_what_other_files_of_the_run_hold_is_left_alone(tmp_path: Path) -> None:
    rundir = RunDirectory.create(tmp_path / "run", a_plan(a_milestone("first", a_criterion("works", "a.one"))))
    rundir.write("approvals/engineer.jws", b"signed")
    plan = (rundir.path / "run.json").read_bytes()
    publish(samples.passing(), rundir)
    assert (rundir.path / "approvals/engineer.jws").read_bytes() == b"signed"
    assert (rundir.path / "run.json").read_bytes() == plan
