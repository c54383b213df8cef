"""The gate's decision: facts in, one answer out. Pure: no file, no network, no clock.

The law, in the order in which it is applied; the first that fits is the answer, and only the last one grants:

1.  Nobody speaks (``choosing.py`` says who does): ``untrusted`` where something is there that cannot be verified, else
    ``missing``. No rows never means yes.
2.  The one who speaks was **revoked**: ``revoked``, whatever else is true of it.
3.  It says that the milestone, or one before it, is not certified: ``failed``; that it is unproven, or its run was
    narrowed to some of the checks: ``unproven``. A signed failure stands although files beside it were edited since.
    What it carried over and a run in between did not pass counts as it was there.
4.  The list of revocations is there and cannot be verified, or is not there where the environment demands it:
    ``untrusted``. Nobody can tell then what was revoked.
5.  Somebody contradicts it, or its run directory or its list of checks does not bear it out: ``untrusted``.
6.  **Expired**: ``expired`` from the second ``expires`` on, which is the signer's word, and at the latest as many days
    after its run as today's playbook gives. (``certify verify`` lets two clocks differ by a minute; a gate has one.)
    Within the playbook's grace it holds on, degraded. A waiver that it stands on and that has ended, or was taken back,
    ends it too, without grace: so much was agreed upon when it was granted.
7.  **Stale**: contract, playbook or suites changed so that checks have to run again, or the day came from which a
    pending criterion of the playbook blocks, and it is not proved: ``stale``. Until the deadline that the playbook's
    rules for changes give, or its days of grace from when the change took effect, it holds on, degraded. A change of
    which nobody knows when it took effect has no grace: its end would move every day.
8.  An approval that the playbook demands is not there: ``not-reviewed``. Grace never stands in for people.
9.  ``granted``: until the day on which the first of expiry and deadline comes.

With ``strict`` there is no grace, and a certificate that cannot be verified and claims to be of a newer run makes the
answer ``untrusted``, because a key that the key set does not name yet may have signed a failure; so does anything that
could not be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from certify.certificate.reviews import missing_reviews
from certify.gate.choosing import Speaker, choose, ran_itself, refuted, word
from certify.gate.question import Evidence, Question, Witness
from certify.gate.remedy import Case, remedy
from certify.model.gate import Answer, Decision
from certify.model.outcome import Status
from certify.model.verdict import Verdict
from certify.nearest import did_you_mean

DAY_S = 86_400
TOLD = 10
"""Suspects, and reasons why checks have to run again, that are told one by one."""


@dataclass(frozen=True)
class Finding:
    """An answer, and why. ``until`` is the day from which it changes, ``degraded`` the reason for which it will.

    ``roles`` are those in which nobody approved; ``unlisted`` says that it is the list of revocations that is wrong.
    """

    answer: Answer
    because: str
    until: date | None = None
    degraded: Answer | None = None
    checks: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    unlisted: bool = False


def decide(question: Question, evidence: Evidence) -> Decision:
    """The answer to a question, with the reason, what to do about it, and what it rests upon."""
    speaker = choose(question, evidence.witnesses, evidence.revoked.entries)
    finding = answer(question, evidence, speaker)
    decision = Decision(
        answer=finding.answer,
        because=finding.because,
        remedy="",
        partner=question.partner,
        milestone=question.milestone,
        environment=question.rule.id,
        certificate=_id(speaker),
        run=_run(speaker),
        degraded=finding.degraded,
        until=finding.until.isoformat() if finding.until else "",
        checks=finding.checks,
        notes=_notes(evidence, speaker, finding),
    )
    about = [item.path.parent for item in (speaker.witness, *evidence.suspects) if item is not None]
    unusable = evidence.revoked.path if finding.unlisted else None
    case = Case(next(iter(about), None), question.place, finding.roles, unusable, evidence.revoked.missing)
    return replace(decision, remedy=remedy(decision, case))


def answer(question: Question, evidence: Evidence, speaker: Speaker) -> Finding:
    """The law, in its order."""
    if speaker.revocation is not None:
        gone = speaker.revocation
        when = _day(gone.at)
        return Finding(
            Answer.REVOKED, f"{gone.certificate}{_behind(speaker)} was revoked on {when} by {gone.by}: {gone.reason}"
        )
    witness = speaker.witness
    if witness is None:
        return _nobody(question, evidence)
    return (
        _said(question, witness)
        or _carried(question, evidence, witness)
        or _unlisted(evidence)
        or _objected(question, evidence, speaker, witness)
        or _held(question, evidence, witness)
    )


def _behind(speaker: Speaker) -> str:
    """Says so where not the certificate itself was revoked, but one that it stands on."""
    if speaker.witness is None or speaker.revocation is None:
        return ""
    own = speaker.witness.certificate
    itself = speaker.revocation.certificate == own.id or speaker.revocation.run == own.run
    return "" if itself else ", from which outcomes were carried over,"


def _nobody(question: Question, evidence: Evidence) -> Finding:
    if evidence.suspects:
        first = evidence.suspects[0]
        more = f", and {len(evidence.suspects) - 1} more are no better" if len(evidence.suspects) > 1 else ""
        return Finding(Answer.UNTRUSTED, f"{first.path} cannot be trusted: {first.why}{more}")
    kind = "gated certificate" if question.rule.provenance == "gated" else "certificate"
    near = did_you_mean(question.partner, evidence.partners)
    practice = any(item.provenance == "practice" for item in evidence.witnesses)
    lesser = _PRACTICE if question.rule.provenance == "gated" and practice else ""
    return Finding(Answer.MISSING, f"there is no {kind} of {question.partner} for {question.milestone}{near}{lesser}")


_PRACTICE = "; a run counts as gated that was signed in CI, with a key that the key set names gated (sign --jwks)"


def _said(question: Question, witness: Witness) -> Finding | None:
    """What the certificate itself says, where that is not that the milestone is certified."""
    verdict = word(question, witness.certificate)
    if verdict is Verdict.CERTIFIED:
        few = f"{', '.join(witness.unasked[:TOLD])}{' …' if len(witness.unasked) > TOLD else ''}"
        return Finding(Answer.UNPROVEN, f"the newest run was narrowed: it left out {few}") if witness.unasked else None
    own = {item.id: item for item in witness.certificate.milestones}
    blamed = [
        name
        for name in (question.milestone, *sorted(question.before))
        if name in own and own[name].verdict != Verdict.CERTIFIED
    ]
    which = ", ".join(blamed) or question.milestone
    if verdict is Verdict.NOT_CERTIFIED:
        return Finding(Answer.FAILED, f"the newest run says not certified: {which}")
    unfinished = "" if witness.certificate.complete else "; the run was not finished"
    return Finding(Answer.UNPROVEN, f"the newest run could not prove {which}{unfinished}")


def _carried(question: Question, evidence: Evidence, witness: Witness) -> Finding | None:
    """What it took over although a run in between did not pass it."""
    found = refuted(question, witness, evidence.witnesses)
    if not found:
        return None
    names = tuple(found)
    failed = [name for name in names if ran_itself(found[name].certificate)[name] == Status.FAILED]
    name = (failed or names)[0]
    more = f", and {len(names) - 1} more" if len(names) > 1 else ""
    told = f"{name} was carried over, and did not pass in the newer run {found[name].certificate.run}{more}"
    return Finding(Answer.FAILED if failed else Answer.UNPROVEN, told, checks=names)


def _unlisted(evidence: Evidence) -> Finding | None:
    trouble = evidence.revoked.trouble
    return Finding(Answer.UNTRUSTED, trouble, unlisted=True) if trouble else None


def _objected(question: Question, evidence: Evidence, speaker: Speaker, witness: Witness) -> Finding | None:
    objections = [speaker.contradiction, *witness.objections]
    if question.strict:
        newer = [item for item in evidence.suspects if item.started > witness.certificate.started]
        objections += [f"{item.path} claims to be newer and cannot be trusted: {item.why}" for item in newer[:1]]
        objections += [f"something could not be looked at: {note}" for note in evidence.unseen[:1]]
    found = [item for item in objections if item]
    return Finding(Answer.UNTRUSTED, "; ".join(found[:3])) if found else None


def _held(question: Question, evidence: Evidence, witness: Witness) -> Finding:
    """Whether it still holds, for how long, and whether everybody has approved who has to."""
    findings = [_age(question, witness), _change(question, evidence, witness)]
    refused = next((item for item in findings if item is not None and item.answer is not Answer.GRANTED), None)
    if refused is not None:
        return refused
    missing = missing_reviews(witness.approvals, question.rules.approvals, question.milestone)
    if missing:
        return Finding(Answer.NOT_REVIEWED, "; ".join(missing), roles=_unheard(question, witness))
    return min((item for item in findings if item is not None), key=lambda item: item.until or date.max)


def _unheard(question: Question, witness: Witness) -> tuple[str, ...]:
    """The roles in which nobody approved."""
    asked = [role for rule in question.rules.approvals if rule.milestone == question.milestone for role in rule.roles]
    given = {item.approval.role for item in witness.approvals}
    return tuple(role for role in asked if role not in given)


def _age(question: Question, witness: Witness) -> Finding:
    if witness.over:
        return Finding(Answer.EXPIRED, witness.over)
    expires = min(witness.certificate.expires, witness.certificate.started + question.rules.valid_days * DAY_S)
    if question.now < expires:
        return Finding(Answer.GRANTED, "the certificate holds", _day(expires))
    told = f"the certificate expired on {_day(expires)}"
    ends = expires + question.rules.grace.expired_days * DAY_S
    return _graced(question, Finding(Answer.EXPIRED, told, _day(ends)), holds=question.now < ends)


def _change(question: Question, evidence: Evidence, witness: Witness) -> Finding | None:
    """What a change since makes of it; nothing where none touched anything."""
    stale = evidence.staleness
    if not stale.stale:
        return None
    checks = stale.checks or tuple(check.id for check in witness.certificate.checks)
    told = f"the {_listed(stale.changed)} changed since; {_run_again(len(checks))}"
    ends = _last_day(question, evidence)
    until = ends + timedelta(days=1) if ends else None
    holds = until is not None and _day(question.now) < until
    return _graced(question, Finding(Answer.STALE, told, until, checks=checks), holds=holds)


def _last_day(question: Question, evidence: Evidence) -> date | None:
    """The last day on which a stale certificate stands: the deadline, or the days of grace, whichever is later."""
    stale, days = evidence.staleness, question.rules.grace.stale_days
    graced = stale.since + timedelta(days=days) if stale.since and days else None
    return max((day for day in (stale.deadline, graced) if day), default=None)


def _graced(question: Question, refusal: Finding, *, holds: bool) -> Finding:
    """A grant that is on its way out, or the refusal, whose day has come then."""
    if holds and not question.strict:
        return replace(refusal, answer=Answer.GRANTED, degraded=refusal.answer)
    return replace(refusal, until=None)


def _day(moment: float) -> date:
    """A moment's day, in UTC; the last there is for one beyond it."""
    try:
        return datetime.fromtimestamp(moment, UTC).date()
    except (OverflowError, ValueError, OSError):
        return date.max


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _run_again(number: int) -> str:
    return "1 check has to run again" if number == 1 else f"{number} checks have to run again"


def _notes(evidence: Evidence, speaker: Speaker, finding: Finding) -> tuple[str, ...]:
    """Whatever else a reader should know; not again what is the reason already."""
    trouble = [evidence.revoked.trouble] if evidence.revoked.trouble and not finding.unlisted else []
    stale = evidence.staleness
    again = [f"{check}: {stale.reasons[check]}" for check in finding.checks if check in stale.reasons]
    waived = speaker.witness.waived if speaker.witness and finding.answer is Answer.GRANTED else ()
    return (
        *waived,
        *speaker.notes,
        *_suspicions(evidence),
        *evidence.unseen,
        *trouble,
        *again[:TOLD],
        *stale.notes,
        *evidence.notes,
    )


def _suspicions(evidence: Evidence) -> tuple[str, ...]:
    told = tuple(f"{item.path} is passed over: {item.why}" for item in evidence.suspects[:TOLD])
    more = len(evidence.suspects) - TOLD
    return (*told, f"{more} more files are passed over") if more > 0 else told


def _id(speaker: Speaker) -> str:
    if speaker.witness is not None:
        return speaker.witness.certificate.id
    return speaker.revocation.certificate if speaker.revocation else ""


def _run(speaker: Speaker) -> str:
    """The run directory of the certificate that speaks; the run's id where its directory is gone."""
    if speaker.witness is not None:
        return str(speaker.witness.path.parent)
    return speaker.revocation.run if speaker.revocation else ""
