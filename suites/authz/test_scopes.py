"""Scopes: each operation demands its own.

Standard: the contract's security requirements, RFC 6750 §3.1.  Needs: tokens with chosen scopes.
"""

from certify.suite import Coverage, check, control, expect, note, violated

ENOUGH = 0.6
LOOK_ALIKES = 4


@check(
    "authz.scope-enforced",
    level="CONTRACT",
    clause="OpenAPI 3.1.2 Security Requirement Object; RFC 6750 §3.1",
    faults=["scope-check-missing-on-write", "scope-substring-match"],
    needs=["secured", "scopes"],
    safety="S1",
    requests=80,
    seconds=0.5,
)
def test_every_operation_demands_its_scope(target, probes, survey, effects, scopes):
    """Each operation demands its declared scope, and no look-alike will do.

    Sends: for each operation with scopes, a token that holds all scopes of the contract but those that let it in, then
    the same call with exactly what it needs. On a few operations, tokens whose scopes only look like the needed ones:
    longer, shorter, in other case.
    Decides: 403 for a token that lacks the scope (401 and 404 are advisories), and no effect; a success fails. The call
    with the exact scope has to work, otherwise a refusal proves nothing about that operation.
    Cause: the guard is on the router but one route was added elsewhere -> declare the scope next to each handler, and
    let a test compare the declarations with the contract.
    Cause: write operations ask for the read scope, or only for any valid token -> compare with the contract's security.
    Cause: scopes are looked for with contains() in the whole text -> split scope at spaces and compare whole items.
    Cause: GET is guarded and PATCH is not, because the guard names methods -> guard the path and let methods add.
    """
    coverage, looked_alike = Coverage("operations with scopes"), 0
    for operation in probes.scoped_operations():
        with coverage.of(operation.id):
            needed = min(operation.scopes, key=len)
            prepared = survey.working(operation)
            watched = effects.watch(prepared)
            tried = [("a token without the scope", probes.all_but(operation))]
            if scopes.minted and looked_alike < LOOK_ALIKES:
                tried += [("a token with no scope", ()), *look_alikes(needed, probes.scopes())]
                looked_alike += 1
            for about, held in tried:
                reply = target.send(prepared.call, token=scopes.token(held), tag=f"scope: {' '.join(held)}")
                survey.account(prepared, reply)
                advice = f"demand {' '.join(needed)} for {operation.method} {operation.path}"
                expect(reply, about).refused(403, advice=advice)
                watched.unchanged(reply, about)
            if violated():
                continue  # what was let in has spent what the control needs
            exact = target.send(prepared.call, token=scopes.token(needed), purpose="control")
            survey.account(prepared, exact)
            control(exact, f"a token with just {' '.join(needed)}")
    if not scopes.minted:
        note("look-alike scopes were not tried: without platform_tokens certify cannot mint them")
    coverage.demand(ENOUGH)


def look_alikes(needed, known):
    """Scopes that contain, are contained in, or otherwise resemble the needed ones, and are none that the API has."""
    ways = {
        "a longer scope": lambda scope: f"{scope}er",
        "a scope that ends alike": lambda scope: f"spread{scope}",
        "a shorter scope": lambda scope: scope[:-1],
        "the scope in other case": str.swapcase,
    }
    for what, way in ways.items():
        scopes = tuple(way(scope) for scope in needed)
        if not set(scopes) & {*known, ""}:
            yield f"a token with {what}", scopes
