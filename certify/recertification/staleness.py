"""Whether a certificate still speaks of what is asked for today, and if not, which checks have to run again.

found = staleness(certificate, report, run / "contract.json", program, today=today)
found.stale            # contract, playbook or suites changed, and checks have to run again
found.checks           # which
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from certify.model.certificate import Certificate
from certify.model.change import Change
from certify.model.report import Report
from certify.program.program import Program

PARTS = ("contract", "playbook", "suites")
"""What can change under a certificate, as ``Certificate.digests`` names it."""


@dataclass(frozen=True)
class Staleness:
    """``changed`` are those of contract, playbook and suites whose change makes checks run again.

    ``changes`` are the contract's, of every kind; ``checks`` the ids of the checks to run again, and ``reasons`` says
    of each why. ``since`` is the day from which the change holds, None where nothing says it; ``deadline`` the last
    day on which the playbook's rules for changes let the certificate stand, None where it stands no longer than now.
    ``notes`` tell of changes that make nothing stale, and of what could not be compared.
    """

    changed: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    checks: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    deadline: date | None = None
    notes: tuple[str, ...] = ()

    @property
    def stale(self) -> bool:
        return bool(self.changed)


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

    ``report`` and ``contract_then`` are of the certificate's run directory; where either is None or not there, nobody
    can tell what a change touches, and all checks have to run again. ``contract_now`` is the partner's own contract,
    where the profile names one; else the program's counts.
    Raises :class:`certify.errors.ConfigurationError` where the program of today cannot be read.
    """
    now = {**program.digests, **({"contract": _digest(contract_now)} if contract_now else {})}
    changed = tuple(part for part in PARTS if part in now and certificate.digests.get(part) != now[part])
    checks = tuple(check.id for check in certificate.checks) if changed else ()
    why = f"{' and '.join(changed)} changed"
    return Staleness(changed, checks=checks, reasons=dict.fromkeys(checks, why))


def _digest(path: Path) -> str:
    from certify.program.digest import digest

    return digest(path)
