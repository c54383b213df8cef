"""Each request of the engine waits for its turn and keeps within the budget, also those that its checks send.

NOTE: the engine's hooks see the cases that it generates, and not what its checks send besides. Its transport is
``requests``, whose adapter sees all of them. What an answer says of the limit is learnt here as well: the engine waits
out 429 by itself, and 503 not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from certify.budget import Budget, Meter
from certify.errors import BudgetSpentError
from certify.http.call import Call, Reply
from certify.http.pacing import Pacer
from certify.sources.contract import engine
from certify.sources.contract.config import Settings

Send = Callable[..., Any]


class Turns:
    """Pace and budget of one process; ``spent`` says which bound was met, and is empty before."""

    def __init__(self, settings: Settings) -> None:
        meter = Meter.open(Path(settings.meter)) if settings.meter else Meter.alone(settings.rate)
        self._pacer = Pacer(meter, burst=3)
        self._budget = Budget(meter, settings.reserve, settings.reserve_s)
        self.spent = ""

    def stand_before(
        self,
        adapter: type[Any],
        ready: Callable[[Any], None] = lambda request: None,
        refused: Callable[[], None] = lambda: None,
    ) -> None:
        """Have every request of an adapter class of ``requests`` pass here, until the process ends.

        ``ready`` makes a request ready once its turn has come, right before it is sent; ``refused`` is told of the one
        that has no turn.
        """
        send: Send = adapter.send

        def in_turn(self_: Any, request: Any, *arguments: Any, **options: Any) -> Any:
            try:
                self.take()
            except KeyboardInterrupt:
                refused()
                raise
            ready(request)
            response = send(self_, request, *arguments, **options)
            self.learn(response.status_code, response.headers)
            return response

        adapter.send = in_turn

    def take(self) -> None:
        """Wait for our turn. Raises what ends the engine's run where there is none."""
        self._pacer.wait()
        try:
            self._budget.take()
        except BudgetSpentError as error:
            raise self.end(error) from None

    def end(self, error: BudgetSpentError) -> BaseException:
        """Note which bound was met, and give what ends the engine's run in good order."""
        self.spent = error.message
        return engine.end_of_run()

    def learn(self, status: int, headers: Any) -> None:
        """Take from an answer what it says of the limit."""
        self._pacer.learn(Reply(status, tuple(headers.items()), b"", 0.0, "", Call("GET", "/")))
