"""Whether the waivers that a certificate stands on are still kept by the program of now.

An exception can be taken back: its entry is removed from ``waivers.yaml``. What was certified only because of it is not
certified any more. An entry that was written anew, with another reason or a later day, goes on excusing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from certify.certificate.case import Case
from certify.certificate.playbook import Basis
from certify.certificate.problem import Flaw, Problem
from certify.model.verdict import WaiverState


def withdrawn(case: Case, basis: Basis) -> Iterator[Problem]:
    """Waivers that excuse something, and are not in the program's file.

    Raises :class:`certify.errors.ProgramError` where that file is wrong.
    """
    program, said = case.against.program, case.certificate
    used = [waiver for waiver in said.waivers if waiver.state == WaiverState.USED]
    if program is None or not used:
        return
    if program.waivers is None:
        case.notes.append("whether its waivers were taken back was not looked at: the program keeps no waivers.yaml")
        return
    from certify.program.shipped import shipped_root
    from certify.program.waivers import load_waivers
    from certify.suite.catalogue import load_checks

    today = datetime.fromtimestamp(case.now, UTC).date()
    checks = load_checks(list(dict.fromkeys([shipped_root() / "suites", program.suites])))
    kept = load_waivers(program.waivers, basis.playbook, checks, today)
    standing = {waiver.check for waiver in kept if waiver.partner == said.partner.id and today <= waiver.expires}
    for waiver in used:
        if waiver.check not in standing and waiver.expires >= today.isoformat():
            message = f"the waiver of {waiver.check}, without which it would not be certified, was taken back"
            advice = f"mend {waiver.check}, or argue for another waiver; then certify the partner again"
            place = f"an entry in {program.waivers}"
            yield Problem(Flaw.WAIVER_ENDED, message, place, "none that still holds", advice)
