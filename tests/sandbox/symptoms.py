"""How each fault shows from outside: one function per fault, named after what a client would notice."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from uuid import uuid4

from tests.sandbox.conftest import Talk

SYMPTOMS: dict[str, Callable[[Talk], bool]] = {}


def symptom(fault: str) -> Callable[[Callable[[Talk], bool]], Callable[[Talk], bool]]:
    def keep(shows: Callable[[Talk], bool]) -> Callable[[Talk], bool]:
        SYMPTOMS[fault] = shows
        return shows

    return keep


def accepted(talk: Talk, token: str) -> bool:
    return talk.get("/v1/leads", token=token).status_code == 200


def unsigned(talk: Talk, algorithm: str) -> str:
    """A valid token whose header says another algorithm, and without a signature."""
    _header, claims, _signature = talk.mint().split(".")
    header = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "typ": "at+jwt"}).encode()).rstrip(b"=").decode()
    return f"{header}.{claims}."


@symptom("sandbox-flapping")
def reads_come_and_go(talk: Talk) -> bool:
    return 503 in {talk.get("/v1/leads").status_code for _ in range(3)}


@symptom("server-clock-skew-120s")
def the_date_is_off(talk: Talk) -> bool:
    return abs(parsedate_to_datetime(talk.get("/health").headers["Date"]).timestamp() - time.time()) > 60


@symptom("op-unimplemented")
def an_operation_is_missing(talk: Talk) -> bool:
    return talk.get("/v1/webhook-subscriptions").status_code == 501


@symptom("one-op-unguarded")
def a_lead_is_created_without_a_token(talk: Talk) -> bool:
    reply = talk.lead(token="")
    return reply.status_code == 201 and talk.get(reply.headers["Location"]).status_code == 200


@symptom("401-without-challenge")
def a_refusal_has_no_challenge(talk: Talk) -> bool:
    return "WWW-Authenticate" not in talk.get("/v1/leads", token="").headers


@symptom("jwt-aud-array-unsupported")
def an_audience_array_is_refused(talk: Talk) -> bool:
    return not accepted(talk, talk.mint(aud=["https://api.partner.example", "https://other.example"]))


@symptom("jwt-skip-exp")
def an_expired_token_is_accepted(talk: Talk) -> bool:
    return accepted(talk, talk.mint(exp=int(time.time()) - 3600))


@symptom("jwt-skip-signature")
def another_payload_under_the_old_signature_is_accepted(talk: Talk) -> bool:
    header, _claims, signature = talk.mint().split(".")
    return accepted(talk, f"{header}.{talk.mint(as_='other_tenant').split('.')[1]}.{signature}")


@symptom("jwt-accepts-none")
def an_unsigned_token_is_accepted(talk: Talk) -> bool:
    return accepted(talk, unsigned(talk, "none"))


@symptom("jwt-blocks-only-lowercase-none")
def a_disguised_unsigned_token_is_accepted(talk: Talk) -> bool:
    return accepted(talk, unsigned(talk, "nOnE")) and not accepted(talk, unsigned(talk, "none"))


@symptom("jwt-skip-aud")
def a_token_for_somebody_else_is_accepted(talk: Talk) -> bool:
    return accepted(talk, talk.mint(aud="https://somebody.else.example"))


@symptom("jwt-aud-prefix-match")
def an_audience_that_starts_alike_is_accepted(talk: Talk) -> bool:
    return accepted(talk, talk.mint(aud="https://api.partner.example/"))


@symptom("jwt-skip-iss")
def an_unknown_issuer_is_accepted(talk: Talk) -> bool:
    return accepted(talk, talk.mint(iss="https://issuer.unknown.example"))


@symptom("jwt-issuer-keys-pooled")
def one_issuer_signs_in_the_name_of_another(talk: Talk) -> bool:
    return accepted(talk, talk.mint(iss=talk.running.base_url))


@symptom("token-response-cacheable")
def a_token_may_be_stored(talk: Talk) -> bool:
    return talk.sign_in().headers["Cache-Control"] != "no-store"


@symptom("cc-issues-refresh-token")
def a_refresh_token_is_issued(talk: Talk) -> bool:
    return "refresh_token" in talk.sign_in().json()


@symptom("secret-not-checked")
def a_wrong_secret_works(talk: Talk) -> bool:
    return talk.sign_in(secret="wrong").status_code == 200


@symptom("token-endpoint-200-on-error")
def an_error_is_sent_with_200(talk: Talk) -> bool:
    reply = talk.sign_in(secret="wrong")
    return reply.status_code == 200 and reply.json()["error"] == "invalid_client"


@symptom("scope-check-missing-on-write")
def a_reader_changes_a_lead(talk: Talk) -> bool:
    lead = talk.lead()
    headers = {"If-Match": lead.headers["ETag"]}
    token = talk.mint(scope="leads:read")
    return (
        talk.send("PATCH", lead.headers["Location"], token=token, json={"score": 1}, headers=headers).status_code == 200
    )


@symptom("scope-substring-match")
def a_scope_that_contains_the_right_one_is_enough(talk: Talk) -> bool:
    return accepted(talk, talk.mint(scope="leads:reader"))


@symptom("bola-read")
def another_tenants_lead_is_read(talk: Talk) -> bool:
    return talk.get(talk.lead().headers["Location"], as_="other_tenant").status_code == 200


@symptom("list-filter-overrides-tenant")
def a_filter_opens_another_tenants_list(talk: Talk) -> bool:
    talk.lead()
    items = talk.get("/v1/leads?tenant_id=acme", as_="other_tenant").json()["items"]
    return any(item["tenant_id"] == "acme" for item in items)


@symptom("search-index-unscoped")
def a_search_finds_another_tenants_lead(talk: Talk) -> bool:
    canary = f"canary-{uuid4().hex}"
    talk.lead(name=canary)
    return bool(talk.get(f"/v1/leads?q={canary}", as_="other_tenant").json()["items"])


@symptom("undocumented-202")
def a_create_answers_202(talk: Talk) -> bool:
    return talk.customer().status_code == 202


@symptom("response-type-drift")
def a_number_is_text_in_lists(talk: Talk) -> bool:
    return isinstance(talk.get("/v1/leads").json()["items"][0]["score"], str)


@symptom("required-field-omitted-when-null")
def a_null_member_is_missing(talk: Talk) -> bool:
    return "owner_id" not in talk.lead().json()


@symptom("json-as-text-html")
def json_is_labelled_html(talk: Talk) -> bool:
    reply = talk.get(f"/v1/customers/{talk.customer().json()['id']}")
    return reply.headers["Content-Type"].startswith("text/html") and reply.json()["id"] != ""


@symptom("maxlength-off-by-one")
def the_longest_name_is_refused(talk: Talk) -> bool:
    return talk.lead(name="n" * 255).status_code == 422 and talk.lead(name="n" * 254).status_code == 201


@symptom("length-counted-in-bytes")
def a_long_multi_byte_name_is_refused(talk: Talk) -> bool:
    return talk.lead(name="ü" * 255).status_code == 422 and talk.lead(name="n" * 255).status_code == 201


@symptom("no-body-validation")
def anything_is_stored(talk: Talk) -> bool:
    reply = talk.post("/v1/leads", json={"score": "many"})
    return reply.status_code == 201 and talk.get(reply.headers["Location"]).json()["score"] == "many"


@symptom("optional-null-accepted")
def null_is_stored_where_it_may_not_be(talk: Talk) -> bool:
    reply = talk.lead(notes=None)
    return reply.status_code == 201 and talk.get(reply.headers["Location"]).json()["notes"] is None


@symptom("html-error-from-gateway")
def an_unknown_route_answers_html(talk: Talk) -> bool:
    return talk.get("/v1/nothing").headers["Content-Type"] == "text/html"


@symptom("problem-status-mismatch")
def the_body_names_another_status(talk: Talk) -> bool:
    reply = talk.lead(score=101)
    return reply.status_code != reply.json()["status"]


@symptom("stack-trace-in-500")
def unreadable_json_answers_a_stack_trace(talk: Talk) -> bool:
    reply = talk.post("/v1/leads", content="{", headers={"Content-Type": "application/json"})
    return reply.status_code == 500 and "Traceback" in reply.text and ".py" in reply.text


@symptom("sql-in-detail")
def an_error_quotes_sql(talk: Talk) -> bool:
    return all("SELECT" in reply.text for reply in (talk.get("/v1/leads/not-an-id"), talk.lead(score="high")))


@symptom("unhandled-null-500")
def null_crashes(talk: Talk) -> bool:
    return talk.post(
        "/v1/leads", json=None, content="null", headers={"Content-Type": "application/json"}
    ).is_server_error


@symptom("missing-object-200-null")
def a_missing_lead_is_null(talk: Talk) -> bool:
    reply = talk.get(f"/v1/leads/{uuid4()}")
    return reply.status_code == 200 and reply.json() is None


def exhausted(talk: Talk) -> list[int]:
    """The statuses of a burst by the client on trial."""
    return [talk.get("/v1/leads?limit=1", as_="burnable").status_code for _ in range(40)]


@symptom("rate-limit-off")
def nothing_is_throttled(talk: Talk) -> bool:
    return 429 not in exhausted(talk)


@symptom("throttle-after-effect")
def a_throttled_create_is_stored(talk: Talk) -> bool:
    assert 429 in exhausted(talk)
    name = f"throttled-{uuid4().hex}"
    assert talk.lead(name=name, as_="burnable").status_code == 429
    return bool(talk.get(f"/v1/leads?q={name}").json()["items"])


@symptom("retry-after-lies")
def it_is_still_throttled_after_the_promised_wait(talk: Talk) -> bool:
    exhausted(talk)
    wait = int(talk.get("/v1/leads", as_="burnable").headers["Retry-After"])
    time.sleep(wait + 0.2)
    return talk.get("/v1/leads", as_="burnable").status_code == 429


@symptom("429-empty")
def throttling_is_not_explained(talk: Talk) -> bool:
    exhausted(talk)
    reply = talk.get("/v1/leads", as_="burnable")
    assert reply.status_code == 429
    return reply.content == b"" and "Retry-After" not in reply.headers


def walk(talk: Talk, tag: str) -> list[str]:
    """The ids of all leads of that name, page by page, for ten pages at most."""
    ids: list[str] = []
    cursor = ""
    for _ in range(10):
        page = talk.get(f"/v1/leads?q={tag}&limit=2" + (f"&cursor={cursor}" if cursor else "")).json()
        ids += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    return ids


@symptom("last-page-dropped")
def the_walk_misses_the_last_page(talk: Talk) -> bool:
    tag = f"walk-{uuid4().hex}"
    created = [talk.lead(name=tag).json()["id"] for _ in range(5)]
    return walk(talk, tag) == created[:0:-1]


@symptom("next-cursor-loops")
def the_walk_never_ends(talk: Talk) -> bool:
    tag = f"walk-{uuid4().hex}"
    created = [talk.lead(name=tag).json()["id"] for _ in range(5)]
    return len(walk(talk, tag)) > len(created)


@symptom("idempotency-key-ignored")
def a_repeated_create_makes_two(talk: Talk) -> bool:
    headers = {"Idempotency-Key": uuid4().hex}
    return talk.lead(headers=headers).json()["id"] != talk.lead(headers=headers).json()["id"]


@symptom("delete-not-audited")
def a_delete_leaves_no_trace(talk: Talk) -> bool:
    lead = talk.lead()
    talk.send("DELETE", lead.headers["Location"])
    events = talk.get(f"/v1/audit-events?object_id={lead.json()['id']}").json()["items"]
    return [event["action"] for event in events] == ["lead.create"]


@symptom("audit-actor-is-service-account")
def the_trail_names_somebody_else(talk: Talk) -> bool:
    events = talk.get(f"/v1/audit-events?object_id={talk.lead().json()['id']}").json()["items"]
    return events[0]["actor"] != "primary"
