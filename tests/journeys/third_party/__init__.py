"""Whole checks against servers that others wrote, installed from PyPI, npm and Debian into a cache of their own.

Each expected verdict is argued in its test from the server's documentation, its contract or a standard. Where a package
cannot be installed, its tests are skipped and say why.
"""
