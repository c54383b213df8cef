"""Runs as they are read: judged again, composed again where their report says something else, refused where edited."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from certify.comparing.diff import diff
from certify.comparing.recorded import read_run
from certify.errors import RunDirectoryError, UsageError
from certify.model.plan import PartnerFacts
from tests.unit.comparing.runs import broken, exchange, plan_of, two_runs, write_run
from tests.unit.facts import NOW, passed


def test_a_report_that_says_what_the_record_gives_is_taken_as_it_is(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", plan_of("a.one"), [passed("a.one")], [exchange("s-1", "a.one", 200)])

    found = read_run(run)

    assert (found.notes, found.report.coverage.exercised) == ((), 1)


@pytest.mark.parametrize("tampering", ["prettier", "gone", "broken"])
def test_a_report_that_says_something_else_is_composed_again_and_told(tmp_path: Path, tampering: str) -> None:
    run = write_run(tmp_path / "run", plan_of("a.one"), [broken("a.one")], [exchange("s-1", "a.one", 200)])
    file = run / "certification.json"
    match tampering:
        case "prettier":
            file.write_text(file.read_text().replace('"not_certified"', '"certified"').replace('"failed"', '"passed"'))
        case "gone":
            file.unlink()
        case _:
            file.write_text("{")

    found = read_run(run)

    assert found.report.verdict == "not_certified"
    assert found.report.coverage.exercised == 1
    assert "composed again" in found.notes[0]


def test_an_edited_outcome_is_refused(tmp_path: Path) -> None:
    one, other = two_runs(tmp_path, [broken("a.one")], [broken("a.one")])
    file = one / "outcomes.ndjson"
    file.write_text(file.read_text().replace('"failed"', '"passed"'))

    with pytest.raises(RunDirectoryError, match=r"outcomes\.ndjson:1"):
        diff(one, other)


def test_runs_of_different_partners_are_refused_unless_that_is_meant(tmp_path: Path) -> None:
    plan = plan_of("a.one")
    stranger = replace(plan, partner=PartnerFacts("other", "Other", "http://127.0.0.1:2", "sandbox"))
    one, other = two_runs(tmp_path, [passed("a.one")], [passed("a.one")], plans=(plan, stranger))

    with pytest.raises(UsageError, match="acme and other"):
        diff(one, other)
    assert diff(one, other, any_partner=True).exit_code == 0


# — what a run is compared with —


def _runs(folder: Path) -> Path:
    """Three earlier runs, certified on day 0 and 1 and failing on day 2, and one of today."""
    for day, outcome in enumerate((passed("a.one"), passed("a.one"), broken("a.one"), broken("a.one"))):
        write_run(folder / f"day-{day}", plan_of("a.one", run_id=f"day-{day}", started=NOW + day * 86_400), [outcome])
    (folder / "notes.txt").write_text("not a run")
    (folder / "torn").mkdir()
    (folder / "torn" / "run.json").write_text("{")
    return folder / "day-3"


def _sign(run: Path, partner: str = "acme", verdict: str = "certified") -> None:
    claims = json.dumps({"sub": partner, "certificate": {"verdict": verdict}}).encode()
    payload = base64.urlsafe_b64encode(claims).decode().rstrip("=")
    (run / "certificate.jws").write_text(f"e30.{payload}.c2ln")


def test_one_run_is_compared_with_the_last_certified_one_beside_it(tmp_path: Path) -> None:
    comparison = diff(_runs(tmp_path))

    assert comparison.before.run == "day-1"
    assert comparison.before.chosen == "the last certified run of acme beside it; none is signed"
    assert comparison.exit_code == 1


def test_a_signed_run_comes_before_a_newer_one_that_nobody_signed(tmp_path: Path) -> None:
    today = _runs(tmp_path)
    _sign(tmp_path / "day-0")
    (tmp_path / "day-1" / "certificate.jws").write_text("half a token")

    comparison = diff(today)

    assert comparison.before.run == "day-0"
    assert "signed" in comparison.before.chosen


@pytest.mark.parametrize(("partner", "verdict"), [("other", "certified"), ("acme", "not_certified")])
def test_a_certificate_of_another_partner_or_verdict_does_not_count(tmp_path: Path, partner: str, verdict: str) -> None:
    today = _runs(tmp_path)
    _sign(tmp_path / "day-0", partner, verdict)

    assert diff(today).before.run == "day-1"


def test_what_came_later_is_not_what_a_run_follows(tmp_path: Path) -> None:
    _runs(tmp_path)

    with pytest.raises(UsageError, match="no certified run of acme"):
        diff(tmp_path / "day-0")


def test_a_run_that_only_calls_itself_certified_is_passed_over_and_told(tmp_path: Path) -> None:
    today = _runs(tmp_path)
    pretty = tmp_path / "day-2" / "certification.json"
    pretty.write_text(pretty.read_text().replace('"verdict": "not_certified"', '"verdict": "certified"'))
    _sign(tmp_path / "day-2")
    torn = tmp_path / "day-1" / "outcomes.ndjson"
    torn.write_text(torn.read_text().replace("passed", "failed"))

    comparison = diff(today)

    assert comparison.before.run == "day-0"
    assert "day-2 calls itself certified" in comparison.notes[0]
    assert "day-1 was passed over" in comparison.notes[1]


@pytest.mark.parametrize("damage", ["a line", "the file"])
def test_exchanges_that_cannot_be_read_are_refused_with_their_place(tmp_path: Path, damage: str) -> None:
    traffic = ([exchange("s-1", "a.one", 401)], [exchange("s-1", "a.one", 200)])
    one, other = two_runs(tmp_path, [passed("a.one")], [broken("a.one")], traffic=traffic)
    file = other / "exchanges.ndjson"
    if damage == "a line":
        file.write_text(file.read_text().replace('"status":200', '"status":"two hundred"'))
    else:
        file.unlink()

    with pytest.raises(RunDirectoryError, match=r"later/exchanges\.ndjson"):
        diff(one, other)
