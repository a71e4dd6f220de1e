"""How long each client wants a model to stay loaded: the longest wish goes out with every request.

Ollama lets the last request decide for all clients (`server/sched.go` `useLoadedRunner`, v0.32).
"""

from dataclasses import dataclass, field
from math import inf

from ollama_panel.core.ids import ClientId, ModelName
from ollama_panel.core.records import Job

KEEP_ALIVES_KEPT = 64
KEEP_ALIVE_S = 300.0
"""Ollama's own keep-alive, and how long a client counts as a user of a model."""


@dataclass(slots=True)
class KeepAlives:
    """The wishes of the clients of each model: seconds, and when they were last sent."""

    wishes: dict[ModelName, dict[ClientId, tuple[float, int]]] = field(default_factory=dict)

    def replacement(self, job: Job, now: int) -> str | None:
        """Return the value that replaces a request's `keep_alive`, or None if that may stay.

        It stays unless another recent client of the model asked for a longer one. A request that only unloads the model
        (`ollama stop`) is passed on as it is.
        """
        if job.unloads:
            self.wishes.pop(job.model, None)
            return None
        wishes = self.wishes.setdefault(job.model, {})
        own = KEEP_ALIVE_S if job.keep_alive_s is None else job.keep_alive_s if job.keep_alive_s >= 0 else inf
        wishes.pop(job.client, None)
        wishes[job.client] = own, now
        while len(wishes) > KEEP_ALIVES_KEPT:
            del wishes[next(iter(wishes))]
        if job.keep_alive_s is None:
            return None
        longest = max(seconds for seconds, at in wishes.values() if now - at < KEEP_ALIVE_S * 1e6)
        if own >= longest:
            return None
        return "-1s" if longest == inf else f"{longest:.0f}s"
