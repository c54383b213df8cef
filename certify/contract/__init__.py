"""The OpenAPI document: its operations, its resources, valid values for them, and whether an answer keeps it."""

from certify.contract.document import Contract
from certify.contract.facts import Facts
from certify.contract.load import load_contract, load_handed
from certify.contract.operation import Operation
from certify.contract.prepared import write_prepared
from certify.contract.problem import Effect, Mistake
from certify.contract.resources import Resource

__all__ = [
    "Contract",
    "Effect",
    "Facts",
    "Mistake",
    "Operation",
    "Resource",
    "load_contract",
    "load_handed",
    "write_prepared",
]
