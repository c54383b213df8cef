"""Rate limits, where the contract says one in so many words; they are then kept, and can be measured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from certify.contract import Contract
from certify.onboarding.facts import Facts
from certify.onboarding.yaml_lines import comment

_WINDOWS = {"second": 1, "sec": 1, "minute": 60, "min": 60, "hour": 3600, "day": 86400}
_SAID = re.compile(
    r"(?P<requests>\d{1,3}(?:[,_]\d{3})+|\d{1,7})\s*(?:api\s+)?(?:requests|calls|req)\s*(?:per|/|every|each|a|an)\s*"
    r"(?P<number>\d{1,4})?\s*(?P<unit>second|sec|minute|min|hour|day)s?\b",
    re.I,
)


@dataclass(frozen=True)
class Said:
    """A limit in words: where it stands, the words, and what they mean."""

    where: str
    words: str
    requests: int
    window_s: int


def lines(facts: Facts) -> Iterator[str]:
    found = said(facts.contract)
    yield from comment(
        "Rate limits that the sandbox declares. Every check keeps to them, except those that measure them."
    )
    if len({(item.requests, item.window_s) for item in found}) == 1:
        yield from comment(f'{found[0].where} says "{found[0].words}".')
        yield "limits:"
        yield f"  - {{requests: {found[0].requests}, window_s: {found[0].window_s}}}"
        return
    for item in found[:6]:
        yield from comment(f'{item.where} says "{item.words}".')
    why = "the contract says several" if found else "the contract says none"
    yield from comment(f"Not declared, because {why}; certify then sends no more than 5 requests a second.")
    yield "# limits:"
    example = min(found, key=lambda item: item.requests / item.window_s) if found else Said("", "", 600, 60)
    yield f"#   - {{requests: {example.requests}, window_s: {example.window_s}}}"


def said(contract: Contract) -> list[Said]:
    """Limits in the descriptions of the document and of its 429 answers."""
    texts = [("the contract's description", str(contract.document.get("info", {}).get("description", "")))]
    for path, item in contract.document.get("paths", {}).items():
        for method, node in item.items() if isinstance(item, dict) else ():
            answer = node.get("responses", {}).get("429") if isinstance(node, dict) else None
            if isinstance(answer, dict):
                told = contract.follow(answer)
                texts.append((f"429 of {method.upper()} {path}", str(told.get("description", ""))))
    return [found for where, text in texts for found in _in(where, text)]


def _in(where: str, text: str) -> Iterator[Said]:
    for match in _SAID.finditer(text[:20_000]):
        requests = int(re.sub("[,_]", "", match["requests"]))
        window = int(match["number"] or 1) * _WINDOWS[match["unit"].lower()]
        if requests and window:
            yield Said(where, match[0], requests, window)
