"""The OpenAPI document: its operations, its resources, valid values for them, and whether an answer keeps it."""

from certify.contract.document import Contract, load_contract
from certify.contract.operation import Operation
from certify.contract.resources import Resource

__all__ = ["Contract", "Operation", "Resource", "load_contract"]
