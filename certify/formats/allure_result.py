"""One Allure result: a criterion × check, an earlier attempt at it, or the verdict."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from certify.formats.allure_attempts import Ending, superseded
from certify.formats.allure_parts import labels, links, verdict_labels
from certify.formats.inert import markdown, within
from certify.formats.reading import Case, cases, how_flaky, trace
from certify.formats.standing import Stand, Standing, standing, verdict_standing
from certify.formats.words import status_word, verdict_word
from certify.model.report import Report, ReportedFinding

Result = dict[str, Any]
ATTACHMENTS_OF_A_FINDING = 3
FINDINGS_WITH_ATTACHMENTS = 200
_SHOWN = {"passed": "passed", "failed": "failed", "not_applicable": "skipped"}
_VERDICTS = {"certified": "passed", "not_certified": "failed"}


class Attachment(NamedTuple):
    """An exchange of a finding, for one result: Allure 3 opens a file for the first result that names it, no other."""

    result: str
    finding: ReportedFinding
    exchange: str
    source: str


def case_results(
    report: Report, case: Case, found: Mapping[str, ReportedFinding], attached: Mapping[str, Sequence[Attachment]]
) -> Iterator[Result]:
    """The result that counts, and before it one for each ending that it superseded."""
    findings = [found[key] for key in (case.check.findings if case.check else ()) if key in found]
    stands = standing(case, findings)
    result = {
        **_identity(report, _place(case)),
        "description": markdown(_description(case), 2000),
        "status": _status(stands),
        "stage": "finished",
        "statusDetails": _details(case, stands, findings),
        "labels": labels(report, case, stands.stand),
        "links": links(case, findings),
        "parameters": _parameters(report, case),
        "attachments": [
            {"name": f"exchange {within(item.exchange, 60)}", "source": item.source, "type": "text/plain"}
            for item in attached.get(uuid_of(report, case), ())
        ],
    }
    endings = superseded(case.check) if case.check else ()
    yield from (_earlier(report, case, result, number, item) for number, item in enumerate(endings, start=1))
    start = _start(report) + len(endings)
    yield {**result, "start": start, "stop": start + round((case.check.seconds if case.check else 0) * 1000)}


def verdict_result(report: Report) -> Result:
    """The verdict, with a step for each milestone."""
    stands, start = verdict_standing(report), _start(report)
    return {
        **_identity(report, ("verdict",)),
        "description": markdown(report.summary, 2000),
        "status": {Stand.PASSED: "passed", Stand.FAILED: "failed"}.get(stands.stand, "broken"),
        "stage": "finished",
        "statusDetails": {"message": within(stands.message)},
        "labels": verdict_labels(),
        "parameters": [_partner(report)],
        "steps": [
            {
                "name": within(f"{item.title}: {verdict_word(item.verdict).label.lower()}. {item.because}", 400),
                "status": _VERDICTS.get(item.verdict, "broken"),
                "stage": "finished",
            }
            for item in report.milestones
        ],
        "start": start,
        "stop": start + round(report.run.seconds * 1000),
    }


def attachments(report: Report) -> Iterator[Attachment]:
    """The exchanges that can be opened: the first few of the most important findings."""
    shown = {finding.id: finding for finding in report.findings[:FINDINGS_WITH_ATTACHMENTS]}
    for case in cases(report):
        result = uuid_of(report, case)
        for finding in [shown[key] for key in (case.check.findings if case.check else ()) if key in shown]:
            known = [key for key in dict.fromkeys(finding.exchanges) if key in report.evidence]
            for key in known[:ATTACHMENTS_OF_A_FINDING]:
                source = f"{_uuid('exchange', result, finding.id, key)}-attachment.txt"
                yield Attachment(result, finding, key, source)


def uuid_of(report: Report, case: Case) -> str:
    return _uuid(report.run.id, report.partner.id, *_place(case))


def _uuid(*parts: str) -> str:
    return str(uuid5(NAMESPACE_URL, json.dumps(["certify", *parts])))


def _place(case: Case) -> tuple[str, str, str]:
    return case.milestone.id, case.criterion.id, case.check.id if case.check else case.criterion.id


def _identity(report: Report, place: tuple[str, ...]) -> Result:
    """Names and ids; ``testCaseId`` is of the playbook, ``historyId`` of the partner too."""
    return {
        "uuid": _uuid(report.run.id, report.partner.id, *place),
        "historyId": _uuid("history", report.partner.id, *place),
        "testCaseId": _uuid("case", *place),
        "fullName": within(".".join(place)),
        "name": within(place[-1]),
        "titlePath": [within(part, 200) for part in place[:-1]],
    }


def _partner(report: Report) -> dict[str, object]:
    """The parameter by which Allure 3 tells the histories of partners apart."""
    return {"name": "partner", "value": within(report.partner.id, 200)}


def _parameters(report: Report, case: Case) -> list[dict[str, object]]:
    """All but the partner are excluded from what identifies a test: they may change between runs."""
    told = {"ruling": case.criterion.ruling}
    if case.check:
        told["requests"] = str(case.check.requests)
        told |= {"carried over from run": case.check.carried} if case.check.carried else {}
    extra = [{"name": name, "value": within(value, 200), "excluded": True} for name, value in told.items()]
    return [_partner(report), *extra]


def _earlier(report: Report, case: Case, result: Result, number: int, ending: Ending) -> Result:
    word = status_word(ending.status).label.lower()
    told = f"Attempt {ending.attempt} of {ending.source}, time {ending.time}: {word}. {ending.reason}".rstrip()
    start = _start(report) + number - 1  # no times of attempts are recorded; only their order is
    return {
        **result,
        "uuid": _uuid(report.run.id, report.partner.id, *_place(case), "earlier", str(number)),
        "status": _SHOWN.get(ending.status, "broken"),
        "statusDetails": {"message": within(told), "flaky": bool(case.check and case.check.flaky)},
        "attachments": [],
        "start": start,
        "stop": start,
    }


def _start(report: Report) -> int:
    return round(report.run.started * 1000)


def _status(stands: Standing) -> str:
    match stands.stand:
        case Stand.PASSED:
            return "passed"
        case Stand.FAILED | Stand.WAIVED:
            return "failed"
        case Stand.NOT_APPLICABLE:
            return "skipped"
        case Stand.ADVISORY:
            return _SHOWN.get(stands.status, "broken")
    return "broken"


def _details(case: Case, stands: Standing, findings: Sequence[ReportedFinding]) -> Result:
    waived = stands.stand is Stand.WAIVED
    told = [item for item in findings if item.weight == "violation"]
    sides = {
        "expected": within("\n".join(item.expected for item in told)),
        "actual": within("\n".join(item.actual for item in told)),
    }
    return {
        "message": within(_message(case, stands)),
        "trace": within("\n\n".join(map(trace, findings)), 20_000),
        "known": waived,
        "muted": waived,
        "flaky": bool(case.check and case.check.flaky),
        **(sides if told else {}),
    }


def _message(case: Case, stands: Standing) -> str:
    """How it stands, in sentences; a pass that was not one at first, or not of this run, says so."""
    check, said = case.check, stands.message
    match stands.stand:
        case Stand.PASSED:
            said = "" if check else case.criterion.because
        case Stand.UNPROVEN:
            said = f"Not proven. {said}"
        case Stand.WAIVED | Stand.ADVISORY | Stand.NOT_APPLICABLE:
            said = said[:1].upper() + said[1:]
    return " ".join(filter(None, [said, *_besides(case)]))


def _besides(case: Case) -> Iterator[str]:
    """What a green mark does not show."""
    check = case.check
    if check and check.flaky:
        yield f"Flaky: it {how_flaky(check)}."
    if check and check.carried:
        yield f"Carried over from run {check.carried}."


def _description(case: Case) -> str:
    """Allure 3 shows no message of what passed, but a description always."""
    statement = case.check.statement if case.check else case.criterion.statement
    return " ".join([statement, *_besides(case)])
