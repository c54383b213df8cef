"""The audit trail: who did what, to what, when.

Standard: the contract; ASVS 16.2.1, 16.2.2, 16.3.3.
Needs: audit in the profile (the list of events, and where its fields are), permission to write.
"""

from certify.suite import check, note, report

CLOCK_S = 5.0


@check(
    "audit.action-recorded",
    level="CONTRACT",
    clause="ASVS 16.2.1, 16.3.3",
    faults=["delete-not-audited", "audit-actor-is-service-account"],
    needs=["audit", "writes"],
    safety="S1",
    requests=8,
    seconds=0.3,
)
def test_every_change_leaves_a_complete_record(trail):
    """Every change leaves a complete audit record in time.

    Sends: a create, an update and a delete of one object, as far as the contract has them; then the list of audit
    events, filtered by the object where it can be, until each change is there or twice the declared delay is over. A
    create by the other tenant, where there is one, to tell actors apart.
    Decides: one record for each change, found by the object's id and by the request id where that is declared; each
    declared field is there; the time is within 5 s of the change by the sandbox's clock. The actor is the caller: one
    of the names of the identity or of its token, or at least another than for a caller of another tenant.
    Cause: the hook is on create and update, and deletes go another way -> write the record in the repository, or in
    the database, not in the handler.
    Cause: the gateway's service account is recorded -> pass the caller's identity on (the token's sub, or act for
    delegation) and record that.
    Cause: records are written in the background and lost when an instance ends -> write them in the transaction of the
    change, or to a durable queue.
    Cause: bulk deletes or cascades bypass the hooks of the object mapper -> use database triggers, or audit the bulk
    operation itself.
    """
    changes = trail.change()
    records = trail.await_records(changes)
    for change in changes:
        found = trail.of(change, records, changes)
        if found is None:
            report(
                f"a record of the {change.what}",
                f"{len(records)} records about the object, and none of this change",
                replies=[trail.last, change.reply],
                advice=f"write a record for {change.reply.call.method} {change.operation.path}",
                operations=[change.operation.id],
                cause=f"no record of the {change.what}",
            )
            continue
        judge_fields(trail, change, found)
        judge_actor(trail, change, found)
    note(f"{len(changes)} changes, {len(records)} records")


def judge_fields(trail, change, record):
    for name in trail.missing_fields(record):
        report(
            f"the field {name} in each record",
            "it is missing or empty",
            pointer=trail.pointer(name),
            replies=[trail.last],
            advice=f"record {name}, or correct audit.{name} in the profile",
            cause=f"no {name}",
        )
    distance = trail.distance(change, record)
    if distance is not None and abs(distance) > CLOCK_S:
        report(
            f"a time within {CLOCK_S:g} s of the change",
            f"{distance:+.0f} s from the Date of the answer",
            pointer=trail.pointer("time"),
            replies=[trail.last, change.reply],
            advice="record the time of the change, with its offset, from a synchronised clock",
            cause="the time is wrong",
        )


def judge_actor(trail, change, record):
    actor = trail.value(record, "actor")
    if actor is None or trail.is_caller(actor):
        return
    if trail.same_for_others(actor):
        report(
            "the caller as actor",
            f"{actor!r}, which is recorded for a caller of another tenant too",
            pointer=trail.pointer("actor"),
            replies=[trail.last, change.reply],
            advice="record who called, not which service passed the call on",
            cause="the actor is not the caller",
        )
    else:
        note(f"the actor is recorded as {actor!r}, and differently for another caller")
