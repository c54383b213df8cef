"""Idempotency keys: the same write twice is one write.

Standard: draft-ietf-httpapi-idempotency-key-header-08, and the contract.
Needs: idempotency in the profile, permission to write, a create that takes the key.
"""

import uuid

from certify.suite import ABSENT, Coverage, Inconclusive, NotRun, Reason, advise, check, control, given_id, report

PAUSE_S = 1.0
MOST = 4


@check(
    "idem.replay-returns-same",
    level="DRAFT",
    clause="draft-ietf-httpapi-idempotency-key-header-08 §2",
    faults=["idempotency-key-ignored"],
    needs=["idempotency", "writes"],
    safety="S1",
    requests=12,
    seconds=1.2,
)
def test_a_write_repeated_with_its_key_happens_once(target, probes, survey, effects, contract, idempotency):
    """Repeating a write with the same idempotency key gives the first result and no second effect.

    Sends: for each create that takes the key (four at most), the same bytes with the same key twice, a second apart;
    then its list.
    Decides: the second answer names the same object (by the contract's link, an id in the body or in an envelope, or
    Location), and the list holds one of them; another object or an error fails. Where neither names it, nothing can be
    concluded.
    Another status of success, or members that differ and are not declared volatile (idempotency.volatile), are
    advisories. The key is sent as the profile and the contract have it; the draft's quoted string is not insisted on.
    Cause: the header is never read, or dropped by the gateway -> pass it through, and look the key up before the
    handler runs.
    Cause: the key is stored after the write, in another transaction -> store both in one, or the key first with a state
    "in progress".
    Cause: the key is looked up in one instance's memory -> keep keys where all instances see them, for at least a day.
    Cause: a replay is answered with 409 or 422 -> answer with the stored first response.
    """
    header, coverage = idempotency.header, Coverage("creates that take the key")
    written = []
    for operation in keyed(probes, header)[:MOST]:
        with coverage.of(operation.id):
            prepared = survey.working(operation).with_header(header, f"certify-{uuid.uuid4()}")
            written.append((prepared, control(survey.send(prepared, purpose="probe"), "the first write")))
    target.wait(PAUSE_S)
    for prepared, first in written:
        with coverage.of(prepared.operation.id):
            second = survey.send(prepared, purpose="probe")
            resource = next((r for r in contract.resources if r.create == prepared.operation), None)
            judge(first, second, idempotency, resource)
            judge_effect(effects.copies(prepared) or 0, first, second, resource)
    coverage.demand(0.5)


def keyed(probes, header):
    """Creates that declare the header; where none does, the contract is silent and any create may take it."""
    creates = [op for op in probes.writes() if op.method == "POST"]
    declared = [op for op in creates if op.parameter(header, "header")]
    found = declared or [resource.create for resource in probes.resources("create")][:1]
    if not found:
        raise NotRun(
            Reason.MISSING_PROBE, "the contract has no create; name one under operations.create in the profile"
        )
    return found


def judge(first, second, idempotency, resource=None):
    if not second.ok:
        report(
            f"the first answer again, {first}",
            f"{second}",
            replies=[second, first],
            advice="answer a repeated key with the stored first response",
            cause="a replay is refused",
        )
        return
    one, other = given_id(first, resource), given_id(second, resource)
    if one is not None and other is not None and one != other:
        report(
            "the object of the first answer",
            f"another one: {other} after {one}",
            replies=[second, first],
            advice="look the key up before the handler runs",
            cause="a replay makes another object",
        )
        return
    if first.status != second.status:
        advise(f"the first status, {first.status}", str(second), replies=[second, first], cause="another status")
    differing = sorted(different(first.json(), second.json()) - {name.strip("/") for name in idempotency.volatile})
    if differing:
        advise(
            "the same members as in the first answer",
            f"different: {', '.join(differing)}",
            replies=[second, first],
            advice="store the answer itself, or declare the members under idempotency.volatile",
            cause="other members",
        )


def judge_effect(copies, first, second, resource=None):
    """Whether the list holds one object or two. Raises :class:`Inconclusive` where that is not to be seen, and the
    answers do not name what they are about either."""
    if not second.ok:
        return
    if copies > 1:
        report(
            "one object in the collection",
            f"the mark of the write stands in {copies} objects",
            replies=[second, first],
            advice="store key and object in one transaction",
            cause="a replay makes another object",
        )
    elif not copies and None in (given_id(first, resource), given_id(second, resource)):
        raise Inconclusive(
            Reason.CANNOT_TELL,
            "whether the replay made another object cannot be seen: the answers give no id, in body or Location, "
            "and the list does not show what was sent",
        )


def different(one, other):
    if not isinstance(one, dict) or not isinstance(other, dict):
        return set() if one == other else {"the whole body"}
    return {name for name in one.keys() | other.keys() if one.get(name, ABSENT) != other.get(name, ABSENT)}
