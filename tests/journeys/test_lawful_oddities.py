"""What is lawful and unusual is never blamed: dozens of variants of an honest API, and not one check fails.

The API is ``tests/second_api``; each variant says why it is lawful, and which checks could take offence.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.second_api.trying import NOT_THEIRS, Tried, try_on
from tests.second_api.variants import LIMITS, Variant, all_variants

pytestmark = pytest.mark.slow
ABREAST = 8
"""A trial mostly waits: for a repetition a second later, for connections of their own, for the store to settle."""
VARIANTS = all_variants()
LONGEST = ("slow", "reads-lag")


def last_to_end(variant: Variant) -> int:
    """What takes long begins first, so that nobody waits for one trial alone in the end."""
    return 0 if variant.name in LONGEST else 1 if LIMITS[0] in variant.checks else 2


@pytest.fixture(scope="module")
def trials() -> Iterator[dict[str, Future[Tried]]]:
    def tried(variant: Variant) -> Tried:
        return try_on(variant.apply, checks=variant.checks, edit=variant.edit, contract=variant.contract)

    with ThreadPoolExecutor(ABREAST) as pool:
        yield {variant.name: pool.submit(tried, variant) for variant in sorted(VARIANTS, key=last_to_end)}


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_what_is_lawful_is_not_blamed(trials: dict[str, Future[Tried]], variant: Variant) -> None:
    tried = trials[variant.name].result()
    undecided = {name for name, result in tried.results.items() if result.status != "passed"}

    assert tried.failed() == set(), f"{variant.lawful}\n{tried.told()}"
    assert set(variant.undecided) <= undecided, tried.told()
    assert {name for name in undecided - NOT_THEIRS if not variant.leaves_open(name)} == set(), tried.told()
