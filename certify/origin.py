"""Where a run takes place: which CI system the environment shows, and what that says of the job.

    origin({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "acme/leads", "GITHUB_SHA": "1f3c…"})
    Origin("github-actions", {"repository": "acme/leads", "commit": "1f3c…"})

Each system has a closed list of public names: repository, commit, ref, job and the page of the run. Nothing else of the
environment is looked at, credentials in an address are dropped, and what stays is short and in visible characters:
a branch is named by whoever pushes it. Every one of these variables can be set by anybody on a laptop, so an origin
tells a reader where to look and proves nothing (``certificate/issue.py`` says what does).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from certify.model.plan import Origin

MAX_LENGTH = 200
"""Characters of a fact; the rest is cut off."""


@dataclass(frozen=True)
class _System:
    """A CI system: the variable that shows it (and its value; empty: any), and where each fact stands.

    A fact has one template or several; the first counts of which all variables are set.
    """

    name: str
    variable: str
    value: str
    facts: Mapping[str, Sequence[str]]

    def shows(self, environ: Mapping[str, str]) -> bool:
        found = environ.get(self.variable, "")
        return found.lower() == self.value if self.value else bool(found)


_SYSTEMS = (
    # https://docs.github.com/actions/reference/variables-reference
    _System(
        "github-actions",
        "GITHUB_ACTIONS",
        "true",
        {
            "repository": ["{GITHUB_REPOSITORY}"],
            "commit": ["{GITHUB_SHA}"],
            "ref": ["{GITHUB_REF}"],
            "job": ["{GITHUB_WORKFLOW} / {GITHUB_JOB}", "{GITHUB_JOB}"],
            "run": ["{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}"],
        },
    ),
    # https://docs.gitlab.com/ci/variables/predefined_variables/
    _System(
        "gitlab-ci",
        "GITLAB_CI",
        "true",
        {
            "repository": ["{CI_PROJECT_PATH}"],
            "commit": ["{CI_COMMIT_SHA}"],
            "ref": ["{CI_COMMIT_REF_NAME}"],
            "job": ["{CI_JOB_NAME}"],
            "run": ["{CI_JOB_URL}"],
        },
    ),
    # https://learn.microsoft.com/azure/devops/pipelines/build/variables
    _System(
        "azure-pipelines",
        "TF_BUILD",
        "true",
        {
            "repository": ["{BUILD_REPOSITORY_NAME}"],
            "commit": ["{BUILD_SOURCEVERSION}"],
            "ref": ["{BUILD_SOURCEBRANCH}"],
            "job": ["{BUILD_DEFINITIONNAME} / {SYSTEM_JOBNAME}", "{BUILD_DEFINITIONNAME}"],
            "run": ["{SYSTEM_COLLECTIONURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}"],
        },
    ),
    # https://circleci.com/docs/reference/variables/
    _System(
        "circleci",
        "CIRCLECI",
        "true",
        {
            "repository": ["{CIRCLE_PROJECT_USERNAME}/{CIRCLE_PROJECT_REPONAME}"],
            "commit": ["{CIRCLE_SHA1}"],
            "ref": ["{CIRCLE_BRANCH}", "{CIRCLE_TAG}"],
            "job": ["{CIRCLE_JOB}"],
            "run": ["{CIRCLE_BUILD_URL}"],
        },
    ),
    # https://buildkite.com/docs/pipelines/configure/environment-variables
    _System(
        "buildkite",
        "BUILDKITE",
        "true",
        {
            "repository": ["{BUILDKITE_REPO}"],
            "commit": ["{BUILDKITE_COMMIT}"],
            "ref": ["{BUILDKITE_BRANCH}"],
            "job": ["{BUILDKITE_PIPELINE_SLUG} / {BUILDKITE_LABEL}", "{BUILDKITE_PIPELINE_SLUG}"],
            "run": ["{BUILDKITE_BUILD_URL}"],
        },
    ),
    # https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
    _System(
        "bitbucket-pipelines",
        "BITBUCKET_BUILD_NUMBER",
        "",
        {
            "repository": ["{BITBUCKET_REPO_FULL_NAME}"],
            "commit": ["{BITBUCKET_COMMIT}"],
            "ref": ["{BITBUCKET_BRANCH}", "{BITBUCKET_TAG}"],
            "job": ["pipeline {BITBUCKET_BUILD_NUMBER}"],
            "run": ["{BITBUCKET_GIT_HTTP_ORIGIN}/pipelines/results/{BITBUCKET_BUILD_NUMBER}"],
        },
    ),
    # https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables
    _System(
        "jenkins",
        "JENKINS_URL",
        "",
        {
            "repository": ["{GIT_URL}"],
            "commit": ["{GIT_COMMIT}"],
            "ref": ["{GIT_BRANCH}"],
            "job": ["{JOB_NAME}"],
            "run": ["{BUILD_URL}"],
        },
    ),
)


def origin(environ: Mapping[str, str]) -> Origin:
    """Where the process with that environment runs: the CI system that it shows, else a laptop."""
    system = next((system for system in _SYSTEMS if system.shows(environ)), None)
    return Origin(system.name, dict(_facts(system, environ))) if system else Origin()


def _facts(system: _System, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, templates in system.facts.items():
        found = (_filled(template, environ) for template in templates)
        if value := next((value for value in found if value), ""):
            yield name, value


def _filled(template: str, environ: Mapping[str, str]) -> str:
    """The template with its variables, each made harmless before; empty where one of them is not there."""
    values = {name: _harmless(environ.get(name, "")) for name in re.findall(r"{(\w+)}", template)}
    return template.format_map(values)[:MAX_LENGTH] if all(values.values()) else ""


def _harmless(value: str) -> str:
    shown = "".join(letter for letter in value if letter.isprintable()).strip()
    if "://" in shown:
        return _without_credentials(shown)
    return re.sub(r"^[^/@]+@(?=[^/]+:)", "", shown)  # user@host:path, as git writes addresses


def _without_credentials(address: str) -> str:
    """An address without user, password, query and fragment: each of them has carried a token somewhere."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
