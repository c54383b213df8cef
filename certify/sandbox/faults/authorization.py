"""Faults of authorization: a scope that is not asked for, and tenants that see each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from certify.sandbox.call import Answer, Call, Caller
from certify.sandbox.faults import fault
from certify.sandbox.faults.surgery import replace_method, wrap_handlers
from certify.sandbox.routes.leads import filtered_page

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox

READS = {
    "getLead": ("lead", "lead_id"),
    "getCustomer": ("customer", "customer_id"),
    "getWebhookSubscription": ("webhook_subscription", "subscription_id"),
}


@fault("scope-check-missing-on-write", checks=["authz.scope-enforced"], does="The PATCH of a lead lacks its guard.")
def scope_check_missing_on_write(sandbox: Sandbox) -> None:
    honest = sandbox.steps["authorize"]

    def forgetful(whole: Sandbox, call: Call) -> Answer | None:
        return None if call.served.id == "updateLead" else honest(whole, call)

    sandbox.steps["authorize"] = forgetful


@fault(
    "scope-substring-match",
    checks=["authz.scope-enforced"],
    does="A scope is looked for as a piece of text: `leads:read` is satisfied by `spreadleads:read` or `leads:reader`.",
)
def scope_substring_match(sandbox: Sandbox) -> None:
    def contains(caller: Caller, scope: str) -> bool:
        return scope in " ".join(caller.scopes)

    replace_method(sandbox, "has_scope", contains)


@fault("bola-read", checks=["authz.tenant-read-isolated"], does="Objects are looked up by id without the tenant.")
def bola_read(sandbox: Sandbox) -> None:
    def careless(call: Call, act: Callable[[], Answer]) -> Answer:
        kind, parameter = READS[call.served.id]
        record = sandbox.store.find_anywhere(kind, call.inputs[parameter])
        if record:
            call.caller = replace(call.caller, tenant=record.tenant)
        return act()

    wrap_handlers(sandbox, READS, careless)


@fault(
    "list-filter-overrides-tenant",
    checks=["authz.tenant-list-isolated"],
    does="The `tenant_id` filter of the lead list replaces the token's tenant.",
)
def list_filter_overrides_tenant(sandbox: Sandbox) -> None:
    def obedient(call: Call, act: Callable[[], Answer]) -> Answer:
        call.caller = replace(call.caller, tenant=call.inputs.get("tenant_id", call.caller.tenant))
        return act()

    wrap_handlers(sandbox, ["listLeads"], obedient)


@fault(
    "search-index-unscoped",
    checks=["authz.tenant-list-isolated"],
    does="The full-text index behind `q` lacks a tenant filter.",
)
def search_index_unscoped(sandbox: Sandbox) -> None:
    def search_everywhere(call: Call, act: Callable[[], Answer]) -> Answer:
        if "q" not in call.inputs:
            return act()
        return Answer(200, filtered_page(sandbox, call, sandbox.store.newest_anywhere("lead")))

    wrap_handlers(sandbox, ["listLeads"], search_everywhere)
