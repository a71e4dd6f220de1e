"""How long each client wants a model to stay loaded: the longest wish goes out with every request.

Ollama lets the last request decide for all clients (`server/sched.go` `useLoadedRunner`, v0.32), and forgets what was
asked for when it unloads the model.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from math import ceil, inf

from ollama_panel.core.ids import ClientId, ModelName
from ollama_panel.core.ollama.durations import LONGEST_S
from ollama_panel.core.records import Job

KEEP_ALIVES_KEPT = 64
KEEP_ALIVE_S = 300.0
"""Ollama's default for requests that ask for nothing (`envconfig/config.go` `KeepAlive`, v0.32)."""


@dataclass(slots=True)
class KeepAlives:
    """The wishes of the clients of each model: seconds (inf = for ever), and when the client last used the model.

    A wish holds for as long as it says, from the end of its client's last request. A request without one leaves its
    client's wish as it is, as in Ollama.
    """

    wishes: dict[ModelName, dict[ClientId, tuple[float, int]]] = field(default_factory=dict)

    def replacement(
        self, job: Job, now: int, default_s: float = KEEP_ALIVE_S, running: Collection[ClientId] = ()
    ) -> str | None:
        """Return the value that replaces a request's `keep_alive`, or None if that may stay: no other wish is longer.

        `default_s` is the wish of a request that has none, negative = for ever. `running` are the clients that use the
        model now.
        """
        wishes = self.wishes.setdefault(job.model, {})
        sent = _seconds(default_s if job.keep_alive_s is None else job.keep_alive_s)
        own = wishes.get(job.client)
        lasting = own is not None and (now < _end(*own) or job.client in running)
        wishes[job.client] = own[0] if own and lasting and job.keep_alive_s is None else sent, now
        if len(wishes) > KEEP_ALIVES_KEPT:
            del wishes[min(wishes, key=lambda client: _end(*wishes[client]))]
        if max(wishes.values())[0] <= sent:  # whether they are valid or not
            return None
        valid = (wish[0] for client, wish in wishes.items() if now < _end(*wish) or client in running)
        longest = max(valid, default=0.0)
        if longest <= sent:
            return None
        return "-1s" if longest == inf else f"{min(ceil(longest), int(LONGEST_S))}s"

    def ended(self, job: Job, now: int) -> None:
        """Record the end of a request: from here on its client's wish counts."""
        wishes = self.wishes.get(job.model, {})
        if job.client in wishes:
            wishes[job.client] = wishes[job.client][0], now

    def forget(self, model: ModelName) -> None:
        """Forget all wishes for a model, which was stopped."""
        self.wishes.pop(model, None)


def _seconds(keep_alive_s: float) -> float:
    return keep_alive_s if keep_alive_s >= 0 else inf


def _end(seconds: float, used: int) -> float:
    return used + seconds * 1e6
