"""Which journeys are long: they have a command of their own, ``make test-long``, so that ``make test`` stays short."""

from __future__ import annotations

import pytest

LONG = (
    "journeys/third_party/",  # servers that others wrote, installed from their registries
    "test_contract_source.py",  # generated requests against every kind of answer
    "test_read_only.py",  # whole runs that may not write
    "test_interruptions.py",  # runs that are killed
    "test_comparing.py",  # comparisons in every rendering, in a browser too
    "test_signing.py",  # keys, origins and approvals, each in a process of its own
    "test_verifying.py",  # whole runs that are verified, and tampered with
    "test_waivers.py",  # the life of a waiver, in six runs
    "test_recertification.py",  # contracts that change, and partial runs
    "test_the_pipelines_page.py",  # every snippet of the page for pipelines
    "test_github_action.py",  # a dozen runs in the steps of the action
    "test_gitlab_template.py",  # and in the jobs of the template
    "test_second_api.py",  # every fault of the second API
    "test_lawful_oddities.py",  # every lawful oddity of the second API
    "test_collateral.py",  # every fault of the reference sandbox, with the checks around its own
    "test_hostile_answers.py",  # every hostile answer
    "test_signing_in_by_machine.py",  # every kind of credential in generated requests
    "test_bounds.py",  # budgets that are used up
    "test_findings_can_be_seen_again.py",  # histories that are made again
    "test_an_identity_that_dies.py",  # accounts that delete themselves
    "test_reproducing.py",  # runs that are made again, twice each
    "test_cleaning_up.py",  # runs that are killed, and what cleans up after them
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(part in item.path.as_posix() for part in LONG):
            item.add_marker(pytest.mark.long)
