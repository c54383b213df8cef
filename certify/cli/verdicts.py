"""What every verb that ends in a verdict does at its end: tell it, and leave with its exit code."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

import click

from certify.certificate.validity import moment as day
from certify.cli.terminal.comparison import render_comparison
from certify.cli.terminal.progress import open_progress
from certify.cli.terminal.screen import shown
from certify.cli.terminal.verdict import render_verdict
from certify.comparing.comparison import Comparison, Turn
from certify.comparing.diff import diff
from certify.formats.reading import flaky, how_flaky
from certify.model.plan import Plan
from certify.model.report import Report
from certify.pipeline import Certification, RunRequest, certify
from certify.sources.interface import Progress
from certify.unmet import Earlier


def run_and_tell(request: RunRequest, *, as_json: bool, earlier: Earlier | None = None) -> NoReturn:
    """Certify, show progress meanwhile, print the verdict, and leave with its exit code."""
    leave(run_shown(request, quiet=as_json), as_json=as_json, earlier=earlier)


def run_shown(request: RunRequest, *, quiet: bool) -> Certification:
    """Certify, and show progress meanwhile."""
    with _ended_by_sigterm(), _Stage(quiet=quiet) as stage:
        return certify(request, stage.open)


def leave(done: Certification, *, as_json: bool, earlier: Earlier | None = None) -> NoReturn:
    """Print a verdict, what changed against an ``earlier`` run, and leave with its exit code."""
    changed = diff(earlier.path, done.path, any_partner=True) if earlier is not None else None
    if as_json:
        against = {"against": _against(changed)} if changed is not None else {}
        click.echo(json.dumps({**summary(done), **against}))
    else:
        render_verdict(done.report, sys.stdout, run_dir=str(done.path))
        if done.signed is not None:
            certificate = done.signed.certificate
            who, until = shown(certificate.issuer), day(certificate.expires)
            click.echo(f"Certificate: {done.signed.path}, signed by {who}, expires {until}")
            if done.signed.doubt:
                click.echo(f"Note: {done.signed.doubt}.")
        if changed is not None:
            render_comparison(changed, sys.stdout)
    sys.exit(done.verdict.exit_code)


def _against(changed: Comparison) -> dict[str, Any]:
    """What became of the checks that were run again, by their ids."""
    turns = {
        "fixed": (Turn.NEWLY_PASSING, Turn.NO_LONGER_APPLICABLE),
        "still_failing": (Turn.STILL_FAILING,),
        "newly_failing": (Turn.NEWLY_FAILING,),
        "still_open": (Turn.STILL_UNPROVEN, Turn.NEWLY_UNPROVEN, Turn.NO_LONGER_FAILING),
    }
    told = {name: [one.subject for turn in own for one in changed.of(turn)] for name, own in turns.items()}
    return {"directory": changed.before.directory, **told}


def summary(done: Certification) -> dict[str, Any]:
    """The one JSON object: what a pipeline needs to decide, and where the rest is."""
    report: Report = done.report
    return {
        "verdict": report.verdict,
        "exit_code": report.exit_code,
        "summary": report.summary,
        "partner": report.partner.id,
        "run": report.run.id,
        "complete": report.run.complete,
        "milestones": [{"id": m.id, "verdict": m.verdict, "because": m.because} for m in report.milestones],
        "counts": dict(report.counts),
        "findings": [
            {"id": f.id, "check": f.check, "expected": f.expected, "actual": f.actual, "blocks": list(f.blocks)}
            for f in report.findings
            if f.weight == "violation"
        ],
        "flaky": [{"check": check.id, "status": check.status, "why": how_flaky(check)} for check in flaky(report)],
        "waivers": [
            {"check": w.check, "state": w.state, "approver": w.approver, "expires": w.expires} for w in report.waivers
        ],
        "notes": list(report.notes),
        "directory": str(done.path),
        "report": str(done.path / "report.html"),
        "certificate": str(done.signed.path) if done.signed is not None else "",
    }


class _Stage:
    """Opens the progress view when the plan is known, and closes it whatever happens."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._view: Any = None

    def __enter__(self) -> _Stage:
        return self

    def __exit__(self, *error: Any) -> None:
        if self._view is not None:
            self._view.__exit__(*error)

    def open(self, plan: Plan) -> Progress:
        if self._quiet:
            return _silent
        runnable = plan.running
        milestones = [
            (m.id, m.title, [name for criterion in m.criteria for name in criterion.checks])
            for m in plan.playbook.milestones
        ]
        self._view = open_progress(len(runnable), milestones, plan.seconds)
        self._view.__enter__()
        return self._tell

    def _tell(self, check: str, status: str) -> None:
        if not check:
            self._view.note(status)
        elif not check.startswith("answer:"):
            self._view.check(check, status)


def _silent(check: str, status: str) -> None:
    return


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """A pipeline that is cancelled sends SIGTERM; treat it as Ctrl-C, so that what was recorded is judged."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def command_line(verb: str, **options: Any) -> tuple[str, ...]:
    """The words that would give the same command again; recorded, and shown under *how to see it again*."""
    words = ["certify", verb]
    for name, value in options.items():
        for item in value if isinstance(value, tuple) else (value,):
            if item is not None:
                words += [f"--{name.replace('_', '-')}", os.fspath(item) if hasattr(item, "__fspath__") else str(item)]
    return tuple(words)
