"""Error answers: one format, and nothing of the house behind it.

Standard: RFC 9457, or the schema that the contract declares; OWASP API8:2023; ASVS 13.4.6 and 16.5.1.

These checks judge the traffic of the whole run. Where there is none, one error of each class is provoked.
"""

from certify.suite import Inconclusive, NotApplicable, Reason, Sightings, advise, check, note, report, violated

CLASSES = 5
ERRORS = 8


@check(
    "error.format-valid",
    level="CONTRACT",
    clause="RFC 9457 §3",
    faults=["html-error-from-gateway", "problem-status-mismatch"],
    stage="passive",
    safety="S1",
    requests=0,
    seconds=0.2,
)
def test_every_error_uses_the_declared_format(traffic, error_format, provocable):
    """Every error, whichever layer made it, uses the one declared error format.

    Sends: where nobody provoked errors before, one of each class that the API has a place for: no credential, an
    unknown one, no scope, an unknown route, a missing object, an unsupported method, a malformed id, an invalid
    parameter, a type that cannot be had, unreadable JSON, two megabytes of it, a body that does not fit, another media
    type, a stale version.
    Decides: with problem+json (errors.format in the profile, or what the contract declares): the media type, a JSON
    object, members of the right types, and status equal to the real one (RFC 9457 §3.1.2); a title that changes for one
    type is an advisory. With a schema: JSON that keeps it. Operations that document another format for a status, as a
    token endpoint does, are held to that. Where the profile is silent, the contract promises a format only for the
    errors that it documents: others are an advisory. A deviation fails when it was seen twice or shows again; fewer
    than five classes of errors conclude nothing. Redacted values are not judged; a schema that cannot be compiled is a
    defect of the contract, and is told.
    Cause: the web server, gateway or framework answers unknown routes and methods itself -> give it an error page in
    your format (nginx: error_page with a JSON location; Spring Boot: spring.mvc.problemdetails.enabled; FastAPI: an
    exception handler for starlette.exceptions.HTTPException; ASP.NET Core: AddProblemDetails and UseStatusCodePages).
    Cause: each handler writes its own errors -> raise one kind of exception and render it in one place.
    Cause: status in the body is written by hand -> fill it from the response when rendering.
    Cause: the content type stays application/json -> set application/problem+json in the renderer.
    """
    if error_format.name == "none":
        raise NotApplicable(
            Reason.CAPABILITY_NOT_OFFERED, "no error format is declared: set errors.format in the profile"
        )
    classes = set()
    for deviation, sightings in error_format.deviations(traffic, classes):
        again = traffic.confirmed(sightings, lambda reply, d=deviation, s=sightings[0]: error_format.shows(d, s, reply))
        (report if again and deviation.firm else advise)(
            deviation.expected,
            deviation.actual,
            about=deviation.about,
            pointer=deviation.pointer,
            exchanges=[seen.id for seen in sightings],
            operations=dict.fromkeys(seen.name for seen in sightings),
            clause=deviation.clause,
            advice=deviation.advice,
            cause=deviation.cause,
        )
    for defect in error_format.defects:
        advise("a schema that can be compiled", defect, advice="mend the contract: nothing can be held against it")
    note(f"{len(classes)} classes of errors were seen: {', '.join(sorted(classes))}")
    if len(classes) < min(CLASSES, provocable) and not violated():
        raise Inconclusive(Reason.TOO_LITTLE_TRAFFIC, f"only {len(classes)} classes of errors could be provoked")


@check(
    "error.no-internals-leaked",
    level="PRACTICE",
    clause="OWASP API8:2023; ASVS 16.5.1",
    faults=["stack-trace-in-500", "sql-in-detail"],
    stage="passive",
    safety="S1",
    requests=0,
    seconds=0.3,
    confirm=False,
)
def test_no_error_reveals_how_the_system_is_built(traffic, leaks, provocable):
    """No error reveals how the system is built.

    Sends: nothing of its own beyond the errors that were provoked for error.format-valid.
    Decides: in each answer of 400 and above, after what was sent has been taken out of it: a stack trace, text of SQL
    or of a database driver, or a debugger's page fails at one sighting; a path of the file system, an address of a
    private network or a memory address fails at the second. Versions in Server and X-Powered-By are an advisory.
    Cause: debug mode is on -> turn it off in every environment that others can reach (Django: DEBUG = False; Flask: no
    debug=True; Spring Boot: server.error.include-stacktrace=never; ASP.NET Core: no UseDeveloperExceptionPage;
    Laravel: APP_DEBUG=false; Express: NODE_ENV=production).
    Cause: the exception's message is copied into the answer -> answer with a text of your own and an error id, and
    write the exception to the log under that id.
    Cause: the database refuses what validation let through -> validate ids and bodies before the query.
    """
    errors, found = 0, Sightings()
    for seen in traffic:
        if seen.status < 400:
            continue
        errors += 1
        for leak in leaks(seen):
            found.add(leak.what, leak, seen)
    for leak, sightings in found:
        enough = leak.certain or len(sightings) > 1
        (advise if leak.harmless or not enough else report)(
            "nothing of how the system is built",
            f"{leak.what}: {leak.excerpt}",
            exchanges=[seen.id for seen in sightings],
            operations=dict.fromkeys(seen.name for seen in sightings),
            advice="answer with a text of your own, and keep the details for the log",
            cause=leak.what,
        )
    note(f"{errors} errors were read")
    if errors < min(ERRORS, provocable) and not violated():
        raise Inconclusive(Reason.TOO_LITTLE_TRAFFIC, f"only {errors} errors were seen")
