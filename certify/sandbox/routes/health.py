"""Whether the service works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certify.sandbox.call import Answer, Call
from certify.sandbox.routes import answers

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox


@answers("getHealth")
def get_health(sandbox: Sandbox, _call: Call) -> Answer:
    return Answer(200, {"status": "ok", "time": sandbox.clock.timestamp()})
