"""How often the models of one server push each other out of memory. Pure.

Ollama's log tells of some evictions only. That a model leaves because no more of them may be loaded at once is told
with `OLLAMA_DEBUG` alone (`server/sched.go`, 0.9 to 0.33: "max runners achieved"), and what the panel unloads to make
room looks like any other unload: these are counted without a line.
"""

from collections import deque
from collections.abc import Iterable, Mapping

from ollama_panel.core.ollama.incident import THRASH_EVICTIONS, THRASH_WINDOW_S, Incident, Kind
from ollama_panel.core.ollama.memory import MODELS_PER_GPU
from ollama_panel.core.ollama.slog import number


class Evictions:
    """Those of the last ten minutes with the same settings.

    Models are known by their blobs, times are in seconds of any monotonic clock.
    """

    def __init__(self) -> None:
        self._at = deque[float]()
        self._loads = deque[tuple[float, str]]()
        self._resident: dict[str, None] | None = None  # nobody has told yet
        self._told = False

    def said(self, now: float) -> None:
        """Take a line of the log about one; the load that it is for comes after it, or is under way."""
        self._at.append(now)
        self._told = True

    def unloaded(self, model: str, now: float, *, for_another: bool) -> None:
        """Take that the panel unloads a model: one that another model needs the memory of, or that nobody wants."""
        if self._resident is not None:
            self._resident.pop(model, None)
        if for_another:
            self._at.append(now)

    def loaded(self, model: str, now: float, limit: int) -> None:
        """Take that a model is loaded, where no more than `limit` may be: the one that was longest there has left."""
        if self._resident is not None:
            if model not in self._resident and len(self._resident) >= limit:
                del self._resident[next(iter(self._resident))]
                if not self._told:
                    self._at.append(now)
            self._resident[model] = None
        self._told = False
        self._loads.append((now, model))

    def observed(self, models: Iterable[str]) -> None:
        """Take which models the server has loaded."""
        self._resident = dict.fromkeys(models)

    def restarted(self) -> None:
        """Take that the server has started: it has nothing loaded."""
        if self._resident is not None:
            self._resident.clear()

    def forget(self) -> None:
        """Count from now on: other settings may have ended it."""
        self._at.clear()
        self._loads.clear()

    def incident(self, known: Incident | None, now: float) -> Incident | None:
        """Return what to tell, `known` if nothing new: the models of the loads that came with the evictions."""
        while self._at and now - self._at[0] >= THRASH_WINDOW_S:
            self._at.popleft()
        while self._loads and (not self._at or self._loads[0][0] < self._at[0]):
            self._loads.popleft()
        if len(self._at) < THRASH_EVICTIONS:
            return known
        models = tuple(dict.fromkeys(model for _, model in self._loads if model)) or (known.models if known else ())
        since = known.since if known else self._at[0]
        return Incident(Kind.EVICTION_THRASH, since, self._at[-1], models, (), len(self._at), len(self._loads))


def most_loaded(environment: Mapping[str, str], cards: int) -> int:
    """Return how many models a server keeps loaded at once, which has so many cards."""
    return number(environment.get("OLLAMA_MAX_LOADED_MODELS", "")) or MODELS_PER_GPU * max(1, cards)
