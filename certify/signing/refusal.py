"""Why a signature is not believed: a closed list, so that whoever asks can act on each reason differently."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from certify.errors import CertifyError
from certify.model.gate import Answer


class Reason(StrEnum):
    """Expiry is not among them: an expired certificate is authentic, and what that means is the caller's matter."""

    MALFORMED = "malformed"  # not what it has to look like, to the last bit
    TOO_LARGE = "too-large"
    ALGORITHM = "algorithm"  # not the one of the key
    UNKNOWN_KEY = "unknown-key"
    REVOKED_KEY = "revoked-key"
    RETIRED_KEY = "retired-key"  # issued after the key was retired
    WRONG_USE = "wrong-use"  # the key is trusted, for something else
    WRONG_TYPE = "wrong-type"
    WRONG_AUDIENCE = "wrong-audience"
    SIGNATURE = "signature"
    NOT_YET_VALID = "not-yet-valid"
    NEWER_VERSION = "newer-version"


class SignatureRefused(CertifyError):
    """Something signed is not believed. ``reason`` says why, in one word."""

    exit_code = Answer.UNTRUSTED.exit_code

    def __init__(self, reason: Reason, message: str, advice: Sequence[str] = ()) -> None:
        super().__init__(message, advice)
        self.reason = reason
