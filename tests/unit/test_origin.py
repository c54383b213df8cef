"""Where a run takes place: recognised by what CI systems set, and told in public names only."""

from __future__ import annotations

import pytest

from certify.model.plan import Origin
from certify.origin import MAX_LENGTH, origin

SYSTEMS = {
    "github-actions": {
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": "acme/leads",
        "GITHUB_SHA": "c0ffee",
        "GITHUB_REF": "main",
        "GITHUB_WORKFLOW": "ci",
        "GITHUB_JOB": "certify",
        "GITHUB_SERVER_URL": "https://ci.example",
        "GITHUB_RUN_ID": "7",
    },
    "gitlab-ci": {
        "GITLAB_CI": "true",
        "CI_PROJECT_PATH": "acme/leads",
        "CI_COMMIT_SHA": "c0ffee",
        "CI_COMMIT_REF_NAME": "main",
        "CI_JOB_NAME": "ci / certify",
        "CI_JOB_URL": "https://ci.example/acme/leads/-/jobs/7",
    },
    "azure-pipelines": {
        "TF_BUILD": "True",
        "BUILD_REPOSITORY_NAME": "acme/leads",
        "BUILD_SOURCEVERSION": "c0ffee",
        "BUILD_SOURCEBRANCH": "main",
        "BUILD_DEFINITIONNAME": "ci",
        "SYSTEM_JOBNAME": "certify",
        "SYSTEM_COLLECTIONURI": "https://ci.example/",
        "SYSTEM_TEAMPROJECT": "acme",
        "BUILD_BUILDID": "7",
    },
    "circleci": {
        "CIRCLECI": "true",
        "CIRCLE_PROJECT_USERNAME": "acme",
        "CIRCLE_PROJECT_REPONAME": "leads",
        "CIRCLE_SHA1": "c0ffee",
        "CIRCLE_TAG": "main",
        "CIRCLE_JOB": "ci / certify",
        "CIRCLE_BUILD_URL": "https://ci.example/gh/acme/leads/7",
    },
    "buildkite": {
        "BUILDKITE": "true",
        "BUILDKITE_REPO": "acme/leads",
        "BUILDKITE_COMMIT": "c0ffee",
        "BUILDKITE_BRANCH": "main",
        "BUILDKITE_PIPELINE_SLUG": "ci",
        "BUILDKITE_LABEL": "certify",
        "BUILDKITE_BUILD_URL": "https://ci.example/acme/7",
    },
    "bitbucket-pipelines": {
        "BITBUCKET_BUILD_NUMBER": "7",
        "BITBUCKET_REPO_FULL_NAME": "acme/leads",
        "BITBUCKET_COMMIT": "c0ffee",
        "BITBUCKET_BRANCH": "main",
        "BITBUCKET_GIT_HTTP_ORIGIN": "https://ci.example/acme/leads",
    },
    "jenkins": {
        "JENKINS_URL": "https://ci.example/",
        "GIT_URL": "acme/leads",
        "GIT_COMMIT": "c0ffee",
        "GIT_BRANCH": "main",
        "JOB_NAME": "ci / certify",
        "BUILD_URL": "https://ci.example/job/7/",
    },
}
RUNS = {
    "github-actions": "https://ci.example/acme/leads/actions/runs/7",
    "gitlab-ci": "https://ci.example/acme/leads/-/jobs/7",
    "azure-pipelines": "https://ci.example/acme/_build/results?buildId=7",
    "circleci": "https://ci.example/gh/acme/leads/7",
    "buildkite": "https://ci.example/acme/7",
    "bitbucket-pipelines": "https://ci.example/acme/leads/pipelines/results/7",
    "jenkins": "https://ci.example/job/7/",
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_system_is_recognised_with_its_facts(system: str) -> None:
    job = "pipeline 7" if system == "bitbucket-pipelines" else "ci / certify"
    facts = {"repository": "acme/leads", "commit": "c0ffee", "ref": "main", "job": job, "run": RUNS[system]}
    assert origin(SYSTEMS[system]) == Origin(system, facts)


@pytest.mark.parametrize("environ", [{}, {"CI": "true"}, {"GITHUB_ACTIONS": "false"}, {"GITHUB_REPOSITORY": "a/b"}])
def test_anything_else_is_a_laptop(environ: dict[str, str]) -> None:
    assert origin(environ) == Origin("laptop", {})


def test_nothing_is_told_but_the_public_names() -> None:
    secret = {"GITHUB_TOKEN": "ghs_secret", "CERTIFY_KEY": "-----BEGIN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "secret"}
    assert origin({**SYSTEMS["github-actions"], **secret}) == origin(SYSTEMS["github-actions"])


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("https://ada:s3cret@git.example/acme/leads.git", "https://git.example/acme/leads.git"),
        ("https://ada:p@ss@git.example/acme", "https://git.example/acme"),
        ("https://git.example/acme?private_token=s3cret#s3cret", "https://git.example/acme"),
        ("git@git.example:acme/leads.git", "git.example:acme/leads.git"),
        ("ada:s3cret@git.example:acme/leads.git", "git.example:acme/leads.git"),
    ],
)
def test_credentials_in_an_address_are_dropped(written: str, told: str) -> None:
    assert origin({"JENKINS_URL": "x", "GIT_URL": written}).facts == {"repository": told}


def test_an_address_that_is_none_is_not_told() -> None:
    assert origin({"JENKINS_URL": "x", "GIT_URL": "https://[ada:s3cret"}).facts == {}


def test_a_branch_keeps_its_name() -> None:
    assert origin({"GITLAB_CI": "true", "CI_COMMIT_REF_NAME": "ada@work/fix"}).facts == {"ref": "ada@work/fix"}


def test_what_acts_instead_of_showing_is_left_out_and_what_is_long_is_cut() -> None:
    assert origin({"JENKINS_URL": "x", "GIT_BRANCH": "m\x1b[31ma\u202ei\nn\ud800"}).facts == {"ref": "m[31main"}
    assert origin({"JENKINS_URL": "x", "GIT_BRANCH": "m" * 10_000}).facts == {"ref": "m" * MAX_LENGTH}


def test_braces_in_a_value_are_no_template() -> None:
    environ = {"JENKINS_URL": "x", "GIT_BRANCH": "{JENKINS_URL.__class__}{0}"}
    assert origin(environ).facts == {"ref": "{JENKINS_URL.__class__}{0}"}


def test_a_fact_of_which_a_part_is_missing_is_not_told() -> None:
    assert origin({"GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "7", "GITHUB_JOB": "c"}).facts == {"job": "c"}
