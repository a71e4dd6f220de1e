"""The requests of a comparison and when they come: those of a recording, or drawn from a seed.

A recording has names, lengths, hashes and times but no content, so the texts are made up. They are the same on both
sides, and those of a conversation begin alike, as far as the recorded ones did.
"""

from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Any

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.api import EMBEDDING_ACTIONS, classify
from ollama_panel.core.records import Job, RequestClass
from ollama_panel.core.scheduling import messages as say
from ollama_panel.core.scheduling.event_log import Step
from ollama_panel.core.tuning.prompts import ASK, Calibration
from ollama_panel.core.tuning.seeded import words
from ollama_panel.core.tuning.workload import Workload

UNKNOWN_OUTPUT = 200
"""The number of tokens of an answer that never ended, of which a recording has no count."""
_TEXTS = frozenset(("chat", "generate", "responses"))
"""The actions that are sent as chats."""


class Arrival(msgspec.Struct, frozen=True):
    """A request that comes `at` seconds after the first one; lengths are tokens.

    `parts` are its messages, or the inputs of an embedding: the name of each text, and its length. `answer` is the
    length of what is generated, 0 for an embedding.
    """

    at: float
    client: str
    request_class: RequestClass
    model: ModelName
    parts: tuple[tuple[str, int], ...]
    answer: int = 0
    num_ctx: int | None = None

    @property
    def embeds(self) -> bool:
        """Whether it is an embedding."""
        return not self.answer

    @property
    def path(self) -> str:
        """Where it is sent: whatever dialect it had, to Ollama's own API."""
        return "/api/embed" if self.embeds else "/api/chat"

    def body(self, unique: str, calibration: Calibration) -> bytes:
        """Return the body; `unique` names the run, so that no cache has its texts from another one."""
        options: dict[str, Any] = {"num_ctx": self.num_ctx} if self.num_ctx else {}
        lengths = [length for _, length in self.parts]
        if not self.embeds:
            lengths[-1] -= round(calibration.overhead)
        counts = map(calibration.words, lengths)
        texts = [words(count, unique, name) for count, (name, _) in zip(counts, self.parts, strict=True)]
        request: dict[str, Any] = {"model": self.model}
        if self.embeds:
            request["input"] = texts
        else:
            roles = ("user", "assistant")
            texts[-1] += ASK
            request["messages"] = [
                {"role": roles[(len(texts) - 1 - place) % 2], "content": text} for place, text in enumerate(texts)
            ]
            request["stream"] = True
            options |= {"num_predict": self.answer, "seed": 1, "stop": []}
        return msgspec.json.encode(request | ({"options": options} if options else {}))


def drawn(workload: Workload, model: ModelName, number: int, rate: float, seed: int) -> tuple[Arrival, ...]:
    """Return so many requests that come at random (a Poisson process), `rate` a second on average."""
    random, at, arrivals = Random(seed), 0.0, list[Arrival]()
    for place in range(number):
        planned = workload.planned(place)
        named = [(f"{place} {item}", planned.prompt) for item in range(max(1, workload.items))]
        shared = [("shared", workload.shared), ("shared answer", 1)] if workload.shared else []
        request_class = RequestClass.EMBEDDING if workload.items else RequestClass.INTERACTIVE
        arrivals.append(Arrival(at, "", request_class, model, (*shared, *named), planned.answer))
        at += random.expovariate(rate)
    return tuple(arrivals)


def recorded(steps: Iterable[Step], model: ModelName | None = None) -> tuple[Arrival, ...]:
    """Return the requests of a recording at their times, all for `model` if that is given."""
    jobs, outputs = list[tuple[int, Job]](), dict[str, int]()
    for step in steps:
        if isinstance(step.event, say.Arrived):
            if not step.event.job.follows:
                jobs.append((step.at, step.event.job.whole))
        elif isinstance(step.event, say.Finished) and step.event.usage.output_tokens is not None:
            outputs[step.event.id] = step.event.usage.output_tokens
    first = jobs[0][0] if jobs else 0
    timed = (((at - first) / 1e6, job, outputs.get(job.id)) for at, job in jobs)
    return tuple(_arrivals(timed, model))


def busiest(arrivals: Sequence[Arrival], number: int) -> tuple[Arrival, ...]:
    """Return so many consecutive requests that came within the shortest time, all if there are no more."""
    if len(arrivals) <= number:
        return tuple(arrivals)
    starts = range(len(arrivals) - number + 1)
    best = min(starts, key=lambda start: arrivals[start + number - 1].at - arrivals[start].at)
    chosen = arrivals[best : best + number]
    return tuple(msgspec.structs.replace(one, at=one.at - chosen[0].at) for one in chosen)


def _arrivals(jobs: Iterable[tuple[float, Job, int | None]], model: ModelName | None) -> Iterator[Arrival]:
    """Yield the requests that generate or embed text."""
    for at, job, output in jobs:
        action = classify("POST", job.path).action
        embeds = action in EMBEDDING_ACTIONS
        if not embeds and action not in _TEXTS:
            continue
        names = [str(turn) for turn in job.turns] or [job.id]
        if embeds:
            names = [f"{job.id} {item}" for item in range(job.items)]
        each, rest = divmod(max(len(names), job.prompt_tokens), len(names))
        parts = tuple((name, each + (rest if place == 0 else 0)) for place, name in enumerate(names))
        answer = 0 if embeds else max(1, UNKNOWN_OUTPUT if output is None else output)
        yield Arrival(at, job.client, job.request_class, model or job.model, parts, answer, job.options.num_ctx)
