"""The certificate once more, for supply-chain tools: an in-toto Statement about the report and the certificate.

    {"_type": "https://in-toto.io/Statement/v1",
     "subject": [{"name": "certification.json", "digest": {"sha256": "…"}},
                 {"name": "certificate.jws", "digest": {"sha256": "…"}}],
     "predicateType": "https://certify.example/certification/v1",
     "predicate": {…the certificate, member by member…}}

Source: in-toto Attestation Framework, Statement v1. It travels in a DSSE envelope (``signing/dsse.py``) that the same
key signs. ``certificate.jws`` decides; approvals are bound to that.
"""

from __future__ import annotations

import hashlib
import json

from certify.model.certificate import CERTIFICATE, DIGESTED, Certificate
from certify.model.codec import encode

TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://certify.example/certification/v1"


def statement(certificate: Certificate, token: bytes) -> bytes:
    """The Statement on a certificate that is written as ``token``, as JSON."""
    subjects = {
        DIGESTED["report"]: certificate.digests["report"].removeprefix("sha256:"),
        CERTIFICATE: hashlib.sha256(token).hexdigest(),
    }
    content = {
        "_type": TYPE,
        "subject": [{"name": name, "digest": {"sha256": digest}} for name, digest in subjects.items()],
        "predicateType": PREDICATE_TYPE,
        "predicate": encode(certificate),
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
