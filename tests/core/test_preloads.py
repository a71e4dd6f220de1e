"""Which pinned models are to be loaded now, and what is told of those that cannot be."""

import msgspec

from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.preloads import LONGEST_PAUSE_S, Pin, Preloads
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.snapshot import InstanceRecord

QWEN = ModelName("qwen3:8b")
PIN: Pin = (InstanceId("chat-1"), QWEN)
POOLS = (PoolSettings(PoolName("chat"), preload=("qwen3:8b", "bge-m3", "QWEN3:8b")),)
WHY = notice("models.load_timeout", model=QWEN, seconds=80)


def worker(name: str = "chat-1", phase: Phase = Phase.READY, pid: int = 1, managed: bool = True) -> InstanceRecord:
    return InstanceRecord(InstanceId(name), PoolName("chat"), Role.CHAT, managed, "http://x", phase, pid=pid)


def test_each_worker_that_is_ready_has_the_pins_of_its_pool_in_their_order():
    stopped, adopted = worker("chat-2", Phase.STOPPED), worker("theirs", managed=False)
    found = Preloads().pins([worker(), stopped, adopted, worker("chat-3")], POOLS)
    assert found == [(name, one) for name in ("chat-1", "chat-3") for one in (QWEN, "bge-m3:latest")]


def test_the_pause_after_a_failure_doubles_up_to_ten_minutes():
    preloads, now, pauses = Preloads(), 0.0, []
    preloads.pins([worker()], POOLS)
    for _ in range(9):
        assert preloads.is_due(PIN, now)
        preloads.ended(PIN, WHY, now)
        begun = now
        while not preloads.is_due(PIN, now):
            now += 5.0
        pauses.append(now - begun)
    assert pauses == [5, 10, 20, 40, 80, 160, 320, LONGEST_PAUSE_S, LONGEST_PAUSE_S]


def test_another_process_begins_anew_and_the_same_one_that_is_ready_again_does_not():
    preloads = Preloads()
    preloads.pins([worker()], POOLS)
    preloads.ended(PIN, WHY, 0.0)
    preloads.pins([worker(phase=Phase.BACKOFF)], POOLS)
    preloads.pins([worker()], POOLS)
    assert not preloads.is_due(PIN, 1.0)
    preloads.pins([worker(pid=2)], POOLS)
    assert preloads.is_due(PIN, 1.0)


def test_what_has_changed_is_tried_at_once():
    preloads = Preloads()
    preloads.ended(PIN, WHY, 0.0)
    preloads.soon()
    assert preloads.is_due(PIN, 1.0)


def test_a_model_that_leaves_soon_after_its_load_has_failed_and_one_that_stayed_has_not():
    preloads = Preloads()
    preloads.ended(PIN, None, 100.0)
    assert not preloads.is_due(PIN, 161.0)
    assert preloads.is_due(PIN, 162.0)
    preloads.ended(PIN, None, 200.0)
    assert not preloads.is_due(PIN, 212.0)
    assert not preloads.is_due(PIN, 213.0)
    assert preloads.is_due(PIN, 218.0)
    problem = preloads.problems([PIN], POOLS, frozenset())[0]
    assert "left the memory 12 s after it was loaded" in render(problem.notice)


def test_a_model_that_is_not_there_because_its_process_has_just_ended_has_not_left():
    preloads = Preloads()
    preloads.pins([worker()], POOLS)
    preloads.ended(PIN, None, 100.0)
    assert not preloads.is_due(PIN, 101.0)
    pins = preloads.pins([worker(pid=2)], POOLS)
    assert preloads.is_due(PIN, 102.0)
    assert preloads.problems(pins, POOLS, frozenset()) == ()


def test_a_worker_gets_no_more_of_them_than_it_keeps_loaded():
    preloads, limits = Preloads(), {PoolName("chat"): 1}
    pins = preloads.pins([worker()], POOLS, limits)
    assert pins == [PIN]
    (told,) = preloads.problems(pins, POOLS, frozenset(), limits)
    assert render(told.notice) == (
        "Pinned, but not loaded: bge-m3:latest. A worker of chat may have 1 in memory at once "
        "(OLLAMA_MAX_LOADED_MODELS): unpin some, or set it to 2."
    )
    missing = frozenset({QWEN})
    pins = preloads.pins([worker()], POOLS, limits, missing)
    assert (PIN[0], "bge-m3:latest") in pins
    assert [one.notice.code for one in preloads.problems(pins, POOLS, missing, limits)] == ["models.pinned_missing"]


def test_what_the_user_has_unloaded_waits_for_the_next_process():
    preloads = Preloads()
    preloads.pins([worker()], POOLS)
    preloads.released.add(PIN)
    preloads.pins([worker(phase=Phase.BACKOFF)], POOLS)
    preloads.pins([worker()], POOLS)
    assert not preloads.is_due(PIN, 1.0)
    preloads.pins([worker(pid=2)], POOLS)
    assert preloads.is_due(PIN, 1.0)


def test_a_pin_that_is_let_go_is_forgotten():
    preloads = Preloads()
    preloads.pins([worker()], POOLS)
    preloads.ended(PIN, WHY, 0.0)
    preloads.released.add(PIN)
    preloads.pins([worker()], (msgspec.structs.replace(POOLS[0], preload=()),))
    preloads.pins([worker()], POOLS)
    assert preloads.is_due(PIN, 0.0)


def test_a_failure_is_told_once_for_each_model_until_it_is_loaded():
    preloads = Preloads()
    pins = [PIN, (InstanceId("chat-2"), QWEN)]
    for pin in pins:
        preloads.ended(pin, WHY, 0.0)
    found = preloads.problems(pins, POOLS, frozenset())
    assert [one.where for one in found] == ["pools.chat.preload"]
    assert render(found[0].notice).startswith("qwen3:8b is pinned and not in memory at chat-1: ")
    for pin in pins:
        preloads.ended(pin, None, 1.0)
    assert preloads.problems(pins, POOLS, frozenset()) == ()


def test_a_missing_model_is_told_with_the_command_that_fetches_it():
    told = Preloads().problems([], POOLS, frozenset({QWEN}))
    assert [one.notice.code for one in told] == ["models.pinned_missing"]


def test_nothing_is_kept_of_workers_that_are_gone():
    preloads = Preloads()
    preloads.pins([worker()], POOLS)
    preloads.ended(PIN, WHY, 0.0)
    preloads.released.add(PIN)
    preloads.pins([], POOLS)
    assert preloads == Preloads()
