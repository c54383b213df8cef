"""A format turns a report into bytes. One file per format; the package finds its own siblings.

A format module defines one public class that inherits :class:`Format`. Third parties add theirs through the entry-point
group ``certify.formats``. A format sees the report and nothing else: no run directory, no source, no clock.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from certify.model.report import Report


class Format(ABC):
    """``name`` is what ``--format`` takes; ``files`` maps relative paths inside the run directory to their bytes."""

    name: ClassVar[str]
    description: ClassVar[str]

    @abstractmethod
    def render(self, report: Report) -> Mapping[str, bytes]:
        """Every file of the format, by its path relative to the run directory.

        A folder belongs to the format that writes it, and is replaced as a whole when the run is rendered again.
        """
