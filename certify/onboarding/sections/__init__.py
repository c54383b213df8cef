"""The sections of a drafted profile, one per file: each gives the lines for the facts."""
