"""Whatever a partner's contract is, as one self-contained document in the words of OpenAPI 3.1.

Swagger 2.0, OpenAPI 3.0, 3.1 and 3.2; JSON or YAML; one file or several, here or on named hosts. What is wrong with it
is told with file and line. Where the rest can still be tested it is, and the operations concerned are set aside.

    read → bundle → upgrade → settle → modernise → survey → mend
"""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from certify.contract.bundle import bundle
from certify.contract.dialect import modernise
from certify.contract.document import Contract
from certify.contract.facts import Facts, peak_mb
from certify.contract.items import settle_items
from certify.contract.library import Fetch, Library, Source
from certify.contract.lines import find_lines
from certify.contract.lost import settle_lost
from certify.contract.mend import mend_operations, set_aside
from certify.contract.origins import Origins
from certify.contract.prepared import is_prepared, load_prepared
from certify.contract.problem import Effect, Mistake
from certify.contract.samples import bad_samples
from certify.contract.survey import Found, Survey
from certify.contract.swagger import is_swagger, upgraded
from certify.contract.telling import tell
from certify.errors import Problem, ProgramError
from certify.program.source import decoded

WRITTEN_AS = "x-written-as"
_KNOWN = re.compile(r"3\.[012](\.\d+)?(-.+)?")


def load_contract(source: str | Path, fetch: Fetch | None = None) -> Contract:
    """Load a contract from a file or, where ``fetch`` is given, from a URL.

    ``fetch`` also gets the remote documents that it refers to.
    Raises :class:`ProgramError` with every problem where nothing is left that could be tested.
    """
    started = time.perf_counter()
    with _no_collector():
        contract = _Loading(Library(str(source), fetch)).load()
    facts = replace(contract.facts, seconds=round(time.perf_counter() - started, 3), peak_mb=peak_mb())
    return replace(contract, facts=facts)


def load_handed(source: str | Path) -> Contract:
    """Load a contract that this harness hands to a process of its own: what it prepared before is only read.

    Never for a name that a profile or a person gives, since anybody can call a file so.
    """
    return load_prepared(str(source)) if is_prepared(str(source)) else load_contract(source)


@contextmanager
def _no_collector() -> Iterator[None]:
    """A document is millions of objects that all live on; looking for garbage among them doubles the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@dataclass
class _Loading:
    library: Library
    origins: Origins = field(default_factory=Origins)

    def load(self) -> Contract:
        root = self.library.first()
        _check_root(root, self._line)
        bundled = bundle(self.library, root)
        survey = Survey(self._modern(bundled.document), bundled.failures).run()
        settle_lost(survey)
        problems = self._mended(survey)
        left = len(survey.operations) - len(survey.concerned(survey.broken))
        if not left:
            raise _hopeless(root, problems, self._line(root, "paths"))
        facts = self._facts(survey, left)
        return Contract(survey.document, self.library.root, problems, facts)

    def _modern(self, document: dict[str, Any]) -> dict[str, Any]:
        written_as = str(document.get("openapi") or document.get("swagger"))
        if is_swagger(document):
            document = upgraded(document, self.origins)
        settle_items(document, self.origins)
        modernise(document)
        document[WRITTEN_AS] = written_as
        return document

    def _mended(self, survey: Survey) -> tuple[Mistake, ...]:
        found: list[Found] = [*survey.found, *mend_operations(survey, self.origins)]
        found += bad_samples(survey, survey.concerned(survey.broken))
        told = tell(found, survey, self.library, self.origins)
        set_aside(survey, survey.concerned(survey.broken))
        return told

    def _line(self, root: Source, member: str) -> int:
        """Where a member of the root was written; 1 where it was not."""
        return find_lines(decoded(self.library.bytes_of(root)), [(member,)])[(member,)]

    def _facts(self, survey: Survey, left: int) -> Facts:
        read = self.library.sources.values()
        return Facts(
            dialect=str(survey.document[WRITTEN_AS]),
            files=tuple(item.name for item in read),
            bytes=sum(item.size for item in read),
            digest=self.library.digest,
            operations=left,
            set_aside=len(survey.operations) - left,
        )


def _check_root(root: Source, line: Callable[[Source, str], int]) -> None:
    """Raise :class:`ProgramError` unless this is an OpenAPI document of a known version with paths."""
    value = root.value
    if not isinstance(value, dict):
        problem = Problem(root.name, f"the document is {_named(value)}, not a mapping of members", 1)
        raise ProgramError(f"{root.name} cannot be read", problems=[problem])
    version = str(value.get("openapi", ""))
    if not isinstance(value.get("paths"), dict):
        problem = Problem(root.name, "this is not an OpenAPI document: it has no paths", line(root, "paths"), "paths")
    elif not is_swagger(value) and not _KNOWN.fullmatch(version):
        known = "known: 3.0, 3.1, 3.2, and Swagger 2.0"
        shown = (version or str(value.get("swagger")))[:40]
        problem = Problem(root.name, f"unknown version {shown!r} of OpenAPI", line(root, "openapi"), "openapi", known)
    else:
        return
    raise ProgramError(f"contract {root.name} has 1 problem", problems=[problem])


def _hopeless(root: Source, mistakes: tuple[Mistake, ...], line: int) -> ProgramError:
    """Nothing is left to test: every problem, since each may be why."""
    problems = [mistake.problem for mistake in mistakes]
    if not any(mistake.effect is Effect.SET_ASIDE for mistake in mistakes):
        problems.append(
            Problem(root.name, "no path has an operation", line, "paths", "name the operations to be tested")
        )
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return ProgramError(f"contract {root.name} has {count}", problems=problems)


def _named(value: object) -> str:
    return "a list" if isinstance(value, list) else "empty" if value is None else "a single value"
