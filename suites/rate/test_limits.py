"""Rate limits: the declared one is enforced, and a throttled caller is told when to come back.

Standard: RFC 6585 §4, RFC 9110 §10.2.3.  Needs: limits in the profile, permissions.allow_stress, one secured read;
better also an identity "burnable" with a limit of its own.

Both checks judge one burst, which runs last and alone.
"""

from certify.suite import Inconclusive, Reason, advise, check, note, quotas, report, retry_after, violated

EARLY, LATE = 0.9, 1.5


@check(
    "rate.limit-enforced",
    level="CONTRACT",
    clause="OWASP API4:2023; RFC 6585 §4",
    faults=["rate-limit-off", "throttle-after-effect"],
    needs=["secured", "stress", "limits"],
    stage="exhaust",
    safety="S2",
    requests=47,
    seconds=4.2,
)
def test_the_declared_limit_is_enforced(bursts):
    """The declared limit is really enforced, and throttled writes have no effect.

    Sends: reads as fast as they are answered, until five were refused, twice the limit and five went through, or the
    window is over; three creates while the limiter refuses; after the window, one list. By identity burnable, where the
    profile has one, with the limit that is declared for it; otherwise by primary. What was held between one and a half
    and two limits is sent once more, half a window later in phase: a window that begins anew can lie in one of them.
    Decides: refusals begin before one and a half times the limit has been served within one window, and none of the
    refused creates can be found afterwards. A refusal is 429, the declared status, 503, 403, or no answer at all, of a
    request that is served again afterwards: RFC 6585 §4 offers 429 and obliges nobody to it, so another status than the
    declared one is an advisory. Beginning early is told: others may share the limit. When reaching the limit takes more
    than half a window from here, a lawful limiter may have begun to count anew in between, and what was served beyond
    the limit concludes nothing; neither do a limiter that delays instead of refusing, and an operation that asks for no
    credential.
    Cause: the limiter is switched off in the sandbox -> switch it on: partners test their back-off here.
    Cause: each instance counts for itself -> share the counters (Redis), or divide the limit by the instances.
    Cause: the limiter runs after the handler, or counts when the answer is written -> count first, then work.
    Cause: the limit is per address or per key, and the profile declares it per client -> correct one of the two.
    """
    burst = bursts.burst()
    note(f"{burst.identity}: {burst.served} of {burst.sent} requests served in {burst.seconds:.1f} s")
    if burst.held:
        judge_effects(bursts.stored(burst))
        judge_begin(burst)
        judge_manner(burst)
    else:
        judge_absence(burst)


def declared(burst):
    return f"{burst.limit.requests} requests in {burst.limit.window_s:g} s"


def judge_absence(burst):
    if burst.open_to_all:
        raise Inconclusive(
            Reason.CANNOT_TELL,
            "the operation under operations.cheap asks for no credential, and a limiter may exempt such calls: "
            "name a secured one",
        )
    report(
        f"refusals beyond {declared(burst)}",
        f"{burst.sent} requests in {burst.seconds:.1f} s, and none was refused",
        replies=burst.replies[-1:],
        advice="switch the limiter on, or correct limits in the profile",
    )


def judge_effects(stored):
    if stored:
        report(
            "a throttled create has no effect",
            f"{len(stored)} creates were answered {stored[0]} and are in the collection",
            replies=stored,
            advice="let the limiter decide before the handler runs",
            clause="RFC 6585 §4",
        )


def judge_begin(burst):
    if burst.share > LATE and burst.slow and not violated():
        raise Inconclusive(
            Reason.CANNOT_TELL,
            f"{burst.served_in_window} were served before the first refusal, and reaching {burst.limit.requests} took "
            f"more than half of {burst.limit.window_s:g} s: a new window may have begun in between",
        )
    if burst.share > LATE:
        report(
            f"refusals before {LATE:g} times {declared(burst)}",
            f"{burst.served_in_window} were served before the limiter held",
            replies=burst.refusals[:1],
            advice="share the counters between instances, or declare the limit that is enforced",
        )
    elif burst.share < EARLY:
        note(f"refusals began after {burst.served_in_window} of {burst.limit.requests}: others may share the limit")


def judge_manner(burst):
    """Whether it was the limiter that refused, and whether it did as the profile says."""
    others = [reply for reply in burst.refusals if reply.status not in (429, burst.limit.status)]
    if (others or burst.silent) and not violated() and (not burst.recovered or burst.share < EARLY):
        raise Inconclusive(
            Reason.CANNOT_TELL,
            f"refused by {others[0] if others else 'closing the connection'} after {burst.served_in_window} of "
            f"{burst.limit.requests}{'' if burst.recovered else ', and still after the window'}: "
            "that need not have been the limiter; declare limits[].status",
        )
    if burst.silent:
        advise("an answer that says that it was too much", f"{len(burst.lost)} requests got no answer")
    unlike = [reply for reply in burst.refusals if reply.status != burst.limit.status]
    if unlike:
        advise(
            f"the declared status, {burst.limit.status}",
            f"{unlike[0]}",
            replies=unlike[:1],
            advice="correct limits[].status in the profile; clients know 429 best",
        )


@check(
    "rate.retry-after-honest",
    level="SHOULD",
    clause="RFC 6585 §4; RFC 9110 §10.2.3",
    faults=["retry-after-lies", "429-empty"],
    needs=["secured", "stress", "limits"],
    stage="exhaust",
    safety="S2",
    requests=0,
    seconds=0.1,
)
def test_a_throttled_caller_is_told_when_to_come_back(bursts):
    """A throttled caller is told why and when to come back, and the promise holds.

    Sends: nothing beyond the burst of rate.limit-enforced, whose last refusal was obeyed: wait as long as it says (by
    Retry-After, else by the reset of one of the four dialects of rate-limit headers) and one second more, then up to
    three calls.
    Decides: Retry-After is there where the profile promises it (limits[].retry_after), is a number of seconds or a
    date, lies between zero and the window, and one of the calls afterwards is served. A reset that turns out otherwise
    is an advisory: no standard defines X-RateLimit-*, it may tell of another quota than the one that refused, and the
    draft forbids a client to rely on it. A 429 has a body that explains it
    (RFC 6585 §4 says SHOULD; of 503 and 403 no standard says so). A fraction of a second is read, and an advisory: RFC
    9110 §10.2.3 has whole ones. Where nothing was refused, or without any answer, nothing can be said.
    Cause: Retry-After is a constant -> compute it from the window that the limiter uses.
    Cause: Retry-After is in milliseconds, or a timestamp -> seconds from now, or an HTTP date.
    Cause: the clock of the limiter and that of the answer differ -> take both from one place.
    Cause: the gateway answers 429 by itself, with nothing in it -> configure its error body and header (nginx:
    limit_req_status with error_page; Kong: error templates; Envoy: local_reply_config).
    """
    burst = bursts.burst()
    if not burst.refusals:
        told = "requests were dropped without an answer" if burst.silent else "none was refused"
        raise Inconclusive(Reason.CANNOT_TELL, f"no refusal was seen: {told}")
    refusal = burst.refusals[-1]
    judge_explanation(refusal)
    judge_retry_after(burst, refusal)
    if burst.promised is not None:
        judge_promise(burst, refusal)
    elif not burst.limit.retry_after and not violated():
        raise Inconclusive(
            Reason.CANNOT_TELL,
            f"{refusal} says nothing of when to come back, and the profile does not promise it (limits[].retry_after)",
        )


def judge_explanation(refusal):
    if refusal.status == 429 and not refusal.content:
        report(
            "a body that explains the refusal",
            f"{refusal} without a body",
            replies=[refusal],
            advice="answer in the declared error format, and say which limit it was",
        )


def judge_retry_after(burst, refusal):
    """The header itself: there, where it was promised, and readable."""
    value = refusal.header("Retry-After")
    told = next((f"{quota.dialect}, {quota.reset_s:g} s" for quota in quotas(refusal) if quota.reset_s is not None), "")
    note(f"Retry-After: {value}" + (f"; {told}" if told else ""))
    unreadable = value is not None and retry_after(refusal) is None
    if unreadable or (value is None and burst.limit.retry_after):
        report(
            "Retry-After with seconds or a date",
            f"Retry-After: {value}" if value is not None else "no Retry-After",
            replies=[refusal],
            clause="RFC 9110 §10.2.3",
            advice="say in whole seconds when the caller may come back",
        )
    elif value is not None and "." in value:
        advise("whole seconds", f"Retry-After: {value}", replies=[refusal], clause="RFC 9110 §10.2.3")


def judge_promise(burst, refusal):
    """What the caller was told about when to come back, and what came of it.

    Retry-After means what RFC 9110 §10.2.3 says. Of a reset, draft-ietf-httpapi-ratelimit-headers says that a client
    MUST NOT assume that its quota is whole again by then.
    """
    said, blame = f"{burst.promised:g} s", report if burst.binding else advise
    if not 0 <= burst.promised <= burst.limit.window_s + 1:
        blame(
            f"a time to come back between 0 and the window of {burst.limit.window_s:g} s",
            f"Retry-After: {refusal.header('Retry-After')}" if refusal.header("Retry-After") else said,
            replies=[refusal],
            advice="compute it from the window that the limiter uses",
        )
    if burst.returned and not burst.recovered:
        blame(
            "a call that is served after the time that was promised",
            f"after {said} and one more: {burst.returned[-1]}, {len(burst.returned)} times",
            replies=[burst.returned[-1], refusal],
            advice="compute it from the end of the window",
        )
