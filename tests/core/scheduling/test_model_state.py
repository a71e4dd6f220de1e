"""The state machine of a model, and its use by the fleet: one load at a time, and none at an instance that is down."""

import itertools

import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling.fleet import Fleet
from ollama_panel.core.scheduling.instances import Copy
from ollama_panel.core.scheduling.messages import InstanceUp
from ollama_panel.core.scheduling.model_state import ModelEvent, ModelState, step
from tests.core.scheduling.script import LLAMA

COLD, LOADING, WARM, UNLOADING = ModelState


@pytest.mark.parametrize(
    ("before", "event", "after"),
    [
        (COLD, ModelEvent.DISPATCHED, LOADING),
        (LOADING, ModelEvent.DISPATCHED, LOADING),
        (WARM, ModelEvent.DISPATCHED, WARM),
        (LOADING, ModelEvent.LOADED, WARM),
        (COLD, ModelEvent.LOADED, WARM),
        (LOADING, ModelEvent.ABANDONED, COLD),
        (WARM, ModelEvent.ABANDONED, WARM),
        (WARM, ModelEvent.UNLOAD, UNLOADING),
        (LOADING, ModelEvent.UNLOAD, LOADING),
        (UNLOADING, ModelEvent.UNLOADED, COLD),
        (LOADING, ModelEvent.UNLOADED, LOADING),
        (WARM, ModelEvent.RELOADING, LOADING),
        (UNLOADING, ModelEvent.OVERDUE, COLD),
        (WARM, ModelEvent.OVERDUE, WARM),
        (WARM, ModelEvent.FAILED, COLD),
        (LOADING, ModelEvent.LOST, COLD),
    ],
)
def test_what_happens_to_a_model_changes_its_state(before, event, after):
    assert step(before, event) is after


def test_every_event_can_change_something_and_every_state_is_reached_and_left():
    moves = {(before, step(before, event)) for before, event in itertools.product(ModelState, ModelEvent)}
    changes = {(before, after) for before, after in moves if before is not after}
    assert {before for before, _ in changes} == {after for _, after in changes} == set(ModelState)
    for event in ModelEvent:
        assert any(step(before, event) is not before for before in ModelState), event


def two() -> tuple[Fleet, Copy, Copy]:
    fleet = Fleet()
    instance = fleet.up(InstanceUp("chat-1", "chat", Role.CHAT, "http://x", 2), 0)
    return fleet, instance.copy(LLAMA), instance.copy(ModelName("b:1"))


def test_the_fleet_knows_which_model_is_being_loaded():
    fleet, one, other = two()
    fleet.advance(one, ModelEvent.DISPATCHED, 1)
    assert fleet.loading is one
    fleet.advance(other, ModelEvent.LOADED, 2)
    assert fleet.loading is one
    fleet.advance(one, ModelEvent.LOADED, 3)
    assert (fleet.loading, one.warm_since, other.warm_since) == (None, 3, 2)


@pytest.mark.parametrize("event", [ModelEvent.ABANDONED, ModelEvent.FAILED, ModelEvent.LOST])
def test_a_load_that_ends_otherwise_lets_the_next_begin(event):
    fleet, one, _ = two()
    fleet.advance(one, ModelEvent.DISPATCHED, 1)
    fleet.advance(one, event, 2)
    assert fleet.loading is None


def test_an_instance_that_goes_down_loads_nothing_any_more():
    fleet, one, _ = two()
    fleet.advance(one, ModelEvent.DISPATCHED, 1)
    fleet.down("chat-1", removed=False, now=2)
    assert (fleet.loading, one.state) == (None, COLD)


def test_the_times_of_changes_are_kept_and_not_those_of_repetitions():
    fleet, one, _ = two()
    fleet.advance(one, ModelEvent.LOADED, 1)
    fleet.advance(one, ModelEvent.LOADED, 2)
    fleet.advance(one, ModelEvent.UNLOAD, 3)
    fleet.advance(one, ModelEvent.UNLOAD, 4)
    assert (one.warm_since, one.unload_sent_at, one.load_failed_at) == (1, 3, -1)
    fleet.advance(one, ModelEvent.FAILED, 5)
    assert one.load_failed_at == 5
