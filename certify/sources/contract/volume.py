"""How much is generated at most, whatever the contract: nobody's sandbox is kept busy for hours.

The coverage phase makes every case that a schema can think of, and a schema may list ten thousand values; a contract
may have thousands of operations. So each operation has a share, and the whole has a bound in requests and in minutes.
What a bound cuts off is told: an operation that was never reached is *not exercised: budget*.
"""

from __future__ import annotations

from dataclasses import dataclass

from certify.model.plan import Estimate

BUDGET = "the bound on requests or time was reached"
"""The stop reason of a job that ended because of it."""
MOST_REQUESTS = 20_000
MOST_SECONDS = 1_800.0
MOST_PER_OPERATION, LEAST_PER_OPERATION = 400, 20
"""Cases of the coverage phase. The reference contract's busiest operation makes 190."""
_TYPICAL = 40
"""Cases of the coverage phase for an ordinary operation; measured on contracts of 10 to 22 operations."""
_REQUESTS_PER_SECOND = 110
"""What two processes generate, send and check on two cores."""


@dataclass(frozen=True)
class Volume:
    """``per_operation`` bounds coverage cases, ``per_process`` requests, ``seconds`` the time of a process.

    ``max_examples`` is for the fuzzing phase, which sends about twice as many.
    """

    per_operation: int = MOST_PER_OPERATION
    per_process: int = MOST_REQUESTS
    seconds: float = MOST_SECONDS
    max_examples: int = 10


def volume(operations: int, max_examples: int, processes: int, rate: float | None) -> Volume:
    """The bounds for a contract of this size. ``rate`` is what all processes together may send in a second, or None."""
    most = min(MOST_REQUESTS, int(rate * MOST_SECONDS)) if rate else MOST_REQUESTS
    share = most // max(1, operations)
    examples = max(1, min(max_examples, share // 4))
    coverage = min(MOST_PER_OPERATION, max(LEAST_PER_OPERATION, share - 2 * examples))
    return Volume(coverage, max(1, most // max(1, processes)), MOST_SECONDS, examples)


def estimate(operations: int, max_examples: int) -> Estimate:
    """What a run is likely to send, and how long that takes where nothing has to be waited for."""
    bounds = volume(operations, max_examples, 1, None)
    requests = operations * (min(_TYPICAL, bounds.per_operation) + 2 * bounds.max_examples)
    requests = min(requests, MOST_REQUESTS)
    return Estimate(requests, round(requests / _REQUESTS_PER_SECOND, 1))
