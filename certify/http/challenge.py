"""``WWW-Authenticate``: several challenges, in one field or in many (RFC 9110 §11.6.1).

Bearer realm="api", error="invalid_token", Basic realm="old"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from certify.http.call import Reply

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = re.compile(rf'({_TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|({_TOKEN}))')
_SCHEME = re.compile(rf"({_TOKEN})(?:\s+|$)")
_TOKEN68 = re.compile(r"[A-Za-z0-9._~+/-]+=*(?=\s*(?:,|$))")


@dataclass(frozen=True)
class Challenge:
    """``scheme`` and the names of ``parameters`` in lower case."""

    scheme: str
    parameters: Mapping[str, str] = field(default_factory=dict)


def challenges(reply: Reply) -> list[Challenge]:
    """The challenges of an answer; none where the header is missing or one of its fields cannot be parsed."""
    fields = [value for name, value in reply.headers if name.lower() == "www-authenticate"]
    found: list[Challenge] = []
    for text in fields:
        parsed = parse_challenges(text)
        if not parsed:
            return []
        found += parsed
    return found


def parse_challenges(text: str) -> list[Challenge]:
    """The challenges of one field, or none where it does not follow the grammar."""
    found: list[tuple[str, dict[str, str]]] = []
    rest = text.strip()
    while rest:
        if found and (match := _PARAMETER.match(rest)):
            quoted, plain = match[2], match[3]
            found[-1][1][match[1].lower()] = plain if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        elif match := _SCHEME.match(rest.replace(",", " ,", 1) if re.match(rf"{_TOKEN},", rest) else rest):
            found.append((match[1].lower(), {}))
            rest = rest[len(match[1]) :].lstrip(" \t")
            if not _PARAMETER.match(rest) and (blob := _TOKEN68.match(rest)) and not rest.startswith(","):
                rest = rest[blob.end() :]
            rest = rest.lstrip(", \t")
            continue
        else:
            return []
        rest = rest[match.end() :].lstrip(" \t")
        if rest and not rest.startswith(","):
            return []
        rest = rest.lstrip(", \t")
    return [Challenge(scheme, parameters) for scheme, parameters in found]
