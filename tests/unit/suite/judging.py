"""The judgements inside the shipped suites, for tests that need no server: load a suite, and hear what it tells."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from certify.http.call import Call, Reply
from certify.suite.expectations import COLLECTOR, Collector

SUITES = Path(__file__).parents[3] / "suites"


def suite(name: str) -> ModuleType:
    """A suite as a module: ``suite("authz/test_tenants")``."""
    spec = importlib.util.spec_from_file_location(f"judging_{name.replace('/', '_')}", SUITES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def told(judge: Callable[..., object], *arguments: Any, **named: Any) -> list[tuple[str, str]]:
    """Weight and cause of each finding that a judgement reports."""
    collector = Collector()
    token = COLLECTOR.set(collector)
    try:
        judge(*arguments, **named)
    finally:
        COLLECTOR.reset(token)
    return [(str(noted.finding.weight), noted.finding.cause) for noted in collector.noted]


def answer(status: int, body: Any = None, call: Call | None = None, *, received: float = 0.0, **headers: str) -> Reply:
    """A reply with a JSON body; None for an empty one. ``ETag="x"``, ``Retry_After="1"`` are headers."""
    content = b"" if body is None else json.dumps(body).encode()
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Reply(status, pairs, content, 0.0, "s-1", call or Call("GET", "/things/7", "read"), received)
