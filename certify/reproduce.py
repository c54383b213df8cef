"""The same verdict again: run what was recorded once more, and say of every difference whose it is.

Seed, examples, bounds, selection and waivers are those of the record; profile, program and answers are the files that
its command named, as they are today, and whether they still are the same the digests tell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from certify.comparing.attribution import Attribution, attribute
from certify.comparing.comparison import Comparison
from certify.comparing.diff import whole
from certify.comparing.recorded import Recorded, read_run
from certify.errors import UsageError
from certify.model.plan import Plan
from certify.pipeline import Certification, RunRequest
from certify.planning import Request


@dataclass(frozen=True)
class Again:
    """What to reproduce. Files that are None are the recorded command's, waivers the recorded ones themselves; ``out``
    None: beside other runs."""

    run: Path
    partner: Path | None = None
    program: Path | None = None
    answers: Path | None = None
    waivers: Path | None = None
    out: Path | None = None


@dataclass(frozen=True)
class Reproduction:
    """What came of it: the new run, the comparison with the recorded one, and whose the differences are."""

    done: Certification
    comparison: Comparison
    attribution: Attribution


def reproduce(again: Again, run: Callable[[RunRequest], Certification]) -> Reproduction:
    """Run it again with ``run``, and compare.

    Raises :class:`UsageError`, before anything is sent, where the record is not complete or does not name a profile
    that is there.
    """
    recorded = read_run(again.run)
    if not recorded.report.run.complete:
        raise UsageError(
            f"the run in {again.run} is not complete, so there is nothing to compare the same run with",
            ["wait until it has ended; if it was interrupted, `certify run` makes a whole one"],
        )
    done = run(request(again, recorded))
    comparison = whole(recorded, read_run(done.path))
    return Reproduction(done, comparison, attribute(comparison))


def request(again: Again, recorded: Recorded) -> RunRequest:
    """What was asked for then, asked for again."""
    plan = recorded.plan
    selection = Request(
        plan.selection.milestones, plan.selection.checks, plan.seed, plan.max_examples, plan.command, plan.bounds
    )
    return RunRequest(
        _profile(again, plan),
        again.program or plan.option("--program"),
        again.answers or plan.option("--answers"),
        again.waivers,
        again.out,
        selection,
        granted=None if again.waivers else plan.waivers,
    )


def _profile(again: Again, plan: Plan) -> Path:
    file = again.partner or plan.option("--partner")
    if file is not None and file.is_file():
        return file
    if plan.command[:2] == ("certify", "demo"):
        raise UsageError(
            "the run was of the embedded sandbox, which ended with it",
            [f"{' '.join(plan.command)} --seed {plan.seed} plays it again; certify diff compares the two"],
        )
    told = f"{file} is not there" if file else "the run does not say which profile it had"
    raise UsageError(f"the partner profile is needed, and {told}", ["name it with --partner"])
