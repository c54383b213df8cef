"""Rate limits: the declared one is enforced, and a throttled caller is told when to come back.

Standard: RFC 6585 §4, RFC 9110 §10.2.3.  Needs: limits in the profile, permissions.allow_stress, one secured read;
better also an identity "burnable" with a limit of its own.

Both checks judge one burst, which runs last and alone.
"""

from certify.suite import Inconclusive, Reason, check, note, report, violated

EARLY, LATE = 0.9, 1.5


@check(
    "rate.limit-enforced",
    level="CONTRACT",
    clause="OWASP API4:2023; RFC 6585 §4",
    faults=["rate-limit-off", "throttle-after-effect"],
    needs=["secured", "limits", "stress"],
    stage="exhaust",
    safety="S2",
    requests=47,
    seconds=4.2,
)
def test_the_declared_limit_is_enforced(bursts):
    """The declared limit is really enforced, and throttled writes have no effect.

    Sends: reads as fast as they are answered, until five were refused or twice the limit went through; three creates
    while the limiter refuses; after the window, one list. By identity burnable, where the profile has one, with the
    limit that is declared for it; otherwise by primary.
    Decides: refusals (429, or the status that the profile declares) begin before one and a half times the limit has
    been served within one window, and none of the refused creates can be found afterwards. Beginning early is told:
    others may share the limit. When reaching the limit takes more than half a window from here, a lawful limiter may
    have begun to count anew in between, and what was served beyond the limit concludes nothing.
    Cause: the limiter is switched off in the sandbox -> switch it on: partners test their back-off here.
    Cause: each instance counts for itself -> share the counters (Redis), or divide the limit by the instances.
    Cause: the limiter runs after the handler, or counts when the answer is written -> count first, then work.
    Cause: the limit is per address or per key, and the profile declares it per client -> correct one of the two.
    """
    burst = bursts.burst()
    declared = f"{burst.limit.requests} requests in {burst.limit.window_s:g} s"
    note(f"{burst.identity}: {burst.served} of {len(burst.replies)} requests served in {burst.seconds:.1f} s")
    if not burst.refusals:
        report(
            f"refusals beyond {declared}",
            f"{len(burst.replies)} requests in {burst.seconds:.1f} s, and none was refused",
            replies=burst.replies[-1:],
            advice="switch the limiter on, or correct limits in the profile",
        )
        return
    stored = bursts.stored(burst)
    if stored:
        report(
            "a throttled create has no effect",
            f"{len(stored)} creates were answered {stored[0]} and are in the collection",
            replies=stored,
            advice="let the limiter decide before the handler runs",
            clause="RFC 6585 §4",
        )
    judge_begin(burst, declared)


def judge_begin(burst, declared):
    share = burst.served_in_window / burst.limit.requests
    if share > LATE and burst.slow and not violated():
        raise Inconclusive(
            Reason.CANNOT_TELL,
            f"{burst.served_in_window} were served before the first refusal, and reaching {burst.limit.requests} took "
            f"more than half of {burst.limit.window_s:g} s: a new window may have begun in between",
        )
    if share > LATE:
        report(
            f"refusals before {LATE:g} times {declared}",
            f"{burst.served_in_window} were served before the limiter held",
            replies=burst.refusals[:1],
            advice="share the counters between instances, or declare the limit that is enforced",
        )
    elif share < EARLY:
        note(f"refusals began after {burst.served_in_window} of {burst.limit.requests}: others may share the limit")


@check(
    "rate.retry-after-honest",
    level="SHOULD",
    clause="RFC 6585 §4; RFC 9110 §10.2.3",
    faults=["retry-after-lies", "429-empty"],
    needs=["secured", "limits", "stress"],
    stage="exhaust",
    safety="S2",
    requests=0,
    seconds=0.1,
)
def test_a_throttled_caller_is_told_when_to_come_back(bursts, partner):
    """A throttled caller is told why and when to come back, and the promise holds.

    Sends: nothing beyond the burst of rate.limit-enforced, whose last refusal was obeyed: wait as long as Retry-After
    says and one second more, then up to three calls.
    Decides: Retry-After is there where the profile promises it (limits[].retry_after), is a number of seconds or a
    date, lies between zero and the window, and one of the calls afterwards is served. The refusal has a body that
    explains it. A fraction of a second is read, though the standard wants whole ones.
    Cause: Retry-After is a constant -> compute it from the window that the limiter uses.
    Cause: Retry-After is in milliseconds, or a timestamp -> seconds from now, or an HTTP date.
    Cause: the clock of the limiter and that of the answer differ -> take both from one place.
    Cause: the gateway answers 429 by itself, with nothing in it -> configure its error body and header (nginx:
    limit_req_status with error_page; Kong: error templates; Envoy: local_reply_config).
    """
    burst = bursts.burst()
    if not burst.refusals:
        report(
            "a refusal beyond the limit",
            "none was refused",
            replies=burst.replies[-1:],
            advice="see rate.limit-enforced",
        )
        return
    refusal = burst.refusals[-1]
    if not refusal.content:
        report(
            "a body that explains the refusal",
            f"{refusal} without a body",
            replies=[refusal],
            advice="answer in the declared error format, and say which limit it was",
        )
    value = refusal.header("Retry-After")
    if burst.promised is None:
        if value is not None or burst.limit.retry_after:
            report(
                "Retry-After with seconds or a date",
                f"Retry-After: {value}" if value else "no Retry-After",
                replies=[refusal],
                clause="RFC 9110 §10.2.3",
                advice="say in whole seconds when the caller may come back",
            )
        return
    if not 0 <= burst.promised <= burst.limit.window_s + 1:
        report(
            f"Retry-After between 0 and the window of {burst.limit.window_s:g} s",
            f"Retry-After: {value}",
            replies=[refusal],
            advice="compute it from the window that the limiter uses",
        )
    if burst.returned and all(burst.refused(reply) for reply in burst.returned):
        report(
            "a call that is served after the time that Retry-After said",
            f"after {value} s and one more: {burst.returned[-1]}, {len(burst.returned)} times",
            replies=[burst.returned[-1], refusal],
            advice="compute Retry-After from the end of the window",
        )
    note(f"Retry-After: {value}")
