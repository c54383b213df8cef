"""A cause counts when it is seen again; what is then said of it."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from certify.contract import Contract, load_contract
from certify.errors import BudgetSpentError
from certify.http.call import Call, Reply
from certify.http.session import Session, open_session
from certify.http.wire import TransportError
from certify.model.outcome import Weight
from certify.model.partner import Partner, SignIn
from certify.sources.contract.candidates import Cause, Sample
from certify.sources.contract.confirm import Confirmed, Resender
from certify.sources.contract.facts import OperationFacts, collect_facts
from certify.sources.contract.repeats import Judge
from certify.sources.contract.source import _confirm
from certify.sources.contract.wording import finding
from tests.unit.contract.documents import contract
from tests.unit.sources.contract.scene import SmallApi, a_partner, served, written_contract

LABEL = "GET /notes/{id}"


@pytest.fixture
def small_contract(tmp_path: Path) -> Contract:
    return load_contract(written_contract(tmp_path))


def a_reply(status: int, body: str = "", media: str = "application/json", **headers: str) -> Reply:
    pairs = (("Content-Type", media), *((name.replace("_", "-"), value) for name, value in headers.items()))
    return Reply(status, pairs, body.encode(), 0.01, "contract-000001", Call("GET", "/notes/1"))


def a_cause(kind: str, label: str = LABEL, sample: Sample | None = None, **detail: str) -> Cause:
    return Cause("mark", "not_a_server_error", kind, detail, {label: 1}, {label: sample or a_sample()})


def a_sample(**details: Any) -> Sample:
    return Sample(
        **{"exchange": "contract-1-000007", "method": "GET", "url": "http://x/notes/1", "status": 200, **details}
    )


def repeats(contract: Contract, cause: Cause, reply: Reply, label: str = LABEL) -> bool:
    return Judge(contract).repeats(cause, next(iter(cause.samples.values())), label, reply)


def test_a_crash_repeats_with_any_server_error(small_contract: Contract) -> None:
    assert repeats(small_contract, a_cause("ServerError"), a_reply(502))
    assert not repeats(small_contract, a_cause("ServerError"), a_reply(400))


def test_a_status_repeats_while_it_is_not_documented(small_contract: Contract) -> None:
    assert repeats(small_contract, a_cause("UndefinedStatusCode"), a_reply(203))
    assert not repeats(small_contract, a_cause("UndefinedStatusCode"), a_reply(200))


def test_a_body_repeats_while_it_breaks_its_schema(small_contract: Contract) -> None:
    assert repeats(small_contract, a_cause("JsonSchemaError"), a_reply(200, '{"id": "1", "text": "x"}'))
    assert not repeats(small_contract, a_cause("JsonSchemaError"), a_reply(200, '{"id": 1, "text": "x"}'))


@pytest.mark.parametrize(
    ("reply", "wrong"),
    [
        (a_reply(200, "[]", X_Total="1"), False),
        (a_reply(200, "[]", X_Total="many"), True),
        (a_reply(200, "[]"), True),
        (a_reply(200, "[]", "text/html", X_Total="1"), True),
        (a_reply(200, "[]", "application/json; charset=utf-8", X_Total="1"), False),
    ],
)
def test_a_head_repeats_while_a_header_or_the_label_is_wrong(
    small_contract: Contract, reply: Reply, wrong: bool
) -> None:
    assert repeats(small_contract, a_cause("MissingHeaders"), reply, "GET /notes") is wrong


def test_refused_input_repeats_with_the_same_status_only(small_contract: Contract) -> None:
    cause = a_cause("RejectedPositiveData", sample=a_sample(status=400))
    assert repeats(small_contract, cause, a_reply(400))
    assert not repeats(small_contract, cause, a_reply(404))


@pytest.fixture
def on_stage(tmp_path: Path) -> Iterator[tuple[Session, Partner, SmallApi, str]]:
    api = SmallApi({"unguarded", "crash"})
    with served(api.app) as url:
        partner = a_partner(url, tmp_path)
        session = open_session(partner)
        yield session, partner, api, url
        session.close()


def confirm(stage: Any, cause: Cause, contract: Contract) -> Confirmed:
    session, partner, _, _ = stage
    resender = Resender(session, "primary", collect_facts(contract, partner))
    return resender.confirm(cause, "check", Judge(contract))


def test_a_sample_is_sent_again_with_fresh_credentials(on_stage: Any, small_contract: Contract) -> None:
    body = base64.b64encode(b'{"text": ""}').decode()
    sample = a_sample(method="POST", url=f"{on_stage[3]}/notes", body=body, status=500)
    confirmed = confirm(on_stage, a_cause("ServerError", "POST /notes", sample), small_contract)
    assert confirmed.reply is not None
    assert confirmed.reply.status == 500
    assert confirmed.exchanges[1] == sample.exchange


def test_an_anonymous_sample_stays_anonymous(on_stage: Any, small_contract: Contract) -> None:
    sample = a_sample(url=f"{on_stage[3]}/tags/1", anonymous=True)
    cause = a_cause("IgnoredAuth", "GET /tags/{id}", sample, scenario="no_auth")
    assert confirm(on_stage, cause, small_contract).reproduced


def test_what_is_not_seen_again_is_not_reproduced(on_stage: Any, small_contract: Contract) -> None:
    sample = a_sample(url=f"{on_stage[3]}/notes/1", anonymous=True)
    assert not confirm(on_stage, a_cause("IgnoredAuth", LABEL, sample), small_contract).reproduced


def test_a_sandbox_that_is_gone_reproduces_nothing(tmp_path: Path, small_contract: Contract) -> None:
    session = open_session(a_partner("http://127.0.0.1:9", tmp_path))
    sample = a_sample(url="http://127.0.0.1:9/notes/1", status=500)
    confirmed = Resender(session, "primary", {}).confirm(
        a_cause("ServerError", sample=sample), "check", Judge(small_contract)
    )
    session.close()
    assert not confirmed.reproduced


FACTS = {LABEL: OperationFacts(LABEL, "getNote", ("200", "404"))}


@pytest.mark.parametrize(
    ("kind", "detail", "weight"),
    [
        ("UndefinedStatusCode", {"status": "202"}, Weight.VIOLATION),
        ("UndefinedStatusCode", {"status": "418"}, Weight.ADVISORY),
        ("UndefinedContentType", {"status": "404"}, Weight.ADVISORY),
        ("UndefinedContentType", {"status": "200"}, Weight.VIOLATION),
        ("IgnoredAuth", {"scenario": "no_auth"}, Weight.VIOLATION),
        ("IgnoredAuth", {"scenario": "invalid_auth"}, Weight.ADVISORY),
    ],
)
def test_what_is_only_worth_telling_fails_nothing(kind: str, detail: dict[str, str], weight: Weight) -> None:
    cause = a_cause(kind, **detail)
    told = finding(Confirmed(cause, LABEL, a_sample(), a_reply(200)), FACTS, [])
    assert told.weight is weight
    assert told.operations == ("getNote",)
    assert told.expected
    assert told.actual


def test_a_finding_that_was_only_seen_says_so() -> None:
    told = finding(Confirmed(a_cause("ServerError"), LABEL, a_sample(status=500)), FACTS, [])
    assert "seen once" in told.actual
    assert told.exchanges == ("contract-1-000007",)


def test_facts_know_token_endpoints_and_what_ends_sessions(tmp_path: Path) -> None:
    file = tmp_path / "contract.yaml"
    file.write_text(
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n"
        "  /token: {post: {responses: {'200': {description: ok}}}}\n"
        "  /oauth/revoke: {post: {responses: {'200': {description: ok}}}}\n"
        "  /a:\n    put:\n      parameters: [{name: If-Match, in: header, schema: {type: string}}]\n"
        "      responses: {4XX: {description: no}}\n",
        "utf-8",
    )
    partner = Partner("p", "P", "http://x", SignIn("client_credentials", token_url="http://x/token"), {})
    found = collect_facts(load_contract(file), partner)
    assert [label for label, facts in found.items() if facts.grants] == ["POST /token"]
    assert [label for label, facts in found.items() if facts.hazard] == ["POST /oauth/revoke"]
    assert found["PUT /a"].conditional
    assert found["PUT /a"].documents(412)
    assert not found["PUT /a"].documents(500)


def test_a_body_repeats_a_cause_only_where_it_is_wrong_at_the_same_member(small_contract: Contract) -> None:
    wrong_text = a_reply(200, '{"id": 1, "text": 2}')
    about_text = a_cause("JsonSchemaError", instance_path="text", schema_path="properties/text/type")
    about_id = a_cause("JsonSchemaError", instance_path="id", schema_path="properties/id/type")
    assert repeats(small_contract, about_text, wrong_text)
    assert not repeats(small_contract, about_id, wrong_text)
    missing = a_cause("JsonSchemaError", schema_path="required", message='"text" is a required property')
    assert repeats(small_contract, missing, a_reply(200, '{"id": 1}'))
    assert not repeats(small_contract, missing, a_reply(200, '{"text": "x"}'))


def test_input_that_nothing_valid_succeeded_with_counts_against_coverage_only() -> None:
    cause = a_cause("RejectedPositiveData", status="422")
    confirmed = Confirmed(cause, LABEL, a_sample(status=422), a_reply(422))
    assert finding(confirmed, FACTS, [], {LABEL}).weight is Weight.ADVISORY
    assert finding(confirmed, FACTS, [], ()).weight is Weight.VIOLATION


def sorted_out(contract: Contract, cause: Cause, resender: Any) -> Any:
    evidence = SimpleNamespace(reports=[SimpleNamespace(causes=[cause])], never_exercised=(), facts={})
    assignment = SimpleNamespace(partner=SimpleNamespace(assert_formats=False))
    told = _confirm(evidence, contract, assignment, resender, threading.Event())  # type: ignore[arg-type]
    return told["error.no-5xx-on-bad-input"]


def test_a_crash_that_does_not_come_back_fails_nobody_however_often_it_was_seen(
    on_stage: Any, small_contract: Contract
) -> None:
    session, partner, _, url = on_stage
    cause = a_cause("ServerError", "GET /notes", a_sample(url=f"{url}/notes", status=500), status="500")
    often = replace(cause, operations={"GET /notes": 9})
    told = sorted_out(small_contract, often, Resender(session, "primary", collect_facts(small_contract, partner)))
    assert (len(told.findings), len(told.unstable), told.spent) == (0, 1, "")


def test_a_crash_that_no_request_was_left_for_says_so(
    on_stage: Any, small_contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spent(*_: Any, **__: Any) -> Reply:
        raise BudgetSpentError("0 of 100 requests are left (--max-requests)")

    session, partner, _, url = on_stage
    monkeypatch.setattr(session.wire, "send", spent)
    cause = a_cause("ServerError", "GET /notes", a_sample(url=f"{url}/notes", status=500), status="500")
    told = sorted_out(small_contract, cause, Resender(session, "primary", collect_facts(small_contract, partner)))
    assert (len(told.findings), len(told.unstable)) == (0, 1)
    assert "--max-requests" in told.spent
    said = told.unstable[0].actual
    assert said == "500; seen once, not confirmed: 0 of 100 requests are left (--max-requests)"


def test_a_connection_that_ended_once_and_answers_when_it_is_asked_again_tells_nothing(
    on_stage: Any, small_contract: Contract
) -> None:
    session, partner, _, url = on_stage
    cause = a_cause("NoAnswer", "GET /notes", a_sample(url=f"{url}/notes", status=0), mode="positive")
    evidence = SimpleNamespace(reports=[SimpleNamespace(causes=[cause])], never_exercised=(), facts={})
    assignment = SimpleNamespace(partner=SimpleNamespace(assert_formats=False))
    resender = Resender(session, "primary", collect_facts(small_contract, partner))
    assert not _confirm(evidence, small_contract, assignment, resender, threading.Event())  # type: ignore[arg-type]


def test_a_sandbox_that_answers_nobody_is_not_said_to_end_upon_one_request(
    on_stage: Any, small_contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: Any, **__: Any) -> Reply:
        raise TransportError("RemoteProtocolError: Server disconnected without sending a response.", "contract-000009")

    session, partner, _, url = on_stage
    monkeypatch.setattr(session.wire, "send", closed)
    sample = a_sample(url=f"{url}/notes", status=0)
    cause = a_cause("NoAnswer", "GET /notes", sample, mode="positive")
    resender = Resender(session, "primary", collect_facts(small_contract, partner))
    assert not resender.confirm(cause, "error.no-5xx-on-bad-input", Judge(small_contract)).reproduced


def test_a_connection_that_ends_upon_invalid_input_is_advice() -> None:
    weights = {
        mode: finding(Confirmed(a_cause("NoAnswer", mode=mode), LABEL, a_sample(), a_reply(0)), FACTS, []).weight
        for mode in ("positive", "negative")
    }
    assert weights == {"positive": Weight.VIOLATION, "negative": Weight.ADVISORY}


def an_accepted(place: str, sample: Sample, **detail: str) -> Confirmed:
    cause = a_cause(
        "AcceptedNegativeData", "GET /notes", sample, place=place, violation="value_below_minimum", **detail
    )
    return Confirmed(cause, "GET /notes", sample, a_reply(200, "[]"))


def test_what_is_invalid_is_told_of_the_request_that_is_shown() -> None:
    shown = a_sample(url="http://x/notes?limit=0", wrong="limit: value less than minimum")
    told = finding(an_accepted("query", shown, description="offset: value greater than maximum"), FACTS, [])
    assert told.actual == "200 to invalid input: value below minimum in query (here: limit: value less than minimum)"


def test_a_query_that_is_corrected_is_advice_as_in_the_suites_and_a_body_is_not() -> None:
    weights = {
        place: finding(an_accepted(place, a_sample()), FACTS, []).weight for place in ("query", "body", "header")
    }
    assert weights == {"query": Weight.ADVISORY, "body": Weight.VIOLATION, "header": Weight.VIOLATION}


def test_a_request_is_not_made_smaller_by_what_is_invalid_about_it(small_contract: Contract) -> None:
    whole, judge = a_sample(url="http://x/notes?limit=0", headers=(("X-A", "b"),)), Judge(small_contract)
    cause = an_accepted("header, query", whole).cause
    assert judge.comparable(cause, whole, whole, "GET /notes")
    assert not judge.comparable(cause, whole, replace(whole, url="http://x/notes"), "GET /notes")
    assert not judge.comparable(cause, whole, replace(whole, headers=()), "GET /notes")


def test_only_what_was_sent_again_is_said_to_have_been(small_contract: Contract) -> None:
    cause = a_cause("ServerError", sample=a_sample(status=500), status="500")
    asked, silent = Confirmed(cause, LABEL, a_sample(status=500)), Confirmed(cause, LABEL, a_sample(), untested=True)
    assert finding(asked, FACTS, []).actual.endswith("; seen once, not when it was sent again by itself")
    assert finding(silent, FACTS, []).actual.endswith(
        "; seen once, not confirmed: nothing answered when it was sent again"
    )


@pytest.mark.parametrize(
    ("schema", "value", "wrong"),
    [
        ({"type": "string", "pattern": r"^\p{L}+$"}, "Äbc", False),
        ({"type": "string", "pattern": r"^\p{L}+$"}, "a-1", True),
        ({"oneOf": [{"$ref": "#/components/schemas/N"}]}, "7", False),
        ({"oneOf": [{"$ref": "#/components/schemas/N"}]}, "seven", True),
        ({"oneOf": [{"$ref": "#/components/schemas/Nowhere"}]}, "seven", False),
        ({"type": "nothing"}, "seven", False),
    ],
)
def test_a_header_is_judged_by_the_contract_as_a_whole(schema: Any, value: str, wrong: bool) -> None:
    answer = {"description": "-", "headers": {"X-Name": {"schema": schema}}}
    whole = contract({"/a": {"get": {"operationId": "a", "responses": {"200": answer}}}}, {"N": {"type": "integer"}})
    head = a_reply(200, "", X_Name=value)
    assert repeats(whole, a_cause("JsonSchemaError", "GET /a", title="Response header"), head, "GET /a") is wrong


def test_a_key_that_may_be_no_uuid_is_known_also_behind_a_reference(tmp_path: Path) -> None:
    keys = {"Short": {"type": "string", "maxLength": 8}}
    header = {"name": "Idempotency-Key", "in": "header", "schema": {"allOf": [{"$ref": "#/components/schemas/Short"}]}}
    paths = {
        "/a": {"post": {"operationId": "a", "parameters": [header], "responses": {}}},
        "/b": {"post": {"operationId": "b", "parameters": [{**header, "schema": {}}], "responses": {}}},
    }
    facts = collect_facts(contract(paths, keys), a_partner("http://127.0.0.1:9", tmp_path))
    assert [item.no_uuid for item in facts.values()] == [("idempotency-key",), ()]
