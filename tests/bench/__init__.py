"""Benchmarks: `make bench` runs them all and writes docs/performance.md.

Machines differ and are noisy, so figures are ratios and medians of alternating runs, never a reason for a test to fail.
"""
