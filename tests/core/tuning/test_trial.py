"""The settings that a trial measures, as those of a pool."""

from ollama_panel.core.ids import PoolName
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.tuning.trial import Candidate, Estimate


def test_a_pool_gets_the_settings_of_a_candidate_and_keeps_all_others() -> None:
    pool = PoolSettings(PoolName("chat"), context_length=8192, environment={"OLLAMA_DEBUG": "1"})
    wanted = Candidate(workers=2, parallel=8, batch=1024, cache_type="q8_0")
    changed = wanted.applied(pool)
    assert (changed.workers, changed.parallel, changed.batch, changed.context_length) == (2, 8, 1024, 8192)
    assert changed.environment == {
        "OLLAMA_DEBUG": "1",
        "OLLAMA_KV_CACHE_TYPE": "q8_0",
        "OLLAMA_FLASH_ATTENTION": "1",
    }
    assert Candidate.of(changed) == wanted


def test_a_variable_of_the_pool_does_not_win_over_a_candidate() -> None:
    pool = PoolSettings(PoolName("chat"), environment={"OLLAMA_NUM_PARALLEL": "1", "OLLAMA_KV_CACHE_TYPE": "q4_0"})
    assert Candidate(parallel=4).applied(pool).environment == {}


def test_the_candidate_of_now_has_the_slots_that_a_variable_of_the_pool_sets() -> None:
    pool = PoolSettings(PoolName("chat"), parallel=2, environment={"OLLAMA_NUM_PARALLEL": "3"})
    assert Candidate.of(pool).parallel == 3


def test_the_half_width_of_an_interval_is_a_share_of_its_mean() -> None:
    assert Estimate(200.0, 4.0).relative == 0.02
    assert Estimate(200.0).relative is None
    assert Estimate(0.0, 1.0).relative is None
