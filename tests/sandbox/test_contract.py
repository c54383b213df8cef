"""The contract is complete, its examples are true, and the sandbox answers what it says, header by header."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import httpx
import pytest

from certify.sandbox.document import METHODS, compiled, load
from certify.sandbox.server import serve
from tests.sandbox.conftest import LEAD, Talk

SPEC = load().raw
OPERATIONS = {
    item[method]["operationId"]: item[method] for item in SPEC["paths"].values() for method in item if method in METHODS
}
SECURED = [name for name, operation in load().operations.items() if operation.scopes]
WRITES = [name for name in SECURED if load().operations[name].media_type]


def media(part: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from part.get("content", {}).items()


def examples_of(medium: Mapping[str, Any]) -> list[Any]:
    return [row["value"] for row in medium.get("examples", {}).values()] + [
        medium[k] for k in ["example"] if k in medium
    ]


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_has_a_name_for_people_and_true_examples(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["summary"]
    parts = [operation.get("requestBody", {}), *operation["responses"].values()]
    for _media_type, medium in [pair for part in parts for pair in media(part)]:
        assert examples_of(medium)
        for example in examples_of(medium):
            compiled(medium["schema"]).validate(example)


@pytest.mark.parametrize("name", SECURED)
def test_a_secured_operation_documents_its_refusals(name: str) -> None:
    assert {"400", "401", "403", "429"} <= OPERATIONS[name]["responses"].keys()


@pytest.mark.parametrize("name", WRITES)
def test_an_operation_with_a_body_documents_how_a_body_is_refused(name: str) -> None:
    assert {"413", "415", "422"} <= OPERATIONS[name]["responses"].keys()
    assert load().operations[name].body_schema["additionalProperties"] is False


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name.startswith("create")])
def test_a_create_links_to_what_can_be_done_with_its_object(name: str) -> None:
    links = OPERATIONS[name]["responses"]["201"]["links"].values()
    assert links
    for link in links:
        inputs = {parameter.name for parameter in load().operations[link["operationId"]].parameters}
        assert link["parameters"].keys() <= inputs


def test_the_token_response_has_no_refresh_token() -> None:
    assert "refresh_token" not in str(OPERATIONS["issueToken"]["responses"])


def conforms(reply: httpx.Response, name: str) -> None:
    """Status documented, media type documented, body and headers valid."""
    responses = OPERATIONS[name]["responses"]
    assert str(reply.status_code) in responses, (name, reply.status_code, reply.text)
    told = responses[str(reply.status_code)]
    for header, spec in told.get("headers", {}).items():
        assert header in reply.headers or not spec["required"], (name, header)
        if header in reply.headers:
            value: Any = reply.headers[header]
            typed = {"integer": int, "boolean": lambda text: text == "true"}.get(spec["schema"]["type"], str)(value)
            compiled(spec["schema"]).validate(typed)
    if "content" not in told:
        assert reply.content == b""
        return
    media_type = reply.headers["Content-Type"]
    compiled(told["content"][media_type]["schema"]).validate(reply.json())


USAGE = {"metric": "seats", "quantity": "5.5", "occurred_at": "2026-11-21T00:00:00Z"}
HOOK = {"url": "https://hooks.partner.example/certify", "events": ["lead.created"]}


def every_success(talk: Talk) -> Iterator[tuple[str, httpx.Response]]:
    """Each operation once, with valid input."""
    lead, customer = talk.lead(), talk.customer()
    hook = talk.post("/v1/webhook-subscriptions", json=HOOK)
    at, by = lead.headers["Location"], customer.headers["Location"]
    yield "getHealth", talk.get("/health", token="")
    yield "getAuthorizationServerMetadata", talk.get("/.well-known/oauth-authorization-server", token="")
    yield "getJwks", talk.get("/.well-known/jwks.json", token="")
    yield "issueToken", talk.sign_in()
    yield "createLead", lead
    yield "listLeads", talk.get("/v1/leads?status=new&limit=2&q=ada")
    yield "getLead", talk.get(at)
    yield "updateLead", talk.send("PATCH", at, json={"score": 9}, headers={"If-Match": lead.headers["ETag"]})
    yield "transitionLead", talk.post(f"{at}/transitions", json={"to": "contacted"})
    yield "routeLead", talk.send("PUT", f"{at}/routing", json={"team": "field_sales", "assignee_id": None})
    yield "deleteLead", talk.send("DELETE", at)
    yield "createCustomer", customer
    yield "listCustomers", talk.get("/v1/customers?tier=trial")
    yield "getCustomer", talk.get(by)
    yield "recordUsage", talk.post(f"{by}/usage-records", json=USAGE)
    yield "listUsageRecords", talk.get(f"{by}/usage-records")
    yield "createWebhookSubscription", hook
    yield "listWebhookSubscriptions", talk.get("/v1/webhook-subscriptions")
    yield "getWebhookSubscription", talk.get(hook.headers["Location"])
    yield "deleteWebhookSubscription", talk.send("DELETE", hook.headers["Location"])
    yield "listAuditEvents", talk.get("/v1/audit-events?action=lead.create")
    yield "getTenantSummary", talk.get("/v1/admin/tenant-summary")


def test_every_operation_works_as_documented(honest: Talk) -> None:
    seen = dict(every_success(honest))
    assert seen.keys() == OPERATIONS.keys()
    for name, reply in seen.items():
        assert reply.is_success, (name, reply.text)
        conforms(reply, name)


def every_refusal(talk: Talk) -> Iterator[tuple[str, int, httpx.Response]]:
    """Each kind of error once."""
    at = talk.lead().headers["Location"]
    patch: dict[str, Any] = {"method": "PATCH", "path": at, "json": {"score": 1}}
    key = {"Idempotency-Key": uuid4().hex}
    talk.lead(headers=key)
    yield "listLeads", 400, talk.get("/v1/leads?limit=0")
    yield "listLeads", 400, talk.get("/v1/leads?limit=1&limit=2")
    yield "listLeads", 400, talk.get("/v1/leads?no_such_filter=1")
    yield "getLead", 400, talk.get("/v1/leads/17")
    yield "createLead", 400, talk.post("/v1/leads", content="{", headers={"Content-Type": "application/json"})
    yield "listLeads", 401, talk.get("/v1/leads", token="")
    yield "listLeads", 401, talk.get("/v1/leads", token="not.a.token")
    yield "createLead", 403, talk.lead(token=talk.mint(scope="leads:read"))
    yield "getLead", 404, talk.get(f"/v1/leads/{uuid4()}")
    yield "transitionLead", 409, talk.post(f"{at}/transitions", json={"to": "won"})
    yield "updateLead", 412, talk.send(**patch, headers={"If-Match": '"stale"'})
    yield "createLead", 413, talk.post("/v1/leads", json={**LEAD, "notes": "n" * 70_000})
    yield "createLead", 415, talk.post("/v1/leads", content="<lead/>", headers={"Content-Type": "application/xml"})
    yield "createLead", 422, talk.lead(source="nowhere")
    yield "createLead", 422, talk.lead(name="Somebody Else", headers=key)
    yield "updateLead", 428, talk.send(**patch)
    yield "issueToken", 400, talk.sign_in(scope="everything")
    yield "issueToken", 401, talk.sign_in(secret="wrong")


def test_every_refusal_is_documented_and_is_a_problem_detail(honest: Talk) -> None:
    for name, status, reply in every_refusal(honest):
        assert reply.status_code == status, (name, reply.text)
        conforms(reply, name)
        if name != "issueToken":
            assert reply.json()["status"] == status


def test_a_throttled_answer_is_documented() -> None:
    with serve() as fresh:
        talk = Talk(fresh)
        replies = [talk.get("/v1/leads?limit=1", as_="burnable") for _ in range(32)]
    assert [reply.status_code for reply in replies] == [200] * 30 + [429] * 2
    conforms(replies[-1], "listLeads")
    assert 1 <= int(replies[-1].headers["Retry-After"]) <= 3


@pytest.mark.parametrize("name", WRITES)
def test_every_request_example_is_accepted(honest: Talk, name: str) -> None:
    """What the contract shows is what one can send."""
    for example in examples_of(OPERATIONS[name]["requestBody"]["content"]["application/json"]):
        operation = load().operations[name]
        objects = {"lead_id": honest.lead().json()["id"], "customer_id": honest.customer().json()["id"]}
        reply = honest.send(operation.method, operation.path.format(**objects), json=example, headers={"If-Match": "*"})
        assert reply.is_success, reply.text
        conforms(reply, name)
