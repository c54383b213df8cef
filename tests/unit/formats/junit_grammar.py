"""The JUnit format as Jenkins and Surefire read it (jenkins junit-10.xsd), written down as data: there is no package for it.

problems(root) == []
"""

# ruff: noqa: E501
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

TEXT, COUNT, TIME = r"(?s).*", r"\d+", r"\d+(\.\d+)?"
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"


class Rule(NamedTuple):
    required: dict[str, str]
    optional: dict[str, str]
    children: tuple[str, ...]


GRAMMAR = {
    "testsuites": Rule({}, {"name": TEXT, "time": TIME, "tests": COUNT, "failures": COUNT, "errors": COUNT, "disabled": COUNT}, ("testsuite",)),
    "testsuite": Rule(
        {"name": TEXT, "tests": COUNT},
        {"failures": COUNT, "errors": COUNT, "skipped": COUNT, "disabled": COUNT, "time": TIME, "timestamp": STAMP,
         "hostname": TEXT, "id": TEXT, "package": TEXT},
        ("properties", "testcase", "system-out", "system-err"),
    ),
    "properties": Rule({}, {}, ("property",)),
    "property": Rule({"name": TEXT, "value": TEXT}, {}, ()),
    "testcase": Rule({"name": TEXT, "classname": TEXT}, {"time": TIME, "status": TEXT, "assertions": COUNT},
                     ("skipped", "error", "failure", "flakyFailure", "flakyError", "system-out", "system-err")),
    "failure": Rule({}, {"message": TEXT, "type": TEXT}, ()),
    "error": Rule({}, {"message": TEXT, "type": TEXT}, ()),
    "flakyFailure": Rule({"type": TEXT}, {"message": TEXT}, ()),
    "flakyError": Rule({"type": TEXT}, {"message": TEXT}, ()),
    "skipped": Rule({}, {"message": TEXT}, ()),
    "system-out": Rule({}, {}, ()),
    "system-err": Rule({}, {}, ()),
}  # fmt: skip


def problems(element: Element) -> list[str]:
    """Every place where a document leaves the grammar."""
    return list(_problems(element))


def _problems(element: Element) -> Iterator[str]:
    rule = GRAMMAR[element.tag]
    known = {**rule.required, **rule.optional}
    for name in rule.required:
        if name not in element.attrib:
            yield f"{element.tag} lacks {name}"
    for name, value in element.attrib.items():
        if not re.fullmatch(known.get(name, "(?!)"), value):
            yield f"{element.tag} has {name}={value!r}"
    for child in element:
        if child.tag in rule.children:
            yield from _problems(child)
        else:
            yield f"{element.tag} holds {child.tag}"
