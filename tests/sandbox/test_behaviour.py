"""What the honest sandbox promises beyond its schemas: tenants, preconditions, repeats, paging, trail, odd input."""

from __future__ import annotations

import json
import socket
from uuid import uuid4

import pytest

from tests.sandbox.conftest import LEAD, Talk

JSON = {"Content-Type": "application/json"}


def test_another_tenants_objects_do_not_exist(honest: Talk) -> None:
    at = honest.lead().headers["Location"]
    theirs = honest.get(at, as_="other_tenant")
    never = honest.get(f"/v1/leads/{uuid4()}", as_="other_tenant")
    assert {**theirs.json(), "request_id": ""} == {**never.json(), "request_id": ""}
    assert honest.send("DELETE", at, as_="other_tenant").status_code == 404
    assert honest.send("PATCH", at, as_="other_tenant", json={"score": 1}, headers={"If-Match": "*"}).status_code == 404
    assert honest.get(at).status_code == 200


def test_a_tenant_filter_only_narrows(honest: Talk) -> None:
    assert honest.get("/v1/leads?tenant_id=acme", as_="other_tenant").json() == {"items": [], "next_cursor": None}
    assert honest.get("/v1/leads?tenant_id=globex", as_="other_tenant").json()["items"]


def test_a_stale_etag_is_refused_and_changes_nothing(honest: Talk) -> None:
    lead = honest.lead()
    at, stale = lead.headers["Location"], lead.headers["ETag"]
    fresh = honest.send("PATCH", at, json={"score": 1}, headers={"If-Match": stale}).headers["ETag"]
    assert fresh != stale
    assert honest.send("PATCH", at, json={"score": 2}, headers={"If-Match": stale}).status_code == 412
    assert honest.get(at).json()["score"] == 1
    assert honest.send("PATCH", at, json={"score": 3}, headers={"If-Match": f'"x", {fresh}'}).status_code == 200


def test_a_lead_moves_through_its_states_and_no_other_way(honest: Talk) -> None:
    at = honest.lead().headers["Location"]
    moves = [("qualified", 409), ("contacted", 200), ("qualified", 200), ("won", 200), ("lost", 409), ("won", 409)]
    assert [honest.post(f"{at}/transitions", json={"to": to}).status_code for to, _ in moves] == [
        code for _, code in moves
    ]
    assert honest.send("PUT", f"{at}/routing", json={"team": "field_sales", "assignee_id": None}).status_code == 409


def test_a_repeated_create_gives_the_first_answer_and_one_object(honest: Talk) -> None:
    name, key = f"once-{uuid4().hex}", {"Idempotency-Key": uuid4().hex}
    first, again = (honest.lead(name=name, headers=key) for _ in range(2))
    assert (again.status_code, again.json(), again.headers["ETag"]) == (201, first.json(), first.headers["ETag"])
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert len(honest.get(f"/v1/leads?q={name}").json()["items"]) == 1


def test_a_refused_create_leaves_its_key_unused(honest: Talk) -> None:
    key = {"Idempotency-Key": uuid4().hex}
    assert honest.lead(score=-1, headers=key).status_code == 422
    assert honest.lead(score=1, headers=key).status_code == 201


def test_a_key_belongs_to_a_client(honest: Talk) -> None:
    key = {"Idempotency-Key": uuid4().hex}
    assert honest.lead(headers=key).json()["tenant_id"] == "acme"
    assert honest.lead(headers=key, as_="other_tenant").json()["tenant_id"] == "globex"


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_walk_meets_every_lead_once_while_others_write(honest: Talk, size: int) -> None:
    tag = f"tag-{uuid4().hex}"
    created = [honest.lead(name=tag).json()["id"] for _ in range(7)]
    met, cursor = [], ""
    while True:
        page = honest.get(f"/v1/leads?q={tag}&limit={size}{cursor}").json()
        met += [item["id"] for item in page["items"]]
        honest.lead(name=tag)
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert met == created[::-1]


def test_a_change_is_recorded_with_who_what_when_and_where(honest: Talk) -> None:
    lead = honest.lead()
    honest.post(f"{lead.headers['Location']}/transitions", json={"to": "won"})
    refused, created = honest.get(f"/v1/audit-events?object_id={lead.json()['id']}").json()["items"]
    assert (created["actor"], created["action"], created["outcome"]) == ("primary", "lead.create", "success")
    assert created["request_id"] == lead.headers["X-Request-Id"]
    assert created["source_address"] == "127.0.0.1"
    assert (refused["action"], refused["outcome"]) == ("lead.transition", "refused")


def test_decimals_keep_every_digit(honest: Talk) -> None:
    at = f"{honest.customer().headers['Location']}/usage-records"
    body = {"metric": "storage_gb", "quantity": "0.100000", "occurred_at": "2024-02-29T23:59:60Z"}
    assert honest.post(at, json=body).json()["quantity"] == "0.100000"
    assert honest.post(at, json={**body, "occurred_at": "2023-02-29T00:00:00Z"}).status_code == 422
    assert honest.post(at, json={**body, "quantity": "1.5\n"}).status_code == 422


@pytest.mark.parametrize("size", [254, 255])
@pytest.mark.parametrize("letter", ["n", "ü", "𝄞"])
def test_lengths_are_counted_in_characters(honest: Talk, size: int, letter: str) -> None:
    reply = honest.lead(name=letter * size)
    assert reply.status_code == 201
    assert honest.get(reply.headers["Location"]).json()["name"] == letter * size
    assert honest.lead(name=letter * 256).status_code == 422


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"NaN",
        b'{"name": NaN}',
        b"[" * 5000,
        b"1" * 5000,
        b'{"name": "\\ud800", "source": "web"}',
    ],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_not_json_is_refused_as_such(honest: Talk, content: bytes) -> None:
    reply = honest.post("/v1/leads", content=content, headers=JSON)
    assert (reply.status_code, reply.json()["type"].rpartition("/")[2]) == (400, "malformed-json")


@pytest.mark.parametrize("body", [None, [], "text", 5, True, {}, {**LEAD, "id": str(uuid4())}, {**LEAD, "score": "5"}])
def test_json_that_does_not_fit_is_refused(honest: Talk, body: object) -> None:
    reply = honest.post("/v1/leads", content=json.dumps(body), headers=JSON)
    assert reply.status_code == 422
    assert reply.json()["errors"]


def test_an_unsupported_method_names_the_supported_ones(honest: Talk) -> None:
    reply = honest.send("PUT", "/v1/leads")
    assert (reply.status_code, reply.headers["Allow"]) == (405, "POST, GET, HEAD")
    assert reply.headers["Content-Type"] == "application/problem+json"


def test_head_is_get_without_content(honest: Talk) -> None:
    reply = honest.send("HEAD", "/health", token="")
    assert (reply.status_code, reply.content) == (200, b"")
    assert int(reply.headers["Content-Length"]) > 0


@pytest.mark.parametrize("path", ["/", "/v1/nothing", "/v1/leads/", "/v1/leads/a/b/c"])
def test_an_unknown_route_is_a_problem_detail(honest: Talk, path: str) -> None:
    reply = honest.get(path)
    assert (reply.status_code, reply.headers["Content-Type"]) == (404, "application/problem+json")


def test_what_is_not_http_is_answered_with_a_problem_detail(honest: Talk) -> None:
    port = int(honest.running.base_url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(b"NONSENSE\r\n\r\n")
        told = b"".join(iter(lambda: line.recv(4096), b""))
    assert told.startswith(b"HTTP/1.1 400")
    assert b"application/problem+json" in told
    assert json.loads(told.partition(b"\r\n\r\n")[2])["status"] == 400


def test_the_limit_is_told_and_counts_per_client(honest: Talk) -> None:
    before = honest.get("/v1/leads", as_="fuzz")
    after = honest.get("/v1/leads", as_="fuzz")
    assert before.headers["RateLimit-Limit"] == "30000"
    assert int(before.headers["RateLimit-Remaining"]) - int(after.headers["RateLimit-Remaining"]) == 1


def test_a_crash_of_ours_tells_nothing(honest: Talk) -> None:
    handlers = honest.running.sandbox.handlers
    honest_handler = handlers["getTenantSummary"]
    handlers["getTenantSummary"] = lambda _sandbox, _call: {}["secret place"]
    try:
        reply = honest.get("/v1/admin/tenant-summary")
    finally:
        handlers["getTenantSummary"] = honest_handler
    assert (reply.status_code, reply.json()["title"]) == (500, "Something went wrong on our side")
    assert "secret" not in reply.text
