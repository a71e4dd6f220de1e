"""The clients of a workload: bursts, chats, batch floods, GraphRAG jobs, and requests for several models.

A workload is a set of clients. An open-loop client sends at given times, a closed-loop one sends its next request when
the last has ended. All randomness comes from seeds that belong to the client, not to the run, so that every contender
meets identical clients. Times are in microseconds, lengths in tokens.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Protocol
from zlib import crc32

from ollama_panel.core.records import LoadOptions, RequestClass
from ollama_panel.sim.machine.work import Segment

SECOND = 1_000_000
GRAIN = 128
AS_LOADED = LoadOptions()


@dataclass(slots=True, eq=False)
class PlannedRequest:
    """One request and what became of it.

    `prompt` has its messages, each with an identity, so that caches can match them; `reply` is the identity of the
    answer. `patience`: the client gives up when it has received nothing for so long, None = never. The simulation sets
    the fields from `arrived` on.
    """

    id: str
    client: str
    request_class: RequestClass
    model: str
    prompt: tuple[Segment, ...] = ()
    output: int = 1
    reply: int = 0
    items: tuple[int, ...] = ()
    options: LoadOptions = AS_LOADED
    turns: tuple[int, ...] = ()
    patience: int | None = None
    reusable: int = 0
    arrived: int = 0
    heard: int = 0
    first: int | None = None
    done: int | None = None
    cached: int = 0
    output_us: int = 0
    failure: str = ""
    pieces: int = 0

    @property
    def tokens(self) -> int:
        """Return the number of prompt tokens, or of tokens to embed."""
        return sum(length for _, length in self.prompt) + sum(self.items)

    @property
    def ended(self) -> bool:
        """Return whether it was answered or failed."""
        return self.done is not None or bool(self.failure)


class Environment(Protocol):
    """What a client acts on: the time, and a way to send requests."""

    now: int

    def send(self, planned: PlannedRequest, then: Callable[[PlannedRequest], None] | None = None) -> None:
        """Send a request; `then` is called when it has ended, with or without success."""
        ...

    def later(self, delay: int, call: Callable[[], None]) -> None:
        """Call `call` after `delay`."""
        ...


class Client(Protocol):
    """A person or a program that sends requests."""

    def begin(self, environment: Environment) -> None:
        """Start at time 0."""
        ...


def identity(*parts: object) -> int:
    """Return a number that stands for the text that `parts` name."""
    return crc32(repr(parts).encode())


def grains(prompt: Iterable[Segment]) -> tuple[Segment, ...]:
    """Split messages into segments of at most `GRAIN` tokens, so that a cache can keep the part that was read."""
    cut: list[Segment] = []
    for name, length in prompt:
        cut += [(identity(name, start), min(GRAIN, length - start)) for start in range(0, length, GRAIN)]
    return tuple(cut)


def chain(prompt: Iterable[Segment]) -> tuple[int, ...]:
    """Return the rolling hash after each segment, as the proxy computes it from messages."""
    turns: list[int] = []
    last = 0
    for segment in prompt:
        last = identity(last, segment[0])
        turns.append(last)
    return tuple(turns)


def spread(random: Random, middle: float, deviation: float, low: int, high: int) -> int:
    """Return a normally distributed length within limits."""
    return max(low, min(high, round(random.gauss(middle, deviation))))


@dataclass
class Burst:
    """`count` clients that all send a request at time 0."""

    count: int
    model: str
    prompt: int = 400
    output: int = 150
    patience: int | None = None
    seed: int = 1

    def begin(self, environment: Environment) -> None:
        """Send all requests."""
        random = Random(self.seed)
        for number in range(self.count):
            prompt = round(self.prompt * random.uniform(0.9, 1.1))
            environment.send(
                PlannedRequest(
                    f"burst-{number}",
                    f"user-{number}",
                    RequestClass.INTERACTIVE,
                    self.model,
                    ((identity("burst", number), prompt),),
                    round(self.output * random.uniform(0.9, 1.1)),
                    patience=self.patience,
                )
            )


@dataclass
class Chat:
    """One person who reads, thinks and writes the next message; a new conversation begins after some turns."""

    name: str
    model: str
    seed: int
    system: int = 200
    opening: int = 300
    shared: str = "chat"
    turns: int = 6
    output: tuple[int, int, int, int] = (180, 50, 40, 400)
    writes: tuple[int, int] = (30, 250)
    pause_s: tuple[float, float] = (4.0, 12.0)
    start_s: float = 5.0
    _random: Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)

    def begin(self, environment: Environment) -> None:
        """Start the first conversation."""
        environment.later(round(self.start_s * SECOND), lambda: self._open(environment, 0))

    def _open(self, environment: Environment, conversation: int) -> None:
        key = (self.name, conversation)
        prompt = ((identity(self.shared, "system"), self.system), (identity(*key, 0), self.opening))
        self._say(environment, key, 0, prompt, self.system)

    def _say(
        self, environment: Environment, key: tuple[str, int], turn: int, prompt: tuple[Segment, ...], reusable: int
    ) -> None:
        output = spread(self._random, *self.output)
        planned = PlannedRequest(
            f"{self.name}-{key[1]}-{turn}",
            self.name,
            RequestClass.INTERACTIVE,
            self.model,
            prompt,
            output,
            reply=identity(*key, turn, "answer"),
            turns=chain(prompt),
            reusable=reusable if turn else 0,
        )
        environment.send(planned, lambda planned: self._think(environment, key, turn, planned))

    def _think(self, environment: Environment, key: tuple[str, int], turn: int, planned: PlannedRequest) -> None:
        least, mean = self.pause_s
        pause = round((least + self._random.expovariate(1 / mean)) * SECOND)
        if turn + 1 >= self.turns:
            environment.later(pause, lambda: self._open(environment, key[1] + 1))
            return
        more = self._random.randint(*self.writes)
        prompt = (*planned.prompt, (planned.reply, planned.output), (identity(*key, turn + 1), more))
        environment.later(pause, lambda: self._say(environment, key, turn + 1, prompt, planned.tokens + planned.output))


@dataclass
class Flood:
    """A program with `outstanding` requests in flight at all times, such as an indexing job or a test run."""

    name: str
    model: str
    seed: int
    outstanding: int = 64
    prompt: int = 2100
    shared: int = 900
    output: int = 400
    jitter: float = 0.2
    prompt_jitter: float = 0.1
    request_class: RequestClass = RequestClass.BATCH
    heavy_tail: bool = False
    patience: int | None = None
    total: int | None = None
    _random: Random = field(init=False)
    _sent: int = 0

    def __post_init__(self) -> None:
        self._random = Random(self.seed)

    def begin(self, environment: Environment) -> None:
        """Send the first requests."""
        for _ in range(self.outstanding):
            self._next(environment)

    def _next(self, environment: Environment) -> None:
        if self.total is not None and self._sent >= self.total:
            return
        self._sent += 1
        prompt, output = self._lengths()
        own = max(1, prompt - self.shared)
        pieces = ((identity(self.name, "shared"), self.shared),) if self.shared else ()
        planned = PlannedRequest(
            f"{self.name}-{self._sent}",
            self.name,
            self.request_class,
            self.model,
            (*pieces, (identity(self.name, self._sent), own)),
            output,
            patience=self.patience,
        )
        environment.send(planned, lambda _: self._next(environment))

    def _lengths(self) -> tuple[int, int]:
        random = self._random
        if self.heavy_tail:
            output = min(1200, max(20, round(random.lognormvariate(5.2, 0.8))))
            return max(50, round(random.lognormvariate(6, 0.6))), output
        prompt = round(self.prompt * random.uniform(1 - self.prompt_jitter, 1 + self.prompt_jitter))
        return prompt, max(1, round(self.output * random.uniform(1 - self.jitter, 1 + self.jitter)))


@dataclass
class Mix:
    """Requests of many people at `rate` a second (Poisson); `shares` are the weights of the models."""

    rate: float
    shares: Mapping[str, float]
    seed: int
    until: int
    contexts: tuple[int | None, ...] = (None,)
    prompt: tuple[int, int] = (200, 1200)
    output: tuple[int, int] = (60, 300)

    def begin(self, environment: Environment) -> None:
        """Schedule all arrivals."""
        random, at, number = Random(self.seed), 0.0, 0
        while (at := at + random.expovariate(self.rate)) * SECOND < self.until:
            number += 1
            planned = self._planned(random, number)
            environment.later(round(at * SECOND), partial(environment.send, planned))

    def _planned(self, random: Random, number: int) -> PlannedRequest:
        model = random.choices(list(self.shares), list(self.shares.values()))[0]
        context = random.choice(self.contexts)
        prompt, output = random.randint(*self.prompt), random.randint(*self.output)
        return PlannedRequest(
            f"mix-{number}",
            f"{model}-user-{context or 0}",
            RequestClass.INTERACTIVE,
            model,
            ((identity("mix", number), prompt),),
            output,
            options=LoadOptions(num_ctx=context),
        )


@dataclass
class GraphRag:
    """An indexing job as FastGraphRAG runs it: it extracts from every chunk, then embeds all entities; patience 180 s.

    Its client keeps `outstanding` requests in flight and starts the embeddings when all chats have ended.
    """

    model: str
    embedder: str
    seed: int
    chunks: int = 120
    outstanding: int = 16
    items: int = 16
    patience: int | None = 180 * SECOND
    finished: int | None = None

    def begin(self, environment: Environment) -> None:
        """Start the extraction."""
        random = Random(self.seed)
        requests = [
            PlannedRequest(
                f"chunk-{number}",
                "graphrag",
                RequestClass.BATCH,
                self.model,
                ((identity("graphrag"), 900), (identity("chunk", number), random.randint(1100, 1300))),
                random.randint(320, 480),
                patience=self.patience,
            )
            for number in range(self.chunks)
        ]
        self._work_off(environment, requests, lambda: self.embed(environment))

    def embed(self, environment: Environment) -> None:
        """Start the embeddings of the entities."""
        requests = [
            PlannedRequest(
                f"embed-{number}",
                "graphrag",
                RequestClass.EMBEDDING,
                self.embedder,
                items=(256,) * self.items,
                patience=self.patience,
            )
            for number in range(self.chunks)
        ]
        self._work_off(environment, requests, lambda: self._finish(environment))

    def _finish(self, environment: Environment) -> None:
        self.finished = environment.now

    def _work_off(self, environment: Environment, requests: list[PlannedRequest], then: Callable[[], None]) -> None:
        left = len(requests)
        todo = iter(requests)

        def ended(_: PlannedRequest) -> None:
            nonlocal left
            left -= 1
            if left:
                send()
            else:
                then()

        def send() -> None:
            planned = next(todo, None)
            if planned is not None:
                environment.send(planned, ended)

        for _ in range(self.outstanding):
            send()
