"""Reading ``certification.json`` back: the source of truth for every other format."""

from __future__ import annotations

import json

from certify.errors import RunDirectoryError
from certify.model.codec import decode
from certify.model.report import SCHEMA, Report
from certify.rundir import RunDirectory

FILE = "certification.json"


def read_report(rundir: RunDirectory) -> Report:
    """The report as it was written. Raises :class:`RunDirectoryError` with file and line where it cannot be read."""
    file = rundir.path / FILE
    try:
        value = json.loads(file.read_bytes())
    except FileNotFoundError:
        raise RunDirectoryError(f"{file} is missing", ["make it with `certify judge RUN_DIR`"]) from None
    except json.JSONDecodeError as error:
        raise RunDirectoryError(f"{file}:{error.lineno}: not JSON: {error.msg}", [_AGAIN]) from None
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        version = value.get("schema") if isinstance(value, dict) else None
        raise RunDirectoryError(f"{file}: schema {version!r} is not known here; known: {SCHEMA}", [_AGAIN])
    try:
        return decode(Report, value)
    except (ValueError, TypeError, KeyError) as error:
        raise RunDirectoryError(f"{file}: not a report: {error}", [_AGAIN]) from None


_AGAIN = "make it again with `certify judge RUN_DIR`"
