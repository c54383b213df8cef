"""Why an operation never answered with a success: the same words for a source's note and for a report's coverage.

>>> why_never({"422": 9, "404": 1})
'no valid input was found: 422 to 9 of 10 requests'
"""

from __future__ import annotations

from collections.abc import Mapping

NEVER_CALLED = "nothing in this run called it"

_WORDS = (
    (("401", "403"), "the identity was refused"),
    (("404", "410"), "what it asks for is not there"),
    (("429", "503"), "throttled"),
    (("405", "501"), "the method is not offered"),
    (("409", "412", "428"), "things were never in the state that it needs"),
    (("415", "406"), "the media type was refused"),
    (("no answer",), "no answer came"),
)


def why_never(statuses: Mapping[str, int]) -> str:
    """The reason that most answers give. ``statuses`` counts answers by code, a missing one as ``no answer``."""
    if not statuses:
        return NEVER_CALLED
    groups: dict[str, dict[str, int]] = {}
    for status, count in statuses.items():
        groups.setdefault(_reason(status), {})[status] = count
    reason, counts = max(groups.items(), key=lambda item: sum(item[1].values()))
    codes = ", ".join(sorted(status for status in counts if status != "no answer")) or "nothing"
    return f"{reason}: {codes} to {sum(counts.values())} of {sum(statuses.values())} requests"


def _reason(status: str) -> str:
    for codes, reason in _WORDS:
        if status in codes:
            return reason
    match status[:1]:
        case "3":
            return "it redirects elsewhere"
        case "5":
            return "it answers with server errors"
        case _:
            return "no valid input was found"
