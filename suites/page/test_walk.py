"""Pagination: every item once, and an end.

Standard: the contract; RFC 8288 §3 where Link headers are used.  Needs: pagination in the profile, a collection.
"""

from collections import Counter

from certify.suite import (
    Inconclusive,
    NotApplicable,
    NotRun,
    Reason,
    Stop,
    advise,
    check,
    items_of,
    note,
    report,
    violated,
)

SEEDS, SMALL = 5, 2
MOST_PAGES = 60
MOST_TRIES = 4


@check(
    "page.walk-complete",
    level="CONTRACT",
    clause="RFC 8288 §3; OpenAPI 3.1.2 Parameter Object",
    faults=["last-page-dropped", "next-cursor-loops"],
    needs=["pagination"],
    safety="S1",
    requests=12,
    seconds=0.1,
)
def test_a_walk_over_all_pages_gives_every_item_once(target, walkables, things, pages, lists, partner):
    """Walking all pages returns every item exactly once and ends.

    Sends: five creates, marked; then a walk over their collection with pages of two, of the default size and of the
    largest, before and after. Where a filter finds exactly the marked items, the walk is made through it, so that
    nobody else's writes disturb it. Where nothing may be created, the walks are compared with each other.
    Decides: each marked item is met exactly once, nothing is met twice, and the last page points to no page that was
    read already. Where others wrote meanwhile and the style is page or offset, an item that is met twice is an
    advisory; so are a page that holds more than was asked for, and the last page again instead of an empty one. Beyond
    the last page a refusal is an end too. Where nothing ever had a second page, or no page ever pointed to one, paging
    was not seen, and nothing is concluded, unless the contract itself has the parameter by which to walk.
    Cause: the loop stops when a page is not full, or when the remainder is smaller than a page -> ask for one item more
    than the page holds, and give a cursor exactly when it came.
    Cause: the sort key is not unique, so items on the border of two pages are lost or doubled -> add the id as the last
    sort key, and put both into the cursor.
    Cause: the last page repeats its own cursor -> leave next out, or send null.
    Cause: offset paging over a list that grows at its front -> use cursors, or sort by creation, oldest first.
    """
    if partner.pagination.style in ("", "none"):
        raise NotApplicable(
            Reason.CAPABILITY_NOT_OFFERED, "no paging is declared: add pagination (style, parameters) to the profile"
        )
    resource, seeded = seeded_collection(walkables, things, partner)
    target.settle(partner.consistency_window_s, lambda: all_listed(resource, seeded, pages, things, partner))
    call, alone = narrowest(resource, seeded, pages, lists, things)
    walks = {
        "the largest pages": pages.walk(resource, call, size=partner.pagination.max_size, most=MOST_PAGES),
        "pages of the default size": pages.walk(resource, call, most=MOST_PAGES),
        f"pages of {SMALL}": pages.walk(resource, call, size=SMALL, most=MOST_PAGES),
    }
    wanted = {thing.id for thing in seeded} or {item for walk in walks.values() for item in walk.ids}
    if not wanted:
        raise Inconclusive(Reason.NOTHING_TO_TEST, "the collection is empty, and nothing may be created")
    demand_paging(walks, wanted, partner.pagination, resource.list)
    largest = pages.walk(resource, call, size=partner.pagination.max_size, most=MOST_PAGES)
    quiet = alone or largest.ids == walks["the largest pages"].ids
    for about, walk in walks.items():
        judge(walk, wanted, about, steady=quiet or partner.pagination.style == "cursor")
    judge_sizes(walks[f"pages of {SMALL}"], partner)
    if all(cut(walk) for walk in walks.values()) and not violated():
        raise Inconclusive(Reason.CANNOT_TELL, f"the collection has more than {MOST_PAGES} of its largest pages")
    pace = ", ".join(f"{len(walk.pages)} {about}" for about, walk in walks.items())
    note(f"{resource.name}: {pace}" + (", filtered to what was made" if alone else ""))


def seeded_collection(walkables, things, partner):
    """The first collection that can be filled, and what was put there; else the first, as it is."""
    if not walkables:
        raise NotRun(
            Reason.MISSING_PROBE,
            "no list was found in the contract; name one under operations.paginated in the profile",
        )
    for resource in walkables[:MOST_TRIES] if partner.permissions.allow_writes else ():
        try:
            if resource.create is not None:
                return resource, things.batch(resource, SEEDS)
        except Stop as stop:
            note(f"{resource.name} could not be filled: {stop.note}")
    return walkables[0], []


def all_listed(resource, seeded, pages, things, partner):
    """Whether the whole collection shows what was made; an index may lag behind (consistency_window_s)."""
    walk = pages.walk(resource, things.call(resource.list), size=partner.pagination.max_size, most=MOST_PAGES)
    return {thing.id for thing in seeded} <= set(walk.ids)


def demand_paging(walks, wanted, paging, lister):
    """A second page was seen somewhere, or nothing can be said of how pages follow each other.

    Where the contract itself has the offset or the number of the page, a walk by it has to lead on.
    """
    if any(walk.pointed for walk in walks.values()):
        return
    promised = paging.style in ("page", "offset") and lister.parameter(paging.cursor_param, "query")
    if all(wanted <= set(walk.ids) for walk in walks.values()):
        told = (
            f"all {len(wanted)} items came in one page: declare pagination.size_param, so that smaller ones can be had"
        )
    elif promised:
        return
    else:
        told = (
            "items are left out, and no page pointed to a next one: pagination.style "
            f"{paging.style!r} is not what this API does, or the first page has to be asked for by its "
            "parameter (pagination.cursor_param)"
        )
    raise Inconclusive(Reason.CANNOT_TELL, told)


def narrowest(resource, seeded, pages, lists, things):
    """A list that shows exactly what was made, where a filter allows that; else the whole collection."""
    canary = seeded[0].canary if seeded else ""
    for call in lists.by_canary(resource, canary) if canary else ():
        if sorted(pages.walk(resource, call, most=3).ids) == sorted(thing.id for thing in seeded):
            return call, True
    return things.call(resource.list), False


def cut(walk):
    return not walk.ended and not walk.repeated


def judge(walk, wanted, about, steady):
    """What one walk showed. Where others wrote meanwhile (not ``steady``), a doubled item proves nothing."""
    counts = Counter(walk.ids)
    missing = wanted - set(counts)
    doubled = [item for item, times in counts.items() if times > 1]
    if walk.repeated:
        report(
            "an end: no next page behind the last",
            f"page {len(walk.pages)} points to a page that was read already",
            about=about,
            replies=walk.pages[-2:],
            advice="send no cursor on the last page",
            cause="the walk goes in circles",
        )
    if missing and not cut(walk):
        report(
            "every item that was made is met",
            f"{len(missing)} of {len(wanted)} are missing after {len(walk.pages)} pages",
            about=about,
            replies=walk.pages[-1:],
            advice="look at the condition that ends the walk, and at the sort key",
            cause="items are missing",
        )
    if walk.clamped:
        advise(
            "an empty page beyond the end",
            "the last page again",
            about=about,
            replies=walk.pages[-1:],
            advice="answer an empty page, so that a walk that only counts comes to an end",
            cause="the last page is repeated",
        )
    if doubled and not walk.repeated:
        (report if steady else advise)(
            "no item is met twice",
            f"{len(doubled)} items are",
            about=about,
            replies=walk.pages[:2],
            advice="sort by a unique key",
            cause="items are met twice",
        )


def judge_sizes(walk, partner):
    """Pages of the size that was asked for."""
    larger = [page for page in walk.pages if partner.pagination.size_param and size_of(page, partner) > SMALL]
    if larger:
        advise(
            f"at most {SMALL} items in a page of {SMALL}",
            f"{size_of(larger[0], partner)} items",
            replies=larger[:1],
            advice=f"honour {partner.pagination.size_param}, or document the sizes that are allowed",
        )


def size_of(page, partner):
    return len(items_of(page, partner.pagination.items_pointer) or [])
