"""The in-toto Statement beside a certificate says the same, and is signed by the same key.

Supply-chain tools read it instead of the certificate, so one that says something else would mislead them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from certify.certificate.case import Case
from certify.certificate.problem import Flaw, Problem
from certify.errors import CertifyError
from certify.model.certificate import CERTIFICATE, DIGESTED, STATEMENT, Certificate
from certify.model.codec import decode
from certify.signing import dsse
from certify.signing.key_set import Use
from certify.signing.strict import json_object

_AGAIN = f"take {STATEMENT} away, or have the run signed again: certify sign --again"


def sealed(case: Case) -> Iterator[Problem]:
    """Compare the Statement with the certificate, where there is one."""
    file = case.folder / STATEMENT
    if not file.is_file():
        return
    try:
        found = dsse.verify(_read(file), case.keys, Use.CERTIFICATE, now=case.now, issued=_issued)
        content = json_object(found.payload)
        said, subjects = decode(Certificate, content["predicate"]), _subjects(content["subject"])
    except (CertifyError, OSError, ValueError, LookupError, TypeError) as error:
        yield Problem(Flaw.STATEMENT, f"{STATEMENT} cannot be believed: {error}", advice=_AGAIN)
        return
    if said != case.certificate or found.key != case.known.key:
        message = f"{STATEMENT} says something else than {CERTIFICATE}, or is signed by somebody else"
        yield Problem(Flaw.STATEMENT, message, case.certificate.id, said.id, _AGAIN)
    elif subjects != (wanted := _expected(case)):
        yield Problem(Flaw.STATEMENT, f"{STATEMENT} is about other files", str(wanted), str(subjects), _AGAIN)


def _read(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(dsse.MAX_BYTES + 1)


def _issued(payload: bytes) -> float:
    return decode(float, json_object(payload)["predicate"]["issued"])


def _subjects(subjects: Any) -> dict[str, str]:
    return {item["name"]: f"sha256:{item['digest']['sha256']}" for item in subjects}


def _expected(case: Case) -> dict[str, str]:
    report = case.certificate.digests.get("report", "none")
    return {DIGESTED["report"]: report, CERTIFICATE: case.known.digest}
