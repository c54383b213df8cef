"""The public keys that a verifier trusts: a JWK set (RFC 7517 §5) that the verifier names, and the only root of trust.

Beside the key, a JWK says in a member of ours what the key is trusted for:

    {"kty": "OKP", "crv": "Ed25519", "x": "…", "kid": "<thumbprint>", "alg": "EdDSA", "use": "sig",
     "certify": {"owner": "Ada Byron", "uses": ["approval"], "roles": ["solution-engineer"],
                 "provenance": "practice", "status": "active", "retired": <epoch>, "created": <epoch>}}

A key without it is a stranger's: known, and trusted for nothing. ``kid`` is the key's thumbprint (RFC 7638), so that
no two keys can share a name. Keys of a kind that certify does not use are passed over (RFC 7517 §5), unless they claim
to be trusted. A set that holds a private key is refused whole.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from certify.errors import KeyMaterialError
from certify.model.certificate import Provenance
from certify.nearest import did_you_mean
from certify.signing.algorithms import EDDSA, PublicKey, algorithm_of
from certify.signing.jwk import SECRET, from_jwk, thumbprint, to_jwk
from certify.signing.strict import json_object

MAX_BYTES = 256 * 1024
MAX_KEYS = 1000
MAX_TEXT = 200

FULLY_SPECIFIED = {EDDSA: "Ed25519"}
"""The other name of the same algorithm in a JWK (RFC 9864 §2.2)."""

Status = Literal["active", "retired", "revoked"]
STATUSES: tuple[Status, ...] = ("active", "retired", "revoked")


class Use(StrEnum):
    """What a key may sign."""

    CERTIFICATE = "certificate"
    APPROVAL = "approval"
    REVOCATION = "revocation"


@dataclass(frozen=True)
class TrustedKey:
    """A public key, whose it is, and what it is trusted for. ``retired`` and ``created`` are seconds since the epoch.

    A retired key verifies what was issued until then; a revoked one nothing. ``provenance`` is ``gated`` for a key
    that only a pipeline can use.
    """

    kid: str
    alg: str
    public: PublicKey
    owner: str = ""
    uses: tuple[Use, ...] = ()
    roles: tuple[str, ...] = ()
    provenance: Provenance = Provenance.PRACTICE
    status: Status = "active"
    retired: float = 0.0
    created: float = 0.0

    @property
    def short(self) -> str:
        """Enough of the name for a person to tell keys apart."""
        return self.kid[:12]

    def in_force(self, now: float) -> bool:
        """Whether what it signs now counts: it is active, or retires only later."""
        return self.status == "active" or (self.status == "retired" and now < self.retired)

    @property
    def person(self) -> str:
        """Whose key it is, for the question whether two keys are of the same person: in any case and spacing."""
        return " ".join(unicodedata.normalize("NFKC", self.owner).casefold().split())


@dataclass(frozen=True)
class KeySet:
    """Trusted keys, and the place that they came from (for messages)."""

    keys: tuple[TrustedKey, ...]
    place: str

    def of(self, kid: str) -> TrustedKey | None:
        """The key of that name, None where there is none."""
        return next((key for key in self.keys if key.kid == kid), None)


def load_key_set(place: str) -> KeySet:
    """The key set in a file or behind a URL (``https://``; ``http://`` on loopback only).

    Raises :class:`KeyMaterialError`, and :class:`certify.errors.KeySetUnreachableError` where a URL does not give it.
    """
    if place.lower().startswith(("https://", "http://")):
        from certify.signing.fetch import fetch

        return read_key_set(fetch(place, MAX_BYTES), place)
    return read_key_set(_file(Path(place)), place)


def read_key_set(data: bytes, place: str) -> KeySet:
    """The key set that some bytes are; ``place`` is named in messages. A single JWK is a set of one."""
    keys: dict[str, TrustedKey] = {}
    for number, jwk in enumerate(_jwks(data, place), 1):
        key = _trusted(jwk, f"{place}: key {number}")
        if key is None:
            continue
        if keys.setdefault(key.kid, key) != key:
            raise KeyMaterialError(
                f"{place}: key {key.short} is in it twice, and not the same both times",
                ["keep the entry that says what the key is trusted for today"],
            )
    return KeySet(tuple(keys.values()), place)


def joined(places: Sequence[str]) -> tuple[TrustedKey, ...]:
    """The keys of several sets, each once. Raises where two of them say different things about a key."""
    found: dict[str, tuple[TrustedKey, str]] = {}
    for place in places:
        for key in load_key_set(place).keys:
            earlier, where = found.setdefault(key.kid, (key, place))
            if earlier != key:
                raise KeyMaterialError(
                    f"{where} and {place} say different things about key {key.short} of {key.owner or earlier.owner}",
                    [f"they differ in {_difference(earlier, key)}; take the newer file of the two alone"],
                )
    return tuple(key for key, _ in found.values())


def _difference(one: TrustedKey, other: TrustedKey) -> str:
    members = (item.name for item in fields(TrustedKey))
    return ", ".join(name for name in members if getattr(one, name) != getattr(other, name))


def as_jwks(keys: Sequence[TrustedKey]) -> dict[str, Any]:
    """Keys as a JWK set."""
    return {"keys": [_jwk(key) for key in keys]}


def as_text(keys: Sequence[TrustedKey]) -> str:
    """The same as it stands in a file."""
    return json.dumps(as_jwks(keys), indent=2, ensure_ascii=False) + "\n"


def _jwk(key: TrustedKey) -> dict[str, Any]:
    ours: dict[str, Any] = {
        "owner": key.owner,
        "uses": [use.value for use in key.uses],
        "roles": list(key.roles),
        "provenance": key.provenance.value,
        "status": key.status,
        "created": int(key.created),
    }
    if key.status != "active":
        ours["retired"] = int(key.retired)
    return {**to_jwk(key.public), "kid": key.kid, "alg": key.alg, "use": "sig", "certify": ours}


def _file(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise KeyMaterialError(f"the key set {path} is not a file", [_HOW])
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise KeyMaterialError(f"the key set {path} cannot be read: {error.strerror}", [_HOW]) from None


def _jwks(data: bytes, place: str) -> list[dict[str, Any]]:
    if len(data) > MAX_BYTES:
        raise KeyMaterialError(
            f"{place} is larger than {MAX_BYTES // 1024} KiB: it is not a key set of people and jobs"
        )
    try:
        document = json_object(data)
    except ValueError as error:
        raise KeyMaterialError(f"{place} is not a JWK set: {error}", [_HOW]) from None
    rows = [document] if "kty" in document else document.get("keys")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise KeyMaterialError(f"{place} is not a JWK set: it has no array 'keys' of objects (RFC 7517 §5)", [_HOW])
    if len(rows) > MAX_KEYS:
        raise KeyMaterialError(f"{place} has {len(rows):,} keys; {MAX_KEYS:,} are the most that are read")
    return rows


def _trusted(jwk: Mapping[str, Any], where: str) -> TrustedKey | None:
    """One JWK; None for a stranger's that we cannot use (RFC 7517 §5)."""
    if private := [name for name in SECRET if name in jwk]:
        raise KeyMaterialError(
            f"{where} is not public: it has the member {private[0]!r}",
            ["whoever could read this file has the key: revoke it, make a new one, and publish public halves only"],
        )
    ours = "certify" in jwk
    try:
        key = _key(jwk)
        return _with_trust(key, jwk["certify"]) if ours else key
    except ValueError as error:
        if not ours:
            return None
        raise KeyMaterialError(f"{where}: {error}", ["docs/keys.md shows what a key may say"]) from None


def _key(jwk: Mapping[str, Any]) -> TrustedKey:
    """The key, trusted for nothing yet. Raises ``ValueError``."""
    public = from_jwk(jwk)
    alg, name = algorithm_of(public), thumbprint(public)
    if jwk.get("alg", alg) not in (alg, FULLY_SPECIFIED.get(alg)) or jwk.get("use", "sig") != "sig":
        raise ValueError(f"it is said to be for something else than signatures with {alg}, and can be for nothing else")
    kid = jwk.get("kid", name)
    if kid != name and ("certify" in jwk or not is_text(kid)):
        raise ValueError(f"its kid is not its thumbprint (RFC 7638), which is {name}")
    return TrustedKey(kid, alg, public)


def _with_trust(key: TrustedKey, members: Any) -> TrustedKey:
    """What the member ``certify`` says; each member of it of its type, and none that would be overlooked."""
    if wrong := _wrong(members):
        raise ValueError(wrong)
    return replace(
        key,
        owner=members.get("owner", ""),
        uses=tuple(Use(use) for use in members.get("uses", ())),
        roles=tuple(members.get("roles", ())),
        provenance=Provenance(members.get("provenance", Provenance.PRACTICE)),
        status=members.get("status", "active"),
        retired=float(members.get("retired", 0)),
        created=float(members.get("created", 0)),
    )


def _wrong(members: Any) -> str:
    """What is wrong with the member ``certify``; empty where nothing is."""
    if not isinstance(members, dict):
        return "its member 'certify' is not an object"
    if unknown := sorted(set(members) - set(_MEMBERS)):
        return f"certify.{unknown[0][:40]} is unknown{did_you_mean(unknown[0], _MEMBERS)}"
    for name, value in members.items():
        if not _MEMBERS[name](value):
            return f"certify.{name} cannot be {str(value)[:60]!r}"
    if members.get("status") == "retired" and not members.get("retired"):
        return "certify.retired has to say since when it is retired (seconds since the epoch)"
    return ""


def is_text(value: Any) -> bool:
    """Whether something can be an owner or a role."""
    return isinstance(value, str) and len(value) <= MAX_TEXT and value.isprintable()


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_text, value))


def _moment(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value < 1e11


_MEMBERS: dict[str, Callable[[Any], bool]] = {
    "owner": is_text,
    "uses": lambda value: _texts(value) and set(value) <= set(Use),
    "roles": _texts,
    "provenance": lambda value: is_text(value) and value in set(Provenance),
    "status": lambda value: value in STATUSES,
    "retired": _moment,
    "created": _moment,
}
_HOW = "certify keys jwks prints one; docs/keys.md tells how to collect those of several people"
