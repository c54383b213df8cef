"""The ``@check`` decorator: binds a test to a row of the catalogue.

Everything that ``certify explain`` prints stands in the test's docstring, beside the code that does it:

    @check("auth.expired-token-rejected", level="MUST", clause="RFC 7519 §4.1.4", faults=["jwt-skip-exp"])
    def test_an_expired_token_is_refused(target, …):
        \"\"\"A token is refused once it has expired.

        Sends: the secured read with a token whose exp is past the declared leeway.
        Decides: 401; a success fails.
        Cause: the claim is read but never compared -> compare exp with the current time on each request.
        \"\"\"
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from certify.model.check import Cause, Check, Level, Stage

Test = TypeVar("Test", bound=Callable[..., Any])
ATTRIBUTE, CONFIRM = "__certify_check__", "__certify_confirm__"
_FIELD = re.compile(r"^(Sends|Decides|Cause): (.*)$")


def check(
    name: str,
    *,
    level: str,
    clause: str,
    faults: Sequence[str],
    needs: Sequence[str] = (),
    sources: Sequence[str] = ("suites",),
    stage: str = "active",
    safety: str = "S0",
    requests: int = 1,
    seconds: float = 0.5,
    confirm: bool = True,
    formerly: Sequence[str] = (),
) -> Callable[[Test], Test]:
    """Bind a test to a check. ``confirm=False`` where one sighting suffices (a leak that happens once has happened).

    ``formerly`` are ids that it had before: runs from before a rename are compared with those after it.
    """

    def bind(test: Test) -> Test:
        fields = read_docstring(name, test.__doc__ or "")
        row = Check(
            id=name,
            level=Level(level),
            clause=clause,
            faults=tuple(faults),
            needs=tuple(needs),
            sources=tuple(sources),
            stage=Stage(stage),
            safety=safety,
            requests=requests,
            seconds=seconds,
            formerly=tuple(formerly),
            **fields,
        )
        setattr(test, ATTRIBUTE, row)
        setattr(test, CONFIRM, confirm)
        return test

    return bind


def read_docstring(name: str, text: str) -> dict[str, Any]:
    """Statement, ``sends``, ``decides`` and causes of a docstring. A check that does not explain itself is an error."""
    paragraphs = _unwrap(inspect.cleandoc(text))
    fields = [(match[1], match[2]) for line in paragraphs if (match := _FIELD.match(line))]
    named: dict[str, str] = dict(fields)
    causes = [value for key, value in fields if key == "Cause"]
    if not paragraphs or {"Sends", "Decides", "Cause"} - set(named) or any(" -> " not in cause for cause in causes):
        raise ValueError(f"{name}: the docstring needs a statement, Sends:, Decides: and Cause: what -> fix")
    pairs = [cause.split(" -> ", 1) for cause in causes]
    return {
        "statement": paragraphs[0],
        "sends": named["Sends"],
        "decides": named["Decides"],
        "causes": tuple(Cause(what.strip(), fix.strip()) for what, fix in pairs),
    }


def _unwrap(text: str) -> list[str]:
    """Logical lines: a line that starts no field goes on with the one before."""
    lines: list[str] = []
    for line in text.splitlines():
        if not line.strip():
            lines.append("")
        elif lines and lines[-1] and not _FIELD.match(line.strip()):
            lines[-1] += " " + line.strip()
        else:
            lines.append(line.strip())
    return [line for line in lines if line]
