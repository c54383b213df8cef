"""What changed between two contracts, by rules with stable ids.

    changes = compare(load_contract("v1.yaml"), load_contract("v2.yaml"))

**Whose side?** The contract is what a partner's *server* implements, and our platform is the client of it. To the one
who implements a server, nearly every change is work: a new operation has to be written, a new optional property has to
be accepted. That says nothing of whether it hurts. *Breaking* is therefore meant as everybody means it, and as the
peers (oasdiff and others) rate it: a client that was written against the earlier contract, and keeps it, may fail
against a server that keeps the later one. What that asks of a server is the other question: ``ChangeRule.conduct`` says
whether it has to behave differently at all, and so whether checks have to run again.

The rules look at both documents as prepared (``contract/prepared.py``): in the words of OpenAPI 3.1, whatever they were
written in. A path parameter that was renamed, and a schema that moved or was written in other words, is no change. One
file has one family of rules.
"""

from certify.contract.changes.compare import compare
from certify.contract.changes.located import located
from certify.contract.changes.ruling import rules

__all__ = ["compare", "located", "rules"]
