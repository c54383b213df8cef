"""Whom to ask."""

from __future__ import annotations

from collections.abc import Iterator

from certify.formats.inert import one_line
from certify.onboarding.facts import Facts
from certify.onboarding.yaml_lines import comment, flow, scalar


def lines(facts: Facts) -> Iterator[str]:
    contact = facts.contract.document.get("info", {}).get("contact", {})
    contact = contact if isinstance(contact, dict) else {}
    name, email = one_line(str(contact.get("name") or "Sandbox team"), 80), str(contact.get("email", ""))
    if "@" in email and len(email) < 200 and " " not in email:
        yield from comment("Whom to ask when something is wrong: the contract's contact.")
        yield "contacts:"
        yield f"  - {flow([('name', name), ('email', one_line(email)), ('topic', 'technical')])}"
        return
    yield from comment("Whom to ask when something is wrong; the report names them.")
    yield "# contacts:"
    yield f"#   - {{name: {scalar(name)}, email: sandbox@partner.example, topic: technical}}"
