"""The only file that knows the engine's objects. Each attribute is fetched by name, with a default, so that an engine
that renames one yields less, visibly (the canary test fails), and never a crash in the middle of a run.

Read on Schemathesis 4.32.5: ``ScenarioFinished.recorder`` with ``cases``, ``interactions`` and ``checks`` by case id.
"""

from __future__ import annotations

import base64
import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from certify.model.exchange import Headers, ReceivedResponse, SentRequest

LONGEST_WAY = 5
_PLAIN = ("message", "title", "content_type", "scenario")
_PATHS = ("schema_path", "instance_path")


@dataclass(frozen=True)
class Failure:
    """A failed check of the engine: its name, the class of the failure, and the attributes that tell causes apart."""

    check: str
    kind: str
    detail: Mapping[str, str]


@dataclass(frozen=True)
class Seen:
    """One interaction of the engine. ``response`` is None where no answer came; ``probe``: a check sent it itself.

    ``before`` are those that led to it in the stateful phase, where it failed; the first one first.
    """

    label: str
    method: str
    mode: str
    phase: str
    probe: bool
    request: SentRequest
    body: bytes | None
    response: ReceivedResponse | None
    started: float
    failures: tuple[Failure, ...]
    before: tuple[Seen, ...] = ()


def interactions(event: Any) -> Iterator[Seen]:
    """Everything that a finished scenario sent, in the order of sending."""
    recorder = getattr(event, "recorder", None)
    nodes, checks = getattr(recorder, "cases", {}), getattr(recorder, "checks", {})
    phase = str(getattr(getattr(event, "phase", None), "value", ""))
    sent = getattr(recorder, "interactions", {})
    for case_id, interaction in sent.items():
        seen = _seen(nodes.get(case_id), interaction, checks.get(case_id, ()), phase)
        if seen.failures and phase == "stateful":
            way = [_seen(nodes[name], sent[name], (), phase) for name in _way_to(case_id, nodes) if name in sent]
            seen = replace(seen, before=tuple(way))
        yield seen


def _way_to(case_id: str, nodes: Mapping[str, Any]) -> list[str]:
    """The cases that a case came from, the first one first. A check's own request comes from where its case did."""
    node, way = nodes.get(case_id), list[str]()
    if getattr(node, "transition", None) is None:
        node = nodes.get(getattr(node, "parent_id", None) or "")
    while (parent := getattr(node, "parent_id", None)) and parent not in way and len(way) < LONGEST_WAY:
        way.insert(0, parent)
        node = nodes.get(parent)
    return way


def operation_label(case: Any) -> str:
    """How the engine names a case's operation: ``GET /leads/{id}``."""
    return str(getattr(getattr(case, "operation", None), "label", ""))


def sent_label(case: Any) -> str:
    """The same with the method that is sent: cases for methods that the contract lacks carry another one."""
    method, _, path = operation_label(case).partition(" ")
    return f"{str(getattr(case, 'method', '') or method).upper()} {path}"


def body_of(case: Any) -> Any:
    """The body of a case as a value, or None."""
    body = getattr(case, "body", None)
    return body if isinstance(body, (dict, list, str, int)) else None


def location_of(response: Any) -> str:
    values = getattr(response, "headers", {}).get("location")
    return str(values[0]) if values else ""


def is_signed(case: Any) -> bool:
    """Whether the engine has put our credentials on a case; a case that tries without them, or with others, is not."""
    return bool(getattr(case, "_has_explicit_auth", False))


def is_negative_at(case: Any, place: str) -> bool:
    """Whether a case is invalid on purpose in a place (``header``, ``body`` …)."""
    components = getattr(getattr(case, "meta", None), "components", None) or {}
    return any(
        _value(key) == place and _value(getattr(part, "mode", "")) == "negative" for key, part in components.items()
    )


def path_values(case: Any) -> dict[str, Any]:
    """The path parameters of a case, to be changed in place."""
    values = getattr(case, "path_parameters", None)
    return values if isinstance(values, dict) else {}


def phase_of(case: Any) -> str:
    """The phase that a case was made for: ``examples``, ``coverage`` …; empty where it does not say."""
    return _value(getattr(getattr(getattr(case, "meta", None), "phase", None), "name", ""))


def is_ordinary(case: Any) -> bool:
    """Whether a case uses the operation's own method."""
    return operation_label(case).split(" ", 1)[0] == str(getattr(case, "method", "")).upper()


def end_of_operation() -> BaseException:
    """Raised in a hook: the engine is done with this operation in this phase, and goes on with the next one."""
    module = importlib.import_module("schemathesis.engine.run.unit._case")
    found: BaseException = getattr(module, "BudgetExpired", KeyboardInterrupt)()
    return found


def end_of_run() -> BaseException:
    """Raised in a hook: the engine ends its run, and hands over what it has."""
    return KeyboardInterrupt()


def url_of(response: Any) -> str:
    return str(getattr(getattr(response, "request", None), "url", ""))


def answer_of(response: Any) -> tuple[int, bytes]:
    """Status and body of an answer."""
    return int(getattr(response, "status_code", 0)), getattr(response, "content", b"") or b""


def error_of(event: Any) -> tuple[str, str]:
    """Where and what the engine failed at, in its own words: an operation's label or a phase, and a message."""
    value = getattr(event, "value", None) or getattr(event, "exception", None)
    return str(getattr(event, "label", "")), f"{type(value).__name__}: {value}"[:500]


def stop_reason_of(event: Any) -> str:
    return _value(getattr(event, "stop_reason", ""))


def _seen(node: Any, interaction: Any, checks: Any, phase: str) -> Seen:
    case, request, response = getattr(node, "value", None), interaction.request, interaction.response
    mode = _value(getattr(getattr(getattr(case, "meta", None), "generation", None), "mode", ""))
    body = getattr(request, "body", None)
    body = body.encode() if isinstance(body, str) else body
    elapsed = float(getattr(response, "elapsed", 0.0) or 0.0)
    return Seen(
        label=operation_label(case),
        method=str(getattr(request, "method", "")),
        mode=mode,
        phase=phase,
        probe=getattr(node, "parent_id", None) is not None and getattr(node, "transition", None) is None,
        request=SentRequest(request.method, request.uri, _headers(request.headers), _text(body)),
        body=body if isinstance(body, bytes) else None,
        response=None if response is None else _received(response, elapsed),
        started=float(getattr(interaction, "timestamp", 0.0)) - elapsed,
        failures=tuple(_failure(check, case, response) for check in checks if getattr(check, "failure_info", None)),
    )


def _received(response: Any, elapsed: float) -> ReceivedResponse:
    content = getattr(response, "content", b"") or b""
    size = getattr(response, "content_size", len(content))
    headers = _headers(getattr(response, "headers", {}))
    return ReceivedResponse(response.status_code, headers, _text(content) or "", round(elapsed, 6), size > len(content))


def _failure(check: Any, case: Any, response: Any) -> Failure:
    failure = check.failure_info.failure
    found = {name: _value(getattr(failure, name, "")) for name in _PLAIN}
    found |= {name: "/".join(map(str, getattr(failure, name, ()) or ())) for name in _PATHS}
    found["missing"] = ", ".join(sorted(map(str, getattr(failure, "missing_headers", ()) or ())))
    found["status"] = str(getattr(response, "status_code", ""))
    found |= _violation(case)
    return Failure(str(check.name), type(failure).__name__, {name: text[:1000] for name, text in found.items() if text})


def _violation(case: Any) -> dict[str, str]:
    """What is invalid about a negative case: the place, the parameter and the kind of violation."""
    data = getattr(getattr(getattr(case, "meta", None), "phase", None), "data", None)
    mutations = getattr(data, "mutations", ()) or ()
    kinds = [_value(getattr(item, "operator", "")) for item in mutations]
    places = [_value(getattr(item, "parameter_location", "")) for item in mutations]
    return {
        "place": _value(getattr(data, "parameter_location", None)) or ", ".join(sorted(set(places))),
        "parameter": str(getattr(data, "parameter", "") or ""),
        "violation": _value(getattr(data, "scenario", None)) or ", ".join(sorted(set(kinds))),
        "description": str(getattr(data, "description", "") or ""),
        "breaks": "\n".join(map(_break, mutations)),
    }


def _break(mutation: Any) -> str:
    """What one mutation broke, in four fields between tabs: place, keywords, where in its schema, and what was there.

    For ``required`` that is the name of what was left out.
    """
    was = getattr(mutation, "original_value", None)
    names = ",".join(map(str, was)) if isinstance(was, (list, tuple)) else str(was or "")
    keywords = ",".join(map(str, getattr(mutation, "keywords", ()) or ()))
    fields = _value(getattr(mutation, "parameter_location", "")), keywords, getattr(mutation, "schema_pointer", "")
    return "\t".join((*map(str, fields), names[:200]))


def _headers(headers: Any) -> Headers:
    return tuple((str(name), str(value)) for name, values in (headers or {}).items() for value in values)


def _text(content: Any) -> str | None:
    if content is None:
        return None
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)


def _value(item: Any) -> str:
    """An enum member by its value, anything else as text; None as empty."""
    return "" if item is None else str(getattr(item, "value", item))


def encoded(body: bytes | None) -> str | None:
    """A body as it travels in a sample: base64, because generated bodies need not be text."""
    return None if body is None else base64.b64encode(body).decode()
