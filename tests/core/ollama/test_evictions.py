import pytest

from ollama_panel.core.ollama.evictions import Evictions, most_loaded
from ollama_panel.core.ollama.incident import THRASH_WINDOW_S, Incident


def contest(evictions: Evictions, loads: int, begin: float = 100.0) -> Incident | None:
    """Let two models take turns where only one may be loaded, and return what is to be told."""
    found = None
    for number in range(loads):
        now = begin + number
        evictions.loaded("ab"[number % 2], now, limit=1)
        found = evictions.incident(found, now)
    return found


def test_models_that_take_turns_push_each_other_out_without_a_line_in_the_log() -> None:
    evictions = Evictions()
    evictions.observed([])
    assert contest(evictions, loads=3) is None, "the first takes nobody's place, so that these are two"
    found = contest(evictions, loads=4, begin=110.0)
    assert found is not None
    assert (set(found.models), found.times) == ({"a", "b"}, 5)


def test_what_the_log_has_said_of_a_load_is_not_counted_again() -> None:
    evictions = Evictions()
    evictions.observed(["a"])
    for now in (1.0, 2.0, 3.0):
        evictions.said(now)
        evictions.loaded(f"model-{now}", now, limit=1)
    found = evictions.incident(None, 3.0)
    assert found is not None
    assert found.times == 3


def test_an_unload_that_nobody_needs_is_none_and_a_restart_leaves_nobody_to_evict() -> None:
    evictions = Evictions()
    evictions.observed(["a"])
    evictions.unloaded("a", 1.0, for_another=False)
    evictions.loaded("b", 2.0, limit=1)
    evictions.restarted()
    evictions.loaded("c", 3.0, limit=1)
    evictions.unloaded("c", 4.0, for_another=True)
    evictions.unloaded("d", 5.0, for_another=True)
    assert evictions.incident(None, 5.0) is None
    evictions.unloaded("e", 6.0, for_another=True)
    assert evictions.incident(None, 6.0) is not None


def test_evictions_of_ten_minutes_ago_are_forgotten() -> None:
    evictions = Evictions()
    for now in (1.0, 2.0):
        evictions.said(now)
    evictions.said(THRASH_WINDOW_S + 1.5)
    assert evictions.incident(None, THRASH_WINDOW_S + 1.5) is None


@pytest.mark.parametrize(("asked", "cards", "most"), [("", 1, 3), ("", 2, 6), ("0", 0, 3), ("1", 4, 1), ("x", 1, 3)])
def test_a_server_keeps_three_models_for_each_card_unless_it_is_told(asked: str, cards: int, most: int) -> None:
    assert most_loaded({"OLLAMA_MAX_LOADED_MODELS": asked}, cards) == most
