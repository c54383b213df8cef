"""One thing to look at. A new one is a new file in ``examinations/``; the package finds its own siblings."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from certify.doctor.case import Case
from certify.doctor.diagnosis import Seen


class Examination(ABC):
    """``step`` is its place in the order; ``stands_on`` names former ones without which it tells nothing; ``quick``
    says that a run does it first, too."""

    name: ClassVar[str]
    title: ClassVar[str]
    step: ClassVar[int]
    stands_on: ClassVar[tuple[str, ...]] = ()
    quick: ClassVar[bool] = True

    @abstractmethod
    def examine(self, case: Case) -> Seen:
        """Look. A :class:`certify.errors.CertifyError` that is raised becomes the ailments that it tells."""
