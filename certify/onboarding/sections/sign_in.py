"""How identities sign in: the contract's security scheme, in the profile's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

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
        if host := _stranger(facts, given):
            yield from comment(f"The contract names {host}, not you: credentials are sent there.", "  ")
        yield f"  {member}: {value(given)}" + (" # fill this in" if PLACEHOLDER in str(given) else "")


def _stranger(facts: Facts, given: object) -> str:
    """The host of an address that only the contract names."""
    host = urlsplit(given).netloc if isinstance(given, str) and re.match("https?://", given) else ""
    named = {urlsplit(url).netloc for url in (facts.base_url, facts.contract_name)}
    return "" if host in named or PLACEHOLDER in host else host
