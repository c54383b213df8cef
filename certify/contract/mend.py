"""What is stepped around in a contract with mistakes, so that the rest of it can be tested.

An operation that needs what cannot be read is set aside: its method stays in the document, since it is documented, but
nobody calls it, and nobody judges what it answers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from certify.contract.aside import Stubs
from certify.contract.origins import Origins
from certify.contract.problem import Effect
from certify.contract.survey import Found, Survey

_NAME = re.compile(r"\{([^{}]+)\}")


def mend_operations(survey: Survey, origins: Origins) -> list[Found]:
    """Settle what can be settled in each operation; returns what was wrong."""
    return [*_ids(survey), *_parameters(survey, origins)]


def set_aside(survey: Survey, units: set[str]) -> None:
    """Put a stub in place of each operation, and take away paths that are none."""
    paths = survey.document["paths"]
    stubs = Stubs(survey.document)
    made = {survey.operations[unit]: stubs.stub(_whole(paths, *survey.operations[unit])) for unit in units}
    for (path, method), stub in made.items():
        paths[path][method] = stub
    for path, item in list(paths.items()):
        if not path.startswith("x-") and not (path.startswith("/") and isinstance(item, dict)):
            del paths[path]
        elif isinstance(item, dict) and f"/paths/{path}" in survey.broken:
            item.pop("parameters", None)
            item.pop("$ref", None)


def _whole(paths: dict[str, Any], path: str, method: str) -> tuple[object, object]:
    """An operation and the parameters that its path brings along."""
    item = paths[path]
    return item[method], item.get("parameters")


def _operations(survey: Survey) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for unit, (path, method) in survey.operations.items():
        node = survey.document["paths"][path][method]
        if isinstance(node, dict):
            yield unit, path, method, node


def _ids(survey: Survey) -> Iterator[Found]:
    """Two operations of one id: both are called by method and path."""
    counts = Counter(str(node["operationId"]) for *_, node in _operations(survey) if "operationId" in node)
    for unit, path, method, node in _operations(survey):
        name = str(node.get("operationId", ""))
        if counts[name] > 1:
            del node["operationId"]
            message = f"operationId {name[:80]!r} is given to {counts[name]} operations"
            advice = f"give each its own; this one goes by {method.upper()} {path}"
            yield Found(unit, ("paths", path, method, "operationId"), message, advice, Effect.MENDED)


def _parameters(survey: Survey, origins: Origins) -> Iterator[Found]:
    """Names in a path that nothing declares are texts; a path parameter is always required (OpenAPI 3.1 §4.8.12)."""
    for unit, path, method, node in _operations(survey):
        names = list(dict.fromkeys(_NAME.findall(path)))
        declared = _declared(survey, path, node)
        missing = [name for name in names if name not in declared]
        if not missing or not isinstance(node.get("parameters", []), list):
            continue
        added = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in missing]
        own = node.get("parameters", [])
        node["parameters"] = [*own, *added]
        origins.made(node["parameters"], own)
        message = f"{', '.join(repr(name) for name in missing)} of the path is not declared as a parameter"
        yield Found(unit, ("paths", path, method), message, "declare it, with its schema; it is read as a text",
                    Effect.MENDED)  # fmt: skip


def _declared(survey: Survey, path: str, node: dict[str, Any]) -> dict[str, dict[str, Any]]:
    levels = [survey.document["paths"][path].get("parameters", []), node.get("parameters", [])]
    raw = [survey.target(item) for level in levels if isinstance(level, list) for item in level]
    return {str(item.get("name")): item for item in raw if isinstance(item, dict) and item.get("in") == "path"}
