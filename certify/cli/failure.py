"""How an error reaches a person: one clear message on standard error, all problems of a file, and what to do."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import click

from certify.errors import CertifyError, ConfigurationError


def failures_told(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a :class:`CertifyError` of a verb into its message and its documented exit code."""

    @functools.wraps(verb)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return verb(*args, **kwargs)
        except CertifyError as error:
            tell(error, as_json=bool(kwargs.get("as_json")))

    return told


def tell(error: CertifyError, *, as_json: bool) -> NoReturn:
    """Print an error and leave with its exit code."""
    if as_json:
        click.echo(json.dumps(as_object(error)))
    else:
        for line in lines(error):
            click.echo(line, err=True)
    sys.exit(error.exit_code)


def lines(error: CertifyError) -> list[str]:
    """The message, each problem on its own line, and the advice, most likely cause first."""
    found = [click.style("certify: ", fg="red", bold=True) + error.message]
    if isinstance(error, ConfigurationError):
        found += [f"  {problem}" for problem in error.problems]
    label = "what to do" if len(error.advice) == 1 else "most likely first"
    found += [f"  {label}:", *(f"    - {advice}" for advice in error.advice)] if error.advice else []
    return found


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
