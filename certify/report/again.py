"""How to see it again: the check by itself, and the request as a curl line with secrets left as variables."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from certify.model.exchange import Exchange
from certify.model.plan import Plan
from certify.model.report import Report

_OURS = {
    "user-agent",
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "certify-run",
    "accept",
    "x-schemathesis-testcaseid",
}
_REDACTED = "[redacted]"


RUN_DIR = "RUN_DIR"
"""Stands in a line for the run directory: a report may be read in any place."""


def again(name: str, check: str, plan: Plan, exchange: Exchange | None) -> tuple[str, ...]:
    """Command lines, the quickest first: the finding called ``name``, its check alone, its request."""
    check_alone = f"{_command(plan)} --check {check} --seed {plan.seed}"
    if exchange is None:
        return (check_alone,)
    demo = plan.command[:2] == ("certify", "demo")  # its sandbox ended with it
    request = () if _changes_an_object(exchange) else (curl(exchange),)
    return (*(() if demo else (f"certify replay {RUN_DIR} {name}",)), check_alone, *request)


def _changes_an_object(exchange: Exchange) -> bool:
    """Whether the request may change or delete what its path names. The run took its own objects away again, and a
    server may have given the same id to somebody's object since; so no line says to send that."""
    method, path = exchange.request.method, urlsplit(exchange.request.url).path
    if method in ("GET", "HEAD", "OPTIONS"):
        return False
    return method != "POST" or any(map(_looks_like_an_id, path.split("/")))


def _looks_like_an_id(segment: str) -> bool:
    """Whether it is a number, or a word with several digits; versions of an API (``v1``) are not."""
    return segment.isdigit() or (len(segment) >= 6 and sum(character.isdigit() for character in segment) > 1)


def placed(report: Report, run_dir: Path) -> Report:
    """The report with the directory that it is written into in place of ``RUN_DIR``."""
    where = shlex.quote(str(run_dir))

    def named(line: str) -> str:
        return line.replace(f" {RUN_DIR} ", f" {where} ", 1)

    findings = (
        replace(finding, again=tuple(map(named, finding.again)), argue=named(finding.argue))
        for finding in report.findings
    )
    return replace(report, findings=tuple(findings))


def _command(plan: Plan) -> str:
    """The original command without what narrowed it."""
    words = list(plan.command)
    if not words:
        return "certify run --partner FILE"
    kept = words[:2]
    for option, value in zip(words[2::2], words[3::2], strict=False):
        if option in ("--partner", "--program", "--fault"):
            kept += [option, shlex.quote(value)]
    return " ".join(kept)


def curl(exchange: Exchange) -> str:
    """A curl line for an exchange. What was redacted becomes ``$TOKEN`` and the like, to be set by the reader."""
    request = exchange.request
    words = ["curl", "-i", "-X", request.method, shell(request.url)]
    for name, value in request.headers:
        if name.lower() not in _OURS:
            words += ["-H", shell(f"{name}: {value}")]
    if request.body is not None:
        words += ["--data-raw", shell(request.body)]
    return " ".join(words)


def shell(text: str) -> str:
    """Quoted for a POSIX shell; only our own variables stay open to it."""
    if _REDACTED not in text:
        return shlex.quote(text)
    quoted = [re.sub(r'(["\\$`])', r"\\\1", part) for part in text.split(_REDACTED)]
    variable = "TOKEN" if "bearer" in text.lower() else "SECRET"
    whole = quoted[0]
    for part in quoted[1:]:
        # Braces only where the text that follows would become a part of the name.
        whole += (f"${{{variable}}}" if part[:1].isalnum() or part[:1] == "_" else f"${variable}") + part
    return f'"{whole}"'
