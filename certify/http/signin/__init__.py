"""Sign-in flows, one per file; the package finds its own siblings."""

from __future__ import annotations

import importlib
import pkgutil

from certify.http.signin.interface import Flow


def flows() -> dict[str, type[Flow]]:
    """Every flow by the ``kind`` that a profile names."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return {flow.kind: flow for flow in Flow.__subclasses__()}
