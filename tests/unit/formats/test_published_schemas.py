"""What others read is as their schemas say, for every sample: passing, failing, unproven, hostile, enormous, empty."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from certify.formats import formats
from certify.model.report import Coverage, Report
from tests.schemas import problems
from tests.unit.formats import sample_extremes, samples

FILES = {
    ("ctrf", "ctrf-report.json"): "ctrf-0.0",
    ("oscal", "oscal-assessment-results.json"): "oscal-assessment-results-1.1.3",
    ("badge", "badge.json"): "shields-endpoint",
    ("codequality", "gl-code-quality-report.json"): "gitlab-code-quality",
}


def empty() -> Report:
    """A run of a playbook without milestones: nothing was planned, nothing came."""
    report = samples.passing()
    return replace(report, verdict="unproven", exit_code=3, summary="", milestones=(), checks=(), findings=(),
                   coverage=Coverage(0, 0), counts={}, contacts=(), evidence={}, escalation=(), notes=())  # fmt: skip


SAMPLES = {
    "passing": samples.passing,
    "failing": samples.failing,
    "unproven": samples.unproven,
    "interrupted": samples.interrupted,
    "hostile": sample_extremes.hostile,
    "enormous": lambda: sample_extremes.enormous(300, 600),
    "empty": empty,
}


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize(("name", "file"), FILES)
def test_every_sample_is_valid(name, file, sample):
    document = json.loads(formats()[name].render(SAMPLES[sample]())[file])

    assert problems(document, FILES[name, file]) == []


@pytest.mark.parametrize(("name", "file"), FILES)
def test_the_schemas_refuse_what_they_should(name, file):
    document = json.loads(formats()[name].render(samples.failing())[file])
    spoiled = [{}] if isinstance(document, list) else {**document, "unheard-of": 1}

    assert problems(spoiled, FILES[name, file])
