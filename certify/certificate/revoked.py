"""The signed list of what is not to be relied upon any more, read, and what falls under it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from certify.certificate.authentic import read_token
from certify.certificate.claims import ClaimsError
from certify.model.certificate import REVOCATIONS, Certificate, Revocation, RevocationList
from certify.model.codec import decode
from certify.signing.jws import Kind, verify
from certify.signing.key_set import KeySet, Use
from certify.signing.refusal import SignatureRefused

MEMBER = "revocations"
"""The member of the payload that is the list."""


def list_beside(certificate: Path) -> Path | None:
    """``<reports>/revocations.jws`` of a certificate in ``<reports>/<partner>/<run>/``, if anything is there.

    What cannot be read there, such as a link to nowhere, is not the same as no list.
    """
    folders = certificate.absolute().parents
    file = folders[2] / REVOCATIONS if len(folders) > 2 else None
    return file if file is not None and os.path.lexists(file) else None


def read_revocations(path: Path, keys: KeySet, *, now: float) -> RevocationList:
    """The list in a file.

    Raises :class:`certify.certificate.authentic.UnreadableError`, :class:`certify.signing.refusal.SignatureRefused`
    or :class:`ClaimsError`: a list that cannot be believed says nothing, not even that nothing is revoked.
    """
    try:
        verified = verify(read_token(path), keys, Kind.REVOCATIONS, Use.REVOCATION, now=now)
    except SignatureRefused as error:
        raise SignatureRefused(error.reason, f"{path}: {error.message}", error.advice) from None
    try:
        found = decode(RevocationList, verified.claims[MEMBER])
    except (KeyError, ValueError, TypeError) as error:
        raise ClaimsError(f"{path} holds no list of revocations: {error}", ["have it signed again"]) from None
    if verified.claims.get("iat") != found.issued:
        raise ClaimsError(f"{path} says of two days that it was issued on them", ["have it signed again"])
    return found


def revoked_by(certificate: Certificate, revoked: Iterable[Revocation]) -> Revocation | None:
    """The entry that a certificate falls under, None where there is none.

    By its id or its run, because signing a run again does not bring back what was revoked; or by those that it stands
    on, because what was carried over from them is no better there.
    """
    ids = {certificate.id, certificate.based_on} - {""}
    runs = {certificate.run, *(check.carried for check in certificate.checks)} - {""}
    return next((item for item in revoked if item.certificate in ids or item.run in runs), None)
