"""Schemas: what a message may hold. One principle decides nearly all of it.

A schema is a set of values. A change *narrows* the set, *widens* it, or replaces it by another:

| | what a client sends | what a server answers |
|---|---|---|
| narrowed | breaking: what was accepted is refused | harmless: the client copes with more than comes |
| widened | harmless: whatever was sent is still accepted | breaking: a value comes that nobody reckoned with |
| changed | breaking | breaking |

The exceptions are argued in their rules: an additional member of an answer is harmless, because a client that does not
know it passes over it (the *tolerant reader*, on which every versioning of HTTP APIs stands).
"""
