"""The command line: parse, call, exit code. No logic lives here, and a verb is imported only when it is used."""

from __future__ import annotations

import click

from certify.cli.lazy import LazyGroup

VERBS = {
    "demo": ("certify.cli.demo", "Certify the embedded reference sandbox, honest or with faults."),
    "run": ("certify.cli.run", "Certify a partner's sandbox."),
    "plan": ("certify.cli.plan", "Show what a run would do; send nothing."),
    "judge": ("certify.cli.judge", "Judge a recorded run again; no network."),
    "render": ("certify.cli.render", "Write the report of a recorded run again; no network."),
    "sandbox": ("certify.cli.sandbox", "Run the reference sandbox by itself."),
    "checks": ("certify.cli.checks", "List all checks."),
    "explain": ("certify.cli.explain", "Explain a check, a criterion or a fault."),
    "selftest": ("certify.cli.selftest", "Prove that every check passes when it should and fails when it must."),
}


@click.command(cls=LazyGroup, verbs=VERBS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="certify", message="certify %(version)s")
def main() -> None:
    """Certify partner integrations: a verdict that can be trusted, with the evidence for it.

    Exit codes of every verb that ends in a verdict: 0 certified, 1 not certified, 2 usage or configuration,
    3 unproven, 4 the harness or the way to the sandbox failed.
    """
