"""A visit: the examinations in their order, each only where what it stands on holds."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from certify.doctor.ailment import Ailment, Weight, from_error
from certify.doctor.case import Case
from certify.doctor.diagnosis import Diagnosis, Examined, State
from certify.doctor.examination import Examination
from certify.doctor.examinations import examinations
from certify.errors import CertifyError
from certify.http.session import Session
from certify.http.wire import DEADLINE, TransportError, unreachable


class Visit:
    """Each examination is made once; what one learns the others use. Closes the case at its end."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._done: dict[str, Examined] = {}
        self._began = time.perf_counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.case.close()

    def whole(self) -> Diagnosis:
        """Every examination."""
        for examination in examinations():
            self._make(examination)
        return self.diagnosis

    def refuse_broken(self, *, until: str = "") -> None:
        """The quick examinations, up to the one called ``until``. Raises the error of the first fatal ailment."""
        for examination in examinations():
            if examination.quick:
                self._refuse(self._make(examination))
            if examination.name == until:
                return

    def open(self, run_id: str) -> Session:
        """The way to a sandbox that is fit for a run: what the doctor learned and whom it signed in stay known.

        Raises the error of the first fatal ailment.
        """
        self.case.run_id = run_id
        self.refuse_broken()
        self.case.session.wire.deadline = DEADLINE
        return self.case.session

    @property
    def diagnosis(self) -> Diagnosis:
        """What was found so far."""
        seconds = round(time.perf_counter() - self._began, 3)
        examined = tuple(self._done.values())
        return Diagnosis(
            str(self.case.file), **self.case.facts(), examined=examined, requests=self.case.requests, seconds=seconds
        )

    def _refuse(self, examined: Examined) -> None:
        for ailment in examined.ailments:
            if ailment.weight is Weight.FATAL:
                raise ailment.error()

    def _make(self, examination: Examination) -> Examined:
        if examination.name not in self._done:
            self._done[examination.name] = self._made(examination)
        return self._done[examination.name]

    def _made(self, examination: Examination) -> Examined:
        for name in examination.stands_on:
            before = self._done.get(name)
            if before is not None and not before.holds:
                told = f"not looked at: it stands on {before.title}"
                return Examined(examination.name, examination.title, State.NOT_LOOKED_AT, told)
        started = time.perf_counter()
        try:
            seen = examination.examine(self.case)
        except TransportError as error:
            seen_ailments = tuple(from_error(unreachable(self.case.known.base_url, error)))
            return self._failed(examination, seen_ailments, started)
        except CertifyError as error:
            return self._failed(examination, tuple(from_error(error)), started)
        took = round(time.perf_counter() - started, 3)
        return Examined(examination.name, examination.title, seen.state, seen.told, seen.ailments, seen.facts, took)

    def _failed(self, examination: Examination, ailments: tuple[Ailment, ...], started: float) -> Examined:
        took = round(time.perf_counter() - started, 3)
        return Examined(examination.name, examination.title, State.AILING, ailments[0].message, ailments, seconds=took)
