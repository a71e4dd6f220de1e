"""Stops of a model (`ollama stop`, a request with `keep_alive` 0 and nothing else): every copy of it is unloaded.

Copies that their pools have pinned stay. As in Ollama (`server/sched.go` `expireRunner`, `useLoadedRunner`; v0.32) a
copy goes when it is idle: the requests that run or wait are answered first, and one that comes meanwhile and asks for a
`keep_alive` of its own keeps the model.
"""

from collections.abc import Iterator

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.scheduling.instances import Instance
from ollama_panel.core.scheduling.messages import Unload, UnloadOver
from ollama_panel.core.scheduling.model_state import ModelState
from ollama_panel.core.scheduling.residency import Residency
from ollama_panel.core.scheduling.state import State

_HELD = frozenset({ModelState.LOADING, ModelState.WARM})


class Stops:
    """Carries out stops."""

    __slots__ = ("residency", "state")

    def __init__(self, state: State, residency: Residency) -> None:
        self.state = state
        self.residency = residency

    def stop(self, model: ModelName, arrivals: int) -> None:
        """Stop a model after so many arrivals: unload its copies that are idle, mark the others."""
        self.state.keep_alives.forget(model)
        waits = self._waited_for(model)
        for instance in self._holders(model):
            copy = instance.copies.get(model)
            if model in instance.facts.pinned:
                continue
            if copy is not None and copy.state in _HELD:
                self.state.stopping[copy] = arrivals
            elif not waits and (copy is None or copy.state is ModelState.COLD):
                self.state.actions.append(Unload(instance.id, model))

    def _holders(self, model: ModelName) -> Iterator[Instance]:
        """Yield the instances that may have a model in memory: the last report from them may be a second old."""
        known = model in self.state.fleet.catalog
        for instance in self.state.fleet.instances.values():
            copy, store = instance.copies.get(model), instance.facts.store
            held = copy is not None and copy.state is not ModelState.COLD
            if instance.up and (held or (known and (store is None or model in store))):
                yield instance

    def advance(self, now: int) -> None:
        """Unload the marked copies that are idle now."""
        if self.state.leaving:
            self._advance_leaving(now)
        for copy in tuple(self.state.stopping):
            if copy.state not in _HELD:
                del self.state.stopping[copy]
            elif not copy.running and not self._waited_for(copy.model):
                del self.state.stopping[copy]
                self.residency.unload(copy, now)

    def leave(self, instance: InstanceId, model: ModelName) -> None:
        """Have one copy unloaded, pinned or not, once its requests have ended; it gets no further ones until then."""
        one = self.state.fleet.instances.get(instance)
        copy = one.copies.get(model) if one is not None else None
        if copy is None:
            self.state.actions.append(UnloadOver(instance, model))
            return
        copy.draining = copy.state in _HELD
        self.state.leaving.add(copy)

    def _advance_leaving(self, now: int) -> None:
        for copy in tuple(self.state.leaving):
            if copy.state is ModelState.WARM and not copy.running:
                copy.draining = False
                self.residency.unload(copy, now)
            elif copy.state is ModelState.COLD:
                copy.draining = False
                self.state.leaving.discard(copy)
                self.state.actions.append(UnloadOver(copy.instance.id, copy.model))

    def _waited_for(self, model: ModelName) -> bool:
        return any(ticket.job.model == model for ticket in self.state.queue.tickets.values())
