"""Failures of the engine that say nothing against a partner, told apart by rule, never by the name of an operation.

A rule is a small function from a candidate and the facts of its operation to true or false; its docstring is the
explanation, its ``CLAUSE`` the ground it stands on. The first that holds explains the candidate, which is then counted
and dropped. What a rule excuses must be excusable on *every* API: otherwise it belongs in the profile.

``limits`` the limiter and the server in front · ``things`` the state of things that no schema can describe ·
``credentials`` who is calling · ``transport`` what clients, servers and formats do to a request on its way ·
``twice`` what is another check's finding.
"""

from __future__ import annotations

from certify.sources.contract.candidates import Candidate
from certify.sources.contract.facts import OperationFacts
from certify.sources.contract.false_alarms import credentials, limits, things, transport, twice
from certify.sources.contract.false_alarms.rules import CLAUSES, RULES

__all__ = ["CLAUSES", "RULES", "credentials", "explain", "limits", "things", "transport", "twice"]


def explain(candidate: Candidate, facts: OperationFacts) -> str:
    """The name of the first rule that explains a candidate away; empty where none does."""
    return next((name for name, holds in RULES.items() if holds(candidate, facts)), "")
