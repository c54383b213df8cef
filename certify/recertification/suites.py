"""Which checks are told by other code than the one that certified: by the digest of the file that declares each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from certify.model.report import ReportedCheck
from certify.program.digest import digest


def rewritten(checks: Iterable[ReportedCheck], suites: Sequence[Path]) -> dict[str, str]:
    """The checks whose file is not there any more as it was, each with the reason."""
    known = {digest(file) for folder in suites for file in folder.rglob("test_*.py")}
    return {check.id: "the suite that declares it changed" for check in checks if check.suite not in known}
