"""Where the shipped program lies: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

from certify.errors import HarnessError

PACKAGE = Path(__file__).resolve().parent.parent
_PARTS = ("suites", "openapi", "fixtures")


def shipped_root() -> Path:
    """The folder that holds ``suites/``, ``openapi/`` and ``fixtures/``. Raises :class:`HarnessError` without one."""
    for root in (PACKAGE / "_shipped", PACKAGE.parent):
        if all((root / part).is_dir() for part in _PARTS):
            return root
    raise HarnessError("the shipped program is missing: no suites, openapi and fixtures", ["install certify again"])
