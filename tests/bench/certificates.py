"""How long ``certify gate`` takes as a whole process, with a thousand certificates on disk, all really signed."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from certify.certificate.claims import to_claims
from certify.model.certificate import CERTIFICATE, Certificate, CertifiedCheck, CertifiedMilestone, Provenance
from certify.model.plan import Origin
from certify.model.report import ReportedPartner, ReportedProgram
from certify.program.playbook import load_playbook
from certify.program.program import find_program
from certify.signing.jws import Kind, sign
from certify.signing.key_set import KeySet, Use, as_jwks
from certify.signing.keyring import SigningKey
from certify.suite.catalogue import load_checks
from tests.bench.table import Figure, quietly, seconds_of
from tests.unit.signing.people import person

CERTIFY = str(Path(sys.executable).with_name("certify"))
PARTNERS, RUNS = 50, 20
ROUNDS = 15


@dataclass(frozen=True)
class Places:
    """What a thousand certificates lie in; ``certificate`` is the newest one of ``partner``."""

    reports: Path
    jwks: Path
    certificate: Path
    partner: str


def a_thousand(folder: Path, partners: int = PARTNERS, runs: int = RUNS) -> Places:
    """So many partners with so many runs each, against the reference program; the newest of each is certified."""
    key, trusted = person("ci", Use.CERTIFICATE, Use.REVOCATION, provenance=Provenance.GATED)
    (folder / "jwks.json").write_text(json.dumps(as_jwks(KeySet((trusted,), "").keys)))
    model = _a_certificate()
    for partner in range(partners):
        for run in range(runs):
            _keep(folder / "reports", replace(model, partner=_partner(partner)), run, key)
    newest = folder / "reports" / "partner-7" / f"run-{runs - 1}" / CERTIFICATE
    return Places(folder / "reports", folder / "jwks.json", newest, "partner-7")


def _partner(number: int) -> ReportedPartner:
    return ReportedPartner(f"partner-{number}", f"Partner {number}", "https://sandbox.partner.example", "sandbox")


def _a_certificate() -> Certificate:
    """As large as that of a run of the whole reference playbook."""
    program = find_program()
    playbook = load_playbook(program.playbook, None)
    checks = tuple(
        CertifiedCheck(name, "passed", "", ("passed",), False, "sha256:0") for name in load_checks([program.suites])
    )
    answers = tuple(
        CertifiedCheck(f"answer:{criterion.id}", "passed", "", ("passed",))
        for milestone in playbook.milestones
        for criterion in milestone.criteria
        if not criterion.checks
    )
    return Certificate(
        id="",
        partner=_partner(0),
        program=ReportedProgram(playbook.id, playbook.title, playbook.version, "openapi/partner-api.v1.yaml", "1.0.0"),
        verdict="certified",
        milestones=tuple(CertifiedMilestone(item.id, item.title, "certified") for item in playbook.milestones),
        run="",
        started=0.0,
        issued=0.0,
        expires=0.0,
        issuer="ci",
        provenance=Provenance.GATED,
        origin=Origin("github-actions"),
        complete=True,
        checks=(*checks, *answers),
        capabilities={},
        digests=dict(program.digests),
        versions={},
    )


def _keep(reports: Path, model: Certificate, run: int, key: SigningKey) -> None:
    started = float(int(time.time()) - (1000 - run) * 60)
    said = replace(
        model,
        id=f"{model.partner.id}-{run}",
        run=f"run-{run}",
        started=started,
        issued=started + 30,
        expires=started + 90 * 86_400,
    )
    path = reports / said.partner.id / said.run / CERTIFICATE
    path.parent.mkdir(parents=True)
    path.write_text(sign(to_claims(said), key, Kind.CERTIFICATE))


def _gate(places: Places) -> None:
    words = ["--partner", places.partner, "--milestone", "connectivity", "--environment", "staging"]
    ended = quietly(CERTIFY, "gate", *words, "--jwks", str(places.jwks), "--reports", str(places.reports))
    assert ended.returncode == 0, "the gate should grant"


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        places = a_thousand(Path(folder))
        many = statistics.median(seconds_of(lambda: _gate(places)) for _ in range(ROUNDS))
    with tempfile.TemporaryDirectory() as folder:
        places = a_thousand(Path(folder), partners=10, runs=100)
        own = statistics.median(seconds_of(lambda: _gate(places)) for _ in range(ROUNDS))
    how = f"whole process, median of {ROUNDS}"
    return [
        Figure("`certify gate`, 1,000 certificates of 50 partners", many, 0.5, "s", how),
        Figure("`certify gate`, 1,000 certificates of 10 partners", own, 0.5, "s", how),
    ]
