"""A client's mistakes: they are the client's, and are answered as such.

Standard: RFC 9110 §15.5 and §15.6 (what the classes mean), OWASP API8:2023.
"""

from certify.suite import (
    Coverage,
    Inconclusive,
    Reason,
    advise,
    check,
    control,
    expect,
    marked_as_gone,
    report,
    tells_of_none,
)

MOST_LISTS = 3


@check(
    "error.no-5xx-on-bad-input",
    level="PRACTICE",
    clause="RFC 9110 §15.6; OWASP API8:2023",
    faults=["unhandled-null-500"],
    sources=["suites", "contract"],
    safety="S1",
    requests=105,
    seconds=0.6,
)
def test_a_mistake_of_the_client_is_no_error_of_the_server(target, probes, survey, mistakes):
    """A client mistake never yields a server error.

    Sends: to each write with a JSON body: null, nothing, an empty array, a text, unreadable JSON, bytes that are no
    UTF-8, deep nesting. To a read by id: ids that are none. To some lists: parameters that are huge, empty, repeated.
    Valid requests of the same operations succeed.
    Decides: a 5xx that comes back when the same input is sent again fails; once only is an advisory. 501, and 503 with
    Retry-After, are lawful.
    Cause: a body that is null or no object is dereferenced -> check that it is an object before reading members; in
    Express req.body, in Flask request.get_json(silent=True), in Go a nil pointer after json.Unmarshal.
    Cause: the text of an id goes to the database as it is -> parse it to its type first, and answer 404 or 400.
    Cause: exceptions of the JSON parser reach the outermost handler -> map them to 400 (Express: an error middleware
    for entity.parse.failed; Spring: HttpMessageNotReadableException; Django REST framework: ParseError).
    Cause: a NUL byte is refused by the database driver (PostgreSQL: invalid byte sequence) -> refuse such text when it
    comes in.
    """
    coverage = Coverage("operations")
    for operation in [*probes.writes(), *probes.item_reads(), *probes.list_reads()[:MOST_LISTS]]:
        with coverage.of(operation.id):
            prepared = survey.working(operation)
            for what, call in mistakes(operation, prepared.call):
                reply = target.send(call, tag=what)
                survey.account(prepared, reply)
                if crashed(reply):
                    again = target.send(call, tag=what)
                    (report if crashed(again) else advise)(
                        "a 4xx answer",
                        f"{again}",
                        about=what,
                        replies=[reply, again],
                        advice="find the request in the log by its Certify-Run header; answer it with 400 or 422",
                        cause=f"{again.status} on a client's mistake",
                    )
            control(survey.send(survey.prepare(operation), purpose="control"), f"{operation.id} with valid input")
    coverage.demand(0.5)


def crashed(reply):
    """A server error; 501 and an announced 503 are none."""
    return reply.status >= 500 and reply.status != 501 and not (reply.status == 503 and reply.header("Retry-After"))


@check(
    "error.not-found-clean",
    level="PRACTICE",
    clause="RFC 9110 §15.5.5",
    faults=["missing-object-200-null"],
    safety="S1",
    requests=10,
    seconds=0.1,
)
def test_what_is_missing_is_reported_as_missing(target, probes, partner, contract, schemas):
    """Missing things are reported as missing.

    Sends: reads of an id of the right shape that names nothing, of something that is no id, of the id of another kind
    of object, of an object before and after it was deleted, and of a path that does not exist; reads of real objects
    succeed.
    Decides: 404; also 410 for what was deleted, and 400 or 422 for what is no id; 403 where the profile says that
    existence is hidden. Other refusals are advisories. A success fails, also an empty one, and so do a redirect to a
    page and a crash. A contract may say otherwise: where it documents no 404 for the read, a success that fits its
    schema, and lacks what the read of a real object has, is an advisory; one that may be an object cannot be told. An
    advisory is, too, what was deleted and has been marked as such since it was last read.
    Cause: the lookup returns null and the framework serialises it with 200 -> turn "not found" into 404 at the lookup
    (Spring Data: orElseThrow; Django: get_object_or_404; Express: check before res.json; GraphQL gateways: map null).
    Cause: a single-page application answers every unknown path with index.html -> exempt the API's prefix from that
    rule (nginx: try_files only outside /api).
    Cause: deleted objects are only flagged and the read ignores the flag -> filter by it in the same place as the
    tenant.
    """
    coverage = Coverage("kinds of missing things")
    for what, allowed, make in probes.missing_things():
        with coverage.of(what):
            reply = target.send(make(), tag=what)
            if reply.status == 403 and partner.hides_existence:
                continue
            if 300 <= reply.status < 400:
                report(
                    "404",
                    f"{reply} to {reply.header('Location')}",
                    about=what,
                    replies=[reply],
                    advice="answer 404 instead of redirecting",
                    cause="redirected instead of 404",
                )
            elif told_in_the_body(reply, probes, contract, schemas):
                advise(
                    "404", f"{reply}, which says so in the body, as the contract has it", about=what, replies=[reply]
                )
            else:
                expect(reply, what).refused(*allowed, advice="answer 404 when the lookup finds nothing")
    target.control_after(probes.read())
    coverage.demand(0.4)


def told_in_the_body(reply, probes, contract, schemas):
    """Whether a success says that nothing is there: by a mark on what was deleted, or in an answer of another shape
    where the contract knows no 404. Raises :class:`Inconclusive` where such an answer may as well be an object."""
    before = probes.before_deletion(reply.call)
    if before is not None and marked_as_gone(before, reply):
        return True
    if not documented_instead_of_404(reply, contract, schemas):
        return False
    if tells_of_none(reply, *probes.present(reply.call)):
        return True
    raise Inconclusive(
        Reason.CANNOT_TELL,
        f"{reply} with what may be an object, and the contract documents no 404: document what is answered where "
        "there is none",
    )


def documented_instead_of_404(reply, contract, schemas):
    """A success of an operation whose contract knows no 404, and whose body has the documented shape."""
    operation = contract.operation(reply.call.operation or "")
    if operation is None or not reply.ok or operation.answer(404) is not None:
        return False
    answer = operation.answer(reply.status)
    pointer = next((found for media, found in answer.media.items() if "json" in media and found), "") if answer else ""
    return bool(pointer) and bool(reply.json()) and schemas.valid(pointer, reply.json())
