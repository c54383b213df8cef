"""The contract matches what the server answers: right host, right base path, an API and not its web page."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from certify.contract import Operation
from certify.doctor.ailment import Ailment, Attribution, Weight
from certify.doctor.case import Case
from certify.doctor.diagnosis import Seen
from certify.doctor.evidence import claims, lacks, missing_scope, says_expired, scopes_of, tenant_of
from certify.doctor.examination import Examination
from certify.http.call import Call, Reply
from certify.http.wire import TransportError
from certify.suite.verdicts import Stop

READS = 3
"""Reads that are tried at most; the first that works is enough."""
ELSEWHERE = 6
"""Other base paths that are tried at most."""
_BASE = ("target", "base_url")


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
    for operation in _plain(case)[:READS]:
        try:
            call = case.kit.things.call(operation)
        except Stop:
            continue
        reply = case.ask(call)  # signed, also where the contract forgets to say so, as the suites send it
        yield operation, reply
        if reply.ok and not _page(operation, reply):
            return


def _open(case: Case, call: Call) -> Reply:
    return case.session.wire.send(call, case.session.bare(), purpose="preflight")


def _plain(case: Case) -> list[Operation]:
    """Reads without path parameters, the profile's own first, secured ones before public ones."""
    probes = case.kit.probes
    found = [*probes.reads(secured=True), *probes.reads(secured=False)]
    return [operation for operation in dict.fromkeys(found) if not operation.path_parameters]


def _page(operation: Operation, reply: Reply) -> bool:
    """A web page where the contract promises something else."""
    documented = {media for status, answer in operation.answers.items() if status[0] == "2" for media in answer.media}
    return reply.ok and reply.media_type == "text/html" and "text/html" not in documented


def _judged(case: Case, replies: list[tuple[Operation, Reply]]) -> Iterator[Ailment]:
    operation, reply = replies[-1]
    if reply.ok and not _page(operation, reply):
        return
    statuses = {reply.status for _, reply in replies}
    if all(300 <= status < 400 for status in statuses):
        yield _redirected(case, *replies[0])
    elif all(_page(*pair) for pair in replies):
        yield _a_page(case, *replies[0])
    elif statuses <= {404, 405, 501} or any(_page(*pair) for pair in replies):
        yield _not_there(case, replies)
    elif 401 in statuses:
        yield _not_let_in(case, *next(pair for pair in replies if pair[1].status == 401))
    elif 403 in statuses:
        yield _forbidden(case, *next(pair for pair in replies if pair[1].status == 403))
    else:
        yield _other(case, operation, reply)


def _redirected(case: Case, operation: Operation, reply: Reply) -> Ailment:
    target = urljoin(case.known.base_url + reply.call.path, reply.header("Location") or "")
    path, landed = reply.call.path, urlsplit(target).path
    whole = f"{urlsplit(target).scheme}://{urlsplit(target).netloc}{landed}"
    message = f"{operation.method} {operation.path} is answered {reply}, to {target[:200]}"
    if landed.rstrip("/").endswith(path.rstrip("/")) and whole.rstrip("/") != (case.known.base_url + path).rstrip("/"):
        new = whole.rstrip("/").removesuffix(path.rstrip("/"))
        advice = f"base_url: {new}"
        return case.ailment(Attribution.PROFILE, message, ["the API lives at that address"], _BASE, advice)
    causes = ["the redirect leads to a sign-in page: the kind of sign-in is not the one this API wants"]
    causes += ["base_url is the address of a web site, and the API lives elsewhere"]
    return case.ailment(Attribution.PROFILE, message, causes, _BASE)


def _a_page(case: Case, operation: Operation, reply: Reply) -> Ailment:
    message = f"{operation.method} {operation.path} is answered with a web page ({reply}, text/html)"
    causes = ["base_url is the address of a web site; the API lives at another host or below another path"]
    return _elsewhere(case, operation, reply, message, causes)


def _not_there(case: Case, replies: list[tuple[Operation, Reply]]) -> Ailment:
    operation, reply = replies[0]
    tried = ", ".join(f"{op.method} {op.path}" for op, _ in replies)
    message = f"nothing of the contract is found below {case.known.base_url}: {tried} answered {reply}"
    causes = [
        "the base path is wrong: base_url has one too many, or lacks one that every path needs",
        "the contract is that of another version or of another API",
        "the API is not deployed there",
    ]
    certain = Weight.FATAL if len(replies) > 1 else Weight.SERIOUS
    return _elsewhere(case, operation, reply, message, causes, certain)


def _elsewhere(
    case: Case, operation: Operation, reply: Reply, message: str, causes: list[str], weight: Weight = Weight.FATAL
) -> Ailment:
    """The ailment of a wrong base URL, with the right one where it can be found on the same host."""
    for base in list(_bases(case))[:ELSEWHERE]:
        try:
            other = _open(case, reply.call.with_path(base + reply.call.path))
        except TransportError:
            continue
        if _is_there(other):
            found = [f"{base}{operation.path} answers {other}"]
            return case.ailment(Attribution.PROFILE, message, [*found, *causes], _BASE, f"base_url: {base}")
    return case.ailment(Attribution.PROFILE, message, causes, _BASE, weight=weight)


def _is_there(reply: Reply) -> bool:
    """An answer that an API would give where it has the operation; a refusal for lack of a credential is one."""
    known = reply.status < 500 and reply.status not in (404, 405, 501)
    return known and reply.status // 100 != 3 and reply.media_type != "text/html"


def _bases(case: Case) -> Iterator[str]:
    """Other base URLs on the same origin: with the contract's base paths, without any, with the usual ones."""
    parts = urlsplit(case.known.base_url)
    origin, own = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
    servers = [str(item.get("url", "")) for item in case.promised.document.get("servers", []) if isinstance(item, dict)]
    below = [urlsplit(url).path.rstrip("/") for url in servers if "{" not in url]
    candidates = [*below, *(own + path for path in below), "", "/api", "/v1", "/api/v1"]
    shorter = own.rpartition("/")[0]
    seen = {own}
    for path in [*candidates[: len(below) * 2 + 1], shorter, *candidates[len(below) * 2 + 1 :]]:
        if path not in seen:
            seen.add(path)
            yield origin + path


def _not_let_in(case: Case, operation: Operation, reply: Reply) -> Ailment:
    """401 though we signed in."""
    message = f"the credential of primary is refused: {operation.method} {operation.path} answers {reply}"
    place = ("identities", "primary")
    if case.known.sign_in.kind == "none":
        return _nobody(case, operation, reply)
    if says_expired(reply):
        message = f"the credential of primary has expired: {operation.method} {operation.path} answers {reply}"
        return case.ailment(Attribution.PROFILE, message, ["get a new one from the partner"], place)
    causes = [
        "it has expired or was revoked: get a new one",
        "it is for another environment or another tenant than target.base_url",
        f"the API wants it in another form than sign_in.kind {case.known.sign_in.kind}",
    ]
    return case.ailment(Attribution.PROFILE, message, causes, place)


def _nobody(case: Case, operation: Operation, reply: Reply) -> Ailment:
    message = f"the API wants a credential, and sign_in.kind is none: {operation.method} {operation.path}: {reply}"
    causes = ["say how to sign in, also where the contract forgets to; `certify init --sign-in KIND` drafts it"]
    return case.ailment(Attribution.PROFILE, message, causes, ("sign_in", "kind"))


def _forbidden(case: Case, operation: Operation, reply: Reply) -> Ailment:
    """403 though we signed in: too few scopes, another tenant, or too few rights."""
    if case.known.sign_in.kind == "none":
        return _nobody(case, operation, reply)
    asked, told = missing_scope(reply), claims(case.session.credentials("primary").token)
    granted = scopes_of(told)
    wanting = () if granted is None else lacks(granted, operation.scopes)
    place = ("identities", "primary", "scopes")
    if asked is not None or wanting:
        named = asked or " ".join(wanting)
        message = f"primary has too few scopes: {operation.method} {operation.path} answers {reply}"
        message += f" and needs {named}" if named else ""
        causes = ["the client may not ask for it: let the partner grant it", "the profile does not ask for it"]
        return case.ailment(Attribution.PROFILE, message, causes, place, f"scopes: [{', '.join(named.split())}]")
    if _unheard(case, reply):
        message = (
            f"the credential of primary changes nothing: {operation.method} {operation.path} answers {reply} without"
        )
        causes = ["it is wrong, or has expired", f"the API wants it in another form than {case.known.sign_in.kind}"]
        return case.ailment(Attribution.PROFILE, f"{message} it, too", causes, place[:2])
    tenant = f" (its token says tenant {tenant_of(told)!r})" if tenant_of(told) else ""
    message = f"primary may not call {operation.method} {operation.path}: {reply}{tenant}"
    causes = [
        "its client has too few scopes or rights",
        "it belongs to another tenant than this address",
        "the sandbox lets only known addresses in",
    ]
    return case.ailment(Attribution.PROFILE, message, causes, place[:2], weight=Weight.SERIOUS)


def _unheard(case: Case, reply: Reply) -> bool:
    """Whether the same call without a credential is answered the same."""
    anonymous = _open(case, reply.call)
    return (anonymous.status, anonymous.content) == (reply.status, reply.content)


def _other(case: Case, operation: Operation, reply: Reply) -> Ailment:
    message = f"no read works yet: {operation.method} {operation.path} answers {reply}"
    whose = Attribution.PARTNER if reply.status >= 500 else Attribution.PROFILE
    causes = ["the sandbox is not well: look into its log"] if reply.status >= 500 else []
    causes += ["the read needs values that the contract does not give: name a better one"]
    return case.ailment(whose, message, causes, ("operations", "read"), weight=Weight.SERIOUS)
