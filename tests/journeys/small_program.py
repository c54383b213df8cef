"""A program of our own with six quick checks, and the next version of its contract, for journeys that run often.

The next version lets the notes of a new lead be longer. Of the six checks three create leads: these have to run again.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
TOUCHED = ("error.not-found-clean", "idem.replay-returns-same", "page.walk-complete")
"""What the next version touches."""
_BEFORE = "        notes: {type: string, maxLength: 2000}"
_AFTER = "        notes: {type: string, maxLength: 4000}"

PLAYBOOK = """\
schema: certify/playbook/1
id: small
title: A small playbook
version: "1"
roles: [partner-engineer, solution-engineer, platform-security]
certification:
  valid_days: 180
  environments:
    - {id: staging, provenance: practice}
    - {id: production, provenance: gated, revocation_list: true}
  approvals:
    - {milestone: launch, roles: [solution-engineer, platform-security], people: 2}
  grace: {expired_days: 14}
milestones:
  - id: connectivity
    title: Connectivity
    owner: partner-engineer
    business_days: 1
    criteria:
      - {id: answers, statement: It answers., kind: automated, checks: [net.control-works, net.clock-accurate]}
  - id: launch
    title: Launch
    owner: partner-engineer
    business_days: 2
    after: [connectivity]
    criteria:
      - {id: challenge, statement: A refusal says how to sign in., kind: automated, checks: [auth.challenge-present]}
      - {id: pages, statement: Lists are whole., kind: automated, checks: [page.walk-complete]}
      - {id: missing, statement: Missing things are missing., kind: automated, checks: [error.not-found-clean]}
      - {id: retries, statement: Retries are safe., kind: automated, checks: [idem.replay-returns-same]}
"""


def write_program(folder: Path) -> Path:
    """``program/`` with playbook and contract, and ``next/partner-api.yaml`` beside it. Gives the program."""
    contract = (ROOT / "openapi" / "partner-api.v1.yaml").read_text("utf-8")
    program = folder / "program"
    (program / "openapi").mkdir(parents=True)
    (program / "playbook.yaml").write_text(PLAYBOOK, "utf-8")
    (program / "openapi" / "partner-api.yaml").write_text(contract, "utf-8")
    head, create, rest = contract.partition("    LeadCreate:\n")
    assert create
    assert _BEFORE in rest
    (folder / "next").mkdir()
    (folder / "next" / "partner-api.yaml").write_text(head + create + rest.replace(_BEFORE, _AFTER, 1), "utf-8")
    return program
