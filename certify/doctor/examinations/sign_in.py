"""Each identity signs in, and its credential is what the profile says it is, as far as the credential tells."""

from __future__ import annotations

import time
from dataclasses import replace

from certify.doctor.ailment import Ailment, Attribution, Weight, from_error
from certify.doctor.case import Case
from certify.doctor.diagnosis import Seen
from certify.doctor.evidence import claims, tenant_of
from certify.doctor.examination import Examination
from certify.errors import CertifyError


class SignsIn(Examination):
    name, title, step = "sign-in", "signing in", 70
    stands_on = ("answer",)

    def examine(self, case: Case) -> Seen:
        if case.known.sign_in.kind == "none":
            return Seen("nobody signs in", needed=False)
        ailments = [ailment for name in _names(case) for ailment in _signed_in(case, name)]
        if not ailments:
            ailments += _same(case)
        return Seen(f"{', '.join(_names(case))}: signed in", tuple(ailments))


def _names(case: Case) -> list[str]:
    """``primary`` first: every check begins with it."""
    return sorted(case.known.identities, key=lambda name: name != "primary")


def _signed_in(case: Case, name: str) -> list[Ailment]:
    weight = Weight.FATAL if name == "primary" else Weight.SERIOUS
    try:
        token = case.session.credentials(name).token
    except CertifyError as error:
        placed = case.ailment(Attribution.PARTNER, "", place=("identities", name))
        return [_placed(item, placed, weight) for item in from_error(error)]
    told, place = claims(token), ("identities", name)
    expires = told.get("exp")
    if isinstance(expires, int | float) and expires < time.time():
        hours = (time.time() - expires) / 3600
        causes = [f"get a new one, and put it where identities.{name} says"]
        return [
            case.ailment(
                Attribution.PROFILE, f"the token of {name} expired {hours:.1f} hours ago", causes, place, weight=weight
            )
        ]
    said, wanted = tenant_of(told), case.known.identities[name].tenant
    if said and wanted and said != wanted:
        message = f"the credential of {name} is for tenant {said!r}, and the profile says {wanted!r}"
        causes = ["the credential is another tenant's", f"identities.{name}.tenant is not the name the sandbox uses"]
        return [case.ailment(Attribution.PROFILE, message, causes, (*place, "tenant"), f"tenant: {said}", weight)]
    return []


def _placed(item: Ailment, placed: Ailment, weight: Weight) -> Ailment:
    """A refusal with the identity's line, where the error named none."""
    if item.file:
        return replace(item, weight=weight)
    return replace(item, file=placed.file, line=placed.line, member=placed.member, weight=weight)


def _same(case: Case) -> list[Ailment]:
    """``other_tenant`` has to be somebody else, of another tenant; otherwise isolation would look broken."""
    if not {"primary", "other_tenant"} <= set(case.known.identities):
        return []
    first, other = (claims(case.session.credentials(name).token) for name in ("primary", "other_tenant"))
    same_tenant = tenant_of(first) and tenant_of(first) == tenant_of(other)
    identical = case.session.credentials("primary").secrets() == case.session.credentials("other_tenant").secrets()
    if not same_tenant and not (identical and case.session.credentials("primary").secrets()):
        return []
    what = f"tenant {tenant_of(first)!r}" if same_tenant else "the very same credential"
    message = f"primary and other_tenant have {what}: whatever one may see, the other may"
    causes = ["the credential of other_tenant is primary's, or of a client of the same tenant"]
    place = ("identities", "other_tenant")
    return [case.ailment(Attribution.PROFILE, message, causes, place, weight=Weight.FATAL)]
