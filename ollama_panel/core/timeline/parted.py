"""Requests that are sent in parts: to the scheduler each part is a request, to the user all of them are one.

Messages about parts become messages about the whole request, or none. It arrives and is dispatched with its first part,
and ends with its last one. A bad end of a part is its own; of several that of the first part counts.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ollama_panel.core.ids import InstanceId, ModelName, RequestId
from ollama_panel.core.notices import Notice
from ollama_panel.core.records import Job, Usage
from ollama_panel.core.scheduling import messages as say

_NOTHING: tuple[say.Message, ...] = ()


class PartDone(say.Message, frozen=True):
    """So many inputs of a request that is sent in parts are done."""

    id: RequestId
    inputs: int


@dataclass(slots=True, eq=False)
class _Whole:
    """One request: its parts that are open, each with its instance (None while it waits), and what has ended.

    `bad` is the bad end of a part, after its number; `left` why the client was cut off, None = it left.
    """

    job: Job
    count: int
    open: dict[RequestId, InstanceId | None] = field(default_factory=dict)
    numbers: dict[RequestId, tuple[int, int]] = field(default_factory=dict)
    placed: bool = False
    done: int = 0
    inputs: int = 0
    prompt_tokens: int | None = None
    load_ns: int | None = None
    bad: tuple[int, say.Message] | None = None
    cancelled: bool = False
    left: Notice | None = None

    def end(self) -> say.Message | None:
        """Return the end of the request, None while it goes on."""
        if self.open:
            return None
        if self.bad is not None:
            return self.bad[1]
        if self.cancelled:
            return say.Cancelled(self.job.id, why=self.left)
        if self.done == self.count:
            return say.Finished(self.job.id, Usage(prompt_tokens=self.prompt_tokens, load_ns=self.load_ns))
        return None


class Parted:
    """All requests that are sent in parts; `occupied` is told of each slot that a part takes (1) or leaves (-1)."""

    __slots__ = ("_by_part", "_handlers", "_occupied", "_wholes")

    def __init__(self, occupied: Callable[[InstanceId, int], None]) -> None:
        self._occupied = occupied
        self._wholes: dict[RequestId, _Whole] = {}
        self._by_part: dict[RequestId, _Whole] = {}
        self._handlers: dict[type[say.Message], Callable[[_Whole, Any], tuple[say.Message, ...]]] = {
            say.Finished: self._finished,
            say.Failed: self._waits_again,
            say.Preempted: self._waits_again,
            say.Cancelled: self._cancelled,
            say.Dispatch: self._dispatch,
            say.Classed: self._classed,
            say.Reply: self._reply,
        }

    def __bool__(self) -> bool:
        return bool(self._wholes)

    def __contains__(self, request: RequestId) -> bool:
        return request in self._wholes

    def whole_of(self, request: RequestId) -> RequestId:
        """Return the request of which this is a part, else itself."""
        whole = self._by_part.get(request)
        return request if whole is None else whole.job.id

    def models_at(self, instance: InstanceId) -> Iterator[ModelName]:
        """Yield the model of each part in flight at an instance."""
        for whole in self._wholes.values():
            for where in whole.open.values():
                if where == instance:
                    yield whole.job.model

    def translated(self, message: say.Message) -> tuple[say.Message, ...]:
        """Return what a message means for whole requests; messages about other requests stay as they are."""
        if isinstance(message, say.Arrived):
            return self._arrived(message.job)
        request = getattr(message, "id", None)
        whole = self._by_part.get(request) if request is not None else None
        if whole is None:
            if request in self._wholes and isinstance(message, say.Cancelled) and not message.by_user:
                self._forget(self._wholes[request])
            return (message,)
        handler = self._handlers.get(type(message))
        return handler(whole, message) if handler is not None else _NOTHING

    def _arrived(self, job: Job) -> tuple[say.Message, ...]:
        if job.part is None:
            return (say.Arrived(job),)
        whole, new = self._wholes.get(job.part.of), job.part.of not in self._wholes
        if whole is None:
            whole = self._wholes[job.part.of] = _Whole(job.whole, job.part.count)
        whole.open[job.id] = None
        whole.numbers[job.id] = job.part.number, job.items
        self._by_part[job.id] = whole
        return (say.Arrived(whole.job),) if new else _NOTHING

    def _dispatch(self, whole: _Whole, action: say.Dispatch) -> tuple[say.Message, ...]:
        whole.open[action.id] = action.placement.instance
        self._occupied(action.placement.instance, 1)
        if whole.placed:
            return _NOTHING
        whole.placed = True
        return (msgspec.structs.replace(action, id=whole.job.id),)

    def _classed(self, whole: _Whole, action: say.Classed) -> tuple[say.Message, ...]:
        if action.request_class is whole.job.request_class:
            return _NOTHING
        whole.job = msgspec.structs.replace(whole.job, request_class=action.request_class)
        return (msgspec.structs.replace(action, id=whole.job.id),)

    def _waits_again(self, whole: _Whole, event: say.Failed | say.Preempted) -> tuple[say.Message, ...]:
        self._leave(whole, event.id)
        whole.open[event.id] = None
        return _NOTHING

    def _finished(self, whole: _Whole, event: say.Finished) -> tuple[say.Message, ...]:
        number, inputs = self._close(whole, event.id)
        if event.status >= 400:
            self._note(whole, number, msgspec.structs.replace(event, id=whole.job.id))
            return self._over(whole)
        usage = event.usage
        whole.done += 1
        whole.inputs += inputs
        if usage.prompt_tokens is not None:
            whole.prompt_tokens = (whole.prompt_tokens or 0) + usage.prompt_tokens
        if usage.load_ns is not None:
            whole.load_ns = max(whole.load_ns or 0, usage.load_ns)
        return self._over(whole) or (PartDone(whole.job.id, whole.inputs),)

    def _cancelled(self, whole: _Whole, event: say.Cancelled) -> tuple[say.Message, ...]:
        if event.by_user:  # it is answered by a refusal
            return _NOTHING
        self._close(whole, event.id)
        whole.cancelled, whole.left = True, event.why or whole.left
        return self._over(whole)

    def _reply(self, whole: _Whole, action: say.Reply) -> tuple[say.Message, ...]:
        number, _ = self._close(whole, action.id)
        self._note(whole, number, msgspec.structs.replace(action, id=whole.job.id))
        return self._over(whole)

    @staticmethod
    def _note(whole: _Whole, number: int, end: say.Message) -> None:
        if whole.bad is None or number < whole.bad[0]:
            whole.bad = number, end

    def _close(self, whole: _Whole, part: RequestId) -> tuple[int, int]:
        """Take away a part that has ended; return its number and how many inputs it has."""
        self._leave(whole, part)
        del whole.open[part], self._by_part[part]
        return whole.numbers.pop(part)

    def _leave(self, whole: _Whole, part: RequestId) -> None:
        where = whole.open[part]
        if where is not None:
            self._occupied(where, -1)

    def _over(self, whole: _Whole) -> tuple[say.Message, ...]:
        end = whole.end()
        if end is None:
            return _NOTHING
        self._forget(whole)
        return (end,)

    def _forget(self, whole: _Whole) -> None:
        for part in list(whole.open):
            self._close(whole, part)
        self._wholes.pop(whole.job.id, None)
