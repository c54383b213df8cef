"""The front page of the command line: the verbs, and the help that lists them."""

from __future__ import annotations

VERBS = {
    "demo": ("certify.cli.demo", "Certify the embedded reference sandbox, honest or with faults."),
    "init": ("certify.cli.init", "Draft a partner profile from a contract."),
    "doctor": ("certify.cli.doctor", "Look at profile and sandbox before a run, in seconds."),
    "run": ("certify.cli.run", "Certify a partner's sandbox."),
    "plan": ("certify.cli.plan", "Show what a run would do; send nothing."),
    "lint": ("certify.cli.lint", "Look for what is wrong in playbook, suites, answers and waivers."),
    "replay": ("certify.cli.replay", "Send again what proves a finding: still failing, or fixed?"),
    "judge": ("certify.cli.judge", "Judge a recorded run again; no network."),
    "render": ("certify.cli.render", "Write the report of a recorded run again; no network."),
    "reproduce": ("certify.cli.reproduce", "Run a recorded run again: the same verdict, and if not, why?"),
    "diff": ("certify.cli.diff", "Compare two recorded runs: what newly fails, and what changed."),
    "sign": ("certify.cli.sign", "Sign what a recorded run proved."),
    "approve": ("certify.cli.approve", "Counter-sign a certificate, in a role of the playbook."),
    "verify": ("certify.cli.verify", "Can this certificate be relied upon? No network."),
    "gate": ("certify.cli.gate", "May this partner proceed? From the certificates found."),
    "revoke": ("certify.cli.revoke", "Enter a certificate into the signed list of revocations."),
    "contract": ("certify.cli.contract", "Compare two contracts: what breaks, and whom it concerns."),
    "waivers": ("certify.cli.waivers", "Print the waiver for a failure, to be argued about."),
    "cleanup": ("certify.cli.cleanup", "Delete what interrupted runs left in a sandbox."),
    "sandbox": ("certify.cli.sandbox", "Run the reference sandbox by itself."),
    "keys": ("certify.cli.keys", "Make, publish and replace the keys that sign."),
    "checks": ("certify.cli.checks", "List all checks."),
    "explain": ("certify.cli.explain", "Explain a check, a criterion or a fault."),
    "selftest": ("certify.cli.selftest", "Prove that each check can pass and can fail."),
}
"""Verb → the module whose ``verb`` is its command, and the line that help shows."""

_HELP = """\
Usage: certify VERB [OPTIONS]

  Certify partner integrations: a verdict that can be trusted, with the
  evidence for it.

Verbs:
{verbs}

Options:
  --version   Show the version and exit.
  -h, --help  Show this message, or that of a verb, and exit.

Exit codes of every verb that ends in a verdict:
  0  certified
  1  not certified
  2  usage or configuration: the sandbox was not judged
  3  unproven: nothing failed, but something required was not proved
  4  the harness or the way to the sandbox failed

Start with `certify demo`."""


def help_text() -> str:
    """What ``certify --help`` prints."""
    return _HELP.format(verbs="\n".join(f"  {name:9} {line}" for name, (_, line) in VERBS.items()))
