"""Approvals: whose count, and when they are enough."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from certify.certificate.reviews import Approved, missing_reviews, people
from certify.model.certificate import Approval
from certify.model.playbook import ApprovalRule
from certify.signing.key_set import TrustedKey, Use
from tests.unit.certificate.signed import NOW, Signed, approve, everything
from tests.unit.certificate.signing_hands import ADA, BOB
from tests.unit.signing.people import person

SE, SEC = "solution-engineer", "platform-security"
RULE = ApprovalRule("secured", (SE, SEC), 2)


def approved(key: TrustedKey, role: str) -> Approved:
    return Approved(Approval("c1", "sha256:0", role, key.owner, NOW), key)


@pytest.fixture
def signed(tmp_path: Path) -> Signed:
    return everything(tmp_path)


def test_two_people_in_both_roles_suffice() -> None:
    assert missing_reviews([approved(ADA[1], SE), approved(BOB[1], SEC)], [RULE], "secured") == ()


def test_a_role_that_nobody_has_approved_in_is_missing() -> None:
    assert missing_reviews([approved(ADA[1], SE)], [RULE], "secured") == (
        "nobody approved it as platform-security",
        "2 different people have to approve it, and 1 did",
    )


def test_one_person_in_two_roles_is_one_person() -> None:
    both = [approved(ADA[1], SE), approved(ADA[1], SEC)]
    assert missing_reviews(both, [RULE], "secured") == ("2 different people have to approve it, and 1 did",)
    assert missing_reviews(both, [replace(RULE, people=1)], "secured") == ()


def test_one_person_with_two_keys_is_one_person() -> None:
    second = person("  ada   BYRON ", Use.APPROVAL)[1]
    assert people([approved(ADA[1], SE), approved(second, SEC)]) == 1


def test_one_key_under_two_names_is_one_person() -> None:
    borrowed = replace(ADA[1], owner="Somebody Else")
    assert people([approved(ADA[1], SE), approved(borrowed, SEC)]) == 1


def test_names_that_share_keys_in_a_chain_are_one_person() -> None:
    """Ada has two keys, and one of them is Bob's as well."""
    second = replace(BOB[1], owner=ADA[1].owner)
    assert people([approved(ADA[1], SE), approved(BOB[1], SEC)]) == 2
    assert people([approved(ADA[1], SE), approved(BOB[1], SEC), approved(second, "other")]) == 1


def test_an_approval_in_a_role_that_is_not_asked_for_does_not_count() -> None:
    third = person("Eve", Use.APPROVAL)[1]
    found = missing_reviews([approved(ADA[1], SE), approved(ADA[1], SEC), approved(third, "friend")], [RULE], "secured")
    assert found == ("2 different people have to approve it, and 1 did",)


def test_a_milestone_without_a_rule_asks_nobody() -> None:
    assert missing_reviews([], [RULE], "reachable") == ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"name": "Bob Kahn"}, "its key is of Ada Byron"),
        ({"name": "ada byron"}, "its key is of Ada Byron"),
        ({"role": SEC}, "may not approve as 'platform-security'"),
        ({"digest": "sha256:0"}, "other bytes"),
        ({"certificate": "another"}, "approves another certificate"),
        ({"at": NOW - 7200}, "older than the certificate"),
        ({"at": NOW + 90 * 86_400}, "from now"),
    ],
)
def test_an_approval_that_says_something_wrong_does_not_count(signed: Signed, change: dict[str, Any], why: str) -> None:
    approve(signed.run, ADA[0], **{"role": SE, **change}).rename(signed.run / "approvals" / "one.jws")
    (signed.run / "approvals" / f"{SE}.jws").unlink(missing_ok=True)
    found = signed.examined()
    assert SE not in [item.approval.role for item in found.approvals]
    assert any("approvals/one.jws does not count" in note and why in note for note in found.notes), found.notes


def test_an_approval_of_nobody_does_not_count(signed: Signed) -> None:
    from tests.unit.certificate.signed import jwks
    from tests.unit.certificate.signing_hands import CI

    signed.jwks.write_bytes(jwks(CI[1], replace(ADA[1], owner=""), BOB[1]))
    found = signed.examined()
    assert [item.approval.role for item in found.approvals] == [SEC]


def test_foreign_files_among_the_approvals_do_not_matter(signed: Signed) -> None:
    folder = signed.run / "approvals"
    (folder / "folder.jws").mkdir()
    (folder / "README.md").write_text("hello")
    (folder / "gone.jws").symlink_to(folder / "nowhere")
    for number in range(60):
        (folder / f"{'az'[number % 2]}{number}.jws").write_bytes(b"x")
    found = signed.examined()
    assert len(found.approvals) == 2
    assert found.authentic
    assert any("only the first 50" in note for note in found.notes)
