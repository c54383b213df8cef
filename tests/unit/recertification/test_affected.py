"""Which checks a change touches: each rule, and that nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from certify.contract.changes import compare, rules
from certify.model.change import Change
from certify.model.report import ReportedAttempt, ReportedCheck
from certify.program.shipped import shipped_root
from certify.recertification.affected import affected, because, operations
from certify.suite.catalogue import load_checks
from tests.unit.contract.changes.snippets import operation


def a_change(rule: str, concerned: str = "createLead") -> Change:
    known = rules()[rule]
    return Change(rule, known.kind, known.direction, concerned, "/paths", "", "", known.title)


def a_reported(name: str, **details: Any) -> ReportedCheck:
    plain: dict[str, Any] = {
        "area": name.split(".", 1)[0], "level": "MUST", "clause": "", "statement": "", "status": "passed", "reason": "",
        "note": "", "requests": 3, "seconds": 0.1, "flaky": False, "findings": (), "criteria": (),
        "attempts": (ReportedAttempt("suites", 1, "passed"),), "operations": ("listLeads",),
    }  # fmt: skip
    return ReportedCheck(name, **{**plain, **details})


ELSEWHERE = a_reported("page.elsewhere")
REQUIRED = "request-required-parameter-added"


@pytest.mark.parametrize(
    ("rule", "check", "touched"),
    [
        (REQUIRED, a_reported("page.there", operations=("createLead", "listLeads")), True),
        (REQUIRED, ELSEWHERE, False),
        (REQUIRED, a_reported("contract.all", attempts=(ReportedAttempt("contract", 1, "passed"),)), True),
        ("operation-added", a_reported("contract.all", attempts=(ReportedAttempt("contract", 1, "passed"),)), True),
        (REQUIRED, a_reported("page.idle", status="not_applicable", reason="nothing-to-test"), True),
        (REQUIRED, a_reported("page.idle", status="not_applicable", reason="capability-not-offered"), False),
        (REQUIRED, a_reported("error.watching", requests=0, operations=()), True),
        (REQUIRED, a_reported("auth.token", requests=9, operations=()), False),
        ("security-scheme-changed", a_reported("auth.token"), True),
        ("security-scope-added", a_reported("authz.scopes"), True),
        ("security-scheme-changed", ELSEWHERE, False),
        ("rate-limit-header-removed", a_reported("rate.limits"), True),
        ("rate-limit-header-removed", a_reported("auth.token"), False),
        ("comparison-unfinished", ELSEWHERE, True),
        ("operation-added", ELSEWHERE, True),
        ("operation-readable", ELSEWHERE, True),
        ("operation-added", a_reported("net.clock"), False),
        ("operation-added", a_reported("auth.token", requests=9, operations=()), False),
        ("operation-deprecated", a_reported("page.there", operations=("createLead",)), False),
        ("schema-text-changed", a_reported("page.there", operations=("createLead",)), False),
        ("server-removed", a_reported("page.there", operations=("createLead",)), False),
    ],
)
def test_a_change_touches_what_its_rule_says(rule: str, check: ReportedCheck, touched: bool) -> None:
    assert (check.id in affected([a_change(rule)], [check])) is touched


def test_an_operation_that_is_new_touches_every_shipped_check_that_could_have_chosen_it() -> None:
    """Each of them goes over the operations of the contract, or chooses one: only the way stays as it was."""
    checks = [a_reported(name) for name in load_checks([shipped_root() / "suites"])]
    left = {check.id for check in checks} - affected([a_change("operation-added", "exportLeads")], checks).keys()
    assert left == {check.id for check in checks if check.area == "net"}


def test_a_touched_check_says_why_and_how_much_more_there_is() -> None:
    changes = [a_change(REQUIRED), a_change("operation-removed")]
    check = a_reported("page.there", operations=("createLead",))
    assert because(affected(changes, [check])["page.there"]) == (
        "touches createLead: required parameter added and 1 more"
    )


def test_the_operations_of_changes_are_named_once() -> None:
    assert operations([a_change(REQUIRED), a_change("operation-removed"), a_change(REQUIRED, "listLeads")]) == (
        "createLead",
        "listLeads",
    )


def test_a_real_difference_touches_the_check_that_called_the_operation() -> None:
    old, new = operation("operationId: send"), operation("operationId: send\nparameters: [{name: q, in: query}]")
    checks = [a_reported("page.there", operations=("send",)), ELSEWHERE]
    assert list(affected(compare(old, new), checks)) == ["page.there"]
