"""A plan shows order, cost, and what will not run and why."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

from certify.cli.terminal.plan import render_plan
from certify.model.check import Check, Level, Stage
from certify.model.outcome import Reason, Status
from certify.model.plan import Blocked, ContractFacts, PartnerFacts, Plan, PlannedCheck, Selection
from certify.model.playbook import Milestone, Playbook, Waiver


def _check(name: str, stage: Stage, requests: int, seconds: float) -> Check:
    return Check(name, Level.MUST, "", "", "", "", (), (), stage=stage, requests=requests, seconds=seconds)


def _plan() -> Plan:
    blocked = Blocked(Status.NOT_RUN, Reason.MISSING_IDENTITY, "Add identities.other_tenant.\x1b[2J")
    checks = (
        PlannedCheck(_check("rate.limit-enforced", Stage.EXHAUST, 75, 120.0)),
        PlannedCheck(_check("auth.valid-token-accepted", Stage.ACTIVE, 8, 0.3)),
        PlannedCheck(_check("net.control-works", Stage.GATE, 1200, 12.4)),
        PlannedCheck(_check("contract.schema-valid", Stage.PASSIVE, 0, 0.0)),
        PlannedCheck(_check("authz.tenant-read-isolated", Stage.ACTIVE, 16, 1.0), blocked),
        PlannedCheck(_check("authz.tenant-list-isolated", Stage.ACTIVE, 16, 1.0), blocked),
    )
    playbook = Playbook("reference", "Reference", "1", (Milestone("connectivity", "Connectivity", "Partner", 3),))
    partner = PartnerFacts("northwind", "Northwind", "https://sandbox.northwind.example", "sandbox")
    return Plan("run", partner, playbook, ContractFacts("", "", "", "", ()), checks, Selection(), 7, 10, 0.0)


def _told() -> str:
    stream = io.StringIO()
    render_plan(_plan(), stream)
    return stream.getvalue()


def test_it_says_what_it_would_cost_and_that_nothing_was_sent():
    text = " ".join(_told().split())

    assert (
        "4 of 6 checks would run, about 1,283 requests in 6 min at 5 a second; seed 7. Nothing has been sent." in text
    )


def test_the_lines_of_a_plan_add_up_to_its_headline():
    plan = _plan()
    parts = [plan.pace(item.check.requests, item.check.seconds) for item in plan.checks if not item.blocked]

    assert plan.seconds == sum(parts) == 120 + 1.6 + 240


def test_checks_stand_in_the_order_in_which_they_would_run():
    text = _told()
    names = ["net.control-works", "auth.valid-token-accepted", "contract.schema-valid", "rate.limit-enforced"]

    assert [text.index(name) for name in names] == sorted(text.index(name) for name in names)


def test_each_check_shows_its_requests_and_the_time_that_they_take_at_the_rate_of_the_run():
    lines = [" ".join(line.split()) for line in _told().splitlines()]

    assert "net.control-works 1,200 requests 4 min" in lines
    assert "auth.valid-token-accepted 8 requests 1.6 s" in lines
    assert "contract.schema-valid no requests 0.0 s" in lines


def test_what_will_not_run_says_why_and_what_would_enable_it():
    text = " ".join(_told().split())

    assert "? authz.tenant-read-isolated, authz.tenant-list-isolated" in text
    assert "Not run: The profile names no identity that this needs. Add identities.other_tenant." in text
    assert "\x1b" not in text


def test_it_says_what_the_contract_is_and_what_is_wrong_with_it():
    facts = ContractFacts(
        "c",
        "Pets",
        "7",
        "2.0",
        ("a", "b"),
        {"GET /x": "wrong"},
        ("c.yaml:3: \x1bwrong",) * 20,
        30,
        ("c", "d"),
        1.23,
        45,
    )
    stream = io.StringIO()
    render_plan(replace(_plan(), contract=facts), stream)
    text = " ".join(stream.getvalue().split())

    assert "Contract: Pets 7, written in 2.0, 2 files: 2 operations, 1 set aside; loaded in 1.2 s, 45 MB" in text
    assert "30 mistakes in the contract" in text
    assert "and 18 more" in text
    assert "\x1bwrong" not in text


def test_it_shows_the_waivers_that_would_count_and_why_the_others_would_not():
    mine = Waiver("net.control-works", "northwind", "why", "Ada\x1b[2J", date(1970, 2, 1), role="engineer")
    over = replace(mine, check="auth.valid-token-accepted", expires=date(1969, 12, 31))
    stream = io.StringIO()
    render_plan(replace(_plan(), waivers=(mine, over)), stream)
    text = " ".join(stream.getvalue().split())
    assert "net.control-works may fail until 1970-02-01, by Ada\\x1b[2J (engineer)" in text
    assert "auth.valid-token-accepted excuses nothing: it expired on 1969-12-31" in text
    assert "Waivers" not in _told()


def test_a_milestone_is_told_with_the_id_that_milestone_and_gate_want():
    assert "Milestones: Connectivity (connectivity)." in _told()
