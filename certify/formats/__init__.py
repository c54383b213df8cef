"""Views of a report. One file per format; the package finds its own siblings (see :mod:`certify.formats.registry`)."""

from certify.formats.registry import formats as formats
