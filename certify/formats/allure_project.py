"""``allurerc.json``: what Allure 3 has to be told beside the results, so that ``npx allure generate`` needs no option.

It names the trees (milestone over criterion; behaviours beside it), the categories of what is not green, and where the
history of a partner is kept: beside its runs, so that the next run is shown against this one. Paths are relative to the
run directory, in which Allure is started. Nothing in it comes from a report.
"""

from __future__ import annotations

HISTORY = "../allure-history.jsonl"
PROJECT = {
    "name": "Certification",
    "output": "./allure-report",
    "historyPath": HISTORY,
    "plugins": {
        "milestones": {"import": "@allurereport/plugin-awesome",
                       "options": {"reportName": "Milestones", "groupBy": ["parentSuite", "suite"]}},
        "behaviors": {"import": "@allurereport/plugin-awesome",
                      "options": {"reportName": "Behaviours", "groupBy": ["epic", "feature", "story"]}},
    },
    "categories": [
        {"name": "Waived", "matchers": {"statuses": ["failed"], "labels": {"tag": "^waived$"}}},
        {"name": "Not met", "matchers": {"statuses": ["failed"]}},
        {"name": "Flaky", "matchers": {"flaky": True}},
        {"name": "Not proven", "matchers": {"statuses": ["broken"]}},
        {"name": "Not applicable", "matchers": {"statuses": ["skipped"]}},
    ],
}  # fmt: skip
