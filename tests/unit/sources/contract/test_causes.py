"""Candidates are grouped by what is wrong, whatever the operation."""

from __future__ import annotations

from certify.sources.contract.candidates import Candidate, Cause, Sample
from certify.sources.contract.causes import SAMPLES_KEPT, Collector, fingerprint, merge


def a_candidate(
    kind: str, label: str = "GET /a", answer: str = "", url: str = "http://x/a", **detail: str
) -> Candidate:
    return Candidate("check", kind, label, Sample("e-1", "GET", url, answer=answer), detail)


def causes_of(*candidates: Candidate) -> list[Cause]:
    collector = Collector()
    for candidate in candidates:
        collector.add(candidate)
    return merge([collector.causes()])


def test_fifty_operations_with_one_undocumented_status_are_one_cause() -> None:
    found = causes_of(*(a_candidate("UndefinedStatusCode", f"GET /{n}", status="202") for n in range(50)))
    assert len(found) == 1
    assert len(found[0].operations) == 50
    assert len(found[0].samples) == SAMPLES_KEPT


def test_two_undocumented_statuses_are_two_causes() -> None:
    assert len(causes_of(*(a_candidate("UndefinedStatusCode", status=s) for s in ("202", "203")))) == 2


def test_a_member_of_the_wrong_type_is_one_cause_in_an_item_and_in_a_list() -> None:
    item = a_candidate("JsonSchemaError", schema_path="properties/size/type", instance_path="size")
    listed = a_candidate(
        "JsonSchemaError",
        "GET /as",
        schema_path="properties/items/items/properties/size/type",
        instance_path="items/3/size",
    )
    assert fingerprint(item) == fingerprint(listed)


def test_crashes_with_equal_words_are_one_cause_and_others_are_not() -> None:
    first = a_candidate("ServerError", "GET /a", '{"title": "row 17 is gone"}', status="500")
    second = a_candidate("ServerError", "GET /b", '{"title": "row 4711 is gone"}', status="500")
    third = a_candidate("ServerError", "GET /c", '{"title": "no such table"}', status="500")
    assert [len(cause.operations) for cause in causes_of(first, second, third)] == [2, 1]


def test_ways_to_be_invalid_are_one_cause_where_operations_overlap() -> None:
    ways = ("incorrect_type", "missing_required", "above_maximum")
    found = causes_of(*(a_candidate("AcceptedNegativeData", place="body", violation=way) for way in ways))
    assert [cause.detail["violation"] for cause in found] == ["above_maximum, incorrect_type, missing_required"]


def test_body_and_query_are_different_causes() -> None:
    both = (a_candidate("AcceptedNegativeData", place=place, violation="type") for place in ("body", "query"))
    assert len(causes_of(*both)) == 2


def test_operations_that_have_nothing_in_common_stay_apart() -> None:
    one = a_candidate("AcceptedNegativeData", "POST /a", place="body", violation="type")
    other = a_candidate("AcceptedNegativeData", "POST /b", place="body", violation="length")
    assert len(causes_of(one, other)) == 2


def test_the_smallest_sample_of_an_operation_is_kept() -> None:
    big = a_candidate("UndefinedStatusCode", url="http://x/a?q=" + "y" * 90, status="202")
    small = a_candidate("UndefinedStatusCode", url="http://x/a", status="202")
    (found,) = causes_of(big, small, big)
    assert found.samples["GET /a"].url == "http://x/a"
    assert found.count == 3


def test_causes_of_several_jobs_add_up() -> None:
    one, other = Collector(), Collector()
    one.add(a_candidate("UndefinedStatusCode", "GET /a", status="202"))
    other.add(a_candidate("UndefinedStatusCode", "GET /b", status="202"))
    (found,) = merge([one.causes(), other.causes()])
    assert dict(found.operations) == {"GET /a": 1, "GET /b": 1}


def crash(label: str, answer: str = "Internal Server Error", **detail: str) -> Candidate:
    return a_candidate("ServerError", label, answer, status="500", **detail)


def test_crashes_that_say_nothing_are_one_cause_for_each_resource_only() -> None:
    found = causes_of(crash("POST /a"), crash("GET /a/{id}"), crash("GET /b"))
    assert [sorted(cause.operations) for cause in found] == [["GET /a/{id}", "POST /a"], ["GET /b"]]


def test_what_was_varied_tells_crashes_of_one_operation_apart() -> None:
    one, other = (crash("GET /a", place="query", parameter=name) for name in ("limit", "sort"))
    assert len(causes_of(one, other)) == 2


def test_a_crash_of_every_resource_is_one_cause() -> None:
    assert len(causes_of(*(crash(f"GET /thing{n}") for n in range(5)))) == 1


def test_fields_that_a_validator_names_tell_refusals_apart() -> None:
    answer = '{"detail": [{"type": "missing", "loc": ["body", "%s"], "msg": "Field required"}]}'
    refusals = (a_candidate("RejectedPositiveData", f"POST /{n}", answer % n, status="422") for n in ("isbn", "name"))
    assert len(causes_of(*refusals)) == 2


def test_equal_members_of_different_resources_are_two_causes_and_of_error_bodies_one() -> None:
    def wrong(label: str, status: int) -> Candidate:
        sample = Sample("e-1", "GET", "http://x", status=status)
        return Candidate("check", "JsonSchemaError", label, sample, {"instance_path": "id", "schema_path": "a/type"})

    assert len(causes_of(wrong("GET /a/{id}", 200), wrong("GET /b/{id}", 200))) == 2
    assert len(causes_of(wrong("GET /a/{id}", 400), wrong("GET /b/{id}", 400))) == 1


def test_a_wrong_label_of_an_error_is_not_a_wrong_label_of_a_success() -> None:
    labels = (a_candidate("UndefinedContentType", content_type="text/html", status=s) for s in ("404", "200"))
    assert len(causes_of(*labels)) == 2


def test_an_operation_that_refuses_everything_is_told_once_for_its_resource_and_status() -> None:
    collector = Collector()
    for label, words in (
        ("PUT /a/{id}", "one"),
        ("PUT /a/{id}", "two"),
        ("DELETE /a/{id}", "three"),
        ("PUT /b", "four"),
    ):
        collector.add(a_candidate("RejectedPositiveData", label, words, status="400"))
    never = {"PUT /a/{id}", "DELETE /a/{id}"}
    assert sorted(len(cause.operations) for cause in merge([collector.causes()], never)) == [1, 2]
    assert len(merge([collector.causes()])) == 4
