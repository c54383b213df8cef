"""Two recorded runs held against each other: what changed for the partner, and what changed under them.

recorded.py      reads a run, judged again; baseline.py finds the one to compare with
compare.py       two runs → a Comparison, in parts: checks, findings, playbook, program
witnesses.py     the same request in both, answered differently; traffic.py finds it in a long record
attribution.py   whose change it is: the harness's, the partner's, nobody's
markdown.py, page.py, as_json.py    render a comparison; the terminal's way is in cli/terminal
"""
