"""Formats are found, never listed; a third party may add one and may not replace one."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from certify.errors import ConfigurationError
from certify.formats import formats
from certify.formats.interface import Format
from tests.unit.formats import sample_extremes, samples

SAMPLES = {
    "passing": samples.passing,
    "failing": samples.failing,
    "unproven": samples.unproven,
    "interrupted": samples.interrupted,
    "hostile": sample_extremes.hostile,
}


class Fax(Format):
    name = "fax"
    description = "for those who still have one"

    def render(self, report):
        return {"fax.txt": b"beep"}


class Impostor(Fax):
    name = "html"


def _installed(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    entry = EntryPoint("extra", value, "certify.formats")
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **options: [entry])


def test_the_shipped_formats_are_all_found():
    assert set(formats()) >= {"json", "html", "junit", "summary", "allure"}
    assert all(item.description for item in formats().values())


def test_a_third_party_adds_a_format(monkeypatch):
    _installed(monkeypatch, f"{__name__}:Fax")

    assert formats()["fax"].render(samples.passing()) == {"fax.txt": b"beep"}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (f"{__name__}:Impostor", "takes the name 'html'"),
        (f"{__name__}:SAMPLES", "is not a concrete"),
        ("no_such_module:Thing", "cannot be loaded"),
    ],
)
def test_a_broken_or_greedy_package_is_named(monkeypatch, value, said):
    _installed(monkeypatch, value)

    with pytest.raises(ConfigurationError, match=said):
        formats()


@pytest.mark.parametrize("name", formats())
@pytest.mark.parametrize("sample", SAMPLES)
def test_the_same_report_gives_the_same_bytes(name, sample):
    first, second = (formats()[name].render(SAMPLES[sample]()) for _ in range(2))

    assert first == second
    assert all(isinstance(data, bytes) for data in first.values())


@pytest.mark.parametrize("name", formats())
def test_paths_stay_inside_the_run_directory_whatever_the_partner_is_called(name):
    for path in formats()[name].render(sample_extremes.hostile()):
        assert not Path(path).is_absolute()
        assert ".." not in Path(path).parts
        assert path.isascii()
        assert path.isprintable()


def test_importing_the_registry_loads_neither_jinja_nor_the_formats():
    program = "import certify.formats, sys; print([m for m in sys.modules if 'jinja' in m or m.endswith('html')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
