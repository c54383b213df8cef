"""The gate: may this partner proceed to this environment? Answered from certificates, and never from their absence.

``gather`` reads what there is, ``choosing`` says which certificate speaks, ``decide`` what follows from it, ``remedy``
what to do about a refusal. ``revoking`` keeps the list of what was revoked.
"""
