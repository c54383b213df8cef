"""Every request of the engine's transport waits for its turn, and the budget ends the engine's run."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from certify.budget import Budget, Meter
from certify.sources.contract.config import Settings
from certify.sources.contract.turns import Turns


@dataclass
class Answer:
    status_code: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def adapter(answer: Answer) -> type[Any]:
    class Adapter:
        sent = 0

        def send(self, request: object, stream: bool = False) -> Answer:
            type(self).sent += 1
            return answer

    return Adapter


def turns(folder: Path, *, reserve: int = 0, **bounds: Any) -> Turns:
    Meter.create(folder / "meter", **bounds)
    return Turns(Settings("", "", "", "", 1, 1, (), {}, meter=str(folder / "meter"), reserve=reserve))


def test_the_budget_ends_the_run_before_a_request_too_many(tmp_path: Path) -> None:
    kind, gate = adapter(Answer()), turns(tmp_path, requests=5, reserve=2)
    gate.stand_before(kind)
    for _ in range(3):
        kind().send(object(), stream=True)

    with pytest.raises(KeyboardInterrupt):
        kind().send(object())

    assert kind.sent == 3
    assert "--max-requests" in gate.spent
    assert Budget(Meter.open(tmp_path / "meter")).lack(2) == ""


@pytest.mark.parametrize("answer", [Answer(503, {"Retry-After": "0.3"}), Answer(429, {"retry-after": "0.3"})])
def test_what_one_process_is_told_every_process_heeds(tmp_path: Path, answer: Answer) -> None:
    kind, other = adapter(answer), turns(tmp_path)
    other.stand_before(kind)
    started = time.monotonic()
    kind().send(object())

    Turns(Settings("", "", "", "", 1, 1, (), {}, meter=str(tmp_path / "meter"))).take()

    assert time.monotonic() - started >= 0.3


def test_whoever_announced_a_request_is_told_that_it_has_no_turn(tmp_path: Path) -> None:
    kind, gate, heard = adapter(Answer()), turns(tmp_path, requests=1), list[str]()
    gate.stand_before(kind, lambda request: heard.append("ready"), lambda: heard.append("refused"))
    kind().send(object())
    with pytest.raises(KeyboardInterrupt):
        kind().send(object())

    assert heard == ["ready", "refused"]
