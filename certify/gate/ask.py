"""The gate from end to end: what was asked on a command line, held against the playbook, gathered and decided.

decision = ask(Request("acme", "production-readiness", "production", jwks="jwks.json"), now=time.time())
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from certify.errors import UsageError
from certify.gate.decide import decide
from certify.gate.gather import Places, gather
from certify.gate.question import Question, milestones_before
from certify.model.certificate import REVOCATIONS, Provenance
from certify.model.gate import Decision
from certify.model.playbook import EnvironmentRule, Playbook
from certify.nearest import suggest
from certify.program.playbook import load_playbook
from certify.program.program import Program, find_program
from certify.signing.key_set import load_key_set


@dataclass(frozen=True)
class Request:
    """As asked for. ``at`` None: now; ``revocations`` None: ``<reports>/revocations.jws``."""

    partner: str
    milestone: str
    environment: str
    jwks: str
    reports: Path = Path("reports")
    program: Path | None = None
    contract: Path | None = None
    waivers: Path | None = None
    profile: Path | None = None
    revocations: Path | None = None
    at_least: int = 0
    at: date | None = None
    strict: bool = False


def ask(request: Request, *, now: float) -> Decision:
    """The decision. Raises :class:`certify.errors.ConfigurationError` where something is named that does not exist,
    or where playbook or key set cannot be read: then nothing is decided, which is no grant either."""
    program = find_program(request.program)
    playbook = load_playbook(program.playbook, None)
    question = Question(
        partner=request.partner,
        milestone=_milestone(request.milestone, playbook),
        rule=_environment(request.environment, playbook),
        program=playbook.id,
        rules=playbook.certification,
        now=end_of(request.at) if request.at is not None else now,
        before=milestones_before(playbook, request.milestone),
        strict=request.strict,
        place=str(request.program or ""),
    )
    places = Places(
        reports=request.reports,
        keys=load_key_set(request.jwks),
        program=program,
        playbook=playbook,
        revocations=request.revocations or request.reports / REVOCATIONS,
        clock=now,
        contract=_contract(request.contract, program, question.rule),
        waivers=_there(request.waivers, "waivers file", "name the file of the waivers that stand with --waivers"),
        profile=_there(request.profile, "profile", "name the partner's profile, as you keep it, with --profile"),
        named=request.revocations is not None,
        at_least=request.at_least,
        audit=request.at is not None,
    )
    return decide(question, gather(question, places))


def end_of(day: date) -> float:
    """The last second of a day, in UTC: what was issued on it counts, and what ended on it does not.

    Raises :class:`UsageError` for the last day there is.
    """
    try:
        return datetime.combine(day + timedelta(days=1), time(), UTC).timestamp() - 1
    except OverflowError:
        raise UsageError(f"no calendar has a day after {day}", ["name an earlier one with --at"]) from None


def _milestone(name: str, playbook: Playbook) -> str:
    known = [item.id for item in playbook.milestones]
    if name not in known:
        raise _unknown("milestone", name, known)
    return name


def _environment(name: str, playbook: Playbook) -> EnvironmentRule:
    rules = {rule.id: rule for rule in playbook.certification.environments}
    if not rules:
        message = "the playbook names no environment, so the gate opens nowhere"
        raise UsageError(message, ["add certification.environments to the playbook: see playbook/README.md"])
    if name not in rules:
        raise _unknown("environment", name, rules)
    return rules[name]


def _unknown(what: str, name: str, known: Collection[str]) -> UsageError:
    near, advice = suggest(name, known)
    return UsageError(f"the playbook has no {what} {name!r}{near}", [advice] if advice else [])


def _contract(path: Path | None, program: Program, rule: EnvironmentRule) -> Path | None:
    """Today's contract. Where gated runs are asked for it has to be known: nobody can tell else whether it changed."""
    if _there(path, "contract", _NAME_IT) is None and program.contract is None and rule.provenance == Provenance.GATED:
        message = f"the program {program.root} brings no contract, so nobody can tell whether it changed since"
        raise UsageError(message, [_NAME_IT])
    return path


def _there(path: Path | None, what: str, advice: str) -> Path | None:
    if path is not None and not path.is_file():
        raise UsageError(f"there is no {what} {path}", [advice])
    return path


_NAME_IT = "name the file of today's contract with --contract"
