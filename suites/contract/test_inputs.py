"""Inputs: what the contract allows is accepted, and what it forbids is refused.

Standard: OpenAPI 3.1.2 Request Body Object and Parameter Object; JSON Schema 2020-12.
Needs: operations with a JSON body, each with one valid input, and permission to write; of an API of nothing but reads,
lists with query parameters, and no permission.
"""

from certify.suite import Coverage, advise, check, control, expect, note, report

ENOUGH = 0.6
CONFLICTS = (409, 412, 423, 428)


@check(
    "contract.valid-input-accepted",
    level="CONTRACT",
    clause="OpenAPI 3.1.2 Request Body Object, Parameter Object",
    faults=["maxlength-off-by-one", "length-counted-in-bytes"],
    needs=["writes"],
    sources=["suites", "contract"],
    safety="S1",
    requests=115,
    seconds=0.7,
)
def test_what_the_contract_allows_is_accepted(target, probes, survey, things, bodies):
    """Inputs that the contract allows are accepted, including at the edges.

    Sends: for each write with a JSON body its valid input, then the same with one thing at the edge of what the schema
    allows: only the required members, every optional one, each enum value, smallest and largest numbers, shortest and
    longest texts, longest text of multi-byte characters, longest array. For lists, each number parameter at its bounds.
    Decides: a success, or a conflict with the state of things (409, 412, 423, 428). A refusal of a bound that the
    schema states fails when it is repeated on fresh input; so does a crash. Enum values and optional members may be
    subject to rules that no schema can state, so a refusal there is an advisory. Long texts begin with fresh
    characters, so that a unique member is not refused for having been used.
    Cause: the limit is < where <= is meant, or the column is one shorter -> allow what maxLength says, to the last
    character.
    Cause: the length is counted in bytes or UTF-16 units (MySQL VARBINARY, Java and JavaScript length) -> JSON Schema
    counts Unicode code points; count those, and size the column for them.
    Cause: a member is required in code and optional in the contract -> add it to required, or give it a default.
    Cause: an enum value was added to the contract and not to the code -> generate the type from the contract.
    """
    coverage, tried = Coverage("writes with a JSON body"), 0
    for operation in probes.writes():
        with coverage.of(operation.id):
            valid = survey.working(operation)
            for variant in bodies.edges(operation.body, valid.call.body):
                tried += 1
                if refused(try_variant(survey, operation, variant)):
                    judge_refusal(operation, variant, try_variant(survey, operation, variant))
    for call, about in probes.parameter_edges():
        tried += 1
        if refused(target.send(call)):
            expect(target.send(call), about).accepted(advice="accept what the contract allows")
    note(f"{tried} inputs at the edges were tried")
    if probes.writes() or not tried:  # of an API of nothing but reads, the parameters of its lists are what it takes
        coverage.demand(ENOUGH)


def try_variant(survey, operation, variant):
    """Send a variant on fresh things."""
    prepared = survey.prepare(operation)
    return survey.send(prepared.with_body(variant.body), purpose="probe")


def refused(reply):
    return not reply.ok and reply.status not in CONFLICTS


def judge_refusal(operation, variant, reply):
    if not refused(reply):
        return
    (report if variant.firm or reply.status >= 500 else advise)(
        "a success: the schema allows it",
        f"{reply}{said(reply)}",
        about=variant.what,
        replies=[reply],
        pointer=variant.pointer,
        advice="accept what the schema allows, or make the schema as strict as the code",
        cause=f"{operation.id}: {variant.pointer} refused with {reply.status}",
    )


def said(reply):
    detail = next(
        (reply.at(p) for p in ("/detail", "/message", "/error_description") if isinstance(reply.at(p), str)), ""
    )
    return f": {detail[:120]}" if detail else ""


@check(
    "contract.invalid-input-rejected",
    level="CONTRACT",
    clause="OpenAPI 3.1.2 Schema Object; RFC 9110 §15.5.1, §15.5.21",
    faults=["no-body-validation", "optional-null-accepted"],
    needs=["writes"],
    sources=["suites", "contract"],
    safety="S1",
    requests=140,
    seconds=0.8,
)
def test_what_the_contract_forbids_is_refused(target, probes, survey, bodies, effects):
    """Inputs that the contract forbids are refused and change nothing.

    Sends: for each write with a JSON body its valid input with exactly one violation of its schema: a required member
    left out, a wrong type, null where null is not allowed, a number out of range, a text too long or too short, a value
    outside its enum or against its pattern, a member that a closed schema does not name, an array for the object. For
    lists, a parameter out of its bounds. The item or the list is read before and after.
    Decides: 400 or 422 (other refusals are advisories) and no effect; a success fails, and so does a crash. Query
    parameters that are ignored or corrected are an advisory: much sound software is lenient there.
    Cause: the handler stores whatever it parses -> validate against the contract's schema before anything else
    (FastAPI and NestJS do when the types are declared; Express: express-openapi-validator; Spring: @Valid on the
    body).
    Cause: an optional member is checked with "if value" and null slips through -> tell "absent" from "null"; only the
    schema's types are allowed.
    Cause: a wrong type is coerced ({"certify": 1} stored as text) -> turn coercion off (pydantic: strict; Jackson:
    ALLOW_COERCION_OF_SCALARS off; Ajv: coerceTypes false).
    Cause: unknown members are ignored though the schema is closed -> refuse them, or open the schema.
    """
    coverage, tried = Coverage("writes with a JSON body"), 0
    for operation in probes.writes():
        with coverage.of(operation.id):
            prepared = survey.working(operation)
            watched = effects.watch(prepared)
            for variant in bodies.violations(operation.body, prepared.call.body):
                tried += 1
                spoiled = prepared.with_body(variant.body)
                reply = survey.send(spoiled, purpose="probe")
                expect(reply, f"a body with {variant.what}").refused(
                    400, 422, advice=f"validate the body of {operation.method} {operation.path} against its schema"
                )
                if reply.ok:
                    prepared = survey.prepare(operation)  # what was let in may have changed the item
                    watched = effects.watch(prepared)
            watched.unchanged(reply, "bodies that do not fit")
            control(survey.send(prepared, purpose="control"), f"{operation.id} with valid input")
    for call, about in probes.parameter_violations():
        tried += 1
        expect(target.send(call), about).advisory.refused(400, 422)
    note(f"{tried} invalid inputs were tried")
    coverage.demand(ENOUGH)
