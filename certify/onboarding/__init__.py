"""From nothing to a partner profile: read a contract, ask what it does not say, and write down why each entry is there.

draft = draft_profile(Wishes(contract="openapi.yaml", url="http://127.0.0.1:8080"), out=Path("acme.yaml"))
write_profile(draft, force=False)

What the contract says is hostile text: it enters the profile quoted, or as a comment of one line.
"""

from certify.onboarding.drafting import Draft, draft_profile
from certify.onboarding.questions import Ask, Question, Wishes, by_default
from certify.onboarding.writing import write_profile

__all__ = ["Ask", "Draft", "Question", "Wishes", "by_default", "draft_profile", "write_profile"]
