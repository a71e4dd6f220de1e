"""The state machine of a model at an instance, as a transition table; only `Fleet.advance` changes the state."""

from collections.abc import Mapping
from enum import Enum, auto


class ModelState(Enum):
    """UNLOADING lasts from our `Unload` of a model to its confirmation."""

    __hash__ = object.__hash__  # Enum's own is written in Python, and every dispatch uses it

    COLD = auto()
    LOADING = auto()
    WARM = auto()
    UNLOADING = auto()


class ModelEvent(Enum):
    """What happens to a model at an instance.

    DISPATCHED: a request was sent there, which loads a cold model. ABANDONED: no request waits for the load any more.
    RELOADING: the model was unloaded, and requests in flight make Ollama load it again. FAILED: its runner has died.
    LOST: the instance is down. OVERDUE: an unload was not confirmed in time.
    """

    __hash__ = object.__hash__  # as for ModelState

    DISPATCHED = auto()
    LOADED = auto()
    ABANDONED = auto()
    UNLOAD = auto()
    UNLOADED = auto()
    RELOADING = auto()
    FAILED = auto()
    LOST = auto()
    OVERDUE = auto()


COLD, LOADING, WARM, UNLOADING = ModelState
DISPATCHED, LOADED, ABANDONED, FAILED = (
    ModelEvent.DISPATCHED,
    ModelEvent.LOADED,
    ModelEvent.ABANDONED,
    ModelEvent.FAILED,
)
"""What every request needs has a name of its own: in Python 3.11 a look-up in an Enum class costs ten times as much."""

_TABLE: Mapping[tuple[ModelState, ModelEvent], ModelState] = {
    (ModelState.COLD, ModelEvent.DISPATCHED): ModelState.LOADING,
    (ModelState.LOADING, ModelEvent.ABANDONED): ModelState.COLD,
    (ModelState.WARM, ModelEvent.UNLOAD): ModelState.UNLOADING,
    (ModelState.WARM, ModelEvent.UNLOADED): ModelState.COLD,
    (ModelState.WARM, ModelEvent.RELOADING): ModelState.LOADING,
    (ModelState.UNLOADING, ModelEvent.UNLOADED): ModelState.COLD,
    (ModelState.UNLOADING, ModelEvent.RELOADING): ModelState.LOADING,
    (ModelState.UNLOADING, ModelEvent.OVERDUE): ModelState.COLD,
    **{(state, ModelEvent.LOADED): ModelState.WARM for state in ModelState},
    **{(state, event): ModelState.COLD for state in ModelState for event in (ModelEvent.FAILED, ModelEvent.LOST)},
}


def step(state: ModelState, event: ModelEvent) -> ModelState:
    """Return the state after `event`; an event that is not in the table for `state` changes nothing."""
    return _TABLE.get((state, event), state)
