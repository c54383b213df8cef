"""A second API, unlike the reference in every habit, so that no check can lean on the reference contract.

It is a warehouse, *Depot*: an API key in a header (or in the query), numeric ids, updates by PUT, bins that a client
names itself, three ways to page, an error envelope of its own, a contract in Swagger 2.0. Nothing in it is imported
from the reference sandbox.

``contract.yaml`` was written by hand, and the code keeps it. ``faults/`` breaks one honest part at a time;
``variants/`` is lawful and unusual, and must never be blamed. ``trying.py`` runs checks on any of them.

    with serve() as url: ...                   # honest
    try_on(fault.apply, checks=[fault.check])   # the checks, on a Depot that misbehaves
"""
