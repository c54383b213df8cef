"""Faults of error handling: other formats, other statuses, crashes, and errors that tell too much."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from certify.sandbox.call import Answer, Call
from certify.sandbox.faults import fault
from certify.sandbox.faults.authorization import READS
from certify.sandbox.faults.surgery import replace_method, wrap_handlers
from certify.sandbox.problems import ProblemError

if TYPE_CHECKING:
    from certify.sandbox.assembly import Sandbox

GATEWAY_PAGE = (
    "<html>\n<head><title>404 Not Found</title></head>\n<body><center><h1>404 Not Found</h1></center></body>\n</html>\n"
)
DRIVER_MESSAGE = (
    'psycopg.errors.InvalidTextRepresentation: invalid input syntax for type uuid: "?"\n'
    "LINE 1: SELECT id, name, owner_id FROM leads WHERE id = '?' AND deleted_at IS NULL"
)


@fault(
    "html-error-from-gateway",
    checks=["error.format-valid"],
    does="An unknown route gets the proxy's own 404 page.",
    collateral=["error.not-found-clean"],
)
def html_error_from_gateway(sandbox: Sandbox) -> None:
    honest = sandbox.render_problem

    def page(problem: ProblemError, call: Call) -> Answer:
        return (
            Answer(404, GATEWAY_PAGE, media_type="text/html")
            if problem.kind == "unknown-route"
            else honest(problem, call)
        )

    sandbox.render_problem = page


@fault("problem-status-mismatch", checks=["error.format-valid"], does="The body says 400 under a 422.")
def problem_status_mismatch(sandbox: Sandbox) -> None:
    def understate(answer: Answer) -> None:
        if answer.status == 422:
            answer.body["status"] = 400

    _amend_problems(sandbox, understate)


@fault(
    "sql-in-detail",
    checks=["error.no-internals-leaked"],
    does="The database driver's message is copied to the detail of refused ids and bodies.",
)
def sql_in_detail(sandbox: Sandbox) -> None:
    def copy_message(answer: Answer) -> None:
        if answer.body["type"].endswith(("/invalid-parameter", "/invalid-body")):
            answer.body["detail"] = DRIVER_MESSAGE

    _amend_problems(sandbox, copy_message)


def _amend_problems(sandbox: Sandbox, amend: Callable[[Answer], None]) -> None:
    honest = sandbox.render_problem

    def render(problem: ProblemError, call: Call) -> Answer:
        answer = honest(problem, call)
        if isinstance(answer.body, dict):
            amend(answer)
        return answer

    sandbox.render_problem = render


@fault(
    "stack-trace-in-500",
    checks=["error.no-internals-leaked"],
    does="Debug mode is on, and unreadable JSON crashes: the answer is a stack trace.",
    collateral=[
        "contract.invalid-input-rejected",
        "contract.status-documented",
        "error.format-valid",
        "error.no-5xx-on-bad-input",
    ],
)
def stack_trace_in_500(sandbox: Sandbox) -> None:
    honest = sandbox.read_json

    def unguarded(call: Call) -> Any:
        try:
            return honest(call)
        except ProblemError as problem:
            if problem.kind == "malformed-json":
                return json.loads(call.content)["a member"]
            raise

    def debug_page(error: Exception, _call: Call) -> Answer:
        return Answer(500, "".join(traceback.format_exception(error)), media_type="text/plain; charset=utf-8")

    sandbox.read_json = unguarded
    replace_method(sandbox, "crashed", debug_page)


@fault(
    "unhandled-null-500",
    checks=["error.no-5xx-on-bad-input"],
    does="A body that is null is dereferenced.",
    collateral=["contract.invalid-input-rejected", "contract.status-documented"],
)
def unhandled_null_500(sandbox: Sandbox) -> None:
    honest = sandbox.check_body

    def dereference(call: Call) -> None:
        if call.body is None:
            raise TypeError("'NoneType' object is not iterable")
        honest(call)

    sandbox.check_body = dereference


@fault(
    "missing-object-200-null",
    checks=["error.not-found-clean"],
    does="Looking up an object that is not there answers 200 and null.",
    collateral=["authz.tenant-read-isolated", "contract.headers-and-media-type", "contract.schema-valid"],
)
def missing_object_200_null(sandbox: Sandbox) -> None:
    def shrug(_call: Call, act: Callable[[], Answer]) -> Answer:
        try:
            return act()
        except ProblemError:
            return Answer(200, None)

    wrap_handlers(sandbox, READS, shrug)
