"""The smallest request that still shows a failure: what does not matter is left out, within a bound.

Parts of a request are query parameters, headers, and members of a JSON object. First all are dropped at once, then
halves, then one at a time (delta debugging, Zeller and Hildebrandt 2002), for ``MOST`` requests at most.

    POST /leads?dry_run=false {"name": "\\u0000", "email": "a@b.example"}  →  POST /leads {"name": "\\u0000"}
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from certify.http.call import parse_json
from certify.sources.contract.candidates import Sample

MOST = 12
"""Requests that are spent on one cause."""
_KEPT_HEADERS = frozenset({"content-type", "accept", "idempotency-key"})


@dataclass(frozen=True)
class Part:
    """Something that can be left out. ``kind`` is query, header or member; ``number`` its position among them."""

    kind: str
    name: str
    number: int = 0


def parts_of(sample: Sample) -> list[Part]:
    """Everything that can be left out of a request."""
    pairs = parse_qsl(urlsplit(sample.url).query, keep_blank_values=True)
    body = _object(sample)
    return [
        *(Part("query", name, number) for number, (name, _) in enumerate(pairs)),
        *(Part("member", name) for name in body),
        *(Part("header", name) for name, _ in sample.headers if name.lower() not in _KEPT_HEADERS),
    ]


def without(sample: Sample, dropped: Sequence[Part]) -> Sample:
    """The request without these parts."""
    gone = {(part.kind, part.name, part.number) for part in dropped}
    url = urlsplit(sample.url)
    pairs = list(enumerate(parse_qsl(url.query, keep_blank_values=True)))
    kept = [pair for number, pair in pairs if ("query", pair[0], number) not in gone]
    query = urlencode(kept) if len(kept) < len(pairs) else url.query
    body = {name: value for name, value in _object(sample).items() if ("member", name, 0) not in gone}
    return replace(
        sample,
        url=urlunsplit((url.scheme, url.netloc, url.path, query, "")),
        headers=tuple(pair for pair in sample.headers if ("header", pair[0], 0) not in gone),
        body=sample.body if body == _object(sample) else base64.b64encode(json.dumps(body).encode()).decode(),
    )


def smallest(sample: Sample, still: Callable[[Sample], bool], most: int = MOST) -> Sample:
    """The smallest request for which ``still`` holds. It costs one call of ``still`` for each try, ``most`` at most."""
    parts, size, left = parts_of(sample), 1, most
    while parts and size <= len(parts) and left > 0:
        length = -(-len(parts) // size)
        for chunk in [parts[start : start + length] for start in range(0, len(parts), length)][:left]:
            left -= 1
            tried = without(sample, chunk)
            if still(tried):
                # Dropping all of what is left is what the first try did.
                sample, parts, size = tried, parts_of(tried), 2
                break
        else:
            size = len(parts) if size * 2 > len(parts) > size else size * 2
    return sample


def _object(sample: Sample) -> dict[str, object]:
    """The members of a JSON object that a request sends; none where it sends something else."""
    body = parse_json(base64.b64decode(sample.body)) if sample.body else None
    return body if isinstance(body, dict) else {}
