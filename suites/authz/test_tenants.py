"""Tenants: what belongs to one is never seen by another.

Standard: OWASP API1:2023 (broken object level authorization), ASVS 8.2.2 and 8.4.1.
Needs: a second identity that belongs to another tenant, and objects that can be read or listed.

One sighting suffices: a leak that happens once has happened.
"""

from contextlib import suppress

from certify.suite import (
    Coverage,
    Inconclusive,
    Reason,
    Stop,
    advise,
    check,
    control,
    counts_of,
    items_of,
    listed,
    listed_ids,
    moved_by,
    note,
    report,
)

MOST_RESOURCES = 5
SEEDS = 3
LONG_TAG = 16


@check(
    "authz.tenant-read-isolated",
    level="PRACTICE",
    clause="OWASP API1:2023; ASVS 8.2.2",
    faults=["bola-read"],
    needs=["secured", "other_tenant"],
    safety="S1",
    requests=38,
    seconds=0.2,
    confirm=False,
)
def test_a_tenant_cannot_read_the_objects_of_another(target, probes, things, other_tenant):
    """A tenant can never read another tenant's object, by any route that takes its id.

    Sends: primary makes an object with a canary inside and reads it; the other tenant, which proves that it is alive on
    an object of its own, asks for it by every read that takes the id, plainly, as HEAD, and with the object's ETag;
    and each time for an id of the same shape that names nothing.
    Decides: 403 or 404. The object's canary in an answer fails. Where ids are unique beyond a tenant, so do the object
    itself, its version, and any success that says more than the one about nothing. Numbers may be counted for each
    tenant: there the canary decides alone, and a success where none can be seen concludes nothing.
    Where real and unknown ids are refused differently, existence is disclosed: an advisory, since RFC 9110 §15.5.5 lets
    a server hide it and does not make it.
    Cause: identity other_tenant of the profile is another client of the same tenant -> name a client of a second
    tenant; the two must not see each other's data.
    Cause: the object is looked up by id alone -> add the tenant to the query itself (WHERE id = ? AND tenant_id = ?),
    in one place: a repository that takes the tenant, row-level security, a default scope (Django manager, Hibernate
    @TenantId, Prisma extension).
    Cause: the tenant is taken from a header or parameter that the caller chooses -> take it from the token only.
    Cause: sub-resources check that the parent exists, not whose it is -> load the parent through the same guard.
    Cause: a cache in front is keyed by URL -> send Cache-Control: private, or put the caller into the key.
    """
    coverage = Coverage("kinds of objects")
    for resource in probes.resources("read")[:MOST_RESOURCES]:
        with coverage.of(resource.name):
            own = things.call(resource.read, other_tenant, thing=things.shared(resource, other_tenant))
            theirs = things.shared(resource)
            owners = control(
                target.send(things.call(resource.read, thing=theirs), purpose="control"), "the owner's read"
            )
            control(target.send(own, identity=other_tenant, purpose="control"), "the other tenant's own read")
            nobody = theirs.with_id(probes.strange(theirs.id))
            doubts = []
            for real, unknown in zip(reads(things, theirs, owners), reads(things, nobody, owners), strict=True):
                reply = target.send(real, identity=other_tenant, tag="an object of another tenant")
                nothing = target.send(unknown, identity=other_tenant, tag="an id that names nothing")
                try:
                    judge_foreign(reply, nothing, owners, theirs)
                except Inconclusive as doubt:
                    doubts.append(doubt)
            control(target.send(own, identity=other_tenant, purpose="control"), "the other tenant's own read after")
            if doubts:
                raise doubts[0]
    coverage.demand(0.5)


def reads(things, thing, owners):
    """Every read that takes the id: each operation, HEAD, and a read under the owner's ETag."""
    for operation in thing.resource.by_id:
        if operation.method == "GET":
            with suppress(Stop):  # what lies below it can be neither made nor found, and the rest still counts
                yield things.call(operation, thing=thing)
    plain = things.call(thing.resource.read, thing=thing)
    yield plain.with_method("HEAD")
    yield plain.with_header("If-None-Match", owners.header("ETag") or '"certify"')


def judge_foreign(reply, nothing, owners, thing):
    """Whether an answer to the other tenant holds something of the object, compared with one about nothing.

    Raises :class:`Inconclusive` where it may as well be the other tenant's own object under the same number.
    """
    says_more = reply.ok and substance(reply, thing) != substance(nothing, thing)
    if holds(reply, owners, thing) or (thing.unique_id and says_more):
        report(
            "403 or 404",
            f"{reply} with something of the owner's object",
            about="an object of another tenant",
            replies=[reply, owners],
            advice="look objects up by id and tenant together",
            cause="an object of another tenant is served",
        )
    elif says_more and not marked(reply, owners, thing):
        raise Inconclusive(
            Reason.CANNOT_TELL,
            f"{reply} for the id {thing.id}, which may be counted for each tenant, and nothing in the answer tells "
            "whose object it is: give the objects a member of free text, or ids that are unique",
        )
    elif reply.status != nothing.status and (thing.unique_id or reply.status >= 400):
        advise(
            "the same answer for an object of another tenant and for one that does not exist",
            f"{reply} and {nothing}: whoever may not see the object learns that it exists",
            replies=[reply, nothing],
            clause="RFC 9110 §15.5.5",
            cause="existence is disclosed",
        )


def holds(reply, owners, thing):
    """Whether the canary of the owner's object is in an answer; with a unique id also its version, or all of it."""
    if thing.canary and thing.canary in reply.text:
        return True
    version = owners.header("ETag") or ""
    same_version = len(version) >= LONG_TAG and reply.header("ETag") == version
    return thing.unique_id and (same_version or bool(reply.ok and reply.content and reply.json() == owners.json()))


def marked(reply, owners, thing):
    """Whether the owner's object, had it been served, would have shown its canary; HEAD shows as much as its GET."""
    shown = thing.canary and thing.canary in owners.text
    return bool(shown) and reply.call.operation == thing.resource.read.id


def substance(reply, thing):
    """What an answer says beyond "there is nothing here"; below an item, an empty list says no more than that."""
    if not reply.ok or reply.call.method == "HEAD":
        return "it is there" if reply.ok else ""
    below = reply.call.operation != thing.resource.read.id
    if reply.json() in (None, {}, []) or (below and items_of(reply) == []):
        return ""
    return reply.text


@check(
    "authz.tenant-list-isolated",
    level="PRACTICE",
    clause="OWASP API1:2023; ASVS 8.4.1",
    faults=["list-filter-overrides-tenant", "search-index-unscoped"],
    needs=["secured", "other_tenant", "writes"],
    safety="S1",
    requests=20,
    seconds=0.2,
    confirm=False,
)
def test_lists_and_searches_show_only_what_is_the_tenants_own(
    target, probes, things, partner, lists, pages, other_tenant
):
    """Lists, searches and filters never include another tenant's data.

    Sends: primary makes three objects with a canary inside; the other tenant lists the collection, page by page, then
    filters it by each parameter that the list takes: with the canary, with primary's tenant, and with the values that
    the objects have under the parameter's name; and searches it, where a search takes its question as a body.
    Decides: neither the canary nor, where ids are unique beyond a tenant, the id of an object among the items of any
    answer to the other tenant. That the seeds can be found at all is shown by primary's own list. A count beside the
    other tenant's list that grows by exactly what primary makes, twice, is an advisory: it may be meant for everybody.
    Cause: identity other_tenant of the profile is another client of the same tenant -> name a client of a second
    tenant; the two must not see each other's data.
    Cause: a filter such as tenant_id replaces the tenant of the token -> filters may narrow what the token allows, and
    never widen it: AND both conditions.
    Cause: the search index is queried without the tenant -> add the tenant to each document, and filter by it in the
    one place that builds queries.
    Cause: an administrator's list is reused for tenants -> build the tenant's list from the tenant's own query.
    Cause: a cached first page is shared -> put the tenant into the cache key.
    """
    coverage = Coverage("collections")
    for resource in probes.resources("create", "list")[:MOST_RESOURCES]:
        with coverage.of(resource.name):
            count = counter(target, lists.plain(resource, other_tenant), other_tenant)
            before = count()
            seeds = [things.create(resource) for _ in range(SEEDS)]
            recognisable(owners_list(target, pages, lists.plain(resource), seeds, partner), seeds)
            for about, call in lists.foreign(resource, seeds[0], other_tenant):
                for reply in pages.read(call, identity=other_tenant, tag=about):
                    judge_list(about, reply, seeds)
            judge_counts(before, count, lambda resource=resource: things.create(resource))
    coverage.demand(0.5)
    if not lists.searched:
        note("no list takes a filter, so only plain lists were looked at")


def owners_list(target, pages, call, seeds, partner):
    """The pages of the owner's list, asked for until the seeds are in it or the declared consistency window is over."""

    def listing():
        return [control(page, "the owner's list") for page in pages.read(call)]

    target.settle(partner.consistency_window_s, lambda: any(shown(page, seeds) for page in listing()))
    return listing()


def recognisable(owners, seeds):
    """The owner's list shows the seeds on one of its pages, and by something that no other tenant's object has."""
    if any(shown(page, seeds) for page in owners):
        return
    if all(seed.unique_id for seed in seeds):
        raise Inconclusive(Reason.NOTHING_TO_TEST, "the owner's own list does not show what was just made")
    raise Inconclusive(
        Reason.CANNOT_TELL,
        f"ids such as {seeds[0].id} may be counted for each tenant, and no canary stands in the owner's own list",
    )


def shown(reply, seeds):
    """The seeds among the items of an answer, known by their canary or by a unique id."""
    ids, text = listed_ids(reply, seeds[0].resource), listed(reply)
    return [seed for seed in seeds if (seed.unique_id and seed.id in ids) or (seed.canary and seed.canary in text)]


def judge_list(about, reply, seeds):
    seen = shown(reply, seeds)
    if reply.ok and seen:
        report(
            "only the tenant's own objects",
            f"{reply} shows {len(seen)} of its objects",
            about=about,
            replies=[reply, seen[0].reply],
            advice="narrow by the token's tenant first, then by what the caller asks for",
            cause="a list shows objects of another tenant",
        )


def counter(target, call, identity):
    """Asks for the list of an identity each time it is called."""
    return lambda: target.send(call, identity=identity, tag="counts")


def judge_counts(before, count, make):
    """Whether the counts of one tenant move with what another one makes: three at first, then one more."""
    now = count()
    moved = moved_by(counts_of(before), counts_of(now), SEEDS)
    if not moved:
        return
    make()
    again = count()
    moved &= moved_by(counts_of(now), counts_of(again), 1)
    if moved:
        advise(
            "counts of the tenant's own objects alone",
            f"{', '.join(sorted(moved))} grew by {SEEDS}, then by 1, as another tenant made as many",
            replies=[again, now, before],
            advice="count under the same condition as the items are listed",
            cause="a count moves with another tenant's writes",
        )
