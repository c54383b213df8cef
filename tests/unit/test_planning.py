"""The plan: which checks, in which order, why any will not run, and what it costs; decided before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from certify.contract import Contract
from certify.errors import UsageError
from certify.model.check import Stage
from certify.model.outcome import Reason, Status
from certify.model.partner import Identity, Limit, Partner, Permissions, PlatformTokens, SecretRef, SignIn
from certify.model.plan import Estimate
from certify.planning import NEEDS, blocked, in_order, select_checks, select_milestones
from tests.unit.facts import a_check, a_criterion, a_milestone, a_plan

OPEN = Contract({"openapi": "3.1.0", "paths": {"/things": {"get": {"responses": {}}}}}, "api.yaml")
SECURED = Contract(
    {"openapi": "3.1.0", "security": [{"oauth": ["read"]}], "paths": {"/things": {"get": {"responses": {}}}}},
    "api.yaml",
)
TOKENS = PlatformTokens("https://i.example", "https://a.example", ("RS256",), {"RS256": SecretRef("env", "KEY")})
BARE = Partner("acme", "Acme", "http://127.0.0.1:1", SignIn("none"), {})
FULL = replace(
    BARE,
    sign_in=SignIn("client_credentials"),
    identities={"other_tenant": Identity("other_tenant")},
    tokens=TOKENS,
    limits=(Limit(10, 1),),
    permissions=Permissions(allow_stress=True),
)


def verdict(need: str, partner: Partner, contract: Contract = SECURED) -> Any:
    return blocked(replace(a_check("a.one"), needs=(need,)), partner, contract)


@pytest.mark.parametrize("need", sorted(set(NEEDS) - {"idempotency", "audit"}))
def test_a_full_profile_meets_every_need(need: str) -> None:
    assert verdict(need, FULL) is None


@pytest.mark.parametrize(
    ("need", "partner", "contract", "told"),
    [
        ("secured", FULL, OPEN, "the contract secures no operation"),
        ("jwt", BARE, SECURED, "add platform_tokens"),
        ("client_credentials", BARE, SECURED, "sign_in.kind is none, not client_credentials"),
        ("scopes", FULL, OPEN, "the contract names no scopes"),
        ("scopes", BARE, SECURED, "no token with chosen scopes"),
        ("limits", BARE, SECURED, "add limits"),
        ("pagination", replace(FULL, capabilities={"pagination": "not_offered"}), SECURED, "capabilities.pagination"),
        ("idempotency", FULL, SECURED, "no idempotency section"),
        ("audit", replace(FULL, capabilities={"audit": "not_offered"}), SECURED, "capabilities.audit is not_offered"),
    ],
)
def test_what_is_not_offered_is_not_applicable_and_says_which_entry(
    need: str, partner: Partner, contract: Contract, told: str
) -> None:
    found = verdict(need, partner, contract)
    assert (found.status, found.reason) == (Status.NOT_APPLICABLE, Reason.CAPABILITY_NOT_OFFERED)
    assert told in found.advice


@pytest.mark.parametrize(
    ("need", "partner", "reason", "told"),
    [
        ("stress", BARE, Reason.NO_PERMISSION, "allow_stress"),
        ("other_tenant", BARE, Reason.MISSING_IDENTITY, "identities.other_tenant"),
        ("secured", BARE, Reason.MISSING_IDENTITY, "sign_in.kind is none"),
    ],
)
def test_what_is_not_allowed_or_not_there_is_not_run(need: str, partner: Partner, reason: Reason, told: str) -> None:
    found = verdict(need, partner)
    assert (found.status, found.reason) == (Status.NOT_RUN, reason)
    assert told in found.advice


def test_what_is_not_there_needs_no_permission() -> None:
    """An API that declares no limit is not unproven because nobody may exceed it."""
    found = blocked(replace(a_check("rate.one"), needs=("secured", "stress", "limits")), BARE, OPEN)
    assert found is not None
    assert found.status is Status.NOT_APPLICABLE


READ_ONLY = replace(BARE, permissions=Permissions(allow_writes=False))
WRITING = Contract(
    {"openapi": "3.1.0", "paths": {"/things": {"get": {"responses": {}}, "post": {"responses": {}}}}}, "api.yaml"
)


def test_an_api_of_nothing_but_reads_needs_no_permission_to_write() -> None:
    assert verdict("writes", READ_ONLY, OPEN) is None


def test_one_write_in_the_contract_needs_the_permission() -> None:
    assert verdict("writes", READ_ONLY, WRITING).reason is Reason.NO_PERMISSION


def test_the_request_that_signs_in_writes_nothing() -> None:
    token = replace(READ_ONLY, sign_in=SignIn("client_credentials", f"{READ_ONLY.base_url}/things"))

    assert verdict("writes", token, WRITING) is None


CHECKS = {
    check.id: check
    for check in (
        a_check("rate.limit", stage=Stage.EXHAUST),
        a_check("auth.one"),
        a_check("seen.all", stage=Stage.PASSIVE),
        a_check("net.gate", stage=Stage.GATE),
        a_check("auth.two"),
    )
}


def test_the_gate_comes_first_and_what_exhausts_a_quota_last() -> None:
    assert [check.id for check in in_order(CHECKS.values())] == [
        "net.gate",
        "auth.one",
        "auth.two",
        "seen.all",
        "rate.limit",
    ]


def test_globs_choose_checks_and_the_gate_comes_with_them() -> None:
    assert {check.id for check in select_checks(CHECKS, [], ["auth.*"])} == {"net.gate", "auth.one", "auth.two"}
    assert {check.id for check in select_checks(CHECKS, ["seen.all"], [])} == {"net.gate", "seen.all"}


def test_a_glob_that_matches_nothing_gets_the_nearest_name() -> None:
    with pytest.raises(UsageError, match=r"did you mean 'auth\.one'"):
        select_checks(CHECKS, [], ["auth.on"])


PLAYBOOK = a_plan(
    a_milestone("first", a_criterion("works", "a.one")),
    a_milestone("second", a_criterion("also", "a.two"), after=["first"]),
    a_milestone("third", a_criterion("too", "a.three"), after=["second"]),
).playbook


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [([], ["first", "second", "third"]), (["second"], ["first", "second"]), (["third"], ["first", "second", "third"])],
)
def test_a_milestone_comes_with_all_before_it(asked: list[str], wanted: list[str]) -> None:
    assert [milestone.id for milestone in select_milestones(PLAYBOOK, asked)] == wanted


def test_an_unknown_milestone_gets_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="did you mean 'second'"):
        select_milestones(PLAYBOOK, ["secnd"])


def test_a_plan_is_never_faster_than_politeness_allows() -> None:
    plan = replace(PLAYBOOK and a_plan(), estimates={"contract": Estimate(1_000, 10.0)}, rate=5.0)
    assert plan.requests == 1_000
    assert plan.seconds == 200.0
    assert replace(plan, rate=500.0).seconds == 10.0
