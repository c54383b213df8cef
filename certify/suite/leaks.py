"""What an answer may give away of the system behind it: stack traces, SQL, paths, addresses."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from certify.http.call import parse_json
from certify.model.exchange import header
from certify.suite.traffic import Seen

# Each pattern is something that no text written for a client contains.
_CERTAIN = {
    "a stack trace": (
        r"Traceback \(most recent call last\)"
        r"|File \"[^\"]+\", line \d+"
        r"|^[ \t]+at [\w$.<>]+\([\w$]+\.(?:java|kt|scala|groovy):\d+\)"
        r"|^[ \t]+at .+ in .+\.(?:cs|vb|fs):line \d+"
        r"|^[ \t]+at .+\((?:file://|node:|/|[A-Z]:\\).+:\d+:\d+\)"
        r"|goroutine \d+ \[\w+"
        r"|\.(?:rb|php|py|go|ex|rs):\d+:in\b"
        r"|(?:PHP )?(?:Fatal error|Warning|Notice): .+ on line \d+"
        r"|thread '.+' panicked at"
    ),
    "SQL or a driver's message": (
        r"SQLSTATE\[|\bORA-\d{5}\b|syntax error at or near|You have an error in your SQL syntax"
        r"|\bpsycopg2?\.|\bsqlite3\.\w*Error|\bsqlalchemy\.exc\.|\bjava\.sql\.|\bcom\.mysql\.|\borg\.postgresql\."
        r"|violates (?:unique|foreign key|not-null|check) constraint|Unclosed quotation mark"
        r"|\bSELECT\b.{1,200}\bFROM\b.{1,200}\b(?:WHERE|LIMIT|ORDER BY)\b|\bINSERT INTO\b \S+ ?\("
        r"|MongoServerError|E11000 duplicate key|\bPrismaClient\w*Error|\bActiveRecord::|\borg\.hibernate\."
    ),
    "a debugger's page": r"Werkzeug Debugger|Whoops, looks like|DJANGO_SETTINGS_MODULE|Symfony Exception|better-errors",
}
_LIKELY = {
    "a path of the file system": (
        r"(?<![\w.~/-])(?:/home/|/Users/|/usr/(?:local|lib|src)/|/var/(?:www|lib|task)/|/opt/|/srv/|/root/|/etc/)[\w./-]+"
        r"|\b[A-Z]:\\(?:[\w .-]+\\)+[\w.-]+"
        r"|(?<![\w.~/-])/app/[\w./-]+\.(?:py|js|ts|rb|php|go|java)\b"
    ),
    "an address of a private network": (
        r"(?<![\d.])(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}(?![\d.])"
        r"|\b[\w-]+\.(?:svc\.cluster\.local|internal)\b"
    ),
    "a memory address": r"\b(?:object|instance|0x)\s?at 0x[0-9a-f]{8,16}\b|<\w[\w.]* object at 0x",
}
MOST_TEXT, LONGEST_LINE, OVERLAP = 64_000, 400, 100
"""An answer is the partner's: what it holds must not decide how long reading it takes."""
_BREAK = re.compile(r"<br\s*/?>", re.I)
_VERSION = re.compile(r"[A-Za-z][\w.-]*/\d+(?:\.\d+)+")
_PATTERNS = [(what, re.compile(text, re.M), True) for what, text in _CERTAIN.items()]
_PATTERNS += [(what, re.compile(text, re.M), False) for what, text in _LIKELY.items()]


@dataclass(frozen=True)
class Leak:
    """``certain`` leaks count at one sighting; ``harmless`` ones are only told."""

    what: str
    excerpt: str
    certain: bool = False
    harmless: bool = False


def leaks(seen: Seen) -> Iterator[Leak]:
    """What an answer gives away, apart from what was sent to it."""
    text = _clipped(_without_ours(_text(seen), seen))
    for what, pattern, certain in _PATTERNS:
        if match := pattern.search(text):
            yield Leak(what, _excerpt(text, match), certain)
    for name in ("Server", "X-Powered-By", "X-AspNet-Version"):
        value = header(seen.headers, name) or ""
        if _VERSION.search(value) or (name == "X-AspNet-Version" and value):
            yield Leak(f"a version in {name}", value, harmless=True)


def _text(seen: Seen) -> str:
    """The body as text, with the escapes of JSON or HTML undone, and the headers that may carry text."""
    body = _plain(seen.body) if not isinstance(seen.json, (dict, list)) else "\n".join(_strings(seen.json))
    told = (value for name, value in seen.headers if name.lower() not in ("date", "server", "content-security-policy"))
    return "\n".join([*told, body])


def _plain(body: str) -> str:
    """Text as a browser shows it: frameworks put their stack traces into a page (Express: ``<br> &nbsp; &nbsp;at``)."""
    if "<br" not in body and "&" not in body:
        return body
    return html.unescape(_BREAK.sub("\n", body[:MOST_TEXT])).replace("\N{NO-BREAK SPACE}", " ")


def _clipped(text: str) -> str:
    """The text in lines of bounded length, since the patterns look along a line; pieces of a long one overlap."""
    lines = (line for line in text[:MOST_TEXT].splitlines() if line.strip())
    return "\n".join(piece for line in lines for piece in _pieces(line))


def _pieces(line: str) -> Iterator[str]:
    for start in range(0, max(len(line) - OVERLAP, 1), LONGEST_LINE - OVERLAP):
        yield line[start : start + LONGEST_LINE]


def _without_ours(text: str, seen: Seen) -> str:
    """An answer may repeat what it was sent; that gives nothing away."""
    request = seen.record["request"]
    parts = urlsplit(request["url"])
    ours = [request["body"] or "", parts.netloc, parts.path, unquote(parts.path)]
    ours += [value for _, value in parse_qsl(parts.query)]
    ours += _strings(parse_json(request["body"] or "null"))
    for piece in sorted(set(ours), key=len, reverse=True):
        if len(piece) > 3:
            text = text.replace(piece, "…")
    return text


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for item in value.values():
                yield from _strings(item)
        case list():
            for item in value:
                yield from _strings(item)


def _excerpt(text: str, match: re.Match[str]) -> str:
    start = text.rfind("\n", 0, match.start()) + 1
    return " ".join(text[max(start, match.start() - 40) : match.end() + 60].split())[:160]
