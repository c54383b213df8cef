"""Every package is being installed while the first test waits for its own."""

from __future__ import annotations

import pytest

from tests.journeys.third_party.packages import begin
from tests.journeys.third_party.pins import PACKAGES


def pytest_collection_finish(session: pytest.Session) -> None:
    if any("third_party" in str(item.path) for item in session.items) and not session.config.option.collectonly:
        begin(PACKAGES)
