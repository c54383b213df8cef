"""Does a reply show a cause again? Decided from contract and reply alone, without the engine."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from certify.contract.document import Contract
from certify.contract.operation import Operation
from certify.contract.validation import UNUSABLE, Schemas, Violation
from certify.http.call import ABSENT, Reply, parse_json
from certify.sources.contract.candidates import Cause, Sample
from certify.sources.contract.causes import members_of


class Judge:
    """Compares replies with a contract. ``formats`` asserts ``format``, as the profile wants it."""

    def __init__(self, contract: Contract, *, formats: bool = False) -> None:
        self._contract = contract
        self._schemas = Schemas(contract, formats=formats)

    def repeats(self, cause: Cause, sample: Sample, label: str, reply: Reply) -> bool:
        """Whether the reply to a sample, sent again, is wrong in the same way."""
        operation = self._contract.operation(label)
        match cause.kind:
            case "ServerError" | "ContentTypeServerError":
                return reply.status >= 500
            case "NoAnswer":
                return reply.status == 0
            case "AcceptedNegativeData" | "IgnoredAuth":
                return reply.ok or reply.status == sample.status
            case "RejectedPositiveData":
                return reply.status == sample.status
            case "UndefinedStatusCode":
                return operation is not None and operation.answer(reply.status) is None
            case "MalformedJson":
                return reply.json() is ABSENT
            case "JsonSchemaError" if "header" not in cause.detail.get("title", "").lower():
                return bool(self.telling(cause, operation, reply))
            case _:
                return self._in_the_head(operation, reply)

    def violations(self, operation: Operation | None, reply: Reply) -> list[Violation]:
        """How the body breaks the schema that the contract gives for this status and media type."""
        answer = operation.answer(reply.status) if operation else None
        pointer = answer.media.get(reply.media_type, "") if answer else ""
        body = reply.json()
        if not pointer or body is ABSENT:
            return []
        return self._violations(pointer, body)

    def telling(self, cause: Cause, operation: Operation | None, reply: Reply) -> list[Violation]:
        """Those violations that the cause is about: at its member, and of the member that it misses."""
        names = members_of(cause)
        found = self.violations(operation, reply)
        return [item for item in found if not names or any(_is_about(item, name) for name in names)]

    def comparable(self, cause: Cause, whole: Sample, smaller: Sample, label: str) -> bool:
        """Whether a smaller request still is what the failure is about: as valid, or as invalid, as the whole one."""
        operation = self._contract.operation(label)
        if cause.kind not in ("AcceptedNegativeData", "RejectedPositiveData"):
            return True
        if operation is None or not _required(operation, whole) <= _required(operation, smaller):
            return False
        before, after = ({item.cause for item in self._invalid(operation, sample)} for sample in (whole, smaller))
        if cause.kind == "AcceptedNegativeData" and (places := _beside_the_body(cause)):
            same = all(_of_place(whole, place) == _of_place(smaller, place) for place in places)
            return same and after <= before and ("body" not in cause.detail["place"] or bool(after) == bool(before))
        return after <= before and bool(after) == bool(before)

    def _invalid(self, operation: Operation, sample: Sample) -> list[Violation]:
        """How a request's JSON body breaks its schema."""
        body = parse_json(base64.b64decode(sample.body)) if sample.body else ABSENT
        if operation.body is None or body is ABSENT:
            return []
        return self._violations(operation.body.pointer, body)

    def _violations(self, pointer: str, value: Any) -> list[Violation]:
        # A partner's answer may be nested deeper than a recursive schema can be walked; and a schema may be of no use.
        try:
            return self._schemas.violations(pointer, value)
        except UNUSABLE:
            return []

    def _in_the_head(self, operation: Operation | None, reply: Reply) -> bool:
        """A media type that is not documented, a required header that is missing, a header that breaks its schema."""
        answer = operation.answer(reply.status) if operation else None
        if answer is None:
            return False
        wrong_media = bool(answer.media) and not any(_matches(kind, reply.media_type) for kind in answer.media)
        return wrong_media or any(self._header_is_wrong(name, node, reply) for name, node in answer.headers.items())

    def _header_is_wrong(self, name: str, node: Mapping[str, Any], reply: Reply) -> bool:
        value = reply.header(name)
        if value is None:
            return bool(node.get("required", False))
        schema = node.get("schema", {})
        try:
            return not any(self._schemas.holds(schema, reading) for reading in _readings(value))
        except UNUSABLE:
            return False


def _is_about(violation: Violation, name: str) -> bool:
    """Whether a violation is at a member, or about its absence."""
    return name in violation.pointer.split("/") or violation.expected.endswith(f" {name}")


def _required(operation: Operation, sample: Sample) -> set[str]:
    """Which required query and header parameters a request carries."""
    query = {name for name, _ in parse_qsl(urlsplit(sample.url).query, keep_blank_values=True)}
    headers = {name.lower() for name, _ in sample.headers}
    found = (p for p in operation.parameters if p.required and p.place in ("query", "header"))
    return {p.name for p in found if (p.name in query if p.place == "query" else p.name.lower() in headers)}


def _beside_the_body(cause: Cause) -> list[str]:
    """Where else than in its body the request is invalid: ``header, query``."""
    return [place for place in cause.detail.get("place", "").split(", ") if place in ("query", "header", "cookie")]


def _of_place(sample: Sample, place: str) -> object:
    """The part of a request that is invalid on purpose."""
    if place == "query":
        return urlsplit(sample.url).query
    return {(name.lower(), value) for name, value in sample.headers}


def _matches(documented: str, sent: str) -> bool:
    """Media ranges (``application/*``) match what they cover (RFC 9110 §12.5.1)."""
    pattern = re.escape(documented.split(";", 1)[0].strip().lower()).replace(r"\*", "[^/]*")
    return re.fullmatch(pattern, sent) is not None


def _readings(value: str) -> list[Any]:
    """What the text of a header may stand for: itself, a number, a boolean, a list."""
    readings: list[Any] = [value, [part.strip() for part in value.split(",")]]
    if re.fullmatch(r"-?\d+", value):
        readings.append(int(value))
    elif re.fullmatch(r"-?\d+\.\d+", value):
        readings.append(float(value))
    if value.lower() in ("true", "false"):
        readings.append(value.lower() == "true")
    return readings
