"""No test writes into the state folder of whoever runs it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

import pytest

STATE = "CERTIFY_STATE"
"""As in certify/ledger.py, which is not there where these tests try an installed wheel from outside."""


@pytest.fixture(scope="session", autouse=True)
def state_of_our_own() -> Iterator[None]:
    """Clean-up ledgers go into a folder of this session, in children too."""
    before = os.environ.get(STATE)
    with tempfile.TemporaryDirectory(prefix="certify-state-") as folder:
        os.environ[STATE] = folder
        yield
    if before is None:
        os.environ.pop(STATE, None)
    else:
        os.environ[STATE] = before
