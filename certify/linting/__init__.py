"""``certify lint``: everything that is wrong in the files that people write, told before a run, with stable rule ids.

``rules.py`` lists what is looked for, ``files.py`` turns the loaders' problems into findings, ``waivers.py`` adds what
depends on the day and on earlier runs, ``runs.py`` reads those; ``lint.py`` puts them together.
"""

from certify.linting.lint import LintRequest, lint
from certify.linting.rules import RULES

__all__ = ["RULES", "LintRequest", "lint"]
