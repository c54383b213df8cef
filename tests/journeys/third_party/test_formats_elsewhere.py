"""What we write, read by programs that others wrote: an XML Schema validator, and trestle for OSCAL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from certify.formats import formats
from tests.journeys.console import certify, sandbox_profile
from tests.journeys.third_party.pins import TRESTLE, XMLSCHEMA
from tests.schemas import problems
from tests.unit.formats.test_published_schemas import FILES, SAMPLES

SCHEMAS = Path(__file__).parents[2] / "schemas"
XSD = """
import sys, xmlschema
schema = xmlschema.XMLSchema(sys.argv[1])
print([str(error) for file in sys.argv[2:] for error in schema.iter_errors(file)])
"""
OSCAL = """
import sys
from trestle.oscal.assessment_results import AssessmentResults
from pathlib import Path
print([len(AssessmentResults.oscal_read(Path(file)).results[0].findings or []) for file in sys.argv[1:]])
"""
DERIVE = """
import json
from trestle.oscal.assessment_results import Model
print(json.dumps(Model.schema(), indent=1, sort_keys=True))
"""


def _python(package: Path, program: str, *words: object) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", program, *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every sample in every format, and a real run of an honest and of a faulty sandbox, each in a folder."""
    folder = tmp_path_factory.mktemp("rendered")
    for name, sample in SAMPLES.items():
        for written in (form.render(sample()) for form in formats().values()):
            for path, data in written.items():
                place = folder / name / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
    for name, faults in {"honest": (), "faulty": ("server-clock-skew-120s",)}.items():
        with sandbox_profile(folder, faults) as profile:
            ended = certify("run", "--partner", profile, "--milestone", "authentication", "--out", folder / name)
            assert ended.code in (0, 1, 3), ended.text
    return folder


def test_every_junit_file_is_valid(rendered):
    files = sorted(rendered.glob("*/junit.xml"))

    assert len(files) == len(SAMPLES) + 2
    assert _python(XMLSCHEMA.installed(), XSD, SCHEMAS / "junit-10.xsd", *files).strip() == "[]"


def test_what_a_real_run_writes_is_valid(rendered):
    for run in ("honest", "faulty"):
        for (_, file), schema in FILES.items():
            document = json.loads((rendered / run / file).read_text(encoding="utf-8"))
            assert problems(document, schema) == [], (run, file)


def test_trestle_reads_every_oscal_document(rendered):
    files = sorted(rendered.glob("*/oscal-assessment-results.json"))
    counted = json.loads(_python(TRESTLE.installed(), OSCAL, *files))
    told = dict(zip((file.parent.name for file in files), counted, strict=True))

    assert told["empty"] == 0
    assert told["failing"] == 14
    assert told["honest"] > 0


def test_the_schema_of_oscal_is_the_one_that_trestles_models_are():
    derived = _python(TRESTLE.installed(), DERIVE)

    assert derived == (SCHEMAS / "oscal-assessment-results-1.1.3.json").read_text(encoding="utf-8")
