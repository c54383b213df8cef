"""Faults against the contract: what is promised is not there, not so, or not checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jsonschema import ValidationError

from certify.sandbox.call import Answer, Call
from certify.sandbox.document import compiled
from certify.sandbox.faults import fault
from certify.sandbox.faults.surgery import wrap_handlers
from certify.sandbox.problems import ProblemError

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox

CREATES = ("createLead", "createCustomer", "recordUsage", "createWebhookSubscription")
ONE_LEAD = ("createLead", "getLead", "updateLead", "transitionLead", "routeLead")


@fault(
    "op-unimplemented",
    checks=["disc.operations-exist"],
    does="One declared operation, listWebhookSubscriptions, answers 501.",
    collateral=["contract.status-documented", "error.no-5xx-on-bad-input"],
)
def op_unimplemented(sandbox: Sandbox) -> None:
    def refuse(_call: Call, _act: Callable[[], Answer]) -> Answer:
        raise ProblemError("not-implemented")

    wrap_handlers(sandbox, ["listWebhookSubscriptions"], refuse)


@fault(
    "undocumented-202",
    checks=["contract.status-documented"],
    does="createCustomer answers 202 though only 201 is declared.",
    collateral=["disc.operations-exist"],
)
def undocumented_202(sandbox: Sandbox) -> None:
    def accepted(_call: Call, act: Callable[[], Answer]) -> Answer:
        answer = act()
        answer.status = 202
        return answer

    wrap_handlers(sandbox, ["createCustomer"], accepted)


@fault(
    "response-type-drift",
    checks=["contract.schema-valid"],
    does="The score of a lead is rendered as text in lists.",
    collateral=["net.control-works"],
)
def response_type_drift(sandbox: Sandbox) -> None:
    def drift(_call: Call, act: Callable[[], Answer]) -> Answer:
        answer = act()
        items = [{**item, "score": str(item["score"])} for item in answer.body["items"]]
        answer.body = {**answer.body, "items": items}
        return answer

    wrap_handlers(sandbox, ["listLeads"], drift)


@fault(
    "required-field-omitted-when-null",
    checks=["contract.schema-valid"],
    does="Members of a lead that are null are dropped.",
    collateral=["net.control-works"],
)
def required_field_omitted_when_null(sandbox: Sandbox) -> None:
    def drop(_call: Call, act: Callable[[], Answer]) -> Answer:
        answer = act()
        answer.body = {name: value for name, value in answer.body.items() if value is not None}
        return answer

    wrap_handlers(sandbox, ONE_LEAD, drop)


@fault(
    "json-as-text-html",
    checks=["contract.headers-and-media-type"],
    does="getCustomer labels its JSON text/html.",
    collateral=["net.control-works", "contract.schema-valid"],
)
def json_as_text_html(sandbox: Sandbox) -> None:
    def mislabel(_call: Call, act: Callable[[], Answer]) -> Answer:
        answer = act()
        answer.media_type = "text/html; charset=utf-8"
        return answer

    wrap_handlers(sandbox, ["getCustomer"], mislabel)


@fault(
    "maxlength-off-by-one",
    checks=["contract.valid-input-accepted"],
    does="createLead allows 254 characters where 255 are declared.",
)
def maxlength_off_by_one(sandbox: Sandbox) -> None:
    _measure_lengths(sandbox, lambda text, most: len(text) < most)


@fault(
    "length-counted-in-bytes",
    checks=["contract.valid-input-accepted"],
    does="createLead counts bytes where characters are declared, so multi-byte text is refused early.",
)
def length_counted_in_bytes(sandbox: Sandbox) -> None:
    _measure_lengths(sandbox, lambda text, most: len(text.encode()) <= most)


def _measure_lengths(sandbox: Sandbox, fits: Callable[[str, int], bool]) -> None:
    def max_length(_validator: Any, most: int, instance: Any, _schema: Mapping[str, Any]) -> Iterator[ValidationError]:
        if isinstance(instance, str) and not fits(instance, most):
            yield ValidationError("too long")

    operation = sandbox.operations["createLead"]
    assert operation.body_schema is not None
    bent = compiled(operation.body_schema, maxLength=max_length)
    sandbox.operations["createLead"] = replace(operation, body_validator=bent)


@fault(
    "no-body-validation",
    checks=["contract.invalid-input-rejected"],
    does="Creates store whatever parses.",
    collateral=["contract.schema-valid"],
)
def no_body_validation(sandbox: Sandbox) -> None:
    honest = sandbox.check_body

    def swallow(call: Call) -> None:
        if call.served.id not in CREATES or call.served.body_schema is None:
            return honest(call)
        sent = call.body if isinstance(call.body, dict) else {}
        call.body = {**dict.fromkeys(call.served.body_schema["required"]), **sent}
        call.body.pop("id", None)
        return None

    sandbox.check_body = swallow


@fault(
    "optional-null-accepted",
    checks=["contract.invalid-input-rejected"],
    does="Creates store null in optional members that are not nullable.",
    collateral=["contract.schema-valid"],
)
def optional_null_accepted(sandbox: Sandbox) -> None:
    honest = sandbox.check_body

    def lenient(call: Call) -> None:
        sent, schema = call.body, call.served.body_schema
        if call.served.id in CREATES and isinstance(sent, dict) and schema is not None:
            kept = {name for name, value in sent.items() if value is not None or name not in schema["properties"]}
            kept |= set(schema["required"]) & sent.keys()
            call.body = {name: sent[name] for name in kept}
        honest(call)
        call.body = sent

    sandbox.check_body = lenient
