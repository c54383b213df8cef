"""What should have run, derived again: a certificate cannot leave out what it does not like.

From the playbook come the milestones before each one that it speaks of, and the checks and answers that they bind; from
the capabilities that it records, which checks could not run on this partner. Then the certificate's own list of
statuses is judged by the law of ``judge.py``, and may not claim more than that gives.

The playbook is that of the program which the verifier names, or the built-in one, where it is the one that was
certified (by its digest). Otherwise it is the run's own record of it, which the certificate digests; without any of
these, a note says that nobody looked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from certify.certificate.case import Case
from certify.certificate.declared import Declared
from certify.certificate.people import DAY_S, answers_end
from certify.certificate.playbook import Basis, basis_of
from certify.certificate.problem import Flaw, Problem
from certify.certificate.validity import moment
from certify.judge import ANSWERS, bound_checks, judge
from certify.model.certificate import Certificate, CertifiedCheck
from certify.model.check import Check, Level
from certify.model.outcome import Outcome, Status
from certify.model.plan import ContractFacts, PartnerFacts, Plan, PlannedCheck, Selection
from certify.model.playbook import Certification, Milestone, Playbook, Waiver
from certify.model.report import ReportedWaiver
from certify.model.verdict import RuledWaiver, RunVerdict, Verdict, WaiverState

_RUN = "do not rely on it; run again, and have that run signed"
_RANK = {Verdict.NOT_CERTIFIED: 0, Verdict.UNPROVEN: 1, Verdict.CERTIFIED: 2}
"""A certificate may claim less than its list bears, and never more."""
_KEPT = (Status.NOT_APPLICABLE, Status.NOT_RUN)
"""How a check ends that the plan kept from running, without an attempt."""


def expected(case: Case) -> Iterator[Problem]:
    """Hold a certificate against what its milestones ask for."""
    basis = basis_of(case)
    if basis is None:
        case.notes.append(
            "what should have run was not derived: the playbook that was certified is not at hand (--program)"
        )
        return
    said = case.certificate
    yield from _named(said, basis.playbook)
    yield from _life(said, basis.playbook.certification)
    yield from _answers_life(said, basis.playbook)
    yield from _milestones(said, basis.playbook)
    yield from _twice(said.checks)
    known = {item.id for item in said.milestones}
    chosen = tuple(item for item in basis.playbook.milestones if item.id in known)
    missing = list(_missing(said, chosen))
    yield from missing
    yield from _blocked(case, basis)
    derived = _judged(said, replace(basis.playbook, milestones=chosen), basis)
    yield from _waivers(said, derived.waivers)
    if not missing:
        yield from _claims(said, derived)


def _named(said: Certificate, playbook: Playbook) -> Iterator[Problem]:
    """A gate asks by the playbook's id; the digest beside it has to be of the playbook that has it."""
    own, found = f"{playbook.id} {playbook.version}", f"{said.program.id} {said.program.version}"
    if own != found:
        message = "it names another playbook than the one whose digest is on it"
        yield Problem(Flaw.PLAYBOOK, message, own, found, _RUN)


def _life(said: Certificate, rules: Certification) -> Iterator[Problem]:
    """Whoever signs chooses the end, also with a key that was retired, on an earlier date. The playbook bounds it."""
    latest = said.started + rules.valid_days * DAY_S
    if said.expires > latest:
        message = f"it lasts longer than the {rules.valid_days} days after its run that the playbook gives"
        yield Problem(Flaw.TIMES, message, moment(latest), moment(said.expires), _RUN)


def _answers_life(said: Certificate, playbook: Playbook) -> Iterator[Problem]:
    """What people said of the milestones that it speaks of is worth something for so many days, and so is what stands
    on it."""
    known = {item.id for item in said.milestones}
    chosen = replace(playbook, milestones=tuple(item for item in playbook.milestones if item.id in known))
    for name, end in answers_end(chosen, said.checks, said.started):
        if said.expires > end:
            message = f"it outlives {name}, which has to be given again"
            yield Problem(Flaw.TIMES, message, moment(end), moment(said.expires), _RUN)


# — milestones and checks —


def _milestones(said: Certificate, playbook: Playbook) -> Iterator[Problem]:
    known, claimed = {item.id: item for item in playbook.milestones}, [item.id for item in said.milestones]
    for name in claimed:
        if name not in known:
            message = f"the playbook has no milestone {name!r}"
            yield Problem(Flaw.MILESTONES, message, ", ".join(known), name, "do not rely on it")
        for before in known[name].after if name in known else ():
            if before not in claimed:
                message = f"{name} stands on {before}, of which it says nothing"
                yield Problem(Flaw.MILESTONES, message, before, ", ".join(claimed), _RUN)
    if len(set(claimed)) < len(claimed):
        yield Problem(Flaw.MILESTONES, "it speaks of a milestone twice", "", ", ".join(claimed), "do not rely on it")


def _twice(checks: Iterable[CertifiedCheck]) -> Iterator[Problem]:
    seen: set[str] = set()
    for check in checks:
        if check.id in seen:
            yield Problem(Flaw.VERDICT, f"it speaks of {check.id} twice", "once", "twice", "do not rely on it")
        seen.add(check.id)


def _missing(said: Certificate, milestones: Iterable[Milestone]) -> Iterator[Problem]:
    """What the milestones bind and the certificate does not name; where nothing is claimed, nothing is silent."""
    if said.verdict != Verdict.CERTIFIED:
        return
    there = {check.id for check in said.checks}
    bound = {name: (m, c) for m in milestones for c in m.criteria for name in bound_checks(c)}
    for name, (milestone, criterion) in bound.items():
        if name not in there:
            message = f"{name} should have run, and the certificate does not name it"
            place = f"{name}, for {criterion.id} in {milestone.id}"
            yield Problem(Flaw.MISSING_CHECK, message, place, "nothing", _RUN)


def _blocked(case: Case, basis: Basis) -> Iterator[Problem]:
    """Checks that did not even start: something that they need has to be missing, by the certificate's own word."""
    kept = [item for item in case.certificate.checks if item.status in _KEPT and not item.attempts and not _said(item)]
    if not kept:
        return
    rows, lacks = basis.checks({item.id for item in kept}), case.certificate.capabilities
    if not rows:
        case.notes.append("why checks did not run was not looked at: the suites that were certified are not at hand")
        return
    for item in kept:
        needs = rows[item.id].needs if item.id in rows else ()
        if not any(lacks.get(need) for need in needs):
            message = f"{item.id} did not run ({item.status}), and nothing kept it from running"
            wanted = f"{', '.join(needs)} not offered" if needs else "passed or failed: it needs nothing special"
            yield Problem(Flaw.WRONGLY_BLOCKED, message, wanted, f"{item.status} {item.reason}".strip(), _RUN)


# — the law, on the certificate's own list —


def _judged(said: Certificate, playbook: Playbook, basis: Basis) -> RunVerdict:
    """What the statuses on a certificate mean."""
    never = playbook.certification.waivers.never
    rows = basis.checks({item.check for item in said.waivers}) if never.levels else {}
    own = [item for item in said.checks if not _said(item)]
    plan = Plan(
        run_id=said.run,
        partner=PartnerFacts(said.partner.id, said.partner.name, said.partner.base_url, said.partner.environment),
        playbook=playbook,
        contract=ContractFacts("", "", "", "", ()),
        checks=tuple(PlannedCheck(_row(item.id, rows)) for item in own),
        selection=Selection(),
        seed=0,
        max_examples=0,
        started=said.started,
        waivers=tuple(_waiver(item, said.partner.id) for item in said.waivers),
    )
    outcomes = [_outcome(item) for item in said.checks if item.status in set(Status)]
    return judge(plan, outcomes, now=said.started, complete=said.complete)


def _row(name: str, rows: Mapping[str, Declared]) -> Check:
    level = Level(rows[name].level) if name in rows else Level.PRACTICE
    return Check(name, level, "", "", "", "", (), ())


def _outcome(item: CertifiedCheck) -> Outcome:
    return Outcome(item.id, Status(item.status), ANSWERS if _said(item) else "suites")


def _said(item: CertifiedCheck) -> bool:
    """Whether a person decided it."""
    return item.id.startswith("answer:")


def _waiver(item: ReportedWaiver, partner: str) -> Waiver:
    """A waiver as it was brought. One for another partner is told by its state; one without a date is long over."""
    whose = partner if item.state != WaiverState.OTHER_PARTNER else ""
    try:
        expires = date.fromisoformat(item.expires)
    except ValueError:
        expires = date.min
    return Waiver(item.check, whose, item.reason, item.approver, expires)


def _waivers(said: Certificate, derived: Iterable[RuledWaiver]) -> Iterator[Problem]:
    for claimed, ruled in zip(said.waivers, derived, strict=True):
        if claimed.state == WaiverState.USED and ruled.state is not WaiverState.USED:
            message = f"the waiver of {claimed.check} by {claimed.approver} excuses nothing: {ruled.because}"
            yield Problem(Flaw.WAIVER, message, str(ruled.state), claimed.state, _RUN)


def _claims(said: Certificate, derived: RunVerdict) -> Iterator[Problem]:
    """No milestone, and not the whole, is certified beyond what the list of checks gives."""
    borne = {item.milestone.id: item for item in derived.milestones}
    found = False
    for item in said.milestones:
        if item.id in borne and _more(item.verdict, borne[item.id].verdict):
            found, because = True, borne[item.id].because
            message = f"{item.id} is said to be {item.verdict}, and by the checks on it is {borne[item.id].verdict}"
            yield Problem(Flaw.VERDICT, f"{message}: {because}", str(borne[item.id].verdict), item.verdict, _RUN)
    if not found and _more(said.verdict, derived.verdict):
        message = f"it says {said.verdict}, and by its own words is {derived.verdict}"
        yield Problem(Flaw.VERDICT, message, str(derived.verdict), said.verdict, _RUN)


def _more(claimed: str, borne: Verdict) -> bool:
    return claimed not in set(Verdict) or _RANK[Verdict(claimed)] > _RANK[borne]
