"""Composing the report: facts, rulings and verdict, made flat enough to read."""

from certify.report.compose import compose
from certify.report.judged import judged

__all__ = ["compose", "judged"]
