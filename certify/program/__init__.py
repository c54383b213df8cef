"""A program: playbook, contract, suites and answers, found, loaded, checked and digested.

Every file is read with positions, and all of its problems are told at once, each with its line and the nearest valid
name. Nothing here sends a request. PyYAML and jsonschema are imported inside functions, so that listing the verbs of
the command line stays quick.
"""
