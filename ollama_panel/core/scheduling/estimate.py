"""How long things take, learned from finished requests.

Times in microseconds. Everything is a plain exponential average: short memory, no tuning, deterministic.
"""

from dataclasses import dataclass, field
from math import exp

from ollama_panel.core.ids import ClientId, ModelName
from ollama_panel.core.records import Usage
from ollama_panel.core.scheduling.ticket import Ticket
from ollama_panel.core.scheduling.times import ModelTimes, ewma

PRIOR_OUTPUT = 200.0
"""Output tokens of a request of an unknown client."""
RATE_SPAN_US = 60_000_000.0
"""Arrivals older than this hardly count for the rate."""
CLIENTS_KEPT = 4096
LOAD_NOTED_NS = 500_000_000
"""A smaller load time is that of a model that was in memory already."""


@dataclass(slots=True)
class Estimates:
    """What was learned, by model and by client."""

    models: dict[ModelName, ModelTimes] = field(default_factory=dict)
    outputs: dict[tuple[ClientId, ModelName], float] = field(default_factory=dict)
    loads: dict[ModelName, float] = field(default_factory=dict)
    rates: dict[ModelName, tuple[float, int]] = field(default_factory=dict)

    def arrived(self, model: ModelName, now: int) -> None:
        """Count an arrival."""
        self.rates[model] = self.rate(model, now) + 1e6 / RATE_SPAN_US, now

    def rate(self, model: ModelName, now: int) -> float:
        """Return requests per second lately."""
        rate, at = self.rates.get(model, (0.0, now))
        return rate * exp((at - now) / RATE_SPAN_US)

    def of(self, model: ModelName) -> ModelTimes:
        """Return a model's times, made when it is new."""
        times = self.models.get(model)
        if times is None:
            times = self.models[model] = ModelTimes()
        return times

    def output(self, ticket: Ticket) -> float:
        """Return how many tokens the answer will probably have."""
        learned = self.outputs.get((ticket.job.client, ticket.job.model), PRIOR_OUTPUT)
        limit = ticket.job.max_tokens
        return learned if limit is None else min(learned, float(limit))

    def cost(self, ticket: Ticket, batch: int, cached: int) -> int:
        """Return the GPU time a request will take when `batch` run together and `cached` prompt tokens need no work."""
        return self.of(ticket.job.model).cost(max(0, ticket.job.prompt_tokens - cached), self.output(ticket), batch)

    def learn(self, ticket: Ticket, usage: Usage, batch: int, now: int) -> int:
        """Take in a finished request; return the GPU time it really took."""
        times = self.of(ticket.job.model)
        times.hold = ewma(times.hold, float(now - ticket.dispatched))
        first = ticket.first_byte if ticket.first_byte is not None else now
        output = usage.output_tokens if usage.output_tokens is not None else ticket.tokens
        prompt = usage.prompt_tokens if usage.prompt_tokens is not None else ticket.job.prompt_tokens
        prefill = usage.prompt_ns / 1000 if usage.prompt_ns is not None else float(first - ticket.dispatched)
        decoding = usage.output_ns / 1000 if usage.output_ns is not None else float(now - first)
        uncached = times.learn_prefill(ticket, prefill, prompt)
        times.learn_step(ticket, batch, decoding, output)
        if usage.load_ns is not None and usage.load_ns > LOAD_NOTED_NS:
            self.loads[ticket.job.model] = ewma(self.loads.get(ticket.job.model), usage.load_ns / 1000)
        self._learn_output(ticket, output)
        return times.cost(uncached, output, batch)

    def _learn_output(self, ticket: Ticket, output: int) -> None:
        key = ticket.job.client, ticket.job.model
        old = self.outputs.pop(key, None)
        self.outputs[key] = ewma(old, float(output))
        if len(self.outputs) > CLIENTS_KEPT:
            del self.outputs[next(iter(self.outputs))]

    def wait(self, model: ModelName, ahead: int, slots: int) -> int | None:
        """Return the wait behind `ahead` requests when `slots` run at once; None while nothing was seen."""
        hold = self.of(model).hold
        return None if hold is None or not slots else round(ahead * hold / slots)
