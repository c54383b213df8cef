"""The ``format`` keywords that the contract relies on, decided the way their own standards say.

JSON Schema leaves formats to the implementation (Validation §7.2.1); here they are assertions, because the contract
promises it for ids and moments.
"""

from __future__ import annotations

import calendar
import re

from jsonschema import FormatChecker

FORMATS = FormatChecker(formats=())

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
MOMENT = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12][0-9]|3[01])[Tt]"
    r"(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9]|60)(\.[0-9]+)?"
    r"([Zz]|(?P<sign>[+-])(?P<away>[01][0-9]|2[0-3]):(?P<off>[0-5][0-9]))"
)


@FORMATS.checks("uuid")
def is_uuid(value: object) -> bool:
    """RFC 9562 §4, in either case."""
    return not isinstance(value, str) or UUID.fullmatch(value) is not None


@FORMATS.checks("date-time")
def is_moment(value: object) -> bool:
    """RFC 3339 §5.6, with the lengths of months, and second 60 only where a leap second can be (§5.7)."""
    if not isinstance(value, str):
        return True
    parts = MOMENT.fullmatch(value)
    return parts is not None and _day_exists(parts) and (parts["second"] != "60" or _ends_a_utc_day(parts))


def _day_exists(parts: re.Match[str]) -> bool:
    year = int(parts["year"]) or 2000  # NOTE: calendar knows no year 0, which was a leap year as 2000 was
    return int(parts["day"]) <= calendar.monthrange(year, int(parts["month"]))[1]


def _ends_a_utc_day(parts: re.Match[str]) -> bool:
    offset = int(parts["away"] or 0) * 60 + int(parts["off"] or 0)
    local = int(parts["hour"]) * 60 + int(parts["minute"])
    return (local + (offset if parts["sign"] == "-" else -offset)) % 1440 == 1439
