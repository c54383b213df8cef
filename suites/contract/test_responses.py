"""Responses: statuses, bodies and labels are those of the contract.

Standard: OpenAPI 3.1.2 Responses Object, Media Type Object and Header Object; JSON Schema 2020-12.

These checks send little of their own: they judge the traffic of the whole run. Where there is none, each operation is
called once with valid input, and each class of error provoked once.
"""

from certify.suite import Inconclusive, Reason, Sightings, advise, check, note, report, violated

ENOUGH = 0.8


@check(
    "contract.status-documented",
    level="CONTRACT",
    clause="OpenAPI 3.1.2 Responses Object",
    faults=["undocumented-202"],
    sources=["suites", "contract"],
    stage="passive",
    safety="S1",
    requests=20,
    seconds=0.3,
)
def test_every_status_that_is_returned_is_documented(traffic, survey, contract):
    """Every status code that the API actually returns is one that the contract names.

    Sends: nothing of its own; it judges what the run was answered; if that is nothing, one valid call per operation.
    Decides: a 2xx or 3xx that the operation does not document (itself, as 2XX, or by default) fails once it was seen on
    two exchanges or shows again. Undocumented 4xx are an advisory, and so is where those are redirected who have no
    credential: OpenAPI asks for the known errors, not for every conceivable one. 5xx belong to another check, 304
    answers our own condition. Below 80 % of the operations that could be called, nothing is concluded but what was
    seen.
    Cause: an asynchronous create answers 202, and the contract says 201 -> document what is sent, or send what is
    documented; clients switch on the number.
    Cause: the framework's default for empty results is 204 -> document 204, or send 200 with an empty list.
    Cause: a redirect adds or removes a trailing slash -> serve both spellings, or the one that the contract has.
    """
    found = Sightings()
    for seen in traffic:
        if seen.operation is None or seen.status >= 500 or seen.status == 304:
            continue
        if seen.operation.answer(seen.status) is None:
            place = (seen.operation.id, seen.status)
            found.add(place, place, seen)
    for (operation, status), sightings in found:
        documented = ", ".join(contract.operation(operation).answers)
        lawful = status >= 400 or (status >= 300 and all(seen.anonymous for seen in sightings))
        wrong = not lawful and traffic.confirmed(sightings, lambda reply, status=status: reply.status == status)
        (report if wrong else advise)(
            "a status that the contract documents",
            f"{status}; documented: {documented}" if wrong else f"{status}",
            exchanges=[seen.id for seen in sightings],
            operations=[operation],
            advice="document the status, or send a documented one",
            cause=f"undocumented {status}",
            oracle="documented",
        )
    demand_coverage(traffic, contract)


@check(
    "contract.schema-valid",
    level="CONTRACT",
    clause="OpenAPI 3.1.2 Schema Object; JSON Schema 2020-12",
    faults=["response-type-drift", "required-field-omitted-when-null"],
    sources=["suites", "contract"],
    stage="passive",
    safety="S1",
    requests=0,
    seconds=0.5,
)
def test_every_body_keeps_its_schema(traffic, conformity):
    """Every JSON body that is returned validates against its schema.

    Sends: nothing of its own; it judges what the run was answered; if that is nothing, one valid call per operation.
    Decides: a violation fails once it was seen on two exchanges or shows again on a fresh call; one that does not show
    again is an advisory. format counts only where the profile says so (contract.assert_formats). Values that were
    redacted, and bodies that were cut, are not judged. A schema that cannot be compiled is a defect of the contract,
    and is told.
    Cause: a member that has no value is left out though it is required -> send null and allow it in the schema, or take
    the member out of required (Jackson: @JsonInclude(ALWAYS); Go: no omitempty; pydantic: no exclude_none).
    Cause: numbers are sent as text, or decimals as numbers -> fix the serialiser, or say type: string with a pattern.
    Cause: a list uses another mapper than the single object -> use one mapper for both.
    Cause: an enum got a new value -> add it to the contract first: it is a change that clients must know.
    """
    for violation, sightings in conformity.schema_violations(traffic):
        first = sightings[0]
        again = traffic.confirmed(sightings, lambda reply, v=violation, s=first: conformity.shows(v, s, reply))
        (report if again else advise)(
            violation.expected,
            violation.actual,
            pointer=violation.pointer,
            exchanges=[seen.id for seen in sightings],
            operations=dict.fromkeys(seen.name for seen in sightings),
            advice="change the answer, or the schema where the answer is what was meant",
            cause=violation.cause,
            oracle="schema",
        )
    for defect in conformity.defects:
        advise("a schema that can be compiled", defect, advice="mend the contract: nothing can be held against it")
    if not conformity.judged:
        raise Inconclusive(Reason.TOO_LITTLE_TRAFFIC, "no answer with a documented JSON schema was seen")
    note(f"{conformity.judged} bodies were held against their schemas")


@check(
    "contract.headers-and-media-type",
    level="SHOULD",
    clause="RFC 9110 §8.3; OpenAPI 3.1.2 Media Type Object, Header Object",
    faults=["json-as-text-html"],
    sources=["suites", "contract"],
    stage="passive",
    safety="S1",
    requests=0,
    seconds=0.3,
)
def test_bodies_are_labelled_and_declared_headers_are_there(traffic, conformity):
    """Bodies are labelled correctly, and declared response headers are present and valid.

    Sends: nothing of its own; it judges what the run was answered; if that is nothing, one valid call per operation.
    Decides: on a success, a body without Content-Type, of a type that the operation does not document, or labelled JSON
    and not JSON, fails; on an error it is an advisory. Required headers have to be there and keep their schemas on each
    documented answer. 204 and 304 have no body. Type and subtype are compared, parameters such as charset are not.
    Each needs two exchanges, or shows again.
    Cause: the handler returns text that it encoded itself, and the framework labels it text/html -> return the object,
    or set the type (Flask: jsonify; Express: res.json; net/http: Header().Set("Content-Type", "application/json")).
    Cause: a header that the contract requires is only set on some paths -> set it in one place for all answers, errors
    included.
    Cause: a proxy strips or renames headers -> pass them through.
    """
    for flaw, sightings in conformity.label_flaws(traffic):
        again = traffic.confirmed(sightings, lambda reply, f=flaw, s=sightings[0]: conformity.flawed(f, s, reply))
        (report if again and flaw.firm else advise)(
            flaw.expected,
            flaw.actual,
            exchanges=[seen.id for seen in sightings],
            operations=dict.fromkeys(seen.name for seen in sightings),
            advice=flaw.advice,
            cause=flaw.cause,
            oracle="labels",
        )
    for defect in conformity.defects:
        advise("a schema that can be compiled", defect, advice="mend the contract: nothing can be held against it")
    if not conformity.judged:
        raise Inconclusive(Reason.TOO_LITTLE_TRAFFIC, "no documented answer was seen")


def demand_coverage(traffic, contract):
    """Most operations answered at least once; what may not be called does not count against the partner."""
    answered = {seen.operation.id for seen in traffic if seen.operation is not None and seen.status not in (401, 403)}
    callable_ = traffic.callable()
    share = len(answered & callable_) / len(callable_) if callable_ else 0
    note(f"{len(answered)} of {len(contract.operations)} operations were seen, {len(callable_)} can be called")
    if share < ENOUGH and not violated():
        left = ", ".join(sorted(callable_ - answered)[:10])
        raise Inconclusive(Reason.TOO_LITTLE_TRAFFIC, f"only {share:.0%} of the operations were seen; not: {left}")
