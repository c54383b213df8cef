"""Reading what a call brings: path, query, headers and body, each held against the contract's own schema.

Parameters that do not fit are 400, a body that cannot be read is 400, and one that can be read and does not fit is 422
(RFC 9110 §15.5.1, §15.5.21). Query parameters that the contract does not list, or that come twice, are refused: a
misspelt filter must not silently widen a list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from certify.sandbox.call import Call
from certify.sandbox.document import Operation, Parameter
from certify.sandbox.problems import ProblemError

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox

INTEGER = re.compile(r"-?[0-9]{1,18}")
AT_MOST_ERRORS = 5


def read_inputs(sandbox: Sandbox, call: Call) -> None:
    """The step that fills ``call.inputs`` and ``call.body``."""
    sandbox.read_parameters(call)
    if call.served.media_type == "application/json":
        call.body = sandbox.read_json(call)
        sandbox.check_body(call)


def read_parameters(call: Call) -> None:
    """Fill ``call.inputs``. A missing ``If-Match`` is left to the operation, which answers 428 (RFC 6585 §3)."""
    sent = {"path": call.path_values, "query": _query(call), "header": call.headers}
    for parameter in call.served.parameters:
        name = parameter.name.lower() if parameter.where == "header" else parameter.name
        if name in sent[parameter.where]:
            call.inputs[parameter.name] = _fitting(parameter, sent[parameter.where][name])
        elif parameter.required and parameter.name != "If-Match":
            raise _unfit(parameter, "required")
        elif "default" in parameter.schema:
            call.inputs[parameter.name] = parameter.schema["default"]


def _query(call: Call) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(call.query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise ProblemError("malformed-request", "The query string cannot be read.") from error
    listed = {parameter.name for parameter in call.served.parameters_in("query")}
    names = [name for name, _value in pairs]
    if call.served.scopes is not None and not set(names) <= listed:
        raise ProblemError("invalid-parameter", "The query holds a parameter that this operation does not have.")
    if len(set(names)) < len(names):
        raise ProblemError("invalid-parameter", "A query parameter was given twice.")
    return dict(pairs)


def _fitting(parameter: Parameter, text: str) -> Any:
    value: Any = int(text) if parameter.schema.get("type") == "integer" and INTEGER.fullmatch(text) else text
    for error in parameter.validator.iter_errors(value):
        raise _unfit(parameter, str(error.validator))
    return value


def _unfit(parameter: Parameter, reason: str) -> ProblemError:
    row = {"in": parameter.where, "pointer": f"/{parameter.name}", "reason": reason}
    return ProblemError("invalid-parameter", f"The {parameter.where} parameter {parameter.name} does not fit.", [row])


def read_json(call: Call) -> Any:
    """The JSON document of the body: RFC 8259, read as strictly as RFC 7493 §2 asks."""
    _expect_media_type(call, "application/json")
    try:
        text = call.content.decode("utf-8")
        document = json.loads(text, parse_constant=_no_constant)
        if "\\u" in text:
            json.dumps(document, ensure_ascii=False).encode("utf-8")  # half a surrogate pair is no character
    except (ValueError, RecursionError) as error:
        raise ProblemError("malformed-json", "The body is not a JSON document in UTF-8.") from error
    return document


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON (RFC 8259 §6)")


def _expect_media_type(call: Call, wanted: str) -> None:
    if call.too_large:
        raise ProblemError("content-too-large", "A body holds 64 KiB at most.")
    media_type, _, parameters = call.headers.get("content-type", "").partition(";")
    charset = re.search(r'charset\s*=\s*"?([^\s;"]+)', parameters, re.IGNORECASE)
    if media_type.strip().lower() != wanted or (charset and charset[1].lower() != "utf-8"):
        raise ProblemError("unsupported-media-type", f"The body must be {wanted} in UTF-8.", headers={"Accept": wanted})


def check_body(call: Call) -> None:
    """422 with the place and the keyword of each thing that does not fit, without repeating what was sent."""
    errors = list(islice(_body_errors(call.served, call.body), AT_MOST_ERRORS))
    if errors:
        raise ProblemError("invalid-body", "The body does not fit the contract.", errors)


def _body_errors(operation: Operation, body: Any) -> Iterator[dict[str, str]]:
    for error in operation.body_validator.iter_errors(body):
        pointer = "".join(f"/{part}" for part in error.absolute_path)
        yield {"in": "body", "pointer": pointer, "reason": str(error.validator)}
