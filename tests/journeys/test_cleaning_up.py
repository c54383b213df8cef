"""Real kills, real leftovers: what a run created goes away, also after kill -9; what others have is left alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from certify.http.call import Call
from certify.http.session import open_session
from certify.ledger import STATE, kept, read_entries
from certify.program.partner import load_partner
from tests.journeys.console import CERTIFY, certify, heed_ctrl_c, sandbox_profile
from tests.journeys.test_interruptions import all_gone, descendants


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv(STATE, str(tmp_path / "state"))
    with sandbox_profile(tmp_path) as file:
        yield file


def leads(profile: Path) -> list[dict[str, Any]]:
    """What is in the sandbox, of all tenants that the profile knows."""
    session = open_session(load_partner(profile))
    found: list[dict[str, Any]] = []
    try:
        for identity in session.partner.identities:
            credentials = session.credentials(identity)
            found += session.wire.send(Call("GET", "/v1/leads?limit=100"), credentials, identity=identity).at("/items")
    finally:
        session.close()
    return found


def ledgers(profile: Path) -> list[Path]:
    return kept(load_partner(profile).base_url)


def killed(profile: Path, out: Path, least: int = 12) -> None:
    """A run that was killed, with every process of it, after it had created something."""
    words = [CERTIFY, "run", "--partner", str(profile), "--out", str(out), "--json"]
    running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(made(profile)) < least:
        time.sleep(0.02)
    children = descendants(running.pid)
    for pid in (running.pid, *children):  # all at once, so that none can clean up
        os.kill(pid, signal.SIGKILL)
    running.wait()
    assert all_gone(children)


def made(profile: Path) -> list[str]:
    """The places of what the ledgers know to be there."""
    return [e.place for path in ledgers(profile) for e in read_entries(path).values() if e.open and e.remove]


@pytest.mark.slow
def test_what_a_killed_run_left_is_listed_and_taken_away(profile: Path, tmp_path: Path) -> None:
    before = {lead["id"] for lead in leads(profile)}
    killed(profile, tmp_path / "run")
    left = {lead["id"] for lead in leads(profile)} - before
    assert left, "the kill came too late: nothing was left behind"

    listed = certify("cleanup", "--partner", profile, "--list")
    assert listed.code == 0, listed.text
    assert "waiting:" in listed.out
    assert {lead["id"] for lead in leads(profile)} - before == left, "listing sends nothing"

    ended = certify("cleanup", "--partner", profile)
    assert ended.code == 0, ended.text
    assert "cleaning up first" in ended.out
    assert {lead["id"] for lead in leads(profile)} == before
    assert ledgers(profile) == []
    assert certify("cleanup", "--partner", profile).out.startswith("Nothing is waiting to be deleted")


@pytest.mark.slow
def test_the_next_run_takes_it_away_first(profile: Path, tmp_path: Path) -> None:
    before = {lead["id"] for lead in leads(profile)}
    killed(profile, tmp_path / "run")
    ended = certify("run", "--partner", profile, "--check", "net.clock-accurate", "--out", tmp_path / "next")

    assert "cleaning up first" in ended.text
    assert {lead["id"] for lead in leads(profile)} == before
    assert ledgers(profile) == []


@pytest.mark.slow
def test_an_interrupted_run_takes_away_what_it_created(profile: Path, tmp_path: Path) -> None:
    before = {lead["id"] for lead in leads(profile)}
    words, pipe = [CERTIFY, "run", "--partner", str(profile), "--out", str(tmp_path / "run"), "--json"], subprocess.PIPE
    running = subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, preexec_fn=heed_ctrl_c)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(made(profile)) < 12:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)

    assert running.returncode == 3, err
    assert json.loads(out)["complete"] is False
    assert {lead["id"] for lead in leads(profile)} == before
    assert ledgers(profile) == []


@pytest.mark.slow
def test_a_whole_run_leaves_only_what_the_contract_cannot_delete(profile: Path, tmp_path: Path) -> None:
    before = {lead["id"] for lead in leads(profile)}
    assert certify("run", "--partner", profile, "--out", tmp_path / "run").code == 0
    report = json.loads((tmp_path / "run" / "certification.json").read_text())

    assert {lead["id"] for lead in leads(profile)} == before
    assert report["cleanup"]["deleted"] > 50
    assert {left["operation"] for left in report["cleanup"]["left"]} == {"createCustomer", "recordUsage"}
    assert all(left["why"].startswith("the contract has no") for left in report["cleanup"]["left"])
    assert [role["operation"] for role in report["roles"] if role["role"] == "create"] == ["createLead"]
    assert all(role["operation"] and role["exchange"] for role in report["roles"])
    assert ledgers(profile) == []


@pytest.mark.slow
def test_the_things_of_a_run_that_goes_on_are_left_alone(profile: Path, tmp_path: Path) -> None:
    words = [CERTIFY, "run", "--partner", str(profile), "--out", str(tmp_path / "run"), "--json"]
    running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not made(profile):
            time.sleep(0.02)
        assert running.poll() is None
        ended = certify("cleanup", "--partner", profile)
        listed = certify("cleanup", "--partner", profile, "--list")
    finally:
        running.wait(120)

    assert "Nothing is waiting to be deleted" in ended.out
    assert running.returncode == 0, "somebody took its things away"
    assert "still running" in listed.out or listed.out.startswith("Nothing is waiting")
