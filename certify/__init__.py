"""certify: certification of partner integrations, with the evidence for every verdict."""

__version__ = "0.1.0"
