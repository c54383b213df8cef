"""What lint looks for.

Ids are ``<file>/<what is wrong>`` and never change their meaning: pipelines suppress by them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from certify.model.lint import LintLevel, LintRule

FILES = {
    "playbook": "the playbook",
    "partner": "the partner profile",
    "answers": "the answers file",
    "waiver": "the waivers file",
}
"""The first part of a rule's id, and what it is about."""

_ANYWHERE = {
    "unreadable": "{file} cannot be read: missing, not UTF-8, not YAML, or too large.",
    "unknown-version": "{file} is of a version that this certify does not know.",
    "unknown-member": "{file} has a member that means nothing.",
    "missing-member": "{file} lacks a member that it needs.",
    "wrong-type": "a value in {file} is of the wrong type.",
    "wrong-value": "a value in {file} is not one of those that are allowed.",
    "duplicate": "something in {file} is there twice.",
    "invalid": "{file} contradicts itself, or what it refers to.",
}
_NAMES = {
    "playbook": ("check", "role", "milestone", "contact-or-role", "area"),
    "partner": ("operation", "placeholder", "algorithm", "identity", "capability"),
    "answers": ("criterion", "role"),
    "waiver": ("check", "role", "partner"),
}
_PLAYBOOK = (
    ("circle", "Milestones wait for each other in a circle.", "None of them could ever be reached."),
    ("empty-milestone", "A milestone requires nothing.", "It would certify nothing."),
    ("undecided", "A criterion lacks what decides it: checks, a role or a threshold.", "It would stay unproven."),
    ("misplaced", "A criterion has a member that is only for criteria of another kind.", "It would mean nothing."),
    ("no-date", "A pending criterion does not say from which day it blocks.", "It would never block."),
    (
        "protected",
        "A criterion is waivable although it binds a check that never is.",
        "The playbook contradicts itself.",
    ),
    ("too-few-roles", "More different people are asked for than roles approve.", "Nobody could fulfil it."),
    ("grace-too-long", "Grace is longer than a certificate holds at all.", "Its end would mean nothing."),
)
_ANSWERS = (
    ("other-partner", "The answers are those of another partner.", "Another's signature proves nothing."),
    ("wrong-role", "A criterion is answered by a role that is not the one that it names.", "It would not count."),
    (
        "not-the-partners",
        "A file that the profile names answers in a role that is not the partner's.",
        "A partner does not answer for the platform's people.",
    ),
    ("automated", "A criterion is answered that its checks decide.", "Nobody can sign it."),
    ("incomplete", "An answer lacks what a criterion of that kind needs.", "It would not count."),
    ("in-future", "An answer is signed on a day that has not come.", "Nobody can have said it yet."),
    ("no-evidence", "The evidence of an answer is missing, empty or unreadable.", "There is nothing to review."),
)
_WAIVERS = (
    ("over-broad", "A waiver names more than one check or partner.", "It would excuse what nobody looked at."),
    ("renamed-check", "A waiver names a check by an id that it no longer has.", "It would excuse nothing."),
    ("unwritten", "A waiver still holds the placeholder of a suggestion.", "Nobody has argued for it."),
    ("wrong-role", "A waiver's approver has a role that cannot approve waivers.", "The playbook says who may."),
    ("granted-later", "A waiver is granted on a day that has not come.", "Nobody can have approved it yet."),
    ("expires-first", "A waiver expires before it was granted.", "It never held."),
    ("too-long", "A waiver runs for longer than the playbook allows.", "An exception without an end is a rule."),
    ("expired", "A waiver's last day is over.", "It excuses nothing any more: mend, argue again, or remove it."),
    ("not-waivable", "A waiver is for a check that nobody can waive.", "It excuses nothing."),
    ("over-budget", "More waivers stand for a milestone than its budget allows.", "None of them counts."),
)
_DOUBTED = (
    ("not-bound", "A waiver is for a check that no criterion binds.", "There is nothing that it could excuse."),
    ("unused", "The newest run of the partner did not need the waiver.", "It takes up budget and hides a relapse."),
)


def _rules() -> Iterator[LintRule]:
    for noun, file in FILES.items():
        for name, statement in _ANYWHERE.items():
            told = statement.format(file=file)
            yield LintRule(f"{noun}/{name}", LintLevel.ERROR, told[0].upper() + told[1:])
    for noun, names in _NAMES.items():
        for name in names:
            what = name.replace("-", " ")
            level = LintLevel.WARNING if (noun, name) == ("waiver", "partner") else LintLevel.ERROR
            yield LintRule(f"{noun}/unknown-{name}", level, f"In {FILES[noun]}, no {what} has that name.")
    yield LintRule("suites/invalid", LintLevel.ERROR, "A suite cannot be imported, or declares a check wrongly.")
    why = "A profile only says where a secret is."
    yield LintRule("partner/secret-written", LintLevel.ERROR, "A secret is written into the profile itself.", why)
    for noun, rows in (("playbook", _PLAYBOOK), ("answers", _ANSWERS), ("waiver", _WAIVERS)):
        for name, statement, why in rows:
            yield LintRule(f"{noun}/{name}", LintLevel.ERROR, statement, why)
    for name, statement, why in _DOUBTED:
        yield LintRule(f"waiver/{name}", LintLevel.WARNING, statement, why)
    why = "Mend what it excuses, or argue again, before a pipeline turns red."
    yield LintRule("waiver/expires-soon", LintLevel.NOTE, "A waiver's last day is near.", why)
    why = "Whether the waiver is needed cannot be told."
    yield LintRule("waiver/no-run", LintLevel.NOTE, "The reports hold no run of a waiver's partner.", why)


RULES: Mapping[str, LintRule] = {rule.id: rule for rule in sorted(_rules(), key=lambda rule: rule.id)}
