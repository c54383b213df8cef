"""Whether the waivers that a certificate stands on still stand, by the file and the playbook of now.

An exception can be taken back: its entry is removed from ``waivers.yaml``, or the playbook's rules for waivers become
stricter. What was certified only because of it is not certified any more. An entry that was written anew, with another
reason or a later day, goes on excusing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from certify.certificate.case import Case
from certify.certificate.playbook import playbook_of
from certify.certificate.problem import Flaw, Problem
from certify.model.verdict import WaiverState
from certify.program.program import Program


def withdrawn(case: Case) -> Iterator[Problem]:
    """Waivers that excuse something, and do not stand any more.

    A file that is not there is none where the program is the verifier's own: removing the last entry, and the file with
    it, takes that waiver back. Raises :class:`certify.errors.ProgramError` where that file is wrong.
    """
    program, said = case.against.program, case.certificate
    used = [waiver for waiver in said.waivers if waiver.state == WaiverState.USED]
    if program is None or not used:
        return
    file = case.against.waivers or program.waivers
    if file is None and not case.against.own:
        case.notes.append("whether its waivers were taken back was not looked at: the program keeps no waivers.yaml")
        return
    today = datetime.fromtimestamp(case.now, UTC).date()
    standing = _standing(case, program, file, today)
    for waiver in used:
        why = standing.why_not(waiver.check)
        if why and waiver.expires >= today.isoformat():
            message = f"the waiver of {waiver.check}, without which it would not be certified, {why}"
            advice = f"mend {waiver.check}, or argue for another waiver; then certify the partner again"
            place = f"an entry in {file or 'waivers.yaml'}"
            yield Problem(Flaw.WAIVER_ENDED, message, place, "none that still holds", advice)


@dataclass(frozen=True)
class _Standing:
    """What the waivers of today are: those in force, and why each of the others is not."""

    force: frozenset[str]
    because: Mapping[str, str]

    def why_not(self, check: str) -> str:
        """Why a check is not excused any more; empty where it is."""
        if check in self.force:
            return ""
        return f"counts no more: {self.because[check]}" if check in self.because else "was taken back"


def _standing(case: Case, program: Program, file: Path | None, today: date) -> _Standing:
    if file is None:
        return _Standing(frozenset(), {})
    from certify.program.shipped import shipped_root
    from certify.program.waivers import load_waivers
    from certify.suite.catalogue import load_checks
    from certify.waiving import in_force, standings

    checks = load_checks(list(dict.fromkeys([shipped_root() / "suites", program.suites])))
    playbook = playbook_of(case, program)
    # An audit may ask of a day before a waiver was granted: that is no mistake of the file.
    kept = load_waivers(file, playbook, checks, date.max)
    levels = {name: check.level for name, check in checks.items()}
    ruled = standings(kept, playbook, levels, case.certificate.partner.id, today)
    own = [item for item in ruled if item.state is not WaiverState.OTHER_PARTNER]
    return _Standing(in_force(own), {item.waiver.check: item.because for item in own})
