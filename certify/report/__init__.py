"""Composing the report: facts, rulings and verdict, made flat enough to read."""

from certify.report.compose import compose

__all__ = ["compose"]
