"""Each identity signs in, and its credential is what the profile says it is, as far as the credential tells."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

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
        before = case.requests
        ailments = [ailment for name in _names(case) for ailment in _signed_in(case, name)]
        if not ailments:
            ailments += _same(case)
        # A key or a token that is merely sent signs nobody in: whether it is good, only the API tells.
        state = "signed in" if case.requests > before else "a credential to send; the API tells whether it is good"
        return Seen(f"{', '.join(_names(case))}: {state}", tuple(ailments))


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
    return _another_tenant(case, name, told, weight)


def _another_tenant(case: Case, name: str, told: Mapping[str, Any], weight: Weight) -> list[Ailment]:
    """A token of another tenant than the profile says. Only a claim that the profile itself fills with the tenant is
    sure to mean the same; others (``tid`` of Entra ID is its directory) are worth a word."""
    wanted, mapped = case.known.identities[name].tenant, _mapped(case, told)
    said = mapped or tenant_of(told)
    if not (said and wanted and said != wanted):
        return []
    message = f"the credential of {name} is for tenant {said!r}, and the profile says {wanted!r}"
    causes = ["the credential is another tenant's", f"identities.{name}.tenant is not the name the sandbox uses"]
    causes += [] if mapped else ["the token means another kind of tenant, for instance the identity provider's"]
    place = ("identities", name, "tenant")
    weight = weight if mapped else Weight.MINOR
    return [case.ailment(Attribution.PROFILE, message, causes, place, f"tenant: {said}", weight)]


def _mapped(case: Case, told: Mapping[str, Any]) -> str:
    """The tenant in the claim that the profile's ``platform_tokens.claims`` fill with it, or nothing."""
    templates = case.known.tokens.claims if case.known.tokens else {}
    names = [name for name, template in templates.items() if template == "{tenant}"]
    return next((str(told[name]) for name in names if isinstance(told.get(name), str)), "")


def _placed(item: Ailment, placed: Ailment, weight: Weight) -> Ailment:
    """A refusal with the identity's line, where the error named none."""
    if item.file:
        return replace(item, weight=weight)
    return replace(item, file=placed.file, line=placed.line, member=placed.member, weight=weight)


def _same(case: Case) -> list[Ailment]:
    """``other_tenant`` has to be somebody else, of another tenant; otherwise isolation would look broken."""
    if not {"primary", "other_tenant"} <= set(case.known.identities):
        return []
    held = [case.session.credentials(name) for name in ("primary", "other_tenant")]
    if held[0].secrets() and held[0].secrets() == held[1].secrets():
        return [_one(case, "the very same credential", Weight.FATAL)]
    told = [claims(item.token) for item in held]
    mapped, guessed = [_mapped(case, each) for each in told], [tenant_of(each) for each in told]
    if mapped[0] and mapped[0] == mapped[1]:
        return [_one(case, f"tenant {mapped[0]!r}", Weight.FATAL)]
    if not any(mapped) and guessed[0] and guessed[0] == guessed[1]:
        return [_one(case, f"tenant {guessed[0]!r} in their tokens", Weight.MINOR)]
    return []


def _one(case: Case, what: str, weight: Weight) -> Ailment:
    """The two have something in common that two tenants have not. ``minor``: not surely the API's tenant."""
    message = f"primary and other_tenant have {what}"
    message += ": whatever one may see, the other may" if weight is Weight.FATAL else ""
    causes = ["the credential of other_tenant is primary's, or of a client of the same tenant"]
    if weight is not Weight.FATAL:
        causes = ["it is the identity provider's directory, which holds many tenants of the API", *causes]
    place = ("identities", "other_tenant")
    return case.ailment(Attribution.PROFILE, message, causes, place, weight=weight)
