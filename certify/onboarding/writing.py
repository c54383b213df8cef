"""Writing the profile: whole or not at all, never over another file, and only if it can be read again."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from certify.errors import ConfigurationError, HarnessError, OutputError, UsageError
from certify.onboarding.drafting import Draft
from certify.program.partner import load_partner

ADDRESSES = ("_url", ".allowed_hosts[0]")
"""Members that hold what somebody else wrote, or our user named: a refusal of them is not our fault."""


def check_place(out: Path, *, force: bool) -> None:
    """Raise :class:`OutputError` where the profile cannot be written; asked before anything is sent."""
    if out.exists() and not force:
        raise OutputError(f"{out} exists", ["name another file with --out, or replace it with --force"])
    if not out.parent.is_dir() or out.is_dir():
        raise OutputError(f"{out} cannot be written: its folder is not there, or it is a folder itself")


def write_profile(draft: Draft, *, force: bool) -> Path:
    """Write a drafted profile through a temporary file beside it. Raises :class:`OutputError`."""
    check_place(draft.out, force=force)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{draft.out.name}-", suffix=".yaml", dir=draft.out.parent)
    except OSError as error:
        raise OutputError(f"cannot write to {draft.out.parent}: {error.strerror}") from None
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(draft.text)
        _check(temporary)
        temporary.chmod(0o644)
        _place(temporary, draft.out, force=force)
    finally:
        temporary.unlink(missing_ok=True)
    return draft.out


def _place(temporary: Path, out: Path, *, force: bool) -> None:
    if force:
        temporary.replace(out)
        return
    try:
        os.link(temporary, out)  # unlike a rename, does not replace what somebody wrote meanwhile
    except FileExistsError:
        raise OutputError(f"{out} exists", ["name another file with --out, or replace it with --force"]) from None
    except OSError:
        temporary.replace(out)  # a file system without links


def _check(file: Path) -> None:
    """A draft that cannot be read is our fault; secrets that are not exported yet are nobody's."""
    try:
        load_partner(file, secrets=False)
    except ConfigurationError as error:
        if error.problems and all(problem.path.endswith(ADDRESSES) for problem in error.problems):
            raise UsageError(
                "; ".join(problem.message for problem in error.problems),
                ["name another address with --url", *dict.fromkeys(problem.advice for problem in error.problems)],
            ) from None
        told = [str(problem).replace(str(file), "the profile") for problem in error.problems] or [error.message]
        raise HarnessError(
            "the drafted profile is not a valid one, so it was not written",
            ["this is a fault of certify; please report it with the contract", *told],
        ) from None
