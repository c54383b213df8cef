"""The parent says whether the identity that fuzzes still stands."""

from __future__ import annotations

from typing import Any

import pytest

from certify.errors import BudgetSpentError, CertifyError, SandboxUnreachableError
from certify.http.call import Call, Reply
from certify.http.credentials import Credentials
from certify.sources.contract.keeper import GONE, RENEWED, STANDS, Keeper
from certify.sources.contract.standing import Step

READ = Step("GET /me", "http://h/me", 200, 0.0)


class Session:
    """Answers a read with each of these statuses in turn, and lets nobody sign in anew where ``refused`` says so."""

    def __init__(self, *answers: int | CertifyError, refused: CertifyError | None = None) -> None:
        self.answers, self.refused, self.wire = list(answers), refused, self

    def credentials(self, identity: str, refused: str = "") -> Credentials:
        if refused and self.refused is not None:
            raise self.refused
        return Credentials({"Authorization": "Bearer x"})

    def send(self, call: Call, *_: Any, **__: Any) -> Reply:
        answer = self.answers.pop(0)
        if isinstance(answer, CertifyError):
            raise answer
        return Reply(answer, (), b"", 0.0, "", call)


@pytest.mark.parametrize(
    ("session", "standing"),
    [
        (Session(200), STANDS),
        (Session(401, 200), RENEWED),
        (Session(401, 401), GONE),
        (Session(401, refused=SandboxUnreachableError("fuzz cannot sign in at /login: 401")), GONE),
        (Session(BudgetSpentError("0 of 100 requests are left")), STANDS),
        (Session(503), STANDS),
    ],
)
def test_an_identity_is_gone_only_where_it_is_refused_and_cannot_sign_in_anew(session: Any, standing: str) -> None:
    keeper = Keeper(session, "fuzz")
    assert keeper.standing(READ) == standing
    assert keeper.standing(None) == (GONE if standing == GONE else STANDS)
