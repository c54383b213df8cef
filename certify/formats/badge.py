"""``badge.svg`` and ``badge.json``: the verdict and its day, for a README. A picture, never a proof: a gate asks
``certify gate``.

The SVG has no script, no link, no font and no style sheet of its own; a sign and a word carry the meaning, colour only
repeats it, and the title says the whole of it to who cannot see it. Widths are set (``textLength``), so that any font
fits. The JSON is what the shields endpoint badge takes (``schemaVersion`` 1); ``isError`` keeps whoever embeds it from
choosing a friendlier colour by the address.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import NamedTuple

from certify.formats.inert import one_line
from certify.formats.interface import Format
from certify.formats.reading import waivers
from certify.formats.standing import Stand, verdict_standing
from certify.formats.words import counted, verdict_word
from certify.model.report import Report

LABEL = "certify"
COLOURS = {"good": "#1a7f37", "bad": "#b42318", "doubt": "#8a5a00"}  # each at least 5:1 against white
GREY = "#57606a"
HEIGHT, PAD = 20, 7
_NARROW = "fijlrt.,:;|!'()[]1 "
_WIDE = "mwMWGOQ—✓✕"


class BadgeFormat(Format):
    name = "badge"
    description = "badge.svg, and badge.json for the shields endpoint"

    def render(self, report: Report) -> Mapping[str, bytes]:
        told = _told(report)
        endpoint = {"schemaVersion": 1, "label": LABEL, "message": told.message, "color": told.colour,
                    "labelColor": GREY, "isError": not told.good}  # fmt: skip
        return {"badge.svg": _svg(told).encode(), "badge.json": (json.dumps(endpoint, indent=1) + "\n").encode()}


class _Told(NamedTuple):
    message: str
    title: str
    sign: str
    colour: str
    good: bool


def _told(report: Report) -> _Told:
    good = verdict_standing(report).stand is Stand.PASSED
    word = verdict_word(report.verdict if good or report.verdict != "certified" else "unproven")
    day = datetime.fromtimestamp(report.run.started, UTC).date().isoformat()
    certified = sum(item.verdict == "certified" for item in report.milestones)
    held = "" if good else f", {certified} of {len(report.milestones)} milestones certified"
    stands_on = f", {counted(len(waivers(report)), 'waiver')}" if waivers(report) else ""
    title = f"{LABEL}: {one_line(report.partner.name, 100)}: {word.label.lower()} on {day}{held}{stands_on}"
    message = f"{word.label.lower()} {day}{stands_on}" if report.run.complete else f"interrupted {day}{stands_on}"
    return _Told(message, title, word.sign, COLOURS.get(word.tone, GREY), good)


def _svg(told: _Told) -> str:
    text = f"{told.sign} {told.message}"
    left, right = _width(LABEL), _width(text)
    whole, title = left + right + 4 * PAD, escape(told.title)
    split = left + 2 * PAD
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{HEIGHT}" viewBox="0 0 {whole} {HEIGHT}" '
        f'role="img" aria-label="{title}">\n'
        f"<title>{title}</title>\n"
        f'<rect width="{whole}" height="{HEIGHT}" rx="3" fill="{GREY}"/>\n'
        f'<path d="M{split} 0h{right + 2 * PAD - 3}a3 3 0 0 1 3 3v{HEIGHT - 6}a3 3 0 0 1-3 3h-{right + 2 * PAD - 3}z" '
        f'fill="{told.colour}"/>\n'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" aria-hidden="true">\n'
        f'<text x="{PAD}" y="14" textLength="{left}">{LABEL}</text>\n'
        f'<text x="{split + PAD}" y="14" textLength="{right}">{escape(text)}</text>\n'
        f"</g>\n</svg>\n"
    )


def _width(text: str) -> int:
    """About what the text takes in Verdana at 11 px; ``textLength`` makes it exact."""
    return round(sum(4.2 if letter in _NARROW else 10.0 if letter in _WIDE else 7.0 for letter in text))
