"""Files to spoil: each fixture gives the text of a document that is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from certify.errors import ConfigurationError, Problem
from certify.model.playbook import Playbook
from certify.program.answers import load_answers
from certify.program.partner import load_partner
from certify.program.playbook import load_playbook
from certify.program.waivers import load_waivers
from tests.unit.facts import a_check

CHECKS = ("net.control-works", "auth.expired-token-rejected", "authz.tenant-read-isolated", "page.walk-complete")

PLAYBOOK = """\
schema: certify/playbook/1
id: small
title: A small playbook
version: "1"
roles: [engineer, lawyer]
contacts:
  - {name: Desk, email: desk@platform.example}
escalation:
  - {after_hours: 4, contact: Desk}
milestones:
  - id: connectivity
    title: Connectivity
    owner: engineer
    business_days: 3
    criteria:
      - id: answers
        statement: It answers.
        kind: automated
        checks: [net.control-works]
  - id: launch
    title: Launch
    owner: lawyer
    business_days: 2
    after: [connectivity]
    criteria:
      - id: terms
        statement: Terms are signed.
        kind: attested
        role: lawyer
      - id: runbook
        statement: There is a runbook.
        kind: evidence
        role: engineer
      - id: latency
        statement: It is quick.
        kind: metric
        role: engineer
        threshold: {metric: p95_ms, operator: "<=", value: 800}
"""

PROFILE = """\
schema: certify/partner/1
id: acme
name: Acme
target:
  base_url: http://127.0.0.1:8000
sign_in:
  kind: client_credentials
  token_url: http://127.0.0.1:8000/oauth/token
identities:
  primary:
    tenant: acme
    client_secret: {file: acme.secret}
operations:
  read: {operation: getLead, path: {lead_id: L-1}}
"""

ANSWERS = """\
schema: certify/answers/1
partner: acme
answers:
  - criterion: terms
    role: lawyer
    name: Ada
    date: 2026-10-01
    met: true
    statement: Signed.
  - criterion: runbook
    role: engineer
    name: Bob
    date: 2026-10-02
    met: true
    evidence: runbook.md
  - criterion: latency
    role: engineer
    name: Bob
    date: 2026-10-02
    value: 210
"""

WAIVERS = """\
schema: certify/waivers/1
waivers:
  - check: page.walk-complete
    partner: acme
    reason: The pager is replaced in December; nothing that reads pages goes live before that.
    approver: {name: Ada Byron, role: engineer}
    granted: 2026-11-01
    expires: 2026-12-31
    link: https://platform.example/waivers/31
"""

Write = Callable[..., Path]
Spoil = Callable[..., Sequence[Problem]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a document, after replacing one text in it by another."""

    def write_one(text: str, old: str = "", new: str = "") -> Path:
        assert not old or old in text, f"{old!r} is not in the document"
        (tmp_path / "acme.secret").write_text("open sesame\n")
        (tmp_path / "runbook.md").write_text("# Runbook\n")
        (tmp_path / "file.yaml").write_text(text.replace(old, new, 1) if old else text)
        return tmp_path / "file.yaml"

    return write_one


@pytest.fixture
def playbook(write: Write) -> Playbook:
    return load_playbook(write(PLAYBOOK), CHECKS)


@pytest.fixture
def partner_file(write: Write) -> Path:
    return write(PROFILE)


@pytest.fixture
def answers_file(write: Write, playbook: Playbook) -> Path:
    """Written after the playbook was read: documents share one path."""
    return write(ANSWERS)


@pytest.fixture
def spoil_playbook(write: Write) -> Spoil:
    """Replace one text of the playbook by another; what is it refused with?"""
    return lambda old, new: problems(lambda: load_playbook(write(PLAYBOOK, old, new), CHECKS))


@pytest.fixture
def spoil_profile(write: Write) -> Spoil:
    """Replace one text of the profile by another; what is it refused with?"""
    return lambda old, new: problems(lambda: load_partner(write(PROFILE, old, new)))


@pytest.fixture
def spoil_answers(write: Write, playbook: Playbook) -> Spoil:
    """Replace one text of the answers by another; what are they refused with?"""
    today = date(2026, 11, 1)
    return lambda old, new: problems(lambda: load_answers(write(ANSWERS, old, new), playbook, today, "acme"))


@pytest.fixture
def loaders(playbook: Playbook) -> Sequence[tuple[str, Callable[[Path], object]]]:
    """Each kind of document that people write, and what loads it."""
    return [
        (PLAYBOOK, lambda path: load_playbook(path, CHECKS)),
        (PROFILE, load_partner),
        (ANSWERS, lambda path: load_answers(path, playbook, date(2026, 11, 1), "acme")),
        (
            WAIVERS,
            lambda path: load_waivers(path, playbook, {name: a_check(name) for name in CHECKS}, date(2026, 11, 1)),
        ),
    ]


def problems(call: Callable[[], object]) -> Sequence[Problem]:
    """The problems that a call refuses a file with; fails where it accepts the file."""
    with pytest.raises(ConfigurationError) as caught:
        call()
    assert caught.value.exit_code == 2
    return caught.value.problems
