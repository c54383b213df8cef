"""What is wrong with waivers on a day: those that excuse nothing any more, never could, or are not needed.

A waiver of which a run would say that it is ignored is an error here (``waiving.py`` rules for both), so a file without
findings is one whose every waiver counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from certify.linting.files import told
from certify.linting.runs import Runs
from certify.model.lint import LintFinding
from certify.model.playbook import Playbook
from certify.model.verdict import RuledWaiver, WaiverState
from certify.nearest import did_you_mean
from certify.program.waivers import WaiversFile, Written
from certify.waiving import Levels, standings

SOON = 14
"""Days before its end from which a waiver is told to end soon."""
RULES = {
    WaiverState.EXPIRED: ("expired", "expires", "mend what it excuses and remove it, or argue for it again"),
    WaiverState.NOT_WAIVABLE: ("not-waivable", "check", "remove it: the sandbox has to change"),
    WaiverState.OVER_BUDGET: ("over-budget", "check", "remove entries until the budget is kept"),
}
"""State → rule, the member that it is about, and what to do."""


@dataclass(frozen=True)
class Known:
    """What waivers are held against. ``partners`` are ids of partners that are known to exist."""

    playbook: Playbook
    levels: Levels
    partners: Sequence[str]
    runs: Runs
    today: date


def waiver_findings(file: WaiversFile, known: Known) -> Iterator[LintFinding]:
    """Findings in the order of the file's entries, those of a partner together."""
    for partner in dict.fromkeys(item.waiver.partner for item in file.written):
        own = [item for item in file.written if item.waiver.partner == partner]
        waivers = [item.waiver for item in own]
        ruled = standings(waivers, known.playbook, known.levels, partner, known.today)
        for written, standing in zip(own, ruled, strict=True):
            yield from _findings(_Teller(file, written), standing, known)


@dataclass(frozen=True)
class _Teller:
    """Tells findings of one entry."""

    file: WaiversFile
    written: Written

    def __call__(self, rule: str, member: str, message: str, advice: str) -> LintFinding:
        return told(self.file.lint, (*self.written.place, member), "waiver", rule, message, advice)


def _findings(tell: _Teller, ruled: RuledWaiver, known: Known) -> Iterator[LintFinding]:
    stranger = list(_stranger(tell, known))
    yield from stranger
    if ruled.state in RULES:
        rule, member, advice = RULES[ruled.state]
        yield tell(rule, member, _whose(tell, ruled.because), advice)
        return
    yield from _unbound(tell, known)
    yield from _unneeded(tell, known)
    if not stranger:
        yield from _unseen(tell, known)
    yield from _ending(tell, known)


def _whose(tell: _Teller, because: str) -> str:
    waiver = tell.written.waiver
    return f"the waiver of {waiver.check!r} for {waiver.partner!r} excuses nothing: {because}"


def _stranger(tell: _Teller, known: Known) -> Iterator[LintFinding]:
    """A partner of whom nobody has heard, with a name that is close to one that somebody has."""
    name = tell.written.waiver.partner
    near = did_you_mean(name, known.partners) if name not in known.partners else ""
    if near:
        yield tell("unknown-partner", "partner", f"no partner is called {name!r}{near}", "write the id of its profile")


def _unbound(tell: _Teller, known: Known) -> Iterator[LintFinding]:
    check = tell.written.waiver.check
    criteria = (criterion for milestone in known.playbook.milestones for criterion in milestone.criteria)
    if not any(check in criterion.checks for criterion in criteria):
        message = f"no criterion of {known.playbook.id} binds {check!r}, so there is nothing to excuse"
        yield tell("not-bound", "check", message, "remove it")


def _unneeded(tell: _Teller, known: Known) -> Iterator[LintFinding]:
    waiver = tell.written.waiver
    status, run = known.runs.newest_word(waiver.partner, waiver.check)
    if status and status != "failed":
        message = f"{waiver.partner!r} did not need it: {waiver.check!r} {_ENDED[status]} in run {run}"
        yield tell("unused", "check", message, "remove it")


def _unseen(tell: _Teller, known: Known) -> Iterator[LintFinding]:
    """Reports were named, and none of the runs there is this partner's: silence would read as "it is needed"."""
    partner, place = tell.written.waiver.partner, known.runs.reports
    if place is not None and partner not in known.runs.partners:
        message = f"no run of {partner!r} lies below {place}, so nobody can tell whether it is needed"
        yield tell("no-run", "partner", message, "name the directory that the partner's runs are written to")


_ENDED: Mapping[str, str] = {"passed": "passed", "not_applicable": "did not apply"}


def _ending(tell: _Teller, known: Known) -> Iterator[LintFinding]:
    left = (tell.written.waiver.expires - known.today).days
    if left <= SOON:
        when = "today" if left == 0 else "tomorrow" if left == 1 else f"in {left} days"
        yield tell("expires-soon", "expires", f"it ends {when}", "mend what it excuses, or argue for it again")
