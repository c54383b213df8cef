"""Every format there is, by name: the siblings of this file, and what third parties add.

    formats()["html"].render(report)     # {"report.html": b"<!doctype html>…"}

Nothing else lists formats. A module of this package that defines a concrete :class:`Format` is one; a distribution adds
its own through the entry-point group ``certify.formats``, whose entries name a class. A third party cannot replace a
format that is shipped here: an installed package must not be able to change a certificate.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from certify.errors import ConfigurationError
from certify.formats.interface import Format

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "certify.formats"


def formats() -> dict[str, Format]:
    """All formats by name, sorted. Raises ConfigurationError where an installed one is broken or takes a name."""
    from importlib.metadata import entry_points  # slow to import, and `certify --help` must not wait for it

    found = {kind.name: kind() for kind in _shipped()}
    for entry in entry_points(group=GROUP):
        kind = _load(entry)
        if kind.name in found:
            raise _refuse(entry, f"takes the name {kind.name!r}, which is in use")
        found[kind.name] = kind()
    return dict(sorted(found.items()))


def _shipped() -> Iterator[type[Format]]:
    for module in iter_modules([str(Path(__file__).parent)], prefix="certify.formats."):
        members = vars(import_module(module.name)).values()
        yield from (kind for kind in members if _is_format(kind) and kind.__module__ == module.name)


def _is_format(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Format) and not inspect.isabstract(kind)


def _load(entry: EntryPoint) -> type[Format]:
    try:
        kind = entry.load()
    except Exception as error:
        raise _refuse(entry, f"cannot be loaded: {error}") from error
    if not _is_format(kind):
        raise _refuse(entry, "is not a concrete certify.formats.interface.Format")
    return kind  # type: ignore[no-any-return]


def _refuse(entry: EntryPoint, why: str) -> ConfigurationError:
    owner = entry.dist.name if entry.dist else "an installed package"
    return ConfigurationError(f"the format {entry.value} of {owner} {why}", [f"Mend or uninstall {owner}."])
