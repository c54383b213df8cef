"""The only module that a suite imports.

    from certify.suite import check, expect, mutations

A test takes fixtures (see ``certify/suite/fixtures.py``), sends prepared calls through ``target``, and states what it
expects. It never names an operation of any contract.

Everything here is light: reading the catalogue imports every suite, and must not wait for a client or a validator.
"""

from certify.http.call import ABSENT, Call, Reply, fill, resolve_pointer
from certify.http.challenge import Challenge, challenges
from certify.http.quota import quotas, throttled
from certify.http.redaction import MARK
from certify.http.throttling import http_date, retry_after
from certify.http.token_request import FORM, basic, client_id, token_request, with_client
from certify.model.exchange import header
from certify.model.outcome import Reason, Weight
from certify.mutations import Mutation, mutations
from certify.suite.absence import marked_as_gone, tells_of_none
from certify.suite.canary import canary_of
from certify.suite.check import check
from certify.suite.counts import counts_of, moved_by
from certify.suite.coverage import Coverage
from certify.suite.expectations import advise, control, expect, note, report, violated
from certify.suite.items import given_id, items_of, listed, listed_ids, member_id
from certify.suite.sightings import Sightings
from certify.suite.verdicts import Inconclusive, NotApplicable, NotRun, Stop

__all__ = [
    "ABSENT",
    "FORM",
    "MARK",
    "Call",
    "Challenge",
    "Coverage",
    "Inconclusive",
    "Mutation",
    "NotApplicable",
    "NotRun",
    "Reason",
    "Reply",
    "Sightings",
    "Stop",
    "Weight",
    "advise",
    "basic",
    "canary_of",
    "challenges",
    "check",
    "client_id",
    "control",
    "counts_of",
    "expect",
    "fill",
    "given_id",
    "header",
    "http_date",
    "items_of",
    "listed",
    "listed_ids",
    "marked_as_gone",
    "member_id",
    "moved_by",
    "mutations",
    "note",
    "quotas",
    "report",
    "resolve_pointer",
    "retry_after",
    "tells_of_none",
    "throttled",
    "token_request",
    "violated",
    "with_client",
]
