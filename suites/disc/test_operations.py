"""Discovery: what the contract promises is there.

Standard: OpenAPI 3.1.2 Paths Object.  Needs: permission to write, or only the reads are looked at.
"""

from certify.suite import Coverage, NotRun, Reason, check, report

SAYING = ("type", "title", "error", "message", "code", "detail", "text", "reason")
ENOUGH = 0.8


@check(
    "disc.operations-exist",
    level="CONTRACT",
    clause="OpenAPI 3.1.2 Paths Object",
    faults=["op-unimplemented"],
    safety="S1",
    requests=36,
    seconds=0.3,
)
def test_every_operation_of_the_contract_is_implemented(target, probes, contract, survey):
    """Every operation promised in the OpenAPI contract is really implemented.

    Sends: each operation once with valid input, on things made for it; two paths that cannot exist, to learn what an
    unknown route looks like.
    Decides: an operation is missing when it answers an undocumented 405 or 501, or exactly what an unknown route
    answers, though what it takes the id of was just made. A success and a refusal of its own both show that it is
    there. A 405 that the contract lists shows neither: many contracts list it for whatever is refused. Nor does a
    crash: what is valid by the schema may name something that does not exist, and crashes belong to
    error.no-5xx-on-bad-input. Operations that could not be called, or crashed, are listed; below 80 % of all
    operations the check cannot pass.
    Cause: the contract describes the next release -> deploy that release, or move the operation out of the contract.
    Cause: the route is registered under another prefix or method -> compare the router's table with the contract.
    Cause: the gateway publishes a subset of the routes -> add the route to the gateway's configuration.
    Cause: a stub was never replaced -> implement it, or answer 501 only for what the contract leaves out.
    """
    unknown = [fingerprint(target.send(probes.unknown_route())) for _ in range(2)]
    coverage = Coverage("operations")
    for operation in contract.operations:
        with coverage.of(operation.id):
            surveyed = survey.results()[operation.id]
            if surveyed.reply is not None and missing(surveyed, unknown):
                surveyed = survey.again(operation)
            if surveyed.reply is None:
                raise NotRun(Reason.MISSING_PROBE, surveyed.reason)
            judge(surveyed, unknown)
    coverage.demand(ENOUGH)


def judge(surveyed, unknown):
    reply = surveyed.reply
    if why := missing(surveyed, unknown):
        report(
            "every operation of the contract is implemented",
            f"{reply}: {why}",
            replies=[reply],
            advice=f"implement {reply.call.method} {surveyed.operation.path}, or take it out of the contract",
            cause=why,
        )
    elif reply.status in (401, 403):
        raise NotRun(Reason.CANNOT_TELL, f"{reply}: primary may not use it, so whether it is there was not seen")
    elif reply.status == 405:
        raise NotRun(Reason.CANNOT_TELL, f"{reply}, which the contract lists, so whether it is there was not seen")
    elif reply.status >= 500:
        raise NotRun(Reason.CANNOT_TELL, f"{reply}: it crashed, so whether it does what it promises was not seen")
    elif reply.status == 404 and not surveyed.own:
        raise NotRun(Reason.MISSING_PROBE, f"{reply}: nothing is known that it could find")


def missing(surveyed, unknown):
    """Why an answer shows that the operation is not there, or nothing."""
    reply, operation = surveyed.reply, surveyed.operation
    if reply.status in (405, 501) and str(reply.status) not in operation.answers:
        return "the method is not implemented"
    findable = surveyed.own or not operation.path_parameters
    if reply.status == 404 and findable and fingerprint(reply) in unknown:
        return "the same answer as for a path that does not exist"
    return ""


def fingerprint(reply):
    """What stays the same between two answers of one kind: status, label, and what the body says, in an envelope of one
    member or without."""
    body = reply.json()
    while isinstance(body, dict) and len(body) == 1 and isinstance(inner := next(iter(body.values())), dict):
        body = inner
    shape = {name: value for name, value in body.items() if name in SAYING} if isinstance(body, dict) else ""
    return reply.status, reply.media_type, str(shape or len(reply.content))
