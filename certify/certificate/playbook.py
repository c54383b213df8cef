"""The playbook that was certified, wherever it can be had, and the checks that its suites declare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from certify.certificate.case import Case
from certify.errors import CertifyError
from certify.model.check import Check
from certify.model.plan import Plan
from certify.model.playbook import Playbook
from certify.program.digest import digest
from certify.program.playbook import load_playbook
from certify.program.program import BUILT_IN, Program, find_program
from certify.program.shipped import shipped_root


@dataclass(frozen=True)
class Basis:
    """What the list of checks is derived from.

    ``checks`` gives what the certified suites declare, by id, and nothing where they are not at hand. It is a function
    because importing suites takes a tenth of a second, and is needed only where a check did not run.
    """

    playbook: Playbook
    checks: Callable[[], Mapping[str, Check]]


def basis_of(case: Case) -> Basis | None:
    """The playbook with the certified digest: the verifier's own, a built-in one, or the one that the run recorded.

    Raises :class:`certify.errors.ProgramError` where the verifier's own cannot be read.
    """
    for program in _programs(case):
        if program.digests["playbook"] == case.certificate.digests.get("playbook"):
            return Basis(_read(case, program), partial(_checks, case, program))
    plan = _recorded(case)
    return Basis(plan.playbook, lambda: _planned(plan)) if plan is not None else None


def _read(case: Case, program: Program) -> Playbook:
    """The playbook of a program; it is read once only where the verifier has read it already."""
    if case.against.playbook is not None and program is case.against.program:
        return case.against.playbook
    return load_playbook(program.playbook, None)


def _programs(case: Case) -> Iterator[Program]:
    if case.against.program is not None:
        yield case.against.program
    for place in BUILT_IN.values():
        yield find_program(shipped_root() / place)


def _recorded(case: Case) -> Plan | None:
    """The plan beside the certificate, if it is the one that was signed."""
    try:
        plan = case.plan
        signed = plan is not None and digest(case.folder / "run.json") == case.certificate.digests.get("plan")
    except (CertifyError, OSError):
        return None
    return plan if signed else None


def _checks(case: Case, program: Program) -> Mapping[str, Check]:
    """The rows of the suites, if they are those that were certified; else those that the run recorded."""
    if program.digests["suites"] == case.certificate.digests.get("suites"):
        return _declared(program.suites)
    plan = _recorded(case)
    return _planned(plan) if plan is not None else {}


@cache
def _declared(suites: Path) -> Mapping[str, Check]:
    from certify.suite.catalogue import load_checks

    return load_checks(list(dict.fromkeys([shipped_root() / "suites", suites])))


def _planned(plan: Plan) -> Mapping[str, Check]:
    return {item.check.id: item.check for item in plan.checks}
