"""Reading what the gate decides upon: certificates, what lies beside the one that speaks, revocations, what changed.

A thousand certificates are found by the beginning of their payloads; verified are only those of the partner, newest
first, until one that counts is found and nothing can be newer. What a file claims about its age decides when it is
looked at, and nothing else: an authentic one cannot lie about it, because the claim is what was signed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from certify.certificate.authentic import authentic
from certify.certificate.case import Against
from certify.certificate.claims import LATEST
from certify.certificate.problem import Flaw
from certify.certificate.reviews import Approved, reviews_of
from certify.certificate.revoked import read_revocations
from certify.certificate.store import Found, Search, find
from certify.certificate.verify import examine
from certify.errors import CertifyError
from certify.gate.choosing import choose, counts, unsettled
from certify.gate.question import Evidence, Question, Revoked, Suspect, Witness
from certify.model.certificate import APPROVALS, DIGESTED, Certificate, Provenance, RevocationList
from certify.model.change import Staleness
from certify.model.codec import decode
from certify.model.gate import Answer
from certify.model.playbook import Playbook
from certify.model.report import Report
from certify.program.digest import digest
from certify.program.program import Program
from certify.program.shipped import shipped_root
from certify.recertification.demands import came_due
from certify.rundir import file_digest
from certify.signing.jws import SKEW
from certify.signing.key_set import KeySet, TrustedKey

COPIES = 100
"""Places of one certificate that are looked at."""


@dataclass(frozen=True)
class Places:
    """Where to look. ``contract`` is the partner's own, where the program brings none; ``waivers`` the file of those
    that stand today, where it does not lie beside the playbook; ``profile`` the partner's, as the platform keeps it.

    ``named`` says that somebody named the list of revocations, so that it has to be there; ``at_least`` is the number
    that it has to have. ``audit`` says that the question is about another day, ``clock`` what time it is really.
    """

    reports: Path
    keys: KeySet
    program: Program
    playbook: Playbook
    revocations: Path
    clock: float
    contract: Path | None = None
    waivers: Path | None = None
    profile: Path | None = None
    named: bool = False
    at_least: int = 0
    audit: bool = False


def gather(question: Question, places: Places) -> Evidence:
    """Everything that bears upon a question. Nothing that is wrong with what is found raises; it is evidence."""
    revoked = revocations(question, places)
    search = find(places.reports)
    witnesses, suspects = _certificates(question, places, search)
    notes = (*_audited(question, places), *_unrevoked(revoked))
    speaker = choose(question, witnesses, revoked.entries).witness
    if speaker is None:
        known = _others(question, search)
        return Evidence(witnesses, suspects, revoked, notes=notes, unseen=search.notes, partners=known)
    closer, told = _closely(question, places, speaker, witnesses, revoked)
    others = tuple(item for item in witnesses if item.certificate != speaker.certificate)
    changed = Staleness() if closer.objections else _changed(question, places, closer)  # edited files say nothing
    return Evidence((closer, *others), suspects, revoked, changed, (*notes, *told), search.notes)


def _audited(question: Question, places: Places) -> tuple[str, ...]:
    """Which day an audit is about; the program is that of today, unless somebody brings the one of then."""
    if not places.audit:
        return ()
    day = datetime.fromtimestamp(question.now, UTC).date()
    return (f"as of the end of {day} (UTC), held against the playbook, contract and suites that are there now",)


def _unrevoked(revoked: Revoked) -> tuple[str, ...]:
    """Where no list is there, nothing is revoked, and nobody can tell that from a list that was deleted."""
    if revoked.trouble or os.path.lexists(revoked.path):
        return ()
    return (f"no list of revocations was looked at: there is none at {revoked.path}",)


def _others(question: Question, search: Search) -> tuple[str, ...]:
    """Whose certificates there are, where there is none of the partner: its name may have been mistyped."""
    named = {item.partner for item in search.found}
    return () if question.partner in named else tuple(sorted(named - {""}))


# — certificates —


def _certificates(
    question: Question, places: Places, search: Search
) -> tuple[tuple[Witness, ...], tuple[Suspect, ...]]:
    """Those of the partner that have to be looked at."""
    found_of_partner = (item for item in search.found if item.partner == question.partner)
    own = sorted((item for item in found_of_partner if _of_the_day(item, question, places)), key=_claimed, reverse=True)
    witnesses: list[Witness] = []
    suspects: list[Suspect] = []
    best: Certificate | None = None
    for found in own:
        if best is not None and not _bears_upon(found, best) and not unsettled(question, best, witnesses):
            continue
        seen = _witness(found, places.keys, question.now)
        if isinstance(seen, Suspect):
            suspects.append(seen)
            continue
        witnesses.append(seen)
        if counts(question, seen) and (best is None or seen.certificate.started > best.started):
            best = seen.certificate
    return tuple(witnesses), tuple(suspects)


def _bears_upon(found: Found, best: Certificate) -> bool:
    """Whether it could be newer than the best so far, or contradict it."""
    return _claimed(found) >= best.started or found.id == best.id or found.run == best.run


def _of_the_day(found: Found, question: Question, places: Places) -> bool:
    """Not issued after the day that an audit asks about; today a date in the future is a reason for suspicion."""
    return not places.audit or found.issued <= question.now


def _claimed(found: Found) -> float:
    """When its run began, by its own word; when it was issued is never earlier, and known always."""
    body = found.claims.get("certificate")
    started = body.get("started") if isinstance(body, dict) else None
    return float(started) if isinstance(started, int | float) and 0 <= started <= LATEST else found.issued


def _witness(found: Found, keys: KeySet, now: float) -> Witness | Suspect:
    try:
        known = authentic(found.path, keys, now=now)
    except CertifyError as error:
        return Suspect(found.path, error.message, _claimed(found))
    if known.certificate.started > known.certificate.issued + SKEW:
        return Suspect(found.path, "it was issued before its run began", known.certificate.issued)
    return Witness(known.certificate, believed(known.certificate, known.key), known.digest, found.path)


def believed(certificate: Certificate, key: TrustedKey) -> Provenance:
    """Gated only where the certificate says so and its key is trusted for it: anybody can set a variable called CI."""
    both = {certificate.provenance, key.provenance}
    return Provenance.GATED if both == {Provenance.GATED} else Provenance.PRACTICE


def _closely(
    question: Question, places: Places, speaker: Witness, witnesses: Sequence[Witness], revoked: Revoked
) -> tuple[Witness, tuple[str, ...]]:
    """The speaker with its approvals and objections: of the copies of its run, the first that bears it out.

    A certificate that lies by itself counts only where there is no copy of its run: beside one that was edited it would
    hide that. Copies with the seal that was signed come first, so that junk around others is not looked at; approvals
    are those of all copies, also of one that says the same in other bytes (an ECDSA signature has a twin).
    """
    same = [item for item in witnesses if _says_the_same(item, speaker)]
    runs = [item for item in same if _of_its_run(item)]
    looked: list[tuple[Witness, tuple[str, ...]]] = []
    for item in sorted(runs or same, key=_unsealed)[:COPIES]:
        looked.append(_looked_at(item, question, places, revoked))
        if not looked[-1][0].objections:
            break
    best, notes = looked[-1] if not looked[-1][0].objections else looked[0]
    return replace(best, approvals=_approvals(same, places, question.now)), notes


def _says_the_same(witness: Witness, other: Witness) -> bool:
    return witness.certificate == other.certificate and witness.provenance == other.provenance


def _unsealed(witness: Witness) -> bool:
    """Whether a copy lacks the seal that was signed; the cheapest look at whether a run is untouched."""
    return not _kept(witness, "seal")


def _of_its_run(witness: Witness) -> bool:
    """Whether anything that was signed lies beside it. Junk that somebody put there makes no run of a bare copy."""
    return any(_kept(witness, name) for name in ("seal", "plan", "report"))


def _kept(witness: Witness, name: str) -> bool:
    file = witness.path.parent / DIGESTED[name]
    try:
        return file.is_file() and file_digest(file) == witness.certificate.digests.get(name)
    except OSError:
        return False


def _approvals(copies: Sequence[Witness], places: Places, now: float) -> tuple[Approved, ...]:
    """The approvals beside every copy; each was given to the bytes that it lies beside."""
    found: dict[tuple[str, str], Approved] = {}
    for item in (copy for copy in copies if (copy.path.parent / APPROVALS).is_dir()):
        try:
            known = authentic(item.path, places.keys, now=now)
        except CertifyError:  # it was there a moment ago
            continue
        approved = reviews_of(item.path, known, places.keys, now=now).approved
        found.update({(one.key.kid, one.approval.role): one for one in approved})
    return tuple(found.values())


def _looked_at(
    witness: Witness, question: Question, places: Places, revoked: Revoked
) -> tuple[Witness, tuple[str, ...]]:
    listed = RevocationList(revoked.number, question.now, revoked.entries)
    against = Against(
        program=places.program,
        playbook=places.playbook,
        partner=places.profile,
        expect_partner=question.partner,
        waivers=places.waivers,
        own=True,
        revocations=listed,
    )
    examined = examine(witness.path, places.keys, now=question.now, against=against)
    objections = tuple(item.message for item in examined.problems if item.answer is Answer.UNTRUSTED)
    over = "; ".join(item.message for item in examined.problems if item.reason is Flaw.WAIVER_ENDED)
    return replace(
        witness, objections=objections, over=over, unasked=_unasked(witness, question, places)
    ), examined.notes


def _unasked(witness: Witness, question: Question, places: Places) -> tuple[str, ...]:
    """Checks that the milestone binds and that the run did not ask for: a run of some checks certifies nothing.

    Told only of the playbook that was certified; what another one asks for is a matter of staleness.
    """
    if witness.certificate.digests.get("playbook") != places.program.digests["playbook"]:
        return ()
    asked = {check.id for check in witness.certificate.checks}
    chosen = [item for item in places.playbook.milestones if item.id in question.before | {question.milestone}]
    bound = (check for item in chosen for criterion in item.criteria for check in criterion.checks)
    return tuple(check for check in dict.fromkeys(bound) if check not in asked)


# — what changed since —


def _changed(question: Question, places: Places, witness: Witness) -> Staleness:
    """What a change since makes of it. Comparing, and reading the report for it, takes longer than all the rest."""
    today, folder = datetime.fromtimestamp(question.now, UTC).date(), witness.path.parent
    if _as_certified(witness.certificate, places, today):
        return Staleness()
    from certify.recertification.staleness import staleness

    return staleness(
        witness.certificate,
        _report(folder),
        folder / DIGESTED["document"],
        places.program,
        contract_now=places.contract,
        today=today,
    )


def _as_certified(certificate: Certificate, places: Places, today: date) -> bool:
    """Whether contract, playbook and suites are those of then, byte for byte, and nothing in them came due since.

    A program's own suites come beside the shipped ones, of which its digests say nothing: that takes a closer look.
    """
    contract = places.contract or places.program.contract
    if came_due(places.playbook, certificate.started, today):
        return False
    if contract is None or places.program.suites != shipped_root() / "suites":
        return False
    now = {**places.program.digests, "contract": digest(contract)}
    return all(certificate.digests.get(part) == now[part] for part in ("contract", "playbook", "suites"))


def _report(folder: Path) -> Report | None:
    try:
        return decode(Report, json.loads((folder / DIGESTED["report"]).read_bytes()))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


# — revocations —


def revocations(question: Question, places: Places) -> Revoked:
    """The list of revocations; why it cannot be used, where it is there, was named or is demanded, and cannot be.

    A list that is there and cannot be verified is never passed over: damaging it would undo every revocation.
    """
    path = places.revocations
    if not os.path.lexists(path):  # a link to nowhere is a list that cannot be read
        wanted = places.named or question.rule.revocation_list or places.at_least > 0
        why = f"there is no list of revocations at {path}, and nothing is granted without one"
        return Revoked(path, trouble=why if wanted else "", missing=True)
    try:
        found = read_revocations(path, places.keys, now=places.clock)
    except CertifyError as error:
        return Revoked(path, trouble=f"the list of revocations {path} cannot be trusted: {error.message}")
    if found.number < places.at_least:
        told = f"{path} is list number {found.number}, and at least {places.at_least} is asked for: it was rolled back"
        return Revoked(path, trouble=told)
    known = tuple(item for item in found.revoked if not places.audit or item.at <= question.now)
    return Revoked(path, known, found.number)
