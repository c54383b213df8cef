"""Trying checks on a Depot: each in a suites child that is forked from one that has imported everything."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from certify.judge import condense
from certify.model.outcome import Outcome
from certify.model.plan import Plan
from certify.model.verdict import CheckResult
from certify.pipeline import Loaded, RunRequest, load_program, plan_for
from certify.planning import Request
from certify.program.partner import load_partner
from certify.selftest import suites_alone, suites_trial
from tests.second_api.profile import CONTRACT, profile, write_profile
from tests.second_api.serving import Change, serve

NOT_THEIRS = {
    *(f"auth.{name}-rejected" for name in ("expired-token", "bad-signature", "alg-none", "wrong-audience")),
    *("auth.wrong-issuer-rejected", "auth.valid-token-accepted", "auth.cc-token-issued", "auth.cc-errors-standard"),
    "authz.scope-enforced",
}
"""Checks of tokens and scopes: an API key is neither."""
Edit = Callable[[dict[str, Any]], None]


def as_it_is(document: dict[str, Any]) -> None:
    """Nothing is edited."""


@dataclass(frozen=True)
class Tried:
    """What a trial gave: the results by check, and everything that was noted."""

    results: Mapping[str, CheckResult]
    outcomes: tuple[Outcome, ...]

    def status(self, check: str) -> str:
        return str(self.results[check].status)

    def failed(self) -> set[str]:
        return {name for name, result in self.results.items() if result.status == "failed"}

    def told(self) -> str:
        """Every finding and note, for the message of an assertion."""
        return "\n".join(
            f"{o.check} {o.status} {o.reason or ''} {o.note}\n"
            + "".join(
                f"    {f.weight}: expected {f.expected}; got {f.actual} {list(f.operations)}\n" for f in o.findings
            )
            for o in self.outcomes
            if o.status != "passed"
        )


def try_on(*changes: Change, checks: Sequence[str] = ("*",), edit: Edit = as_it_is, contract: Edit = as_it_is) -> Tried:
    """Run checks on a Depot with those changes, by a profile and a contract with those edits; without ``checks`` what
    the baseline playbook asks for."""
    with serve(*changes) as url, profile_for(url, edit, contract) as (file, folder):
        loaded, plan = _planned(file, tuple(checks), anew=contract is not as_it_is)
        outcomes = tuple(suites_trial(loaded, plan, folder).outcomes())
        return Tried(condense(plan, outcomes), outcomes)


@contextmanager
def profile_for(url: str, edit: Edit = as_it_is, contract: Edit = as_it_is) -> Iterator[tuple[Path, Path]]:
    """A profile for a Depot at that address, and a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="certify-depot-") as name:
        document = profile(url)
        if contract is not as_it_is:
            document["target"]["contract"] = str(write_contract(Path(name), contract))
        edit(document)
        yield write_profile(Path(name), document), Path(name)


def write_contract(folder: Path, edit: Edit) -> Path:
    """Write an edited contract; the file's path."""
    document = yaml.safe_load(CONTRACT.read_text())
    edit(document)
    file = folder / "contract.yaml"
    file.write_text(yaml.safe_dump(document, sort_keys=False))
    return file


def _planned(file: Path, checks: tuple[str, ...], *, anew: bool) -> tuple[Loaded, Plan]:
    loaded = load_program(RunRequest(file)) if anew else replace(_standing(), partner=load_partner(file))
    return loaded, suites_alone(plan_for(loaded, RunRequest(file, selection=Request(checks=checks, seed=1))))


@cache
def _standing() -> Loaded:
    """Program and contract, read once."""
    with profile_for("http://127.0.0.1:1/v2") as (file, _folder):
        return load_program(RunRequest(file))
