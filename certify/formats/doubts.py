"""Why nobody can tell, in words: one entry for each reason of the closed list, with what would make an answer possible.

>>> doubt("not_run", "missing-identity").enable
'Add the identity to the profile and give its secret in the environment.'
"""

from __future__ import annotations

from typing import NamedTuple


class Doubt(NamedTuple):
    """Why there is no answer, and what would enable one."""

    why: str
    enable: str


DOUBTS = {
    "control-failed": Doubt(
        "The valid request was refused, so a refusal of the invalid one proves nothing.",
        "Make the valid request succeed first: look at its exchange, or name a better one in the profile.",
    ),
    "unstable": Doubt(
        "It failed once and did not fail again.",
        "Run it again; if it keeps changing, look for load, caches or several instances.",
    ),
    "throttled": Doubt(
        "The sandbox kept answering 429 or 503.",
        "Raise the sandbox's limit, or declare the real one in the profile, so that the run keeps to it.",
    ),
    "too-little-traffic": Doubt(
        "Too few requests succeeded to judge from.",
        "Do what the note asks for: a value or an operation in the profile, data in the sandbox, or a failure to mend; "
        "where what is generated was too little, raise --max-examples.",
    ),
    "cannot-tell": Doubt(
        "The sandbox's answers fit more than one explanation.",
        "Read the note; naming an operation or an identity in the profile often decides it.",
    ),
    "capability-not-offered": Doubt(
        "Neither contract nor profile speak of it, or the profile says that it is not offered.",
        "Where the sandbox has it, declare it in the profile; else agree an exception with the playbook's owner.",
    ),
    "nothing-to-test": Doubt(
        "The contract has no operation of this kind.",
        "Describe the operation in the contract, or agree an exception with the playbook's owner.",
    ),
    "gate-failed": Doubt(
        "A check that everything else stands on did not pass.",
        "Mend that check first; this one then runs by itself.",
    ),
    "no-permission": Doubt(
        "The profile does not permit what this check has to do.",
        "Permit it in the profile, or point the profile at a sandbox where it may be done.",
    ),
    "missing-probe": Doubt(
        "No operation of the contract fits, or there is no data for one that does.",
        "Name one that the note speaks of under operations in the profile, or put data into the sandbox.",
    ),
    "missing-identity": Doubt(
        "The profile names no identity that this needs.",
        "Add the identity to the profile and give its secret in the environment.",
    ),
    "budget": Doubt(
        "The requests or the time allowed for the run were used up.",
        "Allow more, or run this check alone with --check.",
    ),
    "interrupted": Doubt(
        "The run ended before this was decided.",
        "Run it again.",
    ),
    "crashed": Doubt(
        "The part of the harness that decides this ended unexpectedly; it is not the partner's fault.",
        "Run it again; if it happens again, report it with this run's id.",
    ),
}
SILENT = Doubt(
    "It was planned, and nothing was reported; it is not the partner's fault.",
    "Run it again; if it stays silent, report it with this run's id.",
)
UNKNOWN = Doubt("It could not be decided.", "Read the note, then run it again.")


def doubt(status: str, reason: str) -> Doubt:
    """Why a check has no answer; an unknown reason is still a reason."""
    if status == "silent":
        return SILENT
    return DOUBTS.get(reason, DOUBTS["crashed"] if status == "errored" else UNKNOWN)
