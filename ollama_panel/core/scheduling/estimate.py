"""Estimates of how long requests and loads take, learned from finished requests.

Times are in microseconds. All are exponentially weighted moving averages: short memory, no tuning, deterministic.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from math import exp

from ollama_panel.core.ids import ClientId, ModelName
from ollama_panel.core.latest import keep_latest
from ollama_panel.core.records import Job, Usage
from ollama_panel.core.scheduling.ticket import Ticket
from ollama_panel.core.scheduling.times import ModelTimes, ewma

PRIOR_OUTPUT = 200.0
"""Output tokens that a request of an unknown client is taken to have."""
RATE_SPAN_US = 60_000_000.0
"""Time constant of the arrival rate: older arrivals hardly count."""
CLIENTS_KEPT = 4096
PRIOR_RATIO = 1.5
"""Tokens for each four bytes of a body, until it was measured: more than English (1) and source code (1.3) have."""
RATIO_MARGIN = 1.1
BODY_WITHOUT_PICTURES = 1 << 20
USUAL_ANSWER = 256
UNCUT_SHARE = 0.45
"""A prompt of a smaller share of the context was not cut: Ollama cuts to half or more (`core.ollama.truncation`)."""
LOAD_NOTED_NS = 500_000_000
"""A shorter load time is that of a model that was resident already."""


@dataclass(slots=True)
class Estimates:
    """The learned values by model and by client."""

    models: dict[ModelName, ModelTimes] = field(default_factory=dict)
    outputs: OrderedDict[tuple[ClientId, ModelName], float] = field(default_factory=OrderedDict)
    ratios: OrderedDict[tuple[ClientId, ModelName], float] = field(default_factory=OrderedDict)
    loads: dict[ModelName, float] = field(default_factory=dict)
    rates: dict[ModelName, tuple[float, int]] = field(default_factory=dict)

    def arrived(self, model: ModelName, now: int) -> None:
        """Count an arrival in the rate of a model."""
        self.rates[model] = self.rate(model, now) + 1e6 / RATE_SPAN_US, now

    def rate(self, model: ModelName, now: int) -> float:
        """Return the recent rate of arrivals in requests per second."""
        rate, at = self.rates.get(model, (0.0, now))
        return rate * exp((at - now) / RATE_SPAN_US)

    def of(self, model: ModelName) -> ModelTimes:
        """Return the times of a model, created if it is new."""
        times = self.models.get(model)
        if times is None:
            times = self.models[model] = ModelTimes()
        return times

    def output(self, ticket: Ticket) -> float:
        """Return the expected number of output tokens."""
        learned = self.outputs.get((ticket.job.client, ticket.job.model), PRIOR_OUTPUT)
        limit = ticket.job.max_tokens
        return learned if limit is None else min(learned, float(limit))

    def context(self, job: Job) -> int:
        """Return the tokens that a prompt and its answer probably have, 0 if the body says too little of that.

        Pictures make a body long and a prompt not: without a measured ratio a long body says nothing.
        """
        ratio = self.ratios.get((job.client, job.model))
        if ratio is None and job.body_bytes > BODY_WITHOUT_PICTURES:
            return 0
        answer = job.max_tokens if job.max_tokens is not None else USUAL_ANSWER
        return round(job.prompt_tokens * (PRIOR_RATIO if ratio is None else RATIO_MARGIN * ratio)) + answer

    def learn_ratio(self, job: Job, prompt_tokens: int, context: int | None) -> None:
        """Learn how many tokens a prompt had for each estimated one, unless it may have been cut."""
        if context is None or prompt_tokens > UNCUT_SHARE * context or not job.prompt_tokens:
            return
        key = job.client, job.model
        keep_latest(self.ratios, key, ewma(self.ratios.get(key), prompt_tokens / job.prompt_tokens), CLIENTS_KEPT)

    def cost(self, ticket: Ticket, batch: int, cached: int) -> int:
        """Return the expected GPU time of a request in a batch of `batch`, without a prefill of `cached` tokens."""
        return self.of(ticket.job.model).cost(max(0, ticket.job.prompt_tokens - cached), self.output(ticket), batch)

    def learn(self, ticket: Ticket, usage: Usage, batch: int, now: int) -> int:
        """Learn from a finished request; return the GPU time that it really took."""
        job, began = ticket.job, ticket.dispatched
        times = self.of(job.model)
        times.hold = ewma(times.hold, float(now - began))
        first = ticket.first_byte if ticket.first_byte is not None else now
        output = usage.output_tokens if usage.output_tokens is not None else ticket.tokens
        prompt = usage.prompt_tokens if usage.prompt_tokens is not None else job.prompt_tokens
        prefill = usage.prompt_ns / 1000 if usage.prompt_ns is not None else float(first - began)
        decoding = usage.output_ns / 1000 if usage.output_ns is not None else float(now - first)
        uncached = times.learn_prefill(ticket, prefill, prompt)
        times.learn_step(ticket, batch, decoding, output)
        if usage.load_ns is not None and usage.load_ns > LOAD_NOTED_NS:
            self.loads[job.model] = ewma(self.loads.get(job.model), usage.load_ns / 1000)
        key = job.client, job.model
        keep_latest(self.outputs, key, ewma(self.outputs.get(key), float(output)), CLIENTS_KEPT)
        return times.cost(uncached, output, batch)

    def forget(self, model: ModelName) -> None:
        """Forget the times of a model."""
        self.models.pop(model, None)
        self.loads.pop(model, None)
        self.rates.pop(model, None)

    def wait(self, model: ModelName, ahead: int, slots: int) -> int | None:
        """Return the expected wait behind `ahead` requests with `slots` slots, or None if nothing was measured yet."""
        hold = self.of(model).hold
        return None if hold is None or not slots else round(ahead * hold / slots)
