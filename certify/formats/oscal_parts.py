"""The frame of an OSCAL document: who, when, with what, and the spelling of its datatypes.

OSCAL's strings are strict: a token is an XML name, a property's value is one line that begins and ends with a letter, a
date has its offset. Each has its function here, so that no text of a partner's makes the document invalid.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from certify.formats.inert import markdown, one_line
from certify.model.report import Report, ReportedContact

OSCAL_VERSION = "1.1.3"
NAMESPACE = "https://certify.example/ns/oscal"
"""Whose the names of our properties are. An identifier, never fetched: ``.example`` is nobody's (RFC 2606). It has the
form of a web address because readers such as trestle take no other."""
Json = dict[str, Any]
_NOT_A_TOKEN = re.compile(r"[^A-Za-z0-9_.\-]")


def identified(report: Report, *parts: str) -> str:
    """The UUID (version 5) of a part of this run's results."""
    return str(uuid5(NAMESPACE_URL, json.dumps(["certify", "oscal", report.partner.id, report.run.id, *parts])))


def stamp(seconds: float) -> str:
    """RFC 3339 in UTC, to the second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def token(text: str) -> str:
    """An XML name without colon; our ids are, whatever else is here was made up by somebody."""
    plain = _NOT_A_TOKEN.sub("_", text[:200])
    return plain if re.match(r"[A-Za-z_]", plain) else f"_{plain}"


def prose(text: str, limit: int = 300) -> str:
    """Markdown that shows a text and does nothing."""
    return markdown(text, limit)


def line(text: str, limit: int = 500) -> str:
    """OSCAL's string: one line, no space at either end."""
    return one_line(text, limit).strip()


def with_props(part: Json, facts: Mapping[str, str]) -> Json:
    """The part with those facts that are not empty, as properties of our own namespace."""
    told = [{"name": name, "ns": NAMESPACE, "value": shown} for name, value in facts.items() if (shown := line(value))]
    return part | ({"props": told} if told else {})


def metadata(report: Report) -> Json:
    people = [_person(report, number, item) for number, item in enumerate(report.contacts) if line(item.name)]
    partner, platform = identified(report, "partner"), identified(report, "platform")
    return {
        "title": prose(f"Certification of {report.partner.name}"),
        "last-modified": stamp(report.run.started + report.run.seconds),
        "version": line(report.run.id) or "1",
        "oscal-version": OSCAL_VERSION,
        "roles": [
            {"id": "partner", "title": "The partner whose integration was assessed"},
            {"id": "platform", "title": "The platform whose playbook says what must hold"},
        ],
        "parties": [
            _organization(partner, report.partner.name or report.partner.id),
            _organization(platform, report.program.title or report.program.id),
            *people,
        ],
        "responsible-parties": [
            {"role-id": "partner", "party-uuids": [partner]},
            {"role-id": "platform", "party-uuids": [platform]},
        ],
    }


def _organization(uuid: str, name: str) -> Json:
    return {"uuid": uuid, "type": "organization", "name": line(name) or "unnamed"}


def _person(report: Report, number: int, contact: ReportedContact) -> Json:
    employer = identified(report, "platform" if contact.side == "platform" else "partner")
    person: Json = {
        "uuid": identified(report, "contact", str(number)),
        "type": "person",
        "name": line(contact.name),
        "member-of-organizations": [employer],
    }
    address = line(contact.email)
    plain = re.fullmatch(r"[^@\s]+@[^@\s]+", address)
    return with_props(
        person | ({"email-addresses": [address]} if plain else {}), {"topic": contact.topic, "hours": contact.hours}
    )


def local_definitions(report: Report) -> Json:
    """The sandbox that was looked at, and the tool that looked."""
    tool = {
        "uuid": identified(report, "certify"),
        "type": "software",
        "title": "certify",
        "description": "The certification harness that made these observations.",
        "status": {"state": "operational"},
    }
    platform = {
        "uuid": identified(report, "assessment-platform"),
        "title": prose(f"{report.run.origin.system}") or "unknown",
        "uses-components": [{"component-uuid": tool["uuid"]}],
    }
    sandbox = {
        "uuid": identified(report, "sandbox"),
        "type": "service",
        "title": prose(f"{report.partner.name}: {report.partner.environment}"),
        "description": "The partner's API, as it answered during the run.",
        "status": {"state": "operational"},
    }
    return {
        "components": [with_props(sandbox, {"base-url": report.partner.base_url, "partner": report.partner.id})],
        "assessment-assets": {
            "components": [with_props(tool, {f"version.{token(k)}": v for k, v in report.run.versions.items()})],
            "assessment-platforms": [platform],
        },
    }


def back_matter(report: Report) -> Json:
    """What was assessed against: the program, by its digests. It stands for the assessment plan."""
    program = {
        "uuid": identified(report, "program"),
        "title": prose(report.program.title or report.program.id),
        "description": "The playbook, the contract and the suites that the run was planned from.",
    }
    facts = {"program": report.program.id, "version": report.program.version, "contract": report.program.contract,
             "contract-version": report.program.contract_version}  # fmt: skip
    facts |= {f"digest.{token(name)}": value for name, value in report.run.digests.items()}
    return {"resources": [with_props(program, facts)]}
