"""Sources of facts; the package finds its own siblings: a file each, or a folder whose ``source.py`` is the source."""

from __future__ import annotations

import importlib
import pkgutil

from certify.sources.interface import Source


def sources() -> dict[str, Source]:
    """A fresh instance of every source, by name."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}" + (".source" if module.ispkg else ""))
    ours = (kind for kind in Source.__subclasses__() if kind.__module__.startswith(f"{__name__}."))
    return {kind.name: kind() for kind in ours}
