"""The candidates that a tuning may try."""

import pytest

from ollama_panel.core.tuning.space import STEPS, Space, dearer
from ollama_panel.core.tuning.trial import Candidate
from tests.core.tuning.tuning_script import facts


def test_the_steps_include_the_slots_of_now() -> None:
    assert Space(Candidate(parallel=5), facts(), less_quality=False).steps == (1, 2, 3, 4, 5, *STEPS[4:])
    assert Space(Candidate(parallel=5), facts(serial=True), less_quality=False).steps == (1,)


def test_a_smaller_cache_is_one_with_fewer_bits_than_that_of_now() -> None:
    for now, types in (("f16", ("f16", "q8_0")), ("q8_0", ("q8_0",)), ("q4_0", ("q4_0",))):
        assert Space(Candidate(cache_type=now), facts(), less_quality=True).cache_types == types
    assert Space(Candidate(), facts(), less_quality=False).cache_types == ("f16",)


def test_batch_sizes_are_larger_than_that_of_now() -> None:
    for now, sizes in ((0, (2048, 1024)), (256, (2048, 1024)), (1024, (2048,)), (4096, ())):
        assert Space(Candidate(batch=now), facts(), less_quality=False).batches == sizes


def test_what_needs_more_than_the_budget_does_not_fit() -> None:
    space = Space(Candidate(), facts(budget=8), less_quality=False)
    assert space.fits(Candidate(workers=2, parallel=4))
    assert not space.fits(Candidate(workers=3, parallel=4))
    assert space.most_workers == 4
    assert Space(Candidate(), facts(budget=3), less_quality=False).most_workers == 3


def test_what_needs_an_unknown_amount_may_fit() -> None:
    space = Space(Candidate(), facts(budget=None), less_quality=False)
    assert space.fits(Candidate(parallel=32))
    assert not space.known(Candidate())


@pytest.mark.parametrize("other", [Candidate(workers=2), Candidate(batch=1024), Candidate(cache_type="q8_0")])
def test_more_workers_larger_batches_and_smaller_caches_have_a_price(other: Candidate) -> None:
    assert dearer(other, Candidate())
    assert not dearer(Candidate(), other)


def test_the_batch_size_that_ollama_has_by_itself_is_no_dearer() -> None:
    assert not dearer(Candidate(batch=512), Candidate())
