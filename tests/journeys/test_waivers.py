"""A waiver's life by command line: suggested, argued, used and seen everywhere; expired, forbidden and one too many."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from certify.program.placeholder import PLACEHOLDER
from certify.program.shipped import shipped_root
from certify.program.waivers import QUESTION
from tests.journeys.console import Ended, certify, sandbox_profile

pytestmark = pytest.mark.slow

FAULTS = ("last-page-dropped", "html-error-from-gateway", "bola-read")
PAGES, FORMAT, TENANTS = "page.walk-complete", "error.format-valid", "authz.tenant-read-isolated"
PLAYBOOK = """\
schema: certify/playbook/1
id: small
title: A small playbook
version: "1"
contract: openapi/partner-api.v1.yaml
roles: [engineer, lawyer]
certification:
  waivers: {budget: 1, max_days: 60, roles: [engineer], never: {areas: [authz]}}
milestones:
  - id: reading
    title: Reading
    owner: engineer
    business_days: 3
    criteria:
      - {id: answers, statement: It answers., kind: automated, checks: [net.control-works]}
      - {id: pages, statement: Pages end., kind: automated, checks: [page.walk-complete]}
"""
ERRORS = "      - {id: errors, statement: Errors are told., kind: automated, checks: [error.not-found-clean]}\n"
ISOLATED = (
    "      - {id: tenants, statement: Tenants are apart., kind: automated, checks: [authz.tenant-read-isolated]}\n"
)
REASON = "The pager is replaced in December; nothing that reads pages goes live before that."


def today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class Desk:
    """A program, a running sandbox with faults, and where runs go."""

    folder: Path
    profile: Path

    @property
    def waivers(self) -> Path:
        return self.folder / "program" / "waivers.yaml"

    def playbook(self, *more: str) -> None:
        (self.folder / "program" / "playbook.yaml").write_text(PLAYBOOK + "".join(more))

    def run(self, name: str, *words: object) -> Ended:
        place = self.folder / "reports" / name
        shutil.rmtree(place, ignore_errors=True)
        where = ("--partner", self.profile, "--program", self.folder / "program", "--out", place)
        return certify("run", *where, "--seed", 1, *words)

    def lint(self, *words: object) -> Ended:
        return certify("lint", "--program", self.folder / "program", *words)

    def grant(self, *entries: str) -> None:
        self.waivers.write_text("schema: certify/waivers/1\nwaivers:\n" + "".join(entries))


def entry(check: str, granted: date, expires: date) -> str:
    return (
        f"  - check: {check}\n    partner: reference\n    reason: {REASON}\n"
        f"    approver: {{name: Ada Byron, role: engineer}}\n    granted: {granted}\n    expires: {expires}\n"
        "    link: https://platform.example/waivers/31\n"
    )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("waivers")
    shutil.copytree(shipped_root() / "openapi", folder / "program" / "openapi")
    with sandbox_profile(folder, FAULTS) as profile:
        yield Desk(folder, profile)


@pytest.fixture(autouse=True)
def anew(desk: Desk) -> None:
    desk.playbook()
    desk.waivers.unlink(missing_ok=True)


def files(place: Path) -> dict[str, str]:
    return {path.relative_to(place).as_posix(): path.read_text() for path in place.rglob("*") if path.is_file()}


def test_a_failure_is_argued_excused_and_seen_in_every_format(desk: Desk) -> None:
    red = desk.run("red")
    assert red.code == 1
    assert f"certify waivers suggest {desk.folder}/reports/red" in red.text

    suggested = certify("waivers", "suggest", desk.folder / "reports/red")
    assert suggested.code == 0
    desk.waivers.write_text(suggested.out)
    refused = desk.lint()
    assert refused.code == 1
    assert refused.text.count("waiver/unwritten") == 4
    assert desk.run("unargued").code == 2, "what nobody argued for excuses nothing, and nothing is sent"

    argued = suggested.out.replace(f"role: {PLACEHOLDER}", "role: engineer").replace(
        f"{PLACEHOLDER} {QUESTION}", REASON
    )
    argued = argued.replace(PLACEHOLDER, "Ada-Byron")
    desk.waivers.write_text(argued)
    assert desk.lint().code == 0
    planned = certify("plan", "--partner", desk.profile, "--program", desk.folder / "program")
    assert f"{PAGES} may fail until {today() + timedelta(days=60)}, by Ada-Byron (engineer)" in planned.text

    green = desk.run("green")
    assert green.code == 0, green.text
    assert f"The milestone is certified, with 1 waiver: {PAGES} may fail until" in " ".join(green.text.split())
    assert f"Waived: {PAGES}, by Ada-Byron (engineer)" in green.text
    told = files(desk.folder / "reports/green")
    for name in ("report.html", "summary.md", "junit.xml", "ctrf-report.json", "certification.json", "run.json",
                 "oscal-assessment-results.json"):  # fmt: skip
        assert "Ada-Byron" in told[name], name
    results = [json.loads(text) for name, text in told.items() if name.endswith("-result.json")]
    result = max((item for item in results if item["name"].startswith(PAGES)), key=lambda item: item["start"])
    assert (result["status"], result["statusDetails"]["muted"]) == ("failed", True)
    assert "1 waiver" in told["badge.svg"]

    desk.waivers.unlink()
    again = certify("judge", desk.folder / "reports/green", "--json")
    assert again.code == 0, "what was recorded is judged as it was recorded"
    [waiver] = json.loads(again.out)["waivers"]
    assert (waiver["check"], waiver["state"], waiver["approver"]) == (PAGES, "used", "Ada-Byron")


def test_a_certificate_stands_on_its_waiver_until_that_is_taken_back(desk: Desk) -> None:
    key = json.loads(certify("keys", "new", "--owner", "Ada", "--keys", desk.folder / "keys", "--json").out)
    desk.grant(entry(PAGES, today(), today() + timedelta(days=30)))
    run, trusted = desk.folder / "reports/signed", desk.folder / "keys/keys.jwks.json"
    assert desk.run("signed").code == 0
    told = certify("sign", run, "--key", key["private"])
    assert f"waived      {PAGES}, by Ada Byron until" in told.text
    verify = ("verify", run / "certificate.jws", "--jwks", trusted, "--program", desk.folder / "program")
    assert certify(*verify).code == 0

    desk.waivers.write_text("schema: certify/waivers/1\nwaivers: []\n")
    taken_back = certify(*verify)
    assert taken_back.code not in (0, 1, 3), taken_back.text
    assert "was taken back" in " ".join(taken_back.text.split())


def test_an_expired_waiver_excuses_nothing_and_lint_says_so(desk: Desk) -> None:
    desk.grant(entry(PAGES, today() - timedelta(days=40), today() - timedelta(days=1)))
    ended = desk.run("expired")
    assert ended.code == 1
    assert "it expired on" in " ".join(ended.text.split())
    found = json.loads(desk.lint("--json").out)
    assert [item["rule"] for item in found["findings"]] == ["waiver/expired"]


def test_what_nobody_may_waive_is_refused_by_lint_by_the_run_and_by_the_suggestion(desk: Desk) -> None:
    desk.playbook(ISOLATED)
    desk.grant(entry(TENANTS, today(), today() + timedelta(days=30)))
    ended = desk.run("never")
    assert ended.code == 1
    assert "lets nobody waive a check of the area authz" in " ".join(ended.text.split())
    assert "waiver/not-waivable" in desk.lint().text
    asked = certify("waivers", "suggest", desk.folder / "reports/never", TENANTS)
    assert (asked.code, asked.out) == (1, "")
    assert "a check of the area authz" in asked.err


def test_over_budget_none_of_them_counts(desk: Desk) -> None:
    desk.playbook(ERRORS)
    both = [entry(check, today(), today() + timedelta(days=30)) for check in (PAGES, "error.not-found-clean")]
    desk.grant(*both)
    assert desk.lint().text.count("waiver/over-budget") == 2
    ended = desk.run("over")
    assert ended.code == 1
    assert "2 waivers are brought for reading and its budget is 1: none counts" in " ".join(ended.text.split())


def test_a_waiver_of_another_partner_stays_with_that_partner(desk: Desk) -> None:
    mine = entry(PAGES, today(), today() + timedelta(days=30))
    desk.grant(mine.replace("partner: reference", "partner: globex"))
    assert desk.run("other").code == 1
    for name, text in files(desk.folder / "reports/other").items():
        assert "globex" not in text, name
        assert "The pager is replaced" not in text, name


def test_a_waiver_that_the_newest_run_did_not_need_fails_lint(desk: Desk) -> None:
    desk.playbook(ERRORS.replace("error.not-found-clean", "error.no-internals-leaked"))
    desk.grant(entry("error.no-internals-leaked", today(), today() + timedelta(days=30)))
    assert desk.lint().code == 0
    run = desk.folder / "reports" / "unneeded"
    desk.run("unneeded")
    assert "waiver/unused" in desk.lint("--run", run).text


def test_a_waiver_of_a_check_that_does_not_exist_stops_before_anything_is_sent(desk: Desk) -> None:
    desk.grant(entry("page.walk-complet", today(), today() + timedelta(days=30)))
    ended = desk.run("typo")
    assert ended.code == 2
    assert "did you mean 'page.walk-complete'?" in " ".join(ended.text.split())
    assert not (desk.folder / "reports" / "typo").exists()
