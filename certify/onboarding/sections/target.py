"""Whose sandbox it is, and where."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from certify.formats.words import counted
from certify.onboarding.facts import Facts
from certify.onboarding.yaml_lines import comment, scalar


def lines(facts: Facts) -> Iterator[str]:
    yield "schema: certify/partner/1"
    yield f"id: {scalar(facts.id)} # in paths and reports"
    yield f"name: {scalar(facts.shown(facts.name))}"
    yield ""
    yield "target:"
    yield from comment(f"The address that the contract's paths are appended to: {facts.why_base_url}.", "  ")
    yield f"  base_url: {scalar(facts.base_url)}"
    contract, count = facts.contract, len(facts.contract.operations)
    yield from comment(
        f"{facts.shown(contract.title) or 'Untitled'} {facts.shown(contract.version)}, {counted(count, 'operation')}. "
        "A contract of your own is held against the baseline playbook, unless --program names another one.",
        "  ",
    )
    yield f"  contract: {scalar(facts.contract_name)}"
    yield "  environment: sandbox # production is refused: checks write, delete and overload where they are permitted"
    yield from _hosts(facts)
    yield "  # ca_file: private-authority.pem       # certificates (PEM) of a private authority, for https"


def _hosts(facts: Facts) -> Iterator[str]:
    """The contract's host, where it is another one: it was named on the command line."""
    told = "any host that is not named in this profile is never contacted"
    parts = urlsplit(facts.contract_name) if "://" in facts.contract_name else None
    if parts and parts.netloc != urlsplit(facts.base_url).netloc:
        yield f"  allowed_hosts: [{scalar(parts.netloc.rpartition('@')[2])}] # the contract is there; {told}"
    else:
        yield f"  # allowed_hosts: [files.example.com]   # {told}"
