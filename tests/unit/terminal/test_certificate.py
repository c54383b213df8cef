"""A certificate in a terminal: nothing that a reviewer would be sorry to have overlooked is left out."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from certify.cli.terminal.certificate import MOST, render_certificate
from certify.model.certificate import Certificate, CertifiedCheck, CertifiedMilestone, EarlierRun, Provenance
from certify.model.plan import Origin
from certify.model.report import ReportedPartner, ReportedProgram, ReportedWaiver

CERTIFICATE = Certificate(
    id="20261103-100000-abcd-9f86d081",
    partner=ReportedPartner("acme", "Acme", "http://127.0.0.1", "sandbox"),
    program=ReportedProgram("p", "P", "1", "api.yaml", "1"),
    verdict="certified",
    milestones=(CertifiedMilestone("m", "Connectivity", "certified"),),
    run="20261103-100000-abcd",
    started=1_793_700_000.0,
    issued=1_793_703_600.0,
    expires=1_801_476_000.0,
    issuer="Integration desk",
    provenance=Provenance.PRACTICE,
    origin=Origin(),
    complete=True,
    checks=(CertifiedCheck("a.b", "passed"), CertifiedCheck("a.c", "not_run")),
    capabilities={},
    digests={},
    versions={},
)


def text(certificate: Certificate) -> str:
    stream = io.StringIO()
    render_certificate(certificate, stream, color=False)
    return stream.getvalue()


def test_it_says_what_is_certified_by_whom_and_until_when() -> None:
    told = text(CERTIFICATE)
    assert told.startswith("✓ Acme (acme): certified\n")
    for fact in ("Connectivity: certified", "1 passed, 1 not run", "by Integration desk", CERTIFICATE.id):
        assert fact in told
    assert "expires     2027-02-01" in told


def test_a_laptop_and_a_pipeline_are_told_apart() -> None:
    origin = Origin("github-actions", {"repository": "acme/leads", "commit": "c0ffee", "run": "https://ci.example/7"})
    assert "on a laptop" in text(CERTIFICATE)
    assert "opens no gate" in text(CERTIFICATE)
    gated = text(replace(CERTIFICATE, origin=origin, provenance=Provenance.GATED))
    for fact in ("on github-actions", "repository  acme/leads", "run         https://ci.example/7"):
        assert fact in gated
    assert "as it claims" in gated


@pytest.mark.parametrize(
    ("member", "value", "told"),
    [
        ("checks", (CertifiedCheck("a.b", "passed", "", ("failed", "passed"), True),), "a.b: failed, then passed"),
        ("checks", (CertifiedCheck("a.b", "passed", carried="old-run"),), "a.b, from run old-run"),
        ("waivers", (ReportedWaiver("a.b", "known", "Ada", "2026-12-31"),), "a.b, by Ada until 2026-12-31: known"),
        ("earlier", (EarlierRun("r", 1.0, "not_certified"),), "1 more run of this partner lies beside it: 1 not cert"),
    ],
)
def test_what_a_reviewer_has_to_see_is_told(member: str, value: object, told: str) -> None:
    assert told not in text(CERTIFICATE)
    assert told in text(replace(CERTIFICATE, **{member: value}))  # type: ignore[arg-type]


def test_a_waiver_that_excuses_nothing_is_not_told_as_one_that_does() -> None:
    unneeded = ReportedWaiver("a.b", "known", "Ada", "2026-12-31", state="unneeded")
    assert "waived" not in text(replace(CERTIFICATE, waivers=(unneeded,)))


def test_of_many_the_first_are_told_and_the_others_counted() -> None:
    checks = tuple(
        CertifiedCheck(f"a.b{number}", "passed", "", ("failed", "passed"), True) for number in range(MOST + 5)
    )
    told = text(replace(CERTIFICATE, checks=checks))
    assert f"a.b{MOST - 1}:" in told
    assert f"a.b{MOST}:" not in told
    assert "and 5 more" in told


def test_what_somebody_else_wrote_shows_and_does_not_act() -> None:
    nasty = "x\x1b[31m\u202e[bold]y[/bold]\n"
    told = text(
        replace(
            CERTIFICATE,
            partner=replace(CERTIFICATE.partner, name=nasty),
            issuer=nasty,
            milestones=(CertifiedMilestone("m", nasty, nasty),),
            origin=Origin("gitlab-ci", {"repository": nasty}),
            waivers=(ReportedWaiver(nasty, nasty, nasty, nasty),),
            earlier=(EarlierRun(nasty, 1.0, nasty),),
        )
    )
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "[bold]y[/bold]" in told, "no markup of the terminal's library is obeyed"
