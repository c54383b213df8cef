"""A diagnosis for a machine: one object, as ``program/schemas/diagnosis.v1.json`` describes it."""

from __future__ import annotations

from typing import Any

from certify.doctor.ailment import Ailment
from certify.doctor.diagnosis import Diagnosis, Examined

SCHEMA = "certify/diagnosis/1"


def as_object(diagnosis: Diagnosis) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "healthy": diagnosis.healthy,
        "exit_code": diagnosis.exit_code,
        "profile": diagnosis.profile,
        "partner": diagnosis.name,
        "base_url": diagnosis.base_url,
        "requests": diagnosis.requests,
        "seconds": diagnosis.seconds,
        "examinations": [_examined(item) for item in diagnosis.examined],
    }


def _examined(item: Examined) -> dict[str, Any]:
    return {
        "name": item.name,
        "title": item.title,
        "state": item.state,
        "told": item.told,
        "seconds": item.seconds,
        "facts": dict(item.facts),
        "ailments": [_ailment(ailment) for ailment in item.ailments],
    }


def _ailment(ailment: Ailment) -> dict[str, Any]:
    return {
        "attribution": ailment.attribution,
        "weight": ailment.weight,
        "message": ailment.message,
        "causes": list(ailment.causes),
        "file": ailment.file,
        "line": ailment.line,
        "member": ailment.member,
        "advice": ailment.advice,
    }
