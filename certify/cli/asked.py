"""What ``certify run`` was asked for: its options, completed by the earlier run that ``--failed`` names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from certify.certificate.signatory import Signatory, signatory
from certify.cli.since import basis
from certify.cli.verdicts import command_line
from certify.model.plan import Bounds
from certify.pipeline import RunRequest
from certify.planning import Request
from certify.program.withheld import forbid_commands, withhold
from certify.signing.key_set import Use
from certify.unmet import Earlier, read_earlier


@dataclass(frozen=True)
class Asked:
    """The options, by the names that click gives them."""

    partner: Path | None
    program: Path | None
    answers: Path | None
    waivers: Path | None
    milestones: tuple[str, ...]
    checks: tuple[str, ...]
    seed: int | None
    max_examples: int
    failed: Path | None
    max_requests: int | None
    max_minutes: float | None
    out: Path | None
    since: Path | None
    key: str | None
    issuer: str
    jwks: str
    no_commands: bool
    expect_partner: str


def earlier_of(asked: Asked) -> Earlier | None:
    """The run that ``--failed`` names. Raises :class:`click.UsageError` where options contradict each other."""
    if asked.failed is not None and asked.checks:
        raise click.UsageError("--failed chooses the checks itself: give either that or --check")
    if asked.since is not None and (asked.checks or asked.failed):
        raise click.UsageError("--since chooses the checks itself: give it without --check and --failed")
    return read_earlier(asked.failed) if asked.failed is not None else None


def completed(asked: Asked, earlier: Earlier | None) -> Asked:
    """What is not said is what the earlier run had; the checks are those that it did not meet."""
    if earlier is None:
        return asked
    plan = earlier.plan
    files: dict[str, Any] = {name: getattr(asked, name) or earlier.option(f"--{name}") for name in _FILES}
    return replace(
        asked,
        **files,
        milestones=asked.milestones or plan.selection.milestones,
        checks=earlier.again,
        seed=plan.seed if asked.seed is None else asked.seed,
        max_examples=plan.max_examples if _left_out("max_examples") else asked.max_examples,
    )


_FILES = ("partner", "program", "answers", "waivers")


def _left_out(option: str) -> bool:
    source = click.get_current_context().get_parameter_source(option)
    return source is click.core.ParameterSource.DEFAULT


def run_request(asked: Asked, partner: Path) -> RunRequest:
    """The run as the pipeline takes it. The key that signs is out of a profile's reach from here on."""
    if asked.no_commands:
        forbid_commands()
    return RunRequest(
        partner,
        asked.program,
        asked.answers,
        asked.waivers,
        asked.out,
        _selection(asked),
        signer=_signer(asked),
        since=basis(asked.since, asked.key, asked.jwks),
        expected_partner=asked.expect_partner,
    )


def _selection(asked: Asked) -> Request:
    named = {name: getattr(asked, name) for name in _FILES}
    command = command_line("run", **named, milestone=asked.milestones, since=asked.since)
    bounds = Bounds(asked.max_requests, asked.max_minutes)
    return Request(asked.milestones, asked.checks, asked.seed, asked.max_examples, command, bounds)


def _signer(asked: Asked) -> Signatory | None:
    """Who signs; withheld before the profile is read, because what a profile names it could send."""
    if asked.key is None:
        return None
    signer = signatory(asked.key, Use.CERTIFICATE, jwks=asked.jwks, issuer=asked.issuer)
    withhold(asked.key, signer.key.kid)
    return signer
