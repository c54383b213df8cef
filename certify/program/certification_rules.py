"""The playbook's section ``certification``: what its schema cannot say.

Names mean something, nothing is said twice, and what is demanded can be fulfilled. Without the section a certificate
holds for 90 days, nobody has to approve it, there is no environment for the gate to open, no grace and no notice, and
no bound on waivers: see :class:`certify.model.playbook.Certification`.
"""

from __future__ import annotations

from collections.abc import Collection

from certify.model.playbook import Certification
from certify.program.lint import Lint
from certify.program.source import Place

SECTION = "certification"


def lint_certification(lint: Lint) -> None:
    """Note every problem of the section; nothing where there is none."""
    milestones = [lint.text(*place, "id") for place in lint.each("milestones")]
    lint.unique(list(lint.each(SECTION, "environments")), "id", "environment")
    lint.unique(list(lint.each(SECTION, "approvals")), "milestone", "approval rule for milestone")
    lint.unique(list(lint.each(SECTION, "changes")), "kind", "change rule for kind")
    for place in lint.each(SECTION, "approvals"):
        _lint_approval(lint, place, milestones)
    _lint_grace(lint)
    _lint_budgets(lint, milestones)
    _lint_approvers(lint)


def _lint_approval(lint: Lint, place: Place, milestones: list[str]) -> None:
    """A rule is about a milestone and roles that there are, and no more people than roles can fulfil it."""
    name = lint.text(*place, "milestone")
    if name and name not in milestones:
        lint.unknown((*place, "milestone"), "milestone", name, milestones)
    known = [role for _, role in lint.texts("roles")]
    asked = list(lint.texts(*place, "roles"))
    for here, role in asked:
        if role not in known:
            lint.unknown(here, "role", role, known)
    people = lint.get(*place, "people")
    if type(people) is int and asked and people > len(asked):
        message = f"{people} different people cannot approve, because each of the {len(asked)} roles approves once"
        lint.report((*place, "people"), message, "name more roles, or ask for fewer people", "too-few-roles")


def _lint_grace(lint: Lint) -> None:
    """Grace that is longer than the certificate held at all would make its end meaningless."""
    valid = lint.get(SECTION, "valid_days")
    valid = valid if type(valid) is int else Certification.valid_days
    days = lint.get(SECTION, "grace", "expired_days")
    if type(days) is int and days > valid:
        message = f"a grace of {days} days is longer than the {valid} for which a certificate holds"
        lint.report((SECTION, "grace", "expired_days"), message, "shorten it, or raise valid_days", "grace-too-long")


def _lint_budgets(lint: Lint, milestones: list[str]) -> None:
    for name in lint.mapping(SECTION, "waivers", "budgets"):
        if name not in milestones:
            lint.unknown((SECTION, "waivers", "budgets", name), "milestone", name, milestones)


def _lint_approvers(lint: Lint) -> None:
    roles = [role for _, role in lint.texts("roles")]
    for here, role in lint.texts(SECTION, "waivers", "roles"):
        if role not in roles:
            lint.unknown(here, "role", role, roles)


def lint_areas(lint: Lint, known_checks: Collection[str]) -> None:
    """The class that nobody can waive is of areas that there are: a misspelt one would protect nothing."""
    areas = {check.split(".", 1)[0] for check in known_checks}
    for here, area in lint.texts(SECTION, "waivers", "never", "areas"):
        if area not in areas:
            lint.unknown(here, "area", area, areas)
