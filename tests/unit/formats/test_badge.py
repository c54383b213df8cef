"""A badge: the verdict and its day, in a picture that cannot do anything."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from certify.formats.badge import COLOURS, GREY, BadgeFormat
from tests.unit.formats import sample_extremes, samples

SVG = "{http://www.w3.org/2000/svg}"
ALL = [samples.passing, samples.failing, samples.unproven, samples.interrupted, sample_extremes.hostile]


def _badge(report):
    files = BadgeFormat().render(report)
    return ET.fromstring(files["badge.svg"]), json.loads(files["badge.json"])


@pytest.mark.parametrize(
    ("sample", "said", "sign", "tone"),
    [
        (samples.passing, "certified 2026-03-12, 1 waiver", "✓", "good"),
        (samples.failing, "not certified 2026-03-12", "✕", "bad"),
        (samples.unproven, "not proven 2026-03-12", "?", "doubt"),
        (samples.interrupted, "interrupted 2026-03-12", "?", "doubt"),
    ],
)
def test_sign_word_and_colour_say_the_same(sample, said, sign, tone):
    svg, endpoint = _badge(sample())

    assert svg.findall(f".//{SVG}text")[1].text == f"{sign} {said}"
    assert svg.find(f"{SVG}path").get("fill") == COLOURS[tone] == endpoint["color"]
    assert endpoint["message"] == said


@pytest.mark.parametrize("sample", ALL)
def test_only_certified_lets_others_choose_the_colour(sample):
    assert _badge(sample())[1]["isError"] == (sample().verdict != "certified")


def test_an_incomplete_run_is_never_green_even_if_somebody_wrote_certified():
    report = samples.passing()
    svg, endpoint = _badge(replace(report, run=replace(report.run, complete=False)))

    assert endpoint["isError"]
    assert COLOURS["good"] not in ET.tostring(svg, encoding="unicode")
    assert "certified on" not in svg.find(f"{SVG}title").text


@pytest.mark.parametrize(("complete", "word"), [(True, "not certified"), (False, "interrupted")])
def test_waivers_are_told_whatever_the_verdict(complete, word):
    report = samples.failing()
    report = replace(report, run=replace(report.run, complete=complete), waivers=(samples.WAIVER,))
    svg, endpoint = _badge(report)

    assert endpoint["message"] == f"{word} 2026-03-12, 1 waiver"
    assert svg.find(f"{SVG}title").text.endswith("1 of 5 milestones certified, 1 waiver")


def test_who_cannot_see_it_hears_all_of_it():
    svg, _ = _badge(samples.failing())
    title = "certify: Northwind Energy: not certified on 2026-03-12, 1 of 5 milestones certified"

    assert (svg.get("role"), svg.get("aria-label"), svg.find(f"{SVG}title").text) == ("img", title, title)


@pytest.mark.parametrize("sample", ALL)
def test_it_holds_nothing_but_shapes_and_text(sample):
    svg, _ = _badge(sample())
    known = {"svg", "title", "rect", "path", "g", "text"}
    attributes = {name for item in svg.iter() for name in item.attrib}

    assert {item.tag.removeprefix(SVG) for item in svg.iter()} == known
    assert not {name for name in attributes if name.startswith("on") or "href" in name or name == "style"}


@pytest.mark.parametrize("colour", [*COLOURS.values(), GREY])
def test_white_text_has_the_contrast_that_wcag_asks_for(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)

    assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 5
