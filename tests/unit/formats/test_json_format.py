"""certification.json is the report, exactly, in a published shape."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from importlib.resources import files

import jsonschema
import pytest

from certify.formats.json_format import JsonFormat
from certify.model.codec import decode
from certify.model.report import Report
from tests.unit.formats import samples
from tests.unit.formats.sample_extremes import hostile


def _render(report: Report) -> bytes:
    return JsonFormat().render(report)["certification.json"]


@pytest.mark.parametrize("sample", [samples.passing, samples.failing, samples.unproven, samples.interrupted, hostile])
def test_it_reads_back_as_the_same_report(sample):
    assert decode(Report, json.loads(_render(sample()))) == sample()


@pytest.mark.parametrize("sample", [samples.passing, samples.failing, samples.unproven, samples.interrupted])
def test_it_fits_the_published_schema(sample):
    schema = json.loads((files("certify.program") / "schemas" / "report.v1.json").read_text())

    jsonschema.Draft202012Validator(schema).validate(json.loads(_render(sample())))


def test_members_stand_in_the_order_of_the_model():
    assert list(json.loads(_render(samples.passing()))) == [item.name for item in fields(Report)]


def test_it_is_indented_by_one_and_ends_with_a_newline():
    data = _render(samples.passing())

    assert data.startswith(b'{\n "schema": "certify/report/1",\n')
    assert data.endswith(b"}\n")


def test_letters_stay_readable_unless_utf_8_cannot_hold_them():
    report = samples.passing()

    assert "Åkerlund" in _render(replace(report, summary="Åkerlund")).decode()
    assert json.loads(_render(replace(report, summary="Å\ud800")))["summary"] == "Å\ud800"
