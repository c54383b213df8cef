"""What was drafted, and what to do next: variables to export, values to fill in, two commands."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import IO

from certify.cli.terminal.screen import open_console, shown
from certify.formats.words import counted
from certify.onboarding import Draft
from certify.program.placeholder import PLACEHOLDER


def render_drafted(draft: Draft, file: Path, stream: IO[str], color: bool | None = None) -> None:
    """Print the end of ``certify init``."""
    console = open_console(stream, color)
    aside = f", {draft.set_aside} set aside" if draft.set_aside else ""
    console.print(
        f"Wrote {file}: {counted(draft.operations, 'operation')}{aside}, at {shown(draft.base_url)}", style="bold"
    )
    if draft.mistakes:
        told = f"certify plan --partner {shlex.quote(str(file))}"
        console.print(f"{counted(draft.mistakes, 'mistake')} in the contract: `{told}` lists them", style="yellow")
    console.print(f"Sign-in: {draft.scheme.kind}. {shown('; '.join(draft.scheme.notes))}", style="dim")
    unfilled = [number for number, line in enumerate(draft.text.splitlines(), 1) if _to_fill(line)]
    if unfilled:
        console.print()
        console.print("Fill in, in the file")
        for number in unfilled:
            console.print(f"  {file}:{number}: {shown(draft.text.splitlines()[number - 1].split('#')[0].strip())}")
    missing = [(name, what) for name, what in draft.exports if name not in set(os.environ)]
    if missing:
        console.print()
        console.print("Export the secrets that the profile names")
        for name, what in missing:
            console.print(f"  export {name}=…   # {what}")
    console.print()
    console.print("Then")
    console.print(f"  certify doctor --partner {shlex.quote(str(file))}")
    console.print(f"  certify run --partner {shlex.quote(str(file))}")


def _to_fill(line: str) -> bool:
    return PLACEHOLDER in line and not line.lstrip().startswith("#")
