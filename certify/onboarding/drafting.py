"""Drafting a profile: the contract is read, what it does not say is asked, and every section gives its reasons."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from certify.onboarding.base_url import choose_base_url
from certify.onboarding.facts import Facts
from certify.onboarding.finding import find_contract
from certify.onboarding.kinds import Scheme
from certify.onboarding.questions import Ask, Question, Wishes, by_default
from certify.onboarding.schemes import choose_scheme
from certify.onboarding.sections import (
    capabilities,
    contacts,
    errors,
    identities,
    limits,
    operations,
    pagination,
    permissions,
    sign_in,
    target,
)

SECTIONS = (
    target.lines,
    sign_in.lines,
    identities.lines,
    operations.lines,
    capabilities.lines,
    limits.lines,
    permissions.lines,
    pagination.lines,
    errors.lines,
    contacts.lines,
)
"""In the order of the file; each gives lines for the facts."""


@dataclass(frozen=True)
class Draft:
    """A profile to be written: its text, and what its owner has still to do. ``exports`` are environment variables
    that hold secrets, with what each is. ``set_aside`` counts operations that mistakes of the contract
    keep from being called."""

    text: str
    out: Path
    exports: tuple[tuple[str, str], ...]
    base_url: str
    operations: int
    scheme: Scheme
    set_aside: int = 0
    mistakes: int = 0


def draft_profile(wishes: Wishes, out: Path | None = None, ask: Ask = by_default) -> Draft:
    """Draft a profile for the file ``out``, or for ``<id>.yaml`` in the working directory.

    Raises :class:`certify.errors.CertifyError` where the contract or the address cannot be used.
    """
    contract, found_at = find_contract(wishes.contract, wishes.url)
    base_url, why = choose_base_url(contract, found_at, wishes.url, ask)
    partner_id = slug(wishes.id or ask(Question("A short name for the partner?", slug(contract.title))))
    out = out or Path(f"{partner_id}.yaml")
    facts = Facts(
        contract=contract,
        contract_name=_named_from(out, found_at),
        base_url=base_url,
        why_base_url=why,
        id=partner_id,
        name=wishes.name or contract.title.strip() or partner_id,
        scheme=choose_scheme(contract, base_url, found_at, wishes.sign_in, ask),
        wishes=wishes,
        ask=ask,
    )
    text = "\n".join(_document(facts)) + "\n"
    counts = (len(contract.set_aside), len(contract.problems))
    return Draft(text, out, facts.exports, base_url, len(contract.operations), facts.scheme, *counts)


def _document(facts: Facts) -> Iterable[str]:
    yield f"# The partner profile of {facts.shown(facts.name)}, drafted by `certify init` from its contract."
    yield "# Every entry says why it is there; correct what is wrong. Secrets are named, never written:"
    yield "# {env: NAME}, {file: PATH} or {command: [program, argument]}."
    for section in SECTIONS:
        yield ""
        yield from section(facts)


def _named_from(out: Path, found_at: str) -> str:
    """A file's path from the profile's folder; a URL as it is."""
    return found_at if "://" in found_at else Path(os.path.relpath(found_at, out.resolve().parent)).as_posix()


def slug(text: str) -> str:
    """A partner id: lower-case letters, digits and dashes."""
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-") or "my-sandbox"
