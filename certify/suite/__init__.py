"""The only module that a suite imports.

    from certify.suite import check, expect, mutations, pytest

A test takes fixtures (see ``certify/suite/fixtures.py``), sends prepared calls through ``target``, and states what it
expects. It never names an operation of any contract.
"""

import pytest

from certify.http.call import ABSENT, Call, Reply, fill, resolve_pointer
from certify.http.signin.client_credentials import basic, token_request
from certify.model.outcome import Reason, Weight
from certify.mutations import Mutation, mutations
from certify.mutations.bodies import Variant, edges, violations
from certify.suite.check import check
from certify.suite.expectations import advise, control, expect, note, report
from certify.suite.target import retry_after, throttled
from certify.suite.things import item_id, items_of
from certify.suite.verdicts import Inconclusive, NotApplicable, NotRun

__all__ = [
    "ABSENT",
    "Call",
    "Inconclusive",
    "Mutation",
    "NotApplicable",
    "NotRun",
    "Reason",
    "Reply",
    "Variant",
    "Weight",
    "advise",
    "basic",
    "check",
    "control",
    "edges",
    "expect",
    "fill",
    "item_id",
    "items_of",
    "mutations",
    "note",
    "pytest",
    "report",
    "resolve_pointer",
    "retry_after",
    "throttled",
    "token_request",
    "violations",
]
