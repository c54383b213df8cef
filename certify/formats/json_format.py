"""``certification.json``: the report itself, the source of truth for every other format.

Members stand in the order of the dataclasses; the published schema is ``program/schemas/report.v1.json``. Text is UTF-8
as it was written; where a partner sent half a surrogate pair, which UTF-8 cannot hold, the document is written in ASCII
with ``\\u`` escapes instead, so that reading it gives back exactly what was recorded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from certify.formats.interface import Format
from certify.model.codec import encode
from certify.model.report import Report


class JsonFormat(Format):
    name = "json"
    description = "certification.json, the source of truth"

    def render(self, report: Report) -> Mapping[str, bytes]:
        return {"certification.json": _document(encode(report))}


def _document(value: object) -> bytes:
    try:
        return _write(value, ascii_only=False)
    except UnicodeEncodeError:
        return _write(value, ascii_only=True)


def _write(value: object, ascii_only: bool) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=ascii_only, allow_nan=False) + "\n").encode()
