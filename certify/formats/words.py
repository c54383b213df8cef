"""The words of a report, once: what each verdict, ruling and status is called.

Codes are for machines (``not_certified``, ``not_run``); a reader gets a word, and a sign that does not need colour.
"""

from __future__ import annotations

from typing import NamedTuple

from certify.formats.inert import one_line


class Word(NamedTuple):
    """``tone`` is good, bad, doubt or quiet: it chooses colour, which never carries meaning alone."""

    label: str
    sign: str
    tone: str


VERDICTS = {
    "certified": Word("Certified", "✓", "good"),
    "not_certified": Word("Not certified", "✕", "bad"),
    "unproven": Word("Not proven", "?", "doubt"),
}
RULINGS = {
    "met": Word("Met", "✓", "good"),
    "not_met": Word("Not met", "✕", "bad"),
    "unproven": Word("Not proven", "?", "doubt"),
    "waived": Word("Waived", "≈", "doubt"),
    "not_applicable": Word("Not applicable", "–", "quiet"),
}
STATUSES = {
    "passed": Word("Passed", "✓", "good"),
    "failed": Word("Failed", "✕", "bad"),
    "inconclusive": Word("Inconclusive", "?", "doubt"),
    "not_run": Word("Not run", "?", "doubt"),
    "errored": Word("Harness error", "!", "doubt"),
    "silent": Word("Silent", "?", "doubt"),
    "not_applicable": Word("Not applicable", "–", "quiet"),
}
UNANSWERED = Word("Unanswered", "?", "doubt")
KINDS = {
    "automated": "Decided by checks",
    "evidence": "Evidence, reviewed",
    "attested": "Attested",
    "metric": "Measured",
}
LEVELS = {"required": "Required", "recommended": "Recommended", "pending": "Not required yet"}


def sentence(text: str) -> str:
    """Somebody's words as a sentence: a capital first, a full stop last, unless they look like code."""
    text = text.strip()
    if text[:1].isalpha() and text.split(maxsplit=1)[0].isalpha():
        text = text[0].upper() + text[1:]
    return text if not text or text[-1] in ".!?:…`)]}\"'" else f"{text}."


def counted(number: int, noun: str) -> str:
    """``1 request``, ``1,200 requests``: a number with its noun, whose plural ends in *s*."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _unknown(code: str) -> Word:
    """A code that is on none of our lists is somebody's text, whoever wrote the file that it came in."""
    return Word(one_line(code, 80), "?", "doubt")


def verdict_word(code: str) -> Word:
    return VERDICTS.get(code) or _unknown(code)


def ruling_word(code: str) -> Word:
    return RULINGS.get(code) or _unknown(code)


def status_word(code: str) -> Word:
    return STATUSES.get(code) or _unknown(code)
