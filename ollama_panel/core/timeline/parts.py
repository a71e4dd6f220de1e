"""The parts of a request's time, from its own times and from what Ollama counts. Pure; seconds, None = unknown."""

import msgspec

from ollama_panel.core.records import Usage

_NOTHING = Usage()


class Times(msgspec.Struct, frozen=True, gc=False):
    """When something happened to a request, None = not (yet).

    `loading`: it had to load its model, which was in memory at `loaded`, as far as the instance has said so. `stream`:
    its answer is a stream, else its first byte comes with its last.
    """

    arrived: float
    dispatched: float | None
    loaded: float | None
    first_byte: float | None
    finished: float | None
    loading: bool
    stream: bool


class Parts(msgspec.Struct, frozen=True, gc=False):
    """The parts: in the queue, the load of the model, the reading of the prompt, the answer, and two more.

    `inside_s` is what Ollama took beside these three, mostly a queue of its own. `proxy_s` is what Ollama does not
    account for: the panel, and the ways to and from it, which a client that reads slowly makes long.
    """

    queue_s: float | None = None
    load_s: float | None = None
    prompt_s: float | None = None
    answer_s: float | None = None
    inside_s: float | None = None
    proxy_s: float | None = None


def parts_of(times: Times, usage: Usage | None) -> Parts:
    """Return the parts, by Ollama's counters where it has told them, else by the clock."""
    if times.dispatched is None:
        return Parts()
    counted = usage or _NOTHING
    load, prompt, answer = _seconds(counted.load_ns), _seconds(counted.prompt_ns), _seconds(counted.output_ns)
    total, first = _seconds(counted.total_ns), times.first_byte if times.stream else None
    if load is None:
        load = _load(times)
    if prompt is None and first is not None and load is not None:
        prompt = max(0.0, first - times.dispatched - load)
    if answer is None and first is not None and times.finished is not None:
        answer = times.finished - first
    inside = proxy = None
    if total is not None and load is not None and prompt is not None and answer is not None:
        inside = max(0.0, total - (load + prompt + answer))
    if total is not None and times.finished is not None:
        proxy = max(0.0, times.finished - times.dispatched - total)
    return Parts(times.dispatched - times.arrived, load, prompt, answer, inside, proxy)


def _load(times: Times) -> float | None:
    if not times.loading:
        return 0.0
    if times.loaded is None or times.dispatched is None:
        return None
    return times.loaded - times.dispatched


def _seconds(ns: int | None) -> float | None:
    return None if ns is None else ns / 1e9
