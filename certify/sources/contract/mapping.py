"""The engine's check names and ours.

Checks of the engine that are not here are not asked for: ``unsupported_method`` and ``allow_header_conformance`` blame
what frameworks answer by themselves, ``use_after_free`` and ``ensure_resource_availability`` are unreliable behind
idempotent writes, and authorization between tenants is decided by the suites, which hold two identities.
"""

from __future__ import annotations

from certify.model.check import Check

NO_5XX = "error.no-5xx-on-bad-input"
STATUS = "contract.status-documented"
SCHEMA = "contract.schema-valid"
HEADERS = "contract.headers-and-media-type"
VALID = "contract.valid-input-accepted"
INVALID = "contract.invalid-input-rejected"
CREDENTIALS = "auth.missing-credentials-rejected"

OURS = {
    "not_a_server_error": NO_5XX,
    "status_code_conformance": STATUS,
    "response_schema_conformance": SCHEMA,
    "response_headers_conformance": HEADERS,
    "content_type_conformance": HEADERS,
    "positive_data_acceptance": VALID,
    "negative_data_rejection": INVALID,
    "ignored_auth": CREDENTIALS,
}

NEEDS_SUCCESS = frozenset({VALID, INVALID})
"""Checks that say nothing of an API that hardly ever answered with a success."""


def engine_checks(checks: list[Check]) -> list[str]:
    """The engine's checks that decide these of ours. The first always runs: a crash explains other failures."""
    wanted = {check.id for check in checks}
    return [name for name, ours in OURS.items() if ours in wanted or name == "not_a_server_error"]


def ours_among(checks: list[Check]) -> list[Check]:
    """The checks that this source has something to say of."""
    return [check for check in checks if "contract" in check.sources and check.id in OURS.values()]
