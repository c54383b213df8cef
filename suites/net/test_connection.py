"""The way to the sandbox: one known-good call, and the clock.

Needs: one read that works.
"""

import statistics

from certify.suite import Inconclusive, Reason, advise, check, http_date, note, report

CALLS = 5
PAUSE_S = 0.1
TELL_S, FAIL_S = 2.0, 5.0


@check(
    "net.control-works",
    level="CONTRACT",
    clause="OpenAPI 3.1.2 Server Object, Paths Object",
    faults=["sandbox-flapping"],
    stage="gate",
    requests=8,
    seconds=0.6,
)
def test_one_known_good_call_works_each_time(target, probes):
    """The sandbox answers one known-good call at its published address, repeatedly and with the same result.

    Sends: one valid read five times, each on a connection of its own: the profile's operations.read, or the simplest
    read of the contract that works.
    Decides: five successes with the same status. Everything else stands on this call, so when it does not pass, the
    rest is not run. A call that works only now and then fails as well: nothing that is measured through it could be
    believed. Whether the body fits its schema is left to contract.schema-valid.
    Cause: one of several instances behind the load balancer is down or runs another version -> look at the instances
    one by one, and take an instance that is not ready out of the rotation with a readiness probe.
    Cause: the sandbox falls asleep when it is idle -> keep one instance warm while a certification runs.
    Cause: the credential of identity primary lacks the right to read -> grant it, or name a read that it may use under
    operations.read in the profile.
    Cause: target.base_url lacks a path prefix, or has one too many -> it must be the address that the contract's paths
    are appended to.
    """
    call = probes.control()
    replies = []
    for _ in range(CALLS):
        replies.append(target.send(call, fresh=True, patient=False, purpose="control"))
        target.wait(PAUSE_S)
    wrong = [reply for reply in replies if not reply.ok]
    if all(reply.status == 429 for reply in wrong) and wrong:
        raise Inconclusive(Reason.THROTTLED, "the control call was throttled; declare the limit under limits")
    if wrong:
        report(
            f"{CALLS} of {CALLS} control calls succeed",
            f"{len(wrong)} of {CALLS} answered {wrong[0]}",
            replies=wrong,
            advice="send the call with curl a few times; mend this before anything else",
        )
    elif len({reply.status for reply in replies}) > 1:
        statuses = ", ".join(str(reply.status) for reply in replies)
        report(f"the same status {CALLS} times", statuses, replies=replies, advice="make the instances alike")
    note(f"control: {call.method} {call.path}, median {statistics.median(r.seconds for r in replies) * 1000:.0f} ms")


@check(
    "net.clock-accurate",
    level="MUST",
    clause="RFC 9110 §6.6.1",
    faults=["server-clock-skew-120s"],
    requests=7,
    seconds=0.1,
)
def test_the_date_header_tells_the_right_time(target, probes):
    """Responses carry a Date that is right to within a few seconds.

    Sends: the control call five times, once without a credential, and a call to a path that does not exist.
    Decides: Date is on every answer from 200 to 499, and the median of its distance to our clock, less half a round
    trip, is at most 5 s. From 2 s it is told as an advisory; below that the header's resolution of one second says
    nothing. Minted tokens keep to the server's clock, so a wrong one does not spoil other checks.
    Cause: the machine does not synchronise its clock -> run chrony or systemd-timesyncd, and alert on an offset.
    Cause: a container or virtual machine was suspended and resumed -> let the host correct the guest's clock.
    Cause: Date is set from application code or a mocked clock -> leave the header to the HTTP server.
    Cause: a gateway or a function runtime drops Date -> let it pass, or add it at the edge.
    Cause: the clock of the machine that runs certify is wrong -> compare both with a time server before complaining.
    """
    call = probes.control()
    replies = [target.send(call, purpose="control") for _ in range(5)]
    replies += [target.anonymous(call), target.send(probes.unknown_route())]
    dated = [(reply, http_date(reply.header("Date") or "")) for reply in replies if 200 <= reply.status < 500]
    for reply, date in dated:
        if date is None:
            report(
                "a Date header on every 2xx, 3xx and 4xx answer",
                f"{reply} with Date: {reply.header('Date')}",
                replies=[reply],
                advice="let the HTTP server send Date",
                cause="no Date",
            )
    offsets = [date + 0.5 - (reply.received - reply.seconds / 2) for reply, date in dated if date is not None]
    if not offsets:
        return
    offset = statistics.median(offsets)
    note(f"the server's clock is {offset:+.1f} s from ours")
    if abs(offset) > TELL_S:
        (report if abs(offset) > FAIL_S else advise)(
            f"Date within {FAIL_S:g} s of the real time",
            f"{offset:+.0f} s",
            replies=replies[:1],
            advice="synchronise the server's clock (NTP); also check that of the machine that runs certify",
        )
