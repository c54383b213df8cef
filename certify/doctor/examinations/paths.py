"""The contract matches what the server answers: right host, right base path, an API and not its web page."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from certify.contract import Operation
from certify.contract.subjects import Subjects
from certify.doctor.ailment import Ailment, Attribution, Weight
from certify.doctor.base_path import BASE, answer_to_nothing, documented, elsewhere, not_there
from certify.doctor.case import Case
from certify.doctor.diagnosis import Seen
from certify.doctor.examination import Examination
from certify.doctor.refusals import forbidden, not_let_in
from certify.http.call import Reply
from certify.suite.verdicts import Stop

READS, MOST_READS = 3, 8
"""Reads that are tried at most; the first that works is enough. More are tried where none was found so far."""


class Paths(Examination):
    name, title, step = "paths", "the contract's paths", 80
    stands_on = ("contract", "sign-in")

    def examine(self, case: Case) -> Seen:
        replies = case.reads = list(_reads(case))
        if not replies:
            return Seen("the contract has no read that needs no values; the probes will tell", needed=False)
        told = "; ".join(f"{op.method} {op.path}: {reply}" for op, reply in replies[-2:])
        return Seen(told, tuple(_judged(case, replies)))


def _reads(case: Case) -> Iterator[tuple[Operation, Reply]]:
    """Reads that need nothing made for them, until one works."""
    for number, operation in enumerate(_plain(case)[:MOST_READS], 1):
        try:
            call = case.kit.things.call(operation)
        except Stop:
            continue
        reply = case.ask(call)  # signed, also where the contract forgets to say so, as the suites send it
        yield operation, reply
        if _works(operation, reply) or (number >= READS and reply.status != 404):
            return


def _plain(case: Case) -> list[Operation]:
    """Reads without path parameters: the profile's own first, secured ones before public ones, then those that have no
    404 by contract (a setting that nobody made), lists before all."""
    probes, hint = case.kit.probes, case.known.operations.get("read")
    subjects = Subjects(case.promised.at)
    found = dict.fromkeys([*probes.reads(secured=True), *probes.reads(secured=False)])
    return sorted(
        (operation for operation in found if not operation.path_parameters),
        key=lambda op: (
            hint is None or op.id != hint.operation,
            not op.secured,
            "404" in op.answers,
            not subjects.lists(op),
        ),
    )


def _works(operation: Operation, reply: Reply) -> bool:
    """A success, or a redirect that the contract promises."""
    if 300 <= reply.status < 400:
        return documented(operation, reply)
    return reply.ok and not _page(operation, reply)


def _page(operation: Operation, reply: Reply) -> bool:
    """A web page where the contract promises something else."""
    documented = {media for status, answer in operation.answers.items() if status[0] == "2" for media in answer.media}
    return reply.ok and reply.media_type == "text/html" and "text/html" not in documented


def _judged(case: Case, replies: list[tuple[Operation, Reply]]) -> Iterator[Ailment]:
    operation, reply = replies[-1]
    if _works(operation, reply):
        return
    statuses = {reply.status for _, reply in replies}
    slashed = next((pair for pair in replies if _slash(case, pair[1])), None)
    if slashed is not None:
        yield _wants_slash(case, *slashed)
    elif all(300 <= status < 400 for status in statuses):
        yield _redirected(case, replies)
    elif pages := [pair for pair in replies if _page(*pair)]:
        yield _a_page(case, *pages[0], Weight.FATAL if len(pages) == len(replies) else Weight.SERIOUS)
    elif statuses <= {404, 405, 501}:
        yield not_there(case, replies)
    elif 401 in statuses:
        yield not_let_in(case, *next(pair for pair in replies if pair[1].status == 401))
    elif 403 in statuses:
        yield forbidden(case, *next(pair for pair in replies if pair[1].status == 403))
    else:
        yield _other(case, operation, reply)


def _target(case: Case, reply: Reply) -> str:
    """Where a redirect leads."""
    return urljoin(case.known.base_url.rstrip("/") + reply.call.path, reply.header("Location") or "")


def _slash(case: Case, reply: Reply) -> bool:
    """A redirect to the same address with a slash more, or one less, at its end (Django, Starlette)."""
    here, there = urlsplit(case.known.base_url.rstrip("/") + reply.call.path), urlsplit(_target(case, reply))
    moved = 300 <= reply.status < 400 and here.path != there.path
    return moved and (here.netloc, here.path.rstrip("/")) == (there.netloc, there.path.rstrip("/"))


def _wants_slash(case: Case, operation: Operation, reply: Reply) -> Ailment:
    more = urlsplit(_target(case, reply)).path.endswith("/")
    path = operation.path.rstrip("/") + "/" * more
    message = f"the server wants {'a' if more else 'no'} slash at the end: {operation.method} {operation.path}"
    message += f" is answered {reply}, to {path}"
    causes = [f"the contract names the path otherwise than the server has it: say {path} there"]
    causes += ["or let the server answer both: not every client follows redirects, and few repeat a body"]
    return case.ailment(Attribution.CONTRACT, message, causes, weight=Weight.SERIOUS)


def _redirected(case: Case, replies: list[tuple[Operation, Reply]]) -> Ailment:
    """Every read is. Fatal where the API has moved, or where everything leads to one place: a sign-in page."""
    operation, reply = replies[0]
    target = _target(case, reply)
    path, landed = reply.call.path, urlsplit(target).path
    whole = f"{urlsplit(target).scheme}://{urlsplit(target).netloc}{landed}"
    message = f"{operation.method} {operation.path} is answered {reply}, to {target[:200]}"
    if landed.rstrip("/").endswith(path.rstrip("/")) and whole.rstrip("/") != (case.known.base_url + path).rstrip("/"):
        new = whole.rstrip("/").removesuffix(path.rstrip("/"))
        advice = f"base_url: {new}"
        return case.ailment(Attribution.PROFILE, message, ["the API lives at that address"], BASE, advice)
    causes = ["the redirect leads to a sign-in page: the kind of sign-in is not the one this API wants"]
    causes += ["base_url is the address of a web site, and the API lives elsewhere"]
    places = {urlsplit(_target(case, each)).path for _, each in replies}
    certain = len(places) < len(replies) or 300 <= answer_to_nothing(case).status < 400
    return case.ailment(Attribution.PROFILE, message, causes, BASE, weight=Weight.FATAL if certain else Weight.SERIOUS)


def _a_page(case: Case, operation: Operation, reply: Reply, weight: Weight) -> Ailment:
    message = f"{operation.method} {operation.path} is answered with a web page ({reply}, text/html)"
    causes = ["base_url is the address of a web site; the API lives at another host or below another path"]
    found = elsewhere(case, reply.call)
    if found is None:
        return case.ailment(Attribution.PROFILE, message, causes, BASE, weight=weight)
    causes = [f"{found[1].call.path} answers {found[1]}", *causes]
    return case.ailment(Attribution.PROFILE, message, causes, BASE, f"base_url: {found[0]}")


def _other(case: Case, operation: Operation, reply: Reply) -> Ailment:
    message = f"no read works yet: {operation.method} {operation.path} answers {reply}"
    whose = Attribution.PARTNER if reply.status >= 500 else Attribution.PROFILE
    causes = ["the sandbox is not well: look into its log"] if reply.status >= 500 else []
    causes += ["the read needs values that the contract does not give: name a better one"]
    return case.ailment(whose, message, causes, ("operations", "read"), weight=Weight.SERIOUS)
