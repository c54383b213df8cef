"""Where the shipped files are: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """The absolute path of a shipped file or folder, named from the root of the checkout (``fixtures/keys``)."""
    installed = PACKAGE / "_shipped" / name
    return installed if installed.exists() else PACKAGE.parent / name


CONTRACT = shipped("openapi/partner-api.v1.yaml")
KEYS = shipped("fixtures/keys")
