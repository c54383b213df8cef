"""A small program, a run of it and its certificate, signed: what tests of reading certificates begin with.

Two milestones, of which the second has a check that failed and is waived, one that was flaky, one that the partner does
not offer, and one criterion that a person signed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from certify.certificate.authentic import digest_of
from certify.certificate.case import Against
from certify.certificate.claims import to_approval_claims, to_claims
from certify.certificate.issue import Issuing, compose_certificate
from certify.certificate.statement import statement
from certify.certificate.verify import Examined, examine
from certify.contract import load_contract, write_prepared
from certify.model.certificate import CERTIFICATE, STATEMENT, Approval, Certificate, approval_file
from certify.model.codec import encode
from certify.model.exchange import Exchange, ReceivedResponse, SentRequest
from certify.model.outcome import Outcome
from certify.model.plan import Plan
from certify.model.playbook import Waiver
from certify.pipeline import conclude
from certify.planning import Request, plan_run
from certify.program.partner import load_partner
from certify.program.playbook import load_playbook
from certify.program.program import Program, find_program
from certify.program.shipped import shipped_root
from certify.rundir import CONTRACT, EXCHANGES, OUTCOMES, RunDirectory, Writer
from certify.signing import dsse
from certify.signing.jwk import to_jwk
from certify.signing.jws import Kind, sign
from certify.signing.key_set import KeySet, TrustedKey, load_key_set
from certify.signing.keyring import SigningKey
from certify.suite.catalogue import load_checks
from tests.unit.certificate.signing_hands import ADA, BOB, CI
from tests.unit.facts import failed, passed

STARTED = 1_793_700_000.0  # 2026-11-03 10:00 UTC
NOW = STARTED + 3600
DAY = 86_400.0

PLAYBOOK = """\
schema: certify/playbook/1
id: small
title: A small playbook
version: "1"
contract: openapi/partner-api.v1.yaml
roles: [partner-engineer, solution-engineer, platform-security]
never_waivable: [auth.missing-credentials-rejected]
certification:
  valid_days: 90
  approvals:
    - {milestone: secured, roles: [solution-engineer, platform-security], people: 2}
milestones:
  - id: reachable
    title: Reachable
    owner: partner-engineer
    business_days: 1
    criteria:
      - {id: answers, statement: It answers., kind: automated, checks: [net.control-works]}
      - {id: clocks, statement: Its clock is right., kind: automated, checks: [net.clock-accurate]}
      - {id: no-real-data, statement: It holds no real data., kind: attested, role: partner-engineer}
  - id: secured
    title: Secured
    owner: partner-engineer
    business_days: 2
    after: [reachable]
    criteria:
      - id: anonymous-refused
        statement: Nobody gets in without credentials.
        kind: automated
        checks: [auth.missing-credentials-rejected, auth.challenge-present]
      - {id: readable, statement: Errors can be read., kind: automated, checks: [error.format-valid]}
      - {id: audited, statement: It is written down., kind: automated, checks: [audit.action-recorded], absent_ok: true}
"""
WAIVED = "error.format-valid"
WAIVER = Waiver(WAIVED, "acme", "mended in December", "Grace Hopper", date(2026, 12, 31), "https://tracker.example/7")
FLAKY = "auth.challenge-present"
OUTCOMES_OF_IT: tuple[Outcome, ...] = (
    passed("net.control-works"),
    passed("net.clock-accurate"),
    passed("auth.missing-credentials-rejected"),
    replace(failed(FLAKY), findings=()),
    passed(FLAKY, attempt=2),
    failed(WAIVED),
    passed("answer:no-real-data", source="answers"),
)


def a_program(folder: Path, playbook: str = PLAYBOOK) -> Program:
    """A program directory with that playbook and the reference contract."""
    (folder / "openapi").mkdir(parents=True)
    (folder / "playbook.yaml").write_text(playbook)
    shutil.copy(shipped_root() / "openapi" / "partner-api.v1.yaml", folder / "openapi")
    return find_program(folder)


def a_profile(file: Path, partner: str = "acme") -> Path:
    """A profile that offers everything but an audit trail."""
    text = (shipped_root() / "fixtures" / "partners" / "example.yaml").read_text()
    file.write_text(text.replace("id: example", f"id: {partner}", 1))
    return file


def a_plan_of(
    program: Program, profile: Path, waivers: Sequence[Waiver] = (WAIVER,), started: float = STARTED, **asked: Any
) -> Plan:
    checks = load_checks([shipped_root() / "suites"])
    assert program.contract is not None
    plan = plan_run(
        program,
        load_playbook(program.playbook, checks),
        checks,
        load_partner(profile, secrets=False),
        load_contract(program.contract),
        Request(**asked),
        started,
        waivers=tuple(waivers),
    )
    own = tuple(replace(item, check=replace(item.check, sources=("suites",))) for item in plan.checks)
    return replace(plan, checks=own)


def a_run(folder: Path, plan: Plan, contract: Path, outcomes: Sequence[Outcome] = OUTCOMES_OF_IT) -> RunDirectory:
    """That run, recorded, sealed and judged."""
    rundir = RunDirectory.create(folder, plan)
    told = Writer(folder / OUTCOMES, "suites")
    for outcome in outcomes:
        told.append(encode(outcome))
    told.close()
    sent = Writer(folder / EXCHANGES, "suites")
    for number in range(1, 6):
        sent.append(encode(an_exchange(number)))
    sent.close()
    prepared = write_prepared(load_contract(contract), folder)
    prepared.rename(folder / CONTRACT)
    rundir.seal(plan.started + 60)
    conclude(rundir, ["json"])
    return rundir


def an_exchange(number: int) -> Exchange:
    return Exchange(
        id=f"s-{number:06}",
        check="net.control-works",
        operation="listCustomers",
        identity="primary",
        purpose="probe",
        request=SentRequest("GET", "http://127.0.0.1:1/customers", (("Accept", "application/json"),)),
        started=STARTED + number,
        response=ReceivedResponse(200, (("Content-Type", "application/json"),), '{"items": []}', 0.01),
    )


Change = Callable[[Certificate], Certificate]


def write_certificate(folder: Path, key: SigningKey, change: Change = lambda found: found, now: float = NOW) -> Path:
    """Sign a run, as somebody who holds the key and may lie: ``change`` is applied before."""
    rundir = RunDirectory.open(folder)
    said = change(compose_certificate(rundir, Issuing(key.owner, f"{folder.name}-0001", now, gated=True)))
    token = sign(to_claims(said), key, Kind.CERTIFICATE).encode()
    rundir.write(STATEMENT, dsse.sign(statement(said, token), key))
    return rundir.write(CERTIFICATE, token)


def approve(folder: Path, key: SigningKey, role: str, at: float = NOW + 60, **changes: Any) -> Path:
    """An approval of the certificate in that run directory."""
    token = (folder / CERTIFICATE).read_bytes()
    approval = Approval(f"{folder.name}-0001", digest_of(token), role, key.owner, at, "looks right")
    text = sign(to_approval_claims(replace(approval, **changes)), key, Kind.APPROVAL)
    return RunDirectory(folder).write(approval_file(role), text.encode())


def jwks(*keys: TrustedKey) -> bytes:
    """The key set as a verifier keeps it."""
    return json.dumps({"keys": [_jwk(key) for key in keys]}, indent=1).encode()


def _jwk(key: TrustedKey) -> dict[str, Any]:
    trusted = {name: getattr(key, name) for name in ("owner", "uses", "roles", "provenance", "status")}
    told = {**trusted, "retired": key.retired} if key.status == "retired" else trusted
    return {**to_jwk(key.public), "kid": key.kid, "alg": key.alg, "use": "sig", "certify": told}


@dataclass(frozen=True)
class Signed:
    """Where everything lies."""

    program: Program
    profile: Path
    run: Path
    jwks: Path

    @property
    def certificate(self) -> Path:
        return self.run / CERTIFICATE

    @property
    def keys(self) -> KeySet:
        return load_key_set(str(self.jwks))

    def examined(self, *, now: float = NOW + DAY, **against: Any) -> Examined:
        """Verify it against its own program, unless another is given."""
        return examine(self.certificate, self.keys, now=now, against=Against(**{"program": self.program, **against}))

    def signed_again(self, change: Change, key: SigningKey = CI[0]) -> Examined:
        """What a verifier finds where the holder of a trusted key signed a certificate that lies."""
        write_certificate(self.run, key, change)
        return self.examined()


def everything(
    folder: Path, outcomes: Sequence[Outcome] = OUTCOMES_OF_IT, playbook: str = PLAYBOOK, **asked: Any
) -> Signed:
    """Program, profile, run, certificate, two approvals and the key set."""
    program, profile = a_program(folder / "program", playbook), a_profile(folder / "acme.yaml")
    assert program.contract is not None
    run = folder / "reports" / "acme" / "run1"
    a_run(run, a_plan_of(program, profile, **asked), program.contract, outcomes)
    issued = asked.get("started", STARTED) + 3600
    write_certificate(run, CI[0], now=issued)
    approve(run, ADA[0], "solution-engineer", issued + 60)
    approve(run, BOB[0], "platform-security", issued + 60)
    keys = folder / "jwks.json"
    keys.write_bytes(jwks(CI[1], ADA[1], BOB[1]))
    return Signed(program, profile, run, keys)


def reasons(found: Examined) -> list[str]:
    return [str(problem.reason) for problem in found.problems]
