"""How an error reaches a person: one clear message on standard error, all problems of a file, and what to do."""

from __future__ import annotations

import functools
import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from certify.cli.unread import unread
from certify.errors import CertifyError, ConfigurationError, HarnessError
from certify.formats.inert import unobeyed, visible

_HERE = Path(__file__).parents[1]


def failures_told(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a :class:`CertifyError` of a verb into its message and its documented exit code."""

    @functools.wraps(verb)
    def told(*args: Any, **kwargs: Any) -> Any:
        as_json = bool(kwargs.get("as_json"))
        try:
            return verb(*args, **kwargs)
        except CertifyError as error:
            tell(error, as_json=as_json)
        except KeyboardInterrupt:
            tell(HarnessError("interrupted before anything was recorded"), as_json=as_json)
        except (click.exceptions.Exit, click.ClickException):
            raise
        except BrokenPipeError as error:
            if unread():
                raise  # nobody is there to be told (``unread.py``)
            tell(_unforeseen(error), as_json=as_json)
        except Exception as error:  # an exit code of 1 would say "not certified", which nobody found out
            tell(_unforeseen(error), as_json=as_json)

    return told


def _unforeseen(error: Exception) -> HarnessError:
    """Our own fault: where it happened, for whoever mends it: our innermost line, not a library's that it called."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_HERE)]
    frame = (ours or frames)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}"
    return HarnessError(
        f"something unforeseen happened: {type(error).__name__}: {error}",
        [f"this is a fault of certify, not of the sandbox; please report it with this line: {where}"],
    )


def tell(error: CertifyError, *, as_json: bool) -> NoReturn:
    """Print an error and leave with its exit code."""
    if as_json:
        click.echo(json.dumps(as_object(error)))
    else:
        for line in lines(error):
            click.echo(line, err=True)
    sys.exit(error.exit_code)


def lines(error: CertifyError) -> list[str]:
    """The message, each problem on its own line, and the advice, most likely cause first.

    A message may quote what a partner sent, so control characters and commands to a runner are shown, not obeyed.
    """
    found = [click.style("certify: ", fg="red", bold=True) + visible(error.message)]
    if isinstance(error, ConfigurationError):
        found += [f"  {visible(str(problem))}" for problem in error.problems]
    label = "what to do" if len(error.advice) == 1 else "most likely first"
    found += [f"  {label}:", *(f"    - {visible(advice)}" for advice in error.advice)] if error.advice else []
    return [unobeyed(line) for line in found]


def as_object(error: CertifyError) -> dict[str, Any]:
    """The same for a machine."""
    problems = error.problems if isinstance(error, ConfigurationError) else ()
    return {
        "error": {
            "kind": type(error).__name__,
            "message": error.message,
            "advice": list(error.advice),
            "problems": [
                {"file": p.file, "line": p.line, "path": p.path, "message": p.message, "advice": p.advice}
                for p in problems
            ],
        },
        "exit_code": error.exit_code,
    }
