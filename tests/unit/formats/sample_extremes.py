"""Reports that no format may be hurt by: hostile text in every place, and far too much of everything."""

# ruff: noqa: E501
from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from certify.model.exchange import Exchange, ReceivedResponse, SentRequest
from certify.model.report import Report
from tests.unit.formats import samples

SCRIPT = "<script>window.pwned=1</script><img src=x onerror=window.pwned=1>"
MARKDOWN = "`` ` ``` **b** | a | [link](https://evil.example) ![i](https://evil.example/i.png) @octocat #1 www.evil.example <b>x</b>\n# h\n```"
CONTROL = "\x1b[31m\x1b]0;owned\x07\x00\x08\x7f\x9b1m\ud800\ufffe\u202egnp.exe\u2066 ]]> <!-- & \" ' </details></pre>"
HOSTILE = SCRIPT + MARKDOWN + CONTROL
KEPT = ("schema", "verdict", "exit_code", "status", "ruling", "weight", "level", "kind", "reason", "side")


def hostile() -> Report:
    """The failing report with hostile text appended to every free text in it, keys of maps included."""
    report = samples.failing()
    worded: Report = _spoil(replace(report, evidence={}, notes=("note",)))
    evidence = {key: _hostile_exchange(item) for key, item in report.evidence.items()}
    worded = replace(worded, evidence=evidence)
    return replace(worded, findings=tuple(map(_with_evidence, worded.findings, report.findings)))


def _with_evidence(worded: Any, finding: Any) -> Any:
    return replace(worded, exchanges=finding.exchanges)


def _spoil(value: Any) -> Any:
    if isinstance(value, str):
        return value + HOSTILE
    if isinstance(value, tuple):
        return tuple(_spoil(item) for item in value)
    if isinstance(value, Mapping):
        return {_spoil(key): _spoil(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        members = {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
        return replace(value, **{name: _spoil(item) for name, item in members.items() if name not in KEPT})
    return value


def _hostile_exchange(item: Exchange) -> Exchange:
    headers = ((f"X-{HOSTILE}", HOSTILE),)
    request = SentRequest("GET" + HOSTILE, "https://x.example/" + HOSTILE, headers, HOSTILE)
    return replace(
        item,
        request=request,
        response=ReceivedResponse(200, headers, '{"tenant": "' + SCRIPT + '"}' + HOSTILE),
        error=None,
    )


def enormous(findings: int = 3000, body: int = 60_000) -> Report:
    """Thousands of findings with bodies that grow fivefold when escaped."""
    report = samples.failing()
    first = report.findings[0]
    many = tuple(
        replace(first, id=f"F{n}", title=f"Cause {n}", actual='"&' * 4000, exchanges=(f"e-{n}",) * 9, again=('"' * 9000,) * 9,
                operations=tuple(f"operation{m}" for m in range(400)))
        for n in range(1, findings + 1)
    )  # fmt: skip
    exchange = next(iter(report.evidence.values()))
    response = ReceivedResponse(
        200, tuple((f"X-{n}", "<>" * 900) for n in range(200)), '["' + '","'.join(["<&>"] * (body // 6)) + '"]'
    )
    evidence = {f"e-{n}": replace(exchange, id=f"e-{n}", response=response) for n in range(1, findings + 1)}
    checks = tuple(replace(report.checks[0], id=f"area.check-{n}") for n in range(3000))
    details = tuple(replace(report.coverage.details[0], id=f"operation{n}") for n in range(5000))
    return replace(report, findings=many, evidence=evidence, checks=report.checks + checks,
                   coverage=replace(report.coverage, details=details), notes=("note " * 400,) * 900)  # fmt: skip
