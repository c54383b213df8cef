"""Loading a large contract: ours against what the engine itself needs, and how time and memory grow with the document.

The contract is generated: things with eighteen texts, an enum, a nullable note and a reference to the next thing, each
read, written and deleted by operations with parameters and four answers. Each load is a process of its own, imports
included, and both sides take turns; what is compared is processor time, since other work on the machine does not
lengthen it. Ours reads, bundles, upgrades to 3.1 and looks for mistakes; the engine's ``from_path`` does not.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.table import Figure

THINGS = 910
"""Three operations each; about 7 MB as indented JSON."""
ROUNDS, SIZES = 3, (1, 2, 4)
OURS = "from certify.contract import load_contract; load_contract(__import__('sys').argv[1])"
ENGINE = "import schemathesis; schemathesis.openapi.from_path(__import__('sys').argv[1])"
NOTHING = "import certify.contract"
TELL = "; print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
"""The process's own peak, in KB. NOTE: ``ru_maxrss`` begins with the peak of who started the process."""


@dataclass(frozen=True)
class Cost:
    """Processor time in seconds, and the peak of memory in MB, of one process."""

    seconds: float
    megabytes: float


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        files = {times: write(Path(folder) / f"contract-{times}.json", THINGS * times) for times in SIZES}
        return [*_against_the_engine(files[1]), *_growth(files)]


def _against_the_engine(source: Path) -> list[Figure]:
    figures = []
    for kind in ("json", "yaml"):
        file = source if kind == "json" else _as_yaml(source)
        pairs = [(cost(OURS, file), cost(ENGINE, file)) for _ in range(ROUNDS)]
        ratio = statistics.median(ours.seconds / engine.seconds for ours, engine in pairs)
        seconds = statistics.median(ours.seconds for ours, _ in pairs)
        theirs = statistics.median(engine.seconds for _, engine in pairs)
        peak = statistics.median(ours.megabytes for ours, _ in pairs)
        size = file.stat().st_size / 1_000_000
        what = f"load a contract of {size:.1f} MB, {kind.upper()}, {3 * THINGS:,} operations"
        how = f"ours {seconds:.2f} s, `schemathesis` {theirs:.2f} s; {ROUNDS} rounds in turns, a process each"
        figures.append(Figure(f"{what}: ours / `schemathesis`", ratio, 1.3, "×", how))
        figures.append(Figure(f"peak memory of that process ({kind.upper()})", peak, 250, "MB", "imports included"))
    return figures


def _growth(files: dict[int, Path]) -> list[Figure]:
    """Time and memory for 1, 2 and 4 times the document, what an empty process needs taken off."""
    idle = cost(NOTHING, files[1])
    costs = {times: [cost(OURS, file) for _ in range(3)] for times, file in files.items()}
    seconds = {times: statistics.median(c.seconds for c in found) - idle.seconds for times, found in costs.items()}
    memory = {times: statistics.median(c.megabytes for c in found) - idle.megabytes for times, found in costs.items()}
    how = {
        "s": ", ".join(f"{times}×: {value:.2f} s" for times, value in seconds.items()),
        "MB": ", ".join(f"{times}×: {value:.0f} MB" for times, value in memory.items()),
    }
    return [
        Figure("growth of load time, per size of document", seconds[4] / seconds[1] / 4, 1.3, "×", how["s"]),
        Figure("growth of memory, per size of document", memory[4] / memory[1] / 4, 1.3, "×", how["MB"]),
    ]


def cost(code: str, file: Path) -> Cost:
    """What running this code on a file costs, in a process of its own."""
    words = [sys.executable, "-c", code + TELL, str(file)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        peak = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = status
    assert status == 0, code
    return Cost(usage.ru_utime + usage.ru_stime, int(peak) / 1024)


def write(file: Path, things: int) -> Path:
    file.write_text(json.dumps(contract(things), indent=1), encoding="utf-8")
    return file


def _as_yaml(source: Path) -> Path:
    import yaml

    file = source.with_suffix(".yaml")
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    with file.open("w", encoding="utf-8") as stream:
        yaml.dump(json.loads(source.read_text("utf-8")), stream, Dumper=dumper, sort_keys=False)
    return file


def contract(things: int) -> dict[str, Any]:
    """A contract of that many things, in the words of OpenAPI 3.0."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "Large", "version": "1"},
        "paths": {f"/things{number}/{{id}}": _item(number) for number in range(things)},
        "components": {"schemas": {f"Thing{number}": _thing(number, things) for number in range(things)}},
    }


def _thing(number: int, things: int) -> dict[str, Any]:
    texts = {
        f"field_{n}": {"type": "string", "description": "What it is, said at some length.", "maxLength": 40 + n}
        for n in range(18)
    }
    others = {
        "parent": _ref((number + 1) % things),
        "kind": {"type": "string", "enum": [f"kind-{n}" for n in range(10)]},
        "note": {"type": "string", "nullable": True, "pattern": "^[a-z]{1,9}$"},
    }
    return {"type": "object", "required": ["field_0", "kind"], "properties": {**texts, **others}}


def _item(number: int) -> dict[str, Any]:
    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {"parameters": [identifier], **{method: _operation(method, number) for method in ("get", "put", "delete")}}


def _operation(method: str, number: int) -> dict[str, Any]:
    content = {"application/json": {"schema": _ref(number)}}
    return {
        "operationId": f"{method}Thing{number}",
        "summary": "Does what it says",
        "description": "At some length, too. " * 9,
        "parameters": [{"name": f"q{n}", "in": "query", "schema": {"type": "integer", "minimum": 0}} for n in range(3)],
        **({"requestBody": {"required": True, "content": content}} if method == "put" else {}),
        "responses": {status: {"description": "-", "content": content} for status in ("200", "400", "404", "500")},
    }


def _ref(number: int) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/Thing{number}"}
