"""``gl-code-quality-report.json``: findings for GitLab's merge request widget, which tells new ones from mended ones.

GitLab compares fingerprints between branches, so a fingerprint is made of what a cause is, and of nothing that differs
between two runs of one cause. A finding has no line of code; it is shown at the contract that it breaks, which is the
file both sides share. What holds a milestone back because nobody could tell is here as well, and a run that is not
certified has an entry of its own: an empty list would read as "nothing wrong".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from certify.formats.inert import one_line
from certify.formats.interface import Format
from certify.formats.reading import Unproven, advisories, excused_findings, to_fix, unproven, waived_by, waivers
from certify.formats.standing import Stand, verdict_standing
from certify.model.report import Report, ReportedFinding

STRICT = ("MUST", "CONTRACT")


class CodeQualityFormat(Format):
    name = "codequality"
    description = "gl-code-quality-report.json, for GitLab's merge request widget"

    def render(self, report: Report) -> Mapping[str, bytes]:
        entries = {entry["fingerprint"]: entry for entry in _entries(report)}  # GitLab keeps one of a fingerprint
        return {"gl-code-quality-report.json": (json.dumps(list(entries.values()), indent=1) + "\n").encode()}


def _entries(report: Report) -> Iterator[dict[str, object]]:
    place = {"path": _path(report.program.contract), "lines": {"begin": 1}}
    yield from (entry | {"location": place} for entry in _verdict(report))
    told = [(item, _severity(item), "") for item in to_fix(report)]
    told += [(item, "info", _excuse(report, item)) for item in excused_findings(report)]
    told += [(item, "info", "") for item in advisories(report)]
    for finding, severity, excuse in told:
        said = f"{excuse}{finding.title}: expected {finding.expected}, got {finding.actual}"
        same = (finding.check, finding.title, finding.pointer, *sorted(finding.operations))
        yield _entry(report, said, finding.check, severity, same) | {"location": place}
    for item in unproven(report):
        severity = "major" if item.required else "info"
        yield _entry(report, _doubt(item), item.subject, severity, ("unproven", item.subject)) | {"location": place}


def _verdict(report: Report) -> Iterator[dict[str, object]]:
    """What the run as a whole comes to, unless it is certified: it may be so without a single finding."""
    standing = verdict_standing(report)
    if standing.stand is not Stand.PASSED:
        severity = "critical" if standing.stand is Stand.FAILED else "major"
        yield _entry(report, standing.message, "verdict", severity, ("verdict",))


def _excuse(report: Report, finding: ReportedFinding) -> str:
    """Whose waiver makes it a matter of information: the failure is still there."""
    by = next(waived_by(item) for item in waivers(report) if item.check == finding.check)
    return f"Waived by {by}: "


def _entry(report: Report, said: str, check: str, severity: str, same: tuple[str, ...]) -> dict[str, object]:
    told = json.dumps(["certify", report.partner.id, *same])
    return {
        "description": one_line(said, 1000) or "(nothing more is known)",
        "check_name": one_line(check, 200) or "certify",
        "fingerprint": hashlib.sha256(told.encode()).hexdigest(),
        "severity": severity,
    }


def _severity(finding: ReportedFinding) -> str:
    """What holds a milestone back is critical where a standard or the contract says so, else major."""
    if not finding.blocks:
        return "minor"
    return "critical" if finding.level in STRICT else "major"


def _doubt(item: Unproven) -> str:
    return f"Not proven: {item.statement} {item.why} {item.note} {item.enable}"


def _path(contract: str) -> str:
    """A path below the project's root: GitLab wants it relative; a contract that is elsewhere goes by its last name."""
    shown = one_line(contract.split("?")[0].split("#")[0], 300)
    path = PurePosixPath(shown)
    if "://" in shown or path.is_absolute() or ".." in path.parts:
        return path.name or "contract"
    return str(path) if str(path) != "." else "contract"
