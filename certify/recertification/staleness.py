"""Whether a certificate still speaks of what is asked for today, and if not, which checks have to run again.

    found = staleness(certificate, report, run / "contract.json", program, today=today)
    found.stale            # contract, playbook or suites changed, and checks have to run again
    found.checks           # which

Only what changed is looked at closer: digests tell in milliseconds that nothing did. What is compared with is believed
only where the certificate vouches for it: ``contract.json`` and ``run.json`` of its run directory by their digests, the
report by whoever hands it over. Where something of it is missing, nobody can tell what a change touches, and all checks
have to run again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from certify.contract import Contract, load_contract
from certify.contract.changes import compare
from certify.model.certificate import DIGESTED, Certificate
from certify.model.change import Change, Staleness
from certify.model.check import Check
from certify.model.playbook import Playbook
from certify.model.report import Report
from certify.program.digest import digest
from certify.program.playbook import load_playbook
from certify.program.program import Program
from certify.recertification.affected import affected, because, demanding
from certify.recertification.deadlines import deadline, effective
from certify.recertification.demands import came_due, coming, then, unproved
from certify.recertification.suites import rewritten
from certify.rundir import RunDirectory, file_digest

PARTS = ("contract", "playbook", "suites")
"""What can change under a certificate, as ``Certificate.digests`` names it."""


def staleness(
    certificate: Certificate,
    report: Report | None,
    contract_then: Path | None,
    program: Program,
    *,
    contract_now: Path | None = None,
    today: date,
) -> Staleness:
    """Compare what was certified with the program of today.

    ``report`` and ``contract_then`` are of the certificate's run directory; None where they are not there.
    ``contract_now`` is the partner's own contract, where the profile names one; else the program's counts.
    Raises :class:`certify.errors.ConfigurationError` where the program of today cannot be read.
    """
    return _Comparison(certificate, report, contract_then, program, contract_now or program.contract, today).made()


@dataclass
class _Comparison:
    certificate: Certificate
    report: Report | None
    contract_then: Path | None
    program: Program
    contract_now: Path | None
    today: date
    reasons: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    changes: tuple[Change, ...] = ()
    since: date | None = None
    deadline: date | None = None

    def made(self) -> Staleness:
        looks = {"contract": self._contract, "playbook": self._playbook, "suites": self._suites}
        for part, look in looks.items():
            if self._differs(part) and (found := look()):
                self.reasons[part] = found
        reasons = {name: why for part in reversed(PARTS) for name, why in self.reasons.get(part, {}).items()}
        changed = tuple(part for part in PARTS if part in self.reasons)
        alone = changed == ("contract",)  # the day of a contract says nothing of a playbook or a suite
        return Staleness(
            changed,
            self.changes,
            tuple(sorted(reasons)),
            reasons,
            self.since if alone else None,
            self.deadline if alone else None,
            tuple(self.notes),
        )

    def _differs(self, part: str) -> bool:
        known = self.certificate.digests.get(part)
        if part == "suites" and self.report is not None and rewritten(self.report.checks, self.program.suite_folders):
            return True  # a program's own suites come beside the shipped ones, whose digest no certificate has
        if part == "playbook" and came_due(self._playbook_now, self.certificate.started, self.today):
            return True
        if part != "contract":
            return known != self.program.digests[part]
        if self.contract_now is None:
            self.notes.append("The partner's own contract was not compared: nobody says where it is.")
            return False
        return known != digest(self.contract_now) and known != self._now.facts.digest

    @cached_property
    def _now(self) -> Contract:
        assert self.contract_now is not None
        return load_contract(self.contract_now)

    def _everything(self, why: str) -> dict[str, str]:
        return {check.id: why for check in self.certificate.checks if not check.id.startswith("answer:")}

    def _vouched(self, path: Path | None, name: str) -> bool:
        """Whether a file is there as it was signed."""
        return path is not None and path.is_file() and file_digest(path) == self.certificate.digests.get(name)

    # — the contract —

    def _contract(self) -> dict[str, str]:
        if self.report is None or self.contract_then is None or not self._vouched(self.contract_then, "document"):
            return self._everything("the contract changed, and what was tested is not there to compare it with")
        document = json.loads(self.contract_then.read_bytes())
        self.changes = compare(Contract(document, str(self.contract_then)), self._now, self.today)
        touched = affected(self.changes, self.report.checks)
        if not touched:
            nothing = (
                "and no check that was certified is touched by it" if demanding(self.changes) else "in words alone"
            )
            self.notes.append(f"The contract changed, {nothing}.")
            return {}
        self.since = effective(self._now.document)
        if self.since is not None:
            touching = [change for found in touched.values() for change in found]
            self.deadline = deadline(touching, self._playbook_now.certification, self.since)
        return {name: because(found) for name, found in touched.items()}

    # — the playbook —

    @cached_property
    def _checks_now(self) -> Mapping[str, Check]:
        from certify.suite.catalogue import load_checks

        return load_checks(self.program.suite_folders)

    @cached_property
    def _playbook_now(self) -> Playbook:
        return load_playbook(self.program.playbook, self._checks_now)

    def _playbook_then(self) -> Playbook | None:
        """Of ``run.json``, which lies beside the contract."""
        if self.contract_then is None or not self._vouched(self.contract_then.with_name(DIGESTED["plan"]), "plan"):
            return None
        return RunDirectory(self.contract_then.parent).plan().playbook

    def _playbook(self) -> dict[str, str]:
        known = then(self.certificate, self._playbook_then())
        found = unproved(known, self._playbook_now, self.today)
        self.notes += coming(known, self._playbook_now, self.today)
        if not found and self.certificate.digests.get("playbook") != self.program.digests["playbook"]:
            self.notes.append("The playbook changed, and asks for nothing that is not proved.")
        return found

    # — the suites —

    def _suites(self) -> dict[str, str]:
        if self.report is None:
            return self._everything("the suites changed, and the report is not there to tell which checks")
        changed = rewritten(self.report.checks, self.program.suite_folders)
        found = {name: why for name, why in changed.items() if name in self._checks_now}
        if "playbook" not in self.reasons:
            known = then(self.certificate, self._playbook_then())
            found |= unproved(known, self._playbook_now, self.today)
        if not found:
            self.notes.append("The suites changed, and no check that was certified is among them.")
        return found
