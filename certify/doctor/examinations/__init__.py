"""The examinations, one per file; the package finds its own siblings."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from certify.doctor.examination import Examination


@cache
def examinations() -> tuple[Examination, ...]:
    """Every examination, in the order of their steps."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    own = [kind for kind in Examination.__subclasses__() if kind.__module__.startswith(f"{__name__}.")]
    return tuple(kind() for kind in sorted(own, key=lambda kind: kind.step))
