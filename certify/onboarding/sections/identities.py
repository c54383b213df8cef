"""Who signs in: ``primary``, and, to be filled in, the others that some checks need."""

from __future__ import annotations

import re
from collections.abc import Iterator

from certify.onboarding.facts import Facts
from certify.onboarding.yaml_lines import comment, scalar, sequence
from certify.program.placeholder import PLACEHOLDER

_ADMIN = re.compile(r"(^|[:/._-])(admin|manage|root|superuser|sudo)", re.I)
OTHERS = (
    (
        "other_tenant",
        "a customer whose data primary must never see; without it nobody can say that tenants are isolated",
    ),
    ("read_only", "may read and not write"),
    ("burnable", "has a rate limit of its own, which may be used up"),
    ("fuzz", "sends the generated requests; best in a tenant that may be thrown away"),
)


def lines(facts: Facts) -> Iterator[str]:
    if facts.scheme.kind == "none":
        yield from comment("Nobody signs in, so no identity is needed.")
        yield "identities: {}"
        return
    yield from comment("Who can sign in. Every check begins with primary; a check that lacks its identity is not run.")
    yield "identities:"
    yield "  primary:"
    yield from (f"    {line}" for line in _primary(facts))
    for name, what in OTHERS:
        yield from comment(f"{name}: {what}.", "  ")
        yield f"  # {name}: {{{', '.join(_members(facts, name))}}}"


def _primary(facts: Facts) -> Iterator[str]:
    for member in _members(facts, "primary"):
        yield member + (" # fill this in: only you know it" if PLACEHOLDER in member else "")
    ordinary = [scope for scope in facts.scheme.scopes if not _ADMIN.search(scope)]
    if ordinary:
        yield "# What the contract names, without what looks like administration; keep those that this client may have."
        yield from sequence("scopes", ordinary, "")


def _members(facts: Facts, name: str) -> list[str]:
    scheme, given = facts.scheme, facts.wishes.settings if name == "primary" else {}
    known = [f"{member}: {scalar(given.get(member, value))}" for member, value in scheme.identity]
    return known + [f"{member}: {facts.reference(name, member)}" for member, _ in scheme.secrets]
