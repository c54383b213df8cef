"""Whatever a partner's contract is, as one self-contained document in the words of OpenAPI 3.1.

Swagger 2.0, OpenAPI 3.0, 3.1 and 3.2; JSON or YAML; one file or several, here or on named hosts.

    read → bundle → upgrade → settle → modernise → check
"""

from __future__ import annotations

import time
from pathlib import Path

from certify.contract.bundle import bundle
from certify.contract.dialect import modernise
from certify.contract.document import Contract
from certify.contract.facts import Facts, peak_mb
from certify.contract.items import settle_items
from certify.contract.library import Fetch, Library, Source
from certify.contract.origins import Origins
from certify.contract.prepared import is_prepared, load_prepared
from certify.contract.skeleton import check_skeleton
from certify.contract.swagger import is_swagger, upgraded
from certify.errors import Problem, ProgramError
from certify.program.source import Document, read_document


def load_contract(source: str | Path, fetch: Fetch | None = None) -> Contract:
    """Load a contract from a file or, where ``fetch`` is given, from a URL. Raises :class:`ProgramError`.

    ``fetch`` also gets the remote documents that it refers to. A file that was prepared before is only read.
    """
    if is_prepared(str(source)):
        return load_prepared(str(source))
    started = time.perf_counter()
    library = Library(str(source), fetch)
    root = library.first()
    if not isinstance(root.value, dict):
        problem = Problem(root.name, f"the document is {_named(root.value)}, not a mapping of members", 1)
        raise ProgramError(f"{root.name} cannot be read", problems=[problem])
    written_as = str(root.value.get("openapi") or root.value.get("swagger") or "")
    document, origins = bundle(library, root).document, Origins()
    if is_swagger(document):
        document = upgraded(document, origins)
    settle_items(document, origins)
    modernise(document)
    document["x-written-as"] = written_as
    _check(document, root)
    contract = Contract(document, str(source))
    facts = Facts(
        dialect=written_as,
        files=tuple(item.name for item in library.sources.values()),
        bytes=sum(item.size for item in library.sources.values()),
        digest=library.digest,
        operations=len(contract.operations),
        seconds=round(time.perf_counter() - started, 3),
        peak_mb=peak_mb(),
    )
    return Contract(document, str(source), (), facts)


def _check(document: dict[str, object], root: Source) -> None:
    try:
        check_skeleton(Document(document, root.name))
    except ProgramError:
        if root.name == root.uri or "swagger" in root.value:
            raise
        check_skeleton(read_document(Path(root.name)))  # the same once more, with lines
        raise


def _named(value: object) -> str:
    return "a list" if isinstance(value, list) else "empty" if value is None else "a single value"
