"""The contract source against the fastest ``st run`` that one can start by hand, side by side, taking turns.

Same phases, examples, seed, operations and identity; ``--continue-on-failure`` and a fresh idempotency key per request
on both sides, so that both send all of their cases. On the reference sandbox and on a trivially fast server, each in a
process of its own that is started afresh for every run. The cases of both sides are printed beside the times.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from certify.http.session import open_session
from certify.model.partner import Partner
from certify.program.partner import load_partner
from certify.sandbox.profile import render_profile
from certify.sandbox.server import start_process
from certify.sources.contract.source import ContractSource
from tests.bench import fast_server
from tests.bench.table import Figure
from tests.unit.sources.contract.scene import a_partner, an_assignment

ST = str(Path(sys.executable).with_name("st"))
REFERENCE = Path(__file__).parents[2] / "openapi" / "partner-api.v1.yaml"
WORKERS = (1, 2, 4)
ROUNDS, MAX_EXAMPLES, SEED = 3, 50, 1


BY_HAND = """
import uuid, schemathesis

@schemathesis.hook
def before_call(context, case, kwargs):
    if "Idempotency-Key" in (case.headers or {}):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
"""


@dataclass(frozen=True)
class Stage:
    """A server, its contract, and a profile to call it with."""

    name: str
    partner: Partner
    contract: Path

    def by_hand(self, workers: int) -> int:
        """Run the engine as a person would; returns the number of cases that it generated."""
        identity = "fuzz" if "fuzz" in self.partner.identities else "primary"
        session = open_session(self.partner)
        headers = [f"{name}: {value}" for name, value in session.credentials(identity).headers.items()]
        session.close()
        words = [ST, "run", str(self.contract), "--url", self.partner.base_url, "--workers", str(workers)]
        words += [word for header in headers for word in ("-H", header)]
        words += ["--max-examples", str(MAX_EXAMPLES), "--seed", str(SEED), "--continue-on-failure", "--no-color"]
        with tempfile.TemporaryDirectory() as folder:
            hooks = Path(folder) / "by_hand.py"
            hooks.write_text(BY_HAND, "utf-8")
            environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(hooks)}
            said = subprocess.run(
                words, cwd=folder, env=environment, capture_output=True, text=True, check=False
            ).stdout
        found = re.search(r"([\d,]+) generated", said)
        return int(found[1].replace(",", "")) if found else 0

    def ours(self, processes: int) -> int:
        """Run the source; returns the number of cases that it generated."""
        with tempfile.TemporaryDirectory() as folder:
            assignment = an_assignment(
                self.partner, self.contract, Path(folder), max_examples=MAX_EXAMPLES, processes=processes, seed=SEED
            )
            ContractSource().record(assignment)
            note = next(iter(assignment.rundir.outcomes())).note
        return int(note.split(" cases", 1)[0].rsplit(" ", 1)[-1])


@contextmanager
def reference() -> Iterator[Stage]:
    with start_process() as sandbox, tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "partner.yaml"
        profile.write_text(render_profile(sandbox.base_url), "utf-8")
        yield Stage("the reference API", load_partner(profile), REFERENCE)


@contextmanager
def fast() -> Iterator[Stage]:
    words = [sys.executable, "-m", "tests.bench.fast_server", "0"]
    child = subprocess.Popen(words, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    try:
        with tempfile.TemporaryDirectory() as folder:
            assert child.stdout is not None
            partner = a_partner(f"http://127.0.0.1:{int(child.stdout.readline())}", Path(folder))
            (Path(folder) / "token").write_text(fast_server.TOKEN, "utf-8")
            contract = Path(folder) / "contract.json"
            contract.write_text(json.dumps(fast_server.contract()), "utf-8")
            yield Stage("a trivially fast server", replace(partner, id="fast"), contract)
    finally:
        child.terminate()
        child.wait()


@dataclass(frozen=True)
class Lap:
    seconds: float
    cases: int


Opener = Callable[[], AbstractContextManager[Stage]]
CONTESTANTS: dict[str, Callable[[Stage], int]] = {
    **{f"st run --workers {n}": partial(Stage.by_hand, workers=n) for n in WORKERS},
    **{f"certify, {n} process{'es' * (n > 1)}": partial(Stage.ours, processes=n) for n in (1, 2)},
}


def lap(opened: Opener, contestant: Callable[[Stage], int]) -> Lap:
    with opened() as stage:
        started = time.perf_counter()
        cases = contestant(stage)
        return Lap(time.perf_counter() - started, cases)


def run() -> list[Figure]:
    """The table's rows; every contestant's times and cases go to stderr."""
    figures: list[Figure] = []
    for server, opened in (("the reference API", reference), ("a trivially fast server", fast)):
        rounds = [{name: lap(opened, contestant) for name, contestant in CONTESTANTS.items()} for _ in range(ROUNDS)]
        for name in CONTESTANTS:
            laps = [results[name] for results in rounds]
            shown = "  ".join(f"{one.seconds:6.2f} s {one.cases:5} cases" for one in laps)
            median = statistics.median(one.seconds for one in laps)
            print(f"{server:24} {name:22} median {median:6.2f} s   {shown}", file=sys.stderr)
        figures += _figures(server, rounds)
    return figures


def _figures(server: str, rounds: Sequence[dict[str, Lap]]) -> list[Figure]:
    """Ratios round by round to the fastest ``st run`` of the same round, and their median."""
    figures = []
    for name, limit in (("certify, 2 processes", 0.65), ("certify, 1 process", 1.10)):
        fastest = [min(results[f"st run --workers {n}"].seconds for n in WORKERS) for results in rounds]
        ratios = [results[name].seconds / hand for results, hand in zip(rounds, fastest, strict=True)]
        how = f"median of {len(rounds)} rounds in turn, {rounds[-1][name].cases} cases"
        what = f"contract source on {server}: {name}"
        figures.append(Figure(what, statistics.median(ratios), limit, "× fastest `st run`", how))
    return figures


if __name__ == "__main__":
    from tests.bench.table import markdown

    print(markdown(run()))
