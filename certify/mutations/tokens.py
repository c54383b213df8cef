"""Access tokens, spoiled: each function takes a valid :class:`Token` and the :class:`Minter`, and gives a compact
token, or None where this partner's tokens have nothing that it could spoil.

``token.lawful`` is the exception: spellings that a resource server has to accept (RFC 7519 §4, RFC 9068 §2).
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from certify.http.minting import Minter, Token
from certify.mutations.interface import REGISTRY, Mutation, mutation
from certify.signing.strict import base64url

LAWFUL_LEEWAY_S = 300
"""RFC 7519 §4.1.4 allows a small leeway, usually no more than a few minutes; ASP.NET Core takes five by default."""


@mutation("token.expired.by-a-minute", "an exp one minute past the declared leeway", near=True)
def expired_by_a_minute(token: Token, minter: Minter) -> str:
    return token.claim(exp=minter.now() - minter.settings.leeway_s - 60).compact()


@mutation("token.expired.by-minutes", "an exp one minute past any lawful leeway")
def expired_by_minutes(token: Token, minter: Minter) -> str:
    return token.claim(exp=minter.now() - max(LAWFUL_LEEWAY_S, minter.settings.leeway_s) - 60).compact()


@mutation("token.expired.by-a-day", "an exp of yesterday")
def expired_by_a_day(token: Token, minter: Minter) -> str:
    return token.claim(exp=minter.now() - 86_400).compact()


@mutation("token.signature.flipped", "one bit of the signature flipped")
def flipped(token: Token, minter: Minter) -> str:
    # In the middle: the last base64 character has spare bits that may not change the bytes.
    signature = bytearray(token.signature())
    signature[len(signature) // 2] ^= 1
    return f"{token.signing_input()}.{base64url(bytes(signature))}"


@mutation("token.signature.payload-swapped", "another subject under the old signature")
def payload_swapped(token: Token, minter: Minter) -> str:
    swapped = token.claim(sub="certify-intruder")
    return f"{swapped.signing_input()}.{base64url(token.signature())}"


@mutation("token.signature.empty", "an empty signature")
def empty(token: Token, minter: Minter) -> str:
    return f"{token.signing_input()}."


@mutation("token.signature.truncated", "half of the signature cut off")
def truncated(token: Token, minter: Minter) -> str:
    signature = token.signature()
    return f"{token.signing_input()}.{base64url(signature[: len(signature) // 2])}"


@mutation("token.signature.zeros", "a signature of zeros (CVE-2022-21449)")
def zeros(token: Token, minter: Minter) -> str:
    return f"{token.signing_input()}.{base64url(bytes(len(token.signature())))}"


def _unsigned(spelling: Any, junk: bool) -> Any:
    def apply(token: Token, minter: Minter) -> str:
        header = {**token.header, "alg": spelling}
        if spelling == "missing":
            del header["alg"]
        parts = (json.dumps(part, separators=(",", ":")).encode() for part in (header, token.claims))
        return ".".join(base64url(part) for part in parts) + "." + (base64url(b"certify") if junk else "")

    return apply


for _spelling in ("none", "None", "NONE", "nOnE", "missing", None):
    for _junk in (False, True):
        _name = f"token.none.{'null' if _spelling is None else _spelling}{'-junk' if _junk else ''}"
        _alg = {"missing": "no alg", None: "alg null"}.get(_spelling, f"alg {_spelling!r}")
        _what = f"{_alg} and {'a junk' if _junk else 'an empty'} signature"
        REGISTRY[_name] = Mutation(_name, _what, _unsigned(_spelling, _junk))


@mutation("token.audience.other", "the audience of somebody else")
def audience_other(token: Token, minter: Minter) -> str:
    return token.claim(aud="https://api.somebody-else.example").compact()


@mutation("token.audience.missing", "no audience")
def audience_missing(token: Token, minter: Minter) -> str:
    return token.claim(aud=None).compact()


@mutation("token.audience.empty", "an empty list as audience")
def audience_empty(token: Token, minter: Minter) -> str:
    return token.claim(aud=[]).compact()


@mutation("token.audience.others", "a list of other audiences")
def audience_others(token: Token, minter: Minter) -> str:
    return token.claim(aud=["https://a.example", "https://b.example"]).compact()


@mutation("token.audience.shortened", "the audience without its last character", near=True)
def audience_shortened(token: Token, minter: Minter) -> str | None:
    return _if_other(token, "aud", minter.settings.audience[:-1])


@mutation("token.audience.extended", "the audience with something behind it", near=True)
def audience_extended(token: Token, minter: Minter) -> str:
    return token.claim(aud=minter.settings.audience + ".evil.example").compact()


@mutation("token.audience.other-case", "the audience in other case", near=True)
def audience_other_case(token: Token, minter: Minter) -> str | None:
    return _if_other(token, "aud", minter.settings.audience.swapcase())


@mutation("token.audience.slash", "the audience with a slash added or removed", near=True)
def audience_slash(token: Token, minter: Minter) -> str:
    return token.claim(aud=_toggle_slash(minter.settings.audience)).compact()


@mutation("token.issuer.unknown", "an issuer that nobody trusts")
def issuer_unknown(token: Token, minter: Minter) -> str:
    return token.claim(iss="https://issuer.untrusted.example").compact()


@mutation("token.issuer.missing", "no issuer")
def issuer_missing(token: Token, minter: Minter) -> str:
    return token.claim(iss=None).compact()


@mutation("token.issuer.other-case", "the issuer in other case", near=True)
def issuer_other_case(token: Token, minter: Minter) -> str | None:
    return _if_other(token, "iss", minter.settings.issuer.swapcase())


@mutation("token.issuer.slash", "the issuer with a slash added or removed", near=True)
def issuer_slash(token: Token, minter: Minter) -> str:
    return token.claim(iss=_toggle_slash(minter.settings.issuer)).compact()


@mutation("token.lawful.audience-list", "the audience as a list of one")
def lawful_audience_list(token: Token, minter: Minter) -> str:
    return token.claim(aud=[minter.settings.audience]).compact()


@mutation("token.lawful.unknown-claim", "a claim that nobody knows")
def lawful_unknown_claim(token: Token, minter: Minter) -> str:
    return token.claim(certify_unknown={"any": "value"}).compact()


@mutation("token.lawful.header-order", "its header members in another order")
def lawful_header_order(token: Token, minter: Minter) -> str:
    return replace(token, header=dict(reversed(list(token.header.items())))).compact()


@mutation("token.lawful.long-type", "its type in full, application/at+jwt")
def lawful_long_type(token: Token, minter: Minter) -> str | None:
    return token.head(typ="application/at+jwt").compact() if minter.settings.rfc9068 else None


def _if_other(token: Token, claim: str, value: str) -> str | None:
    """The token with another value of a claim, or None where that changes nothing, as in a text without letters."""
    return token.claim(**{claim: value}).compact() if value and value != token.claims.get(claim) else None


def _toggle_slash(value: str) -> str:
    return value[:-1] if value.endswith("/") else value + "/"
