"""Each role has an operation that works here."""

from __future__ import annotations

from certify.cleanup import settle_earlier, summed_up
from certify.doctor.ailment import Ailment, Attribution, Weight
from certify.doctor.case import Case
from certify.doctor.diagnosis import Seen
from certify.doctor.examination import Examination
from certify.doctor.tenants import same_tenant
from certify.http.broker import Broker
from certify.model.codec import encode
from certify.model.role import RoleFound
from certify.suite.scouting import NOTHING, scout
from certify.suite.settling import Accounts, Settled

_WRITES = ("create", "update", "delete")


class Probes(Examination):
    name, title, step = "probes", "the probes", 90
    stands_on = ("paths",)
    quick = False

    def examine(self, case: Case) -> Seen:
        notes: list[str] = []
        if case.known.permissions.allow_writes:
            settle_earlier(case.known, case.promised, notes.append, Broker(case.session))
        case.roles = scout(case.kit)
        tenants = same_tenant(case)
        case.kit.clean_up()
        found = [role.role for role in case.roles if role.found]
        refused = [role for role in case.roles if not role.found and role.status in (401, 403)]
        missing = [role for role in case.roles if not role.found and role not in refused]
        if refused:  # what stands on an object that nobody may make follows from that
            missing = [role for role in missing if role.role not in ("item", *_WRITES)]
        ailments = [*_refused(case, refused), *_each_missing(case, missing), *tenants, *_left(case)]
        told = "; ".join([f"{len(found)} of {len(case.roles)} work: {', '.join(found) or 'none'}", *notes])
        return Seen(told, tuple(ailments), {"roles": [encode(role) for role in case.roles]})


def _left(case: Case) -> list[Ailment]:
    """What was made to try the probes, and could not be taken away again: which, and why. It stays on the ledger only
    where another try may help."""
    ledger = case.kit.ledger
    accounts = Accounts(case.kit.contract, case.known.permissions)
    settled = accounts.account(ledger) if ledger is not None else Settled()
    if not settled.left:
        return []
    objects = "1 object that was" if len(settled.left) == 1 else f"{len(settled.left)} objects that were"
    message = f"{objects} made to try the probes could not be taken away again"
    causes = [
        f"{item.operation} made {', '.join(item.places) or item.count}: {item.why}" for item in summed_up(settled).left
    ]
    if settled.hopeless:
        causes += ["delete it by hand; whatever may write makes more: name under operations.create what can be deleted"]
    else:
        causes += [f"`certify cleanup --partner {case.file}` tries it again"]
    return [case.ailment(Attribution.CONTRACT, message, causes, weight=Weight.MINOR)]


def _refused(case: Case, roles: list[RoleFound]) -> list[Ailment]:
    """Every operation of a role is refused: whoever signs in may not do it. One cause, so one ailment."""
    if not roles:
        return []
    what, status = ", ".join(role.role for role in roles), roles[0].status
    if case.known.sign_in.kind == "none":
        message = f"the API wants a credential for {what} ({status}), and sign_in.kind is none"
        place, causes = ("sign_in", "kind"), ["say how primary signs in: docs/sign-in.md has an example of each kind"]
    else:
        message = f"primary may not {what}: {roles[0].reason}"
        place = ("identities", "primary")
        causes = ["give primary a credential that may"]
        causes += ["or set permissions.allow_writes: false, and only reads are judged"] * (roles[0].role in _WRITES)
    return [case.ailment(Attribution.PROFILE, message, causes, place, weight=Weight.SERIOUS)]


def _each_missing(case: Case, roles: list[RoleFound]) -> list[Ailment]:
    """One ailment for each entry of the profile that would help: one permission may enable several roles, and roles
    that nothing looks like need one entry as an example."""
    by_entry: dict[str, list[RoleFound]] = {}
    for role in roles:
        by_entry.setdefault(NOTHING if role.reason == NOTHING else role.entry, []).append(role)
    return [_missing(case, alike) for alike in by_entry.values()]


def _missing(case: Case, roles: list[RoleFound]) -> Ailment:
    """Without a read nothing can be judged; every other role costs some checks."""
    first = roles[0]
    permitted = not first.entry.startswith("permissions:")
    weight = Weight.SERIOUS if first.role == "read" else Weight.MINOR
    message = f"no operation for {', '.join(role.role for role in roles)}: {first.reason}"
    place = ("operations", first.role) if permitted else ("permissions",)
    causes = ["the checks that need it will not run; this entry would enable them"]
    return case.ailment(Attribution.PROFILE, message, causes, place, first.entry, weight)
