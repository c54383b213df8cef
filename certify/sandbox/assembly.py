"""The sandbox put together. Every policy is a part that can be taken out and replaced; that is all a fault ever does.

sandbox = assemble("http://127.0.0.1:8080", faults=["jwt-skip-exp"])
answer = sandbox.answer(call)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from certify.sandbox import inputs, problems, seeds
from certify.sandbox.audit import AuditTrail
from certify.sandbox.authorization_server import AuthorizationServer
from certify.sandbox.call import Answer, Call, Caller
from certify.sandbox.clients import PLANS, registered_clients
from certify.sandbox.clock import Clock
from certify.sandbox.document import load
from certify.sandbox.finishers import FINISHERS, Finisher
from certify.sandbox.idempotency import Idempotency
from certify.sandbox.ids import Ids
from certify.sandbox.keys import AUDIENCE, PLATFORM_ISSUER, own_keys, platform_keys
from certify.sandbox.limiter import Allowance, Limiter
from certify.sandbox.pagination import Paginator
from certify.sandbox.problems import ProblemError
from certify.sandbox.routes import Handler, handlers
from certify.sandbox.steps import STEPS, Step
from certify.sandbox.store import Store
from certify.sandbox.tokens import Verifier


class Sandbox:
    """One sandbox, in memory. ``base_url`` is also the identifier of its own token issuer (RFC 8414 §2)."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.document = load()
        self.operations = dict(self.document.operations)
        self.handlers: dict[str, Handler] = handlers(self.operations)
        self.steps: dict[str, Step] = dict(STEPS)
        self.finishers: dict[str, Finisher] = dict(FINISHERS)
        self.clock = Clock()
        self.request_ids = Ids("requests")
        self.store = Store(Ids("objects"))
        self.paginator = Paginator()
        self.limiter = Limiter(self.clock, dict(PLANS))
        self.idempotency = Idempotency(self.clock)
        self.audit = AuditTrail(self.store, self.clock)
        issuers = {base_url: own_keys(), PLATFORM_ISSUER: platform_keys()}
        self.verifier = Verifier(AUDIENCE, issuers, self.clock)
        self.authorization_server = AuthorizationServer(base_url, registered_clients(), self.clock, Ids("tokens"))
        self.read_parameters: Callable[[Call], None] = inputs.read_parameters
        self.read_json: Callable[[Call], Any] = inputs.read_json
        self.check_body: Callable[[Call], None] = inputs.check_body
        self.render_problem: Callable[[ProblemError, Call], Answer] = problems.render

    def answer(self, call: Call) -> Answer:
        """Take the call through all steps; the answer of the first step that gives one is the answer."""
        try:
            answer = self.walk(call)
        except ProblemError as problem:
            answer = self.render_problem(problem, call)
        except Exception as error:
            answer = self.crashed(error, call)
        for finish in self.finishers.values():
            finish(self, call, answer)
        return answer

    def walk(self, call: Call) -> Answer:
        for step in self.steps.values():
            answer = step(self, call)
            if answer is not None:
                return answer
        raise AssertionError("the last step always answers")

    def crashed(self, error: Exception, call: Call) -> Answer:
        """A defect of ours: said without saying how the house is built (RFC 9457 §5)."""
        self.last_crash = error
        return self.render_problem(ProblemError("internal-error"), call)

    def has_scope(self, caller: Caller, scope: str) -> bool:
        """Scopes are compared whole and as written (RFC 6749 §3.3)."""
        return scope in caller.scopes

    def retry_after(self, allowance: Allowance) -> int:
        """Seconds until the window is over."""
        return allowance.reset_s


def assemble(base_url: str, faults: Sequence[str] = ()) -> Sandbox:
    """A fresh sandbox with its seeds, misbehaving as the faults say."""
    from certify.sandbox.faults import apply_faults

    sandbox = Sandbox(base_url)
    seeds.sow(sandbox.store, sandbox.clock)
    apply_faults(sandbox, faults)
    return sandbox
