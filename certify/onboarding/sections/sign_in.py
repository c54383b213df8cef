"""How identities sign in: the contract's security scheme, in the profile's words."""

from __future__ import annotations

from collections.abc import Iterator

from certify.onboarding.facts import Facts
from certify.onboarding.yaml_lines import comment, value
from certify.program.placeholder import PLACEHOLDER


def lines(facts: Facts) -> Iterator[str]:
    scheme = facts.scheme
    for note in scheme.notes:
        yield from comment(note[:1].upper() + note[1:] + ".")
    yield "sign_in:"
    yield f"  kind: {scheme.kind}"
    for member, given in scheme.members:
        yield f"  {member}: {value(given)}" + (" # fill this in" if PLACEHOLDER in str(given) else "")
