"""The finished requests since the panel started, as Prometheus counts them: histograms of times, tokens, refusals.

The bounds are those of vLLM (`vllm/v1/metrics/loggers.py` at 005a810: `time_to_first_token_seconds`,
`time_per_output_token_seconds`, and `request_latency_buckets` for the queue and the whole), so that its dashboards and
alerts carry over; about every second one, because each is a line for each pool, model and class at every scrape, and
0.005 s in both short ones, because small models on a GPU take less than 10 ms for a token.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple

from ollama_panel.core.history.records import FinishedRequest
from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.records import RequestClass
from ollama_panel.core.snapshot import RequestState

MOST_MODELS = 20
"""How many models have a name of their own, in the order in which they finish a request first."""

OTHER = ModelName("other")
"""The name of all further ones."""

_LONG = (0.3, 0.8, 1.5, 2.5, 5.0, 10.0, 20.0, 40.0, 60.0, 120.0, 240.0, 480.0, 960.0, 1920.0)


class Labels(NamedTuple):
    """What a count is about; `model` is a name, or `OTHER`."""

    pool: PoolName
    model: ModelName
    request_class: RequestClass


BOUNDS: Mapping[str, tuple[float, ...]] = {
    "queue_s": (0.01, 0.1, *_LONG),
    "first_token_s": (0.005, 0.01, 0.02, 0.04, 0.08, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 640.0),
    "token_s": (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0),
    "total_s": (0.1, *_LONG),
}
"""The upper bounds of the histograms in seconds, by the fields of `FinishedRequest`."""


class Histogram:
    """How many values are not above each bound, and their sum."""

    __slots__ = ("_bounds", "_counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        """Add a value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self.total += value

    def cumulative(self) -> list[int]:
        """Return the number of values up to each bound, and last that of all."""
        return list(accumulate(self._counts))


class RequestStatistics:
    """The counts; `observe` adds a request. Names of clients are no labels: there may be any number of them.

    `errors` are those of the panel's own that the proxy has sent, by code; it counts them itself.
    """

    def __init__(self) -> None:
        self.histograms: dict[str, dict[Labels, Histogram]] = {field: {} for field in BOUNDS}
        self.prompt_tokens = Counter[Labels]()
        self.output_tokens = Counter[Labels]()
        self.refused = Counter[tuple[str, PoolName, RequestClass]]()
        self.errors = Counter[str]()
        self._models = set[ModelName]()

    def observe(self, request: FinishedRequest) -> None:
        """Count a request. One that was not served has no times: how long it waited in vain is in the history."""
        if request.state is RequestState.REFUSED:
            self.refused[request.code, request.pool, request.request_class] += 1
        if request.state is not RequestState.DONE:
            return
        labels = Labels(request.pool, self._model(request.model), request.request_class)
        for field, seconds in self._times(request):
            known = self.histograms[field]
            histogram = known.get(labels)
            if histogram is None:
                histogram = known[labels] = Histogram(BOUNDS[field])
            histogram.add(max(0.0, seconds))
        self.prompt_tokens[labels] += request.prompt_tokens or 0
        self.output_tokens[labels] += request.output_tokens or 0

    @staticmethod
    def _times(request: FinishedRequest) -> Iterator[tuple[str, float]]:
        for field in BOUNDS:
            seconds = getattr(request, field)
            if seconds is not None:
                yield field, seconds

    def _model(self, name: ModelName) -> ModelName:
        if name not in self._models and len(self._models) < MOST_MODELS:
            self._models.add(name)
        return name if name in self._models else OTHER
