"""Findings and exchanges as a real run would leave them behind."""

# ruff: noqa: E501
from __future__ import annotations

from certify.model.exchange import Exchange, ReceivedResponse, SentRequest
from certify.model.report import ReportedCause, ReportedContact, ReportedFinding

BASE = "https://sandbox.northwind.example/v1"
ADA = ReportedContact("Ada Okafor", "ada.okafor@northwind.example", "technical", "09:00–17:00 UTC", "partner")
DESK = ReportedContact("Partner desk", "partners@platform.example", "technical", "08:00–18:00 CET", "platform")
JSON = (("Content-Type", "application/json"), ("Date", "Thu, 12 Mar 2026 09:14:22 GMT"))
PROBLEM = (("Content-Type", "application/problem+json"), ("X-Request-Id", "7f3a91c2"))

CUSTOMER = (
    '{"id":"cus_01HV","name":"Åkerlund Bygg AB","tenant":"northwind-b","email":"office@akerlund.example",'
    '"balance":"1204.50","currency":"SEK","tags":["priority","invoiced"],"created":"2026-02-02T10:00:00Z"}'
)
LEADS = (
    '{"data":[{"id":"led_9","score":"87","status":"shared","owner":null},'
    '{"id":"led_10","score":42,"status":"shared","owner":"ada"}],"next":null}'
)
TRACE = (
    '{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"psycopg2.errors.InvalidTextRepresentation:'
    ' invalid input syntax for type uuid: \\"zzz\\" at File \\"/srv/app/leads/views.py\\", line 214"}'
)


def exchange(number: int, check: str, operation: str, method: str, path: str, **rest: object) -> Exchange:
    """One exchange with the usual headers; ``status``, ``headers``, ``body``, ``sent`` and ``error`` may be given."""
    sent = rest.get("sent")
    headers = (("Authorization", "Bearer $PRIMARY_TOKEN"), ("Accept", "application/json"))
    request = SentRequest(method, BASE + path, headers, sent if isinstance(sent, str) else None)
    response = ReceivedResponse(
        int(str(rest.get("status", 200))), rest.get("headers", JSON), str(rest.get("body", "")), 0.042
    )  # type: ignore[arg-type]
    error = rest.get("error")
    return Exchange(f"s-{number:06d}", check, operation, "primary", "probe", request, 1773306862.0 + number,
                    None if error else response, str(error) if error else None)  # fmt: skip


def again(check: str, curl: str) -> tuple[str, ...]:
    return (f"certify run --partner northwind.yaml --check {check} --seed 7", curl)


EXPIRED = exchange(1, "auth.expired-token-rejected", "getCustomer", "GET", "/customers/cus_01HV", body=CUSTOMER)
TENANT = exchange(2, "authz.tenant-read-isolated", "getCustomer", "GET", "/customers/cus_01HV", body=CUSTOMER)
DRIFT = exchange(3, "contract.schema-valid", "listLeads", "GET", "/leads?limit=2", body=LEADS)
LEAK = exchange(4, "error.no-internals-leaked", "updateLead", "PATCH", "/leads/zzz", status=500, headers=PROBLEM,
                body=TRACE, sent='{"status":"won"}')  # fmt: skip
RETRY = exchange(5, "rate.retry-after-honest", "listLeads", "GET", "/leads", status=429, headers=(*PROBLEM, ("Retry-After", "1")),
                 body='{"type":"https://northwind.example/problems/quota","title":"Too many requests","status":429}')  # fmt: skip
RESET = exchange(6, "page.walk-complete", "listAuditEvents", "GET", "/audit-events?cursor=eyJv",
                 error="connection reset by peer after 0.4 s (no response line was received)")  # fmt: skip
EVIDENCE = {item.id: item for item in (EXPIRED, TENANT, DRIFT, LEAK, RETRY, RESET)}

FINDINGS = (
    ReportedFinding(
        "F1", "auth.expired-token-rejected", "An expired token still opens getCustomer", "violation",
        "401, because the token's `exp` lies 120 s in the past", "200 with the customer's data", "", "RFC 7519 §4.1.4", "MUST",
        "Compare `exp` with the current time before anything else is done with the request.",
        (ReportedCause("The JWT library is called with verification of claims turned off.",
                       "Turn it on; most libraries verify `exp` by default."),
         ReportedCause("The gateway caches a token's verdict longer than the token lives.",
                       "Cache at most until `exp`.")),
        ("getCustomer", "listCustomers", "createLead"), 3, ("s-000001",),
        again("auth.expired-token-rejected", f"curl -sS -H \"Authorization: Bearer $EXPIRED_TOKEN\" '{BASE}/customers/cus_01HV'"),
        ("tokens-verified",), ("authentication", "contract", "resilience", "production-readiness"), (ADA, DESK)),
    ReportedFinding(
        "F2", "authz.tenant-read-isolated", "Another tenant's customer can be read by its id", "violation",
        "403 or 404, and nothing of the object", "200, and the canary `northwind-b` in the body", "/tenant", "OWASP API1:2023", "PRACTICE",
        "Look the object up by id and tenant; never by id alone.",
        (ReportedCause("The lookup has no tenant predicate.", "Add the caller's tenant to every query by id."),),
        ("getCustomer",), 1, ("s-000002",),
        again("authz.tenant-read-isolated", f"curl -sS -H \"Authorization: Bearer $OTHER_TENANT_TOKEN\" '{BASE}/customers/cus_01HV'"),
        ("tenants-isolated",), ("authentication", "contract", "resilience", "production-readiness"), (ADA, DESK)),
    ReportedFinding(
        "F3", "contract.schema-valid", "listLeads returns `score` as text", "violation",
        "an integer from 0 to 100", "the string \"87\"", "/data/0/score", "JSON Schema 2020-12 §6.1.1", "CONTRACT",
        "", (ReportedCause("The list view serialises a database column without its type.", "Use one serialiser for the item and the list."),),
        ("listLeads",), 14, ("s-000003",),
        again("contract.schema-valid", f"curl -sS -H \"Authorization: Bearer $PRIMARY_TOKEN\" '{BASE}/leads?limit=2'"),
        ("contract-kept",), ("contract", "resilience", "production-readiness"), (ADA,)),
    ReportedFinding(
        "F4", "error.no-internals-leaked", "A malformed id yields a database error and a file path", "violation",
        "404 or 400 with problem details that say nothing of the system", "500 with a driver message and /srv/app/leads/views.py",
        "/detail", "OWASP API8:2023", "PRACTICE", "Catch the conversion error and answer 404.",
        (ReportedCause("Debug mode is on.", "Turn it off wherever partners can reach it."),), ("updateLead", "getLead"), 6, ("s-000004",),
        again("error.no-internals-leaked", f"curl -sS -X PATCH -H \"Authorization: Bearer $PRIMARY_TOKEN\" -H 'Content-Type: application/json' -d '{{\"status\":\"won\"}}' '{BASE}/leads/zzz'"),
        ("errors-useful",), ("contract", "resilience", "production-readiness"), (ADA,)),
)  # fmt: skip

ADVISORY = ReportedFinding(
    "F5", "rate.retry-after-honest", "Retry-After is shorter than the window", "advisory",
    "a wait of at least 41 s, when the window resets", "Retry-After: 1", "", "RFC 9110 §10.2.3", "SHOULD",
    "Send the seconds until the window resets.", (), ("listLeads",), 2, ("s-000005",),
    again("rate.retry-after-honest", f"for i in $(seq 75); do curl -sS -o /dev/null -H \"Authorization: Bearer $PRIMARY_TOKEN\" '{BASE}/leads'; done"),
    ("limits-honest",), (), (ADA,))  # fmt: skip

PAGING = ReportedFinding(
    "F6", "page.walk-complete", "The connection breaks on the third page of audit events", "violation",
    "each item exactly once, then an end", "no response: connection reset by peer", "", "RFC 8288 §3", "CONTRACT", "",
    (), ("listAuditEvents",), 1, ("s-000006",),
    again("page.walk-complete", f"curl -sS -H \"Authorization: Bearer $PRIMARY_TOKEN\" '{BASE}/audit-events?cursor=eyJv'"),
    ("lists-complete",), (), (ADA,))  # fmt: skip
