"""The playbook that was certified, wherever it can be had, and the checks that its suites declare."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from certify.certificate.case import Case
from certify.certificate.declared import Declared, declared
from certify.errors import CertifyError
from certify.model.plan import Plan
from certify.model.playbook import Playbook
from certify.program.digest import digest
from certify.program.playbook import load_playbook
from certify.program.program import BUILT_IN, Program, find_program
from certify.program.shipped import shipped_root
from certify.rundir import RUN, RunDirectory


@dataclass(frozen=True)
class Basis:
    """What the list of checks is derived from.

    ``checks`` gives of some checks what the certified suites declare, and nothing where those are not at hand. It is a
    function because that is asked for only where a check did not run.
    """

    playbook: Playbook
    checks: Callable[[Collection[str]], Mapping[str, Declared]]


def basis_of(case: Case) -> Basis | None:
    """The playbook with the certified digest: the verifier's own, a built-in one, or the one that the run recorded.

    Raises :class:`certify.errors.ProgramError` where the verifier's own cannot be read.
    """
    for program in _programs(case):
        if program.digests["playbook"] == case.certificate.digests.get("playbook"):
            return Basis(playbook_of(case, program), partial(_checks, case, program))
    plan = _recorded(case)
    return Basis(plan.playbook, partial(_planned, plan)) if plan is not None else None


def playbook_of(case: Case, program: Program) -> Playbook:
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
    """The plan beside the certificate. It is not even read unless it is the one that was signed."""
    file = case.folder / RUN
    try:
        if not file.is_file() or digest(file) != case.certificate.digests.get("plan"):
            return None
        return RunDirectory(case.folder).plan()
    except (CertifyError, OSError):
        return None


def _checks(case: Case, program: Program, names: Collection[str]) -> Mapping[str, Declared]:
    """From the suites, if they are those that were certified; else as the run recorded them."""
    if program.digests["suites"] == case.certificate.digests.get("suites"):
        return declared([shipped_root() / "suites", program.suites], names)
    plan = _recorded(case)
    return _planned(plan, names) if plan is not None else {}


def _planned(plan: Plan, names: Collection[str]) -> Mapping[str, Declared]:
    rows = (item.check for item in plan.checks)
    return {row.id: Declared(row.needs, row.level) for row in rows if row.id in names}
