"""Coding agents: loops of a model that calls tools, whose prompt grows with every step."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from ollama_panel.core.records import RequestClass
from ollama_panel.lab.workload import SECOND, Environment, PlannedRequest, chain, identity
from ollama_panel.sim.machine.work import Segment


@dataclass
class Agent:
    """One agent: short answers, tools that take some time, and sometimes helpers that continue from its prompt.

    A task begins with `start` tokens, `instructions` of them the same for all agents, and ends above `limit`. A tool's
    result has `grows` tokens. With the probability `splits`, a step sends requests for two or three helpers at once,
    each with the whole prompt and a question of its own, and waits for all of them.
    """

    name: str
    model: str
    seed: int
    start: int = 8000
    instructions: int = 4000
    grows: tuple[int, int] = (300, 2500)
    limit: int = 60_000
    splits: float = 0.2
    pause_s: tuple[float, float] = (0.2, 3.0)
    _random: Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)

    def begin(self, environment: Environment) -> None:
        """Start the first task."""
        environment.later(self._random.randint(0, 5 * SECOND), lambda: self._task(environment, 0))

    def _task(self, environment: Environment, task: int) -> None:
        own = (identity(self.name, task), self.start - self.instructions)
        self._step(environment, (task, 0), ((identity("agent"), self.instructions), own), 0)

    def _planned(self, key: tuple[int, ...], prompt: tuple[Segment, ...], reusable: int) -> PlannedRequest:
        return PlannedRequest(
            "-".join(map(str, (self.name, *key))),
            self.name,
            RequestClass.INTERACTIVE,
            self.model,
            prompt,
            self._random.randint(40, 160),
            reply=identity(self.name, *key, "answer"),
            turns=chain(prompt),
            reusable=reusable,
        )

    def _step(self, environment: Environment, key: tuple[int, int], prompt: tuple[Segment, ...], reusable: int) -> None:
        environment.send(self._planned(key, prompt, reusable), lambda planned: self._act(environment, key, planned))

    def _act(self, environment: Environment, key: tuple[int, int], planned: PlannedRequest) -> None:
        task, step = key
        pause = round(self._random.uniform(*self.pause_s) * SECOND)
        if planned.tokens > self.limit:
            environment.later(pause, lambda: self._task(environment, task + 1))
            return
        said, reusable = (*planned.prompt, (planned.reply, planned.output)), planned.tokens + planned.output

        def go_on(*results: Segment) -> None:
            self._step(environment, (task, step + 1), (*said, *results), reusable)

        if self._random.random() < self.splits:
            environment.later(pause, lambda: self._split(environment, key, said, reusable, go_on))
        else:
            result = (identity(self.name, *key, "result"), self._random.randint(*self.grows))
            environment.later(pause, lambda: go_on(result))

    def _split(
        self,
        environment: Environment,
        key: tuple[int, int],
        said: tuple[Segment, ...],
        reusable: int,
        then: Callable[..., None],
    ) -> None:
        helpers = [
            self._planned((*key, number), (*said, (identity(*key, number), self._random.randint(100, 600))), reusable)
            for number in range(self._random.randint(2, 3))
        ]
        left = len(helpers)

        def ended(_: PlannedRequest) -> None:
            nonlocal left
            left -= 1
            if not left:
                then(*((helper.reply, helper.output) for helper in helpers))

        for helper in helpers:
            environment.send(helper, ended)
