"""What the samples are made of: five milestones, their criteria, and thirty checks, as the reference playbook has them."""

# ruff: noqa: E501
from __future__ import annotations

from typing import NamedTuple


class CheckRow(NamedTuple):
    id: str
    level: str
    clause: str
    statement: str
    criterion: str
    requests: int
    seconds: float


class CriterionRow(NamedTuple):
    id: str
    milestone: str
    statement: str
    kind: str = "automated"
    level: str = "required"
    role: str = ""


class MilestoneRow(NamedTuple):
    id: str
    title: str
    owner: str
    business_days: int


MILESTONES = (
    MilestoneRow("connectivity", "Connectivity", "Partner engineering", 3),
    MilestoneRow("authentication", "Authentication", "Partner engineering", 5),
    MilestoneRow("contract", "Contract", "Partner engineering", 10),
    MilestoneRow("resilience", "Resilience", "Partner engineering", 5),
    MilestoneRow("production-readiness", "Production readiness", "Solution engineering", 5),
)

CRITERIA = (
    CriterionRow("sandbox-reachable", "connectivity", "The sandbox answers at its published address."),
    CriterionRow("operations-present", "connectivity", "Every operation of the contract is implemented."),
    CriterionRow("credentials-required", "authentication", "Nothing secured is given to a caller without credentials."),
    CriterionRow("tokens-verified", "authentication", "Only tokens that are valid, current and meant for the API are honoured."),
    CriterionRow("sign-in-works", "authentication", "A client can sign in with client credentials."),
    CriterionRow("tenants-isolated", "authentication", "A tenant sees its own data and nobody else's."),
    CriterionRow("contract-kept", "contract", "Requests and responses agree with the OpenAPI document."),
    CriterionRow("errors-useful", "contract", "Errors use problem details, and reveal nothing of the system."),
    CriterionRow("lists-complete", "contract", "Every collection can be walked to its end.", level="recommended"),
    CriterionRow("limits-honest", "resilience", "Rate limits are enforced and announced."),
    CriterionRow("retries-safe", "resilience", "A write can be repeated without a second effect."),
    CriterionRow("changes-audited", "production-readiness", "Every change leaves an audit record."),
    CriterionRow("runbook-reviewed", "production-readiness", "The on-call runbook has been reviewed.", "evidence", "required", "solution-engineer"),
    CriterionRow("support-agreed", "production-readiness", "Support hours and contacts are agreed.", "attested", "required", "partner-manager"),
)  # fmt: skip

CHECKS = (
    CheckRow("net.control-works", "CONTRACT", "OpenAPI 3.1 §4.8.5", "The sandbox answers one known-good call, repeatedly and with the same result.", "sandbox-reachable", 3, 0.2),
    CheckRow("net.clock-accurate", "MUST", "RFC 9110 §6.6.1", "Responses carry a Date that is right to within a few seconds.", "sandbox-reachable", 2, 0.1),
    CheckRow("disc.operations-exist", "CONTRACT", "OpenAPI 3.1 §4.8.8", "Every operation promised in the OpenAPI contract is really implemented.", "operations-present", 21, 0.9),
    CheckRow("auth.missing-credentials-rejected", "CONTRACT", "RFC 9110 §15.5.2", "Every secured operation refuses a call that carries no credential.", "credentials-required", 38, 1.1),
    CheckRow("auth.challenge-present", "MUST", "RFC 6750 §3", "Refusals for missing or bad credentials carry a usable challenge.", "credentials-required", 6, 0.2),
    CheckRow("auth.valid-token-accepted", "MUST", "RFC 6750 §2.1", "Correct tokens are accepted in every lawful spelling.", "tokens-verified", 8, 0.3),
    CheckRow("auth.expired-token-rejected", "MUST", "RFC 7519 §4.1.4", "A token is refused once it has expired.", "tokens-verified", 9, 0.3),
    CheckRow("auth.bad-signature-rejected", "MUST", "RFC 7515 §5.2", "A token whose signature does not fit its content is refused.", "tokens-verified", 12, 0.4),
    CheckRow("auth.alg-none-rejected", "MUST", "RFC 8725 §3.1", "Unsigned tokens are refused in every disguise.", "tokens-verified", 10, 0.3),
    CheckRow("auth.wrong-audience-rejected", "MUST", "RFC 7519 §4.1.3", "A token meant for somebody else is refused.", "tokens-verified", 6, 0.2),
    CheckRow("auth.wrong-issuer-rejected", "MUST", "RFC 9068 §4", "A token naming an issuer that is not trusted is refused.", "tokens-verified", 6, 0.2),
    CheckRow("auth.cc-token-issued", "MUST", "RFC 6749 §4.4.3", "The token endpoint issues a working token, marked uncacheable.", "sign-in-works", 3, 0.1),
    CheckRow("auth.cc-errors-standard", "MUST", "RFC 6749 §5.2", "Wrong secrets get the standard OAuth errors and never a token.", "sign-in-works", 7, 0.3),
    CheckRow("authz.scope-enforced", "CONTRACT", "RFC 6750 §3.1", "Each operation demands its declared scope and no look-alike will do.", "tenants-isolated", 40, 1.4),
    CheckRow("authz.tenant-read-isolated", "PRACTICE", "OWASP API1:2023", "A tenant can never read another tenant's object.", "tenants-isolated", 16, 0.6),
    CheckRow("authz.tenant-list-isolated", "PRACTICE", "OWASP API1:2023", "Lists and searches never include another tenant's data.", "tenants-isolated", 12, 0.5),
    CheckRow("contract.status-documented", "CONTRACT", "OpenAPI 3.1 §4.8.16", "Every status code returned is one that the contract names.", "contract-kept", 0, 0.0),
    CheckRow("contract.schema-valid", "CONTRACT", "JSON Schema 2020-12 §10", "Every JSON body returned validates against its schema.", "contract-kept", 420, 8.1),
    CheckRow("contract.headers-and-media-type", "SHOULD", "RFC 9110 §8.3", "Bodies are labelled correctly and declared headers are present.", "contract-kept", 0, 0.0),
    CheckRow("contract.valid-input-accepted", "CONTRACT", "OpenAPI 3.1 §4.8.24", "Inputs the contract allows are accepted, including at the edges.", "contract-kept", 260, 5.2),
    CheckRow("contract.invalid-input-rejected", "CONTRACT", "OpenAPI 3.1 §4.8.24", "Inputs the contract forbids are refused and change nothing.", "contract-kept", 310, 6.0),
    CheckRow("error.format-valid", "CONTRACT", "RFC 9457 §3", "Every error, whichever layer made it, uses the declared error format.", "errors-useful", 14, 0.4),
    CheckRow("error.no-internals-leaked", "PRACTICE", "OWASP API8:2023", "No error reveals how the system is built.", "errors-useful", 0, 0.0),
    CheckRow("error.no-5xx-on-bad-input", "PRACTICE", "RFC 9110 §15.6", "A client mistake never yields a server error.", "errors-useful", 48, 1.2),
    CheckRow("error.not-found-clean", "PRACTICE", "RFC 9110 §15.5.5", "Missing things are reported as missing.", "errors-useful", 12, 0.3),
    CheckRow("page.walk-complete", "CONTRACT", "RFC 8288 §3", "Walking all pages returns every item exactly once and ends.", "lists-complete", 18, 0.7),
    CheckRow("rate.limit-enforced", "CONTRACT", "RFC 6585 §4", "The declared limit is really enforced, and throttled writes have no effect.", "limits-honest", 75, 2.4),
    CheckRow("rate.retry-after-honest", "SHOULD", "RFC 9110 §10.2.3", "A throttled caller is told when to come back, and the promise holds.", "limits-honest", 4, 3.1),
    CheckRow("idem.replay-returns-same", "DRAFT", "draft-ietf-httpapi-idempotency-key-header-06 §2.6", "Repeating a write with the same idempotency key gives the first result.", "retries-safe", 8, 0.4),
    CheckRow("audit.action-recorded", "CONTRACT", "", "Every change leaves a complete audit record in time.", "changes-audited", 10, 1.8),
)  # fmt: skip
