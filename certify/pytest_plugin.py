"""The pytest side of certify: options, the order of checks, and the outcome of each.

Kept light, because pytest loads it in every session of an environment that has certify installed: everything heavy is
imported once a partner or a job is named.

    pytest suites/ --partner partner.yaml                   an engineer, mending one thing
    pytest -p certify.pytest_plugin --certify-job job.json  the suites source, in a sealed child
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from certify.suite.bench import Bench

BENCH: pytest.StashKey[Bench] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("certify", "certification of a partner sandbox")
    group.addoption("--partner", metavar="FILE", help="partner profile: the sandbox that the suites are pointed at")
    group.addoption("--contract", metavar="FILE", help="OpenAPI document (default: the profile's, or the shipped one)")
    group.addoption("--certify-job", metavar="FILE", help="job of a certification run; written by certify itself")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--certify-job") or config.getoption("--partner"):
        from certify.suite.bench import open_bench

        config.stash[BENCH] = open_bench(config)
        config.pluginmanager.import_plugin("certify.suite.fixtures")


def pytest_report_header(config: pytest.Config) -> str | None:
    """Where an engineer finds what was sent and what came back."""
    bench = config.stash.get(BENCH, None)
    return f"certify: {bench.partner.base_url}, exchanges in {bench.job.run}" if bench is not None else None


def pytest_unconfigure(config: pytest.Config) -> None:
    if bench := config.stash.get(BENCH, None):
        bench.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Only checks, only those of the job, in its order."""
    bench = config.stash.get(BENCH, None)
    if bench is None:
        return
    kept = sorted((item for item in items if bench.wants(item)), key=bench.position)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    """A check that may not run, because the gate did not pass or the budget is spent, says so and is left out."""
    bench = item.config.stash.get(BENCH, None)
    return True if bench is not None and bench.refuse(item) else None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """From here on, what is sent is sent for this check: also by its fixtures."""
    bench = item.config.stash.get(BENCH, None)
    if bench is not None:
        bench.begin(item)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a check as an attempt: its findings decide, not the absence of an exception."""
    bench = pyfuncitem.config.stash.get(BENCH, None)
    return True if bench is not None and bench.run(pyfuncitem) else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """A check whose fixtures could not be made still gets an outcome, and pytest a word instead of a traceback."""
    bench = item.config.stash.get(BENCH, None)
    if bench is not None and call.when == "setup" and call.excinfo is not None:
        try:
            bench.setup_failed(item, call.excinfo.value)
        except (pytest.skip.Exception, pytest.fail.Exception):
            call.excinfo = pytest.ExceptionInfo.from_current()
    return (yield)
