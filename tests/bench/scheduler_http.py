"""The same clients twice: in virtual time, and over HTTP through the real proxy to simulated servers at 20 x speed.

`python tests/bench/scheduler_http.py [--rounds N] [--seconds N]` prints, for a chat under a flood and for conversations
on four instances, how long direct Ollama (several instances: a round robin), one plain queue and the panel let people
wait for their first token, in simulated seconds. Both columns have the same seeds, pauses and, to the byte, the same
bodies, which the simulated Ollama's own code reads. Rounds are pairs: of two contenders one is quicker when the
bootstrap 95 % interval of the ratio of their waits, round by round, leaves out 1 and the ratio is 5 % off at least;
else they are even. The columns agree on a pair when both say the same of it, or when one finds it even and its interval
overlaps the other's. Over HTTP the panel believes that it has a machine that is twenty times as fast.
"""

import argparse
import asyncio
import itertools
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from math import exp, log
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import msgspec
from typing_extensions import override

sys.path.insert(0, str(Path(__file__).parents[2]))

from ollama_panel.core.records import LoadOptions
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.lab.contenders import Direct, Panel, PlainQueue, is_chat
from ollama_panel.lab.experiments import CHAT, first_token_s, same
from ollama_panel.lab.simulation import Simulation
from ollama_panel.lab.statistics import interval, mean
from ollama_panel.lab.workload import SECOND, Chat, Client, Flood, PlannedRequest
from ollama_panel.sim.http.inference_request import of_chat
from ollama_panel.sim.machine.catalog import KNOWN
from ollama_panel.sim.machine.service_time import PROFILES
from ollama_panel.sim.machine.work import InstanceOptions
from tests.bench.wire import Wire, session
from tests.fakes.small_panel import SmallPanel, Worker
from tests.sim.serving import child

SPEED = 20
MACHINE = "m4-max"
CONTEXT = 8192
EVEN = 0.05
"""A difference of less is none: a millisecond that the way through a proxy takes counts for twenty here."""
SETTLED_S = 30
"""Who came earlier met models that were still being loaded."""
PLAIN = Policy(reserved_slots=0, max_preemptions=0, batch_share=0.0, prefix_affinity=False, chat_memory_us=0)
NAMES = ("direct", "one queue", "panel")
PROFILE = PROFILES[MACHINE]


class Case(msgspec.Struct, frozen=True):
    """A workload by seed, and the instances that it meets."""

    title: str
    clients: Callable[[int], list[Client]]
    instances: int
    slots: int


def flooded(seed: int) -> list[Client]:
    chat = Chat("ui", CHAT, seed, system=8, opening=300, turns=1, output=(100, 20, 40, 160), pause_s=(4.0, 4.0))
    return [chat, Flood("flood", CHAT, seed, 8, prompt=1000, shared=0, output=100)]


def talking(seed: int) -> list[Client]:
    return [
        Chat(
            f"user-{number}",
            CHAT,
            100 * seed + number,
            system=600,
            opening=200,
            shared="app",
            turns=8,
            output=(120, 40, 30, 300),
            writes=(40, 300),
            pause_s=(1.0, 14.0),
            start_s=1.5 * number,
        )
        for number in range(7)
    ]


CASES = (
    Case("a chat under a flood", flooded, instances=1, slots=4),
    Case("conversations on four instances", talking, instances=4, slots=1),
)


class Bodies:
    """Turns requests into bodies: a message of n tokens has 4 n - 16 characters, an answer is what the model said."""

    def __init__(self) -> None:
        self.answers: dict[int, str] = {}

    def of(self, planned: PlannedRequest) -> tuple[dict[str, Any], str]:
        """Return the body, and what will be answered."""
        messages = [self._message(*part, first=not at) for at, part in enumerate(planned.prompt)]
        body = {"model": planned.model, "messages": messages, "options": {"num_predict": planned.output}}
        answer = self.answers[planned.reply] = of_chat(body).reply(KNOWN[planned.model]).text
        return body, answer

    def _message(self, name: int, tokens: int, *, first: bool) -> dict[str, str]:
        if name in self.answers:
            return {"role": "assistant", "content": self.answers[name]}
        mark = f"{name:08x} "
        text = (mark * (tokens * 4 // len(mark) + 1))[: 4 * max(1, tokens - 4)]
        return {"role": "system" if first else "user", "content": text}


class SimulationOfBodies(Simulation):
    """The laboratory's simulation, where instances get what the simulated server reads in a request's body."""

    bodies: Bodies

    @override
    def submit(self, instance: str, planned: PlannedRequest, options: LoadOptions | None = None) -> None:
        told = of_chat(self.bodies.of(planned)[0])
        model = KNOWN[planned.model]
        work = told.work(planned.id, model, told.reply(model), None)
        self.machine.submit(instance, msgspec.structs.replace(work, options=options or planned.options), self.now)


def in_virtual_time(case: Case, name: str, seed: int, until_s: float) -> list[PlannedRequest]:
    """Return what became of the requests in the laboratory."""
    contender = {"direct": Direct(), "one queue": PlainQueue(case.slots), "panel": Panel()}[name]
    simulation = SimulationOfBodies(PROFILE, KNOWN, contender, same(case.instances, case.slots, CONTEXT))
    simulation.bodies = Bodies()
    return simulation.run(case.clients(seed), round(until_s * SECOND)).requests


class CheckedWire(Wire):
    """Sends the same bodies to simulated servers, which must answer as they would in the laboratory."""

    def __init__(self, http: aiohttp.ClientSession, urls: Sequence[str], tasks: asyncio.TaskGroup, name: str) -> None:
        super().__init__(http, urls, tasks, SPEED)
        self._plain = name == "one queue"
        self._bodies = Bodies()
        self._expected: dict[str, str] = {}

    @override
    def body(self, planned: PlannedRequest) -> dict[str, Any]:
        body, self._expected[planned.id] = self._bodies.of(planned)
        return body

    @override
    def headers(self, planned: PlannedRequest) -> dict[str, str]:
        return {"X-Client-ID": "all", "X-Queue-Priority": "interactive"} if self._plain else super().headers(planned)

    @override
    def said(self, planned: PlannedRequest, text: str) -> None:
        assert text == self._expected.pop(planned.id), "the simulated model said something else"


async def over_http(case: Case, name: str, seed: int, until_s: float) -> list[PlannedRequest]:
    """Return what became of the requests when they went over HTTP."""
    options: InstanceOptions = next(iter(same(1, case.slots, CONTEXT).values()))
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        environment = {
            "OLLAMA_NUM_PARALLEL": str(options.parallel),
            "OLLAMA_CONTEXT_LENGTH": str(options.context_length),
            "LLAMA_ARG_CACHE_RAM": str(options.cache_bytes // 1024**2),
            "OLLAMA_SIM_SPEED": str(SPEED),
            "OLLAMA_SIM_PROFILE": MACHINE,
            "OLLAMA_SIM_GPU": folder,
        }
        urls = [(await stack.enter_async_context(child(**environment))).url for _ in range(case.instances)]
        if name != "direct":
            workers = [Worker(url, parallel=case.slots) for url in urls]
            panel = SmallPanel(*workers, policy=PLAIN if name == "one queue" else Policy())
            urls = [(await stack.enter_async_context(panel)).url]
        http = await stack.enter_async_context(session())
        async with asyncio.TaskGroup() as tasks:
            wire = CheckedWire(http, urls, tasks, name)
            await wire.run(case.clients(seed), until_s / SPEED)
        return wire.requests


def wait_s(requests: Sequence[PlannedRequest], until_s: float) -> float:
    """Return people's mean wait; who still waits at the end has waited until then."""
    end = round(until_s * SECOND)
    people = (
        planned for planned in requests if is_chat(planned) and SETTLED_S * SECOND < planned.arrived < end - 10 * SECOND
    )
    return mean(first_token_s(people, end))


class Ratio(msgspec.Struct, frozen=True):
    """The waits at one contender over those at another: geometric mean over rounds, and its interval."""

    middle: float
    low: float
    high: float

    @property
    def sign(self) -> str:
        """Return whether the first is quicker (<), slower (>) or even (=)."""
        if abs(self.middle - 1) < EVEN:
            return "="
        return "<" if self.high < 1 else ">" if self.low > 1 else "="

    def agrees(self, other: "Ratio") -> bool:
        """Return whether two columns agree on a pair."""
        overlap = self.low <= other.high and other.low <= self.high
        return self.sign == other.sign or ("=" in (self.sign, other.sign) and overlap)

    @override
    def __str__(self) -> str:
        return f"{self.sign} {self.middle:.2f} [{self.low:.2f}, {self.high:.2f}]"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    logs = [log(one / other) for one, other in zip(ours, theirs, strict=True)]
    low, high = interval(logs)
    return Ratio(exp(mean(logs)), exp(low), exp(high))


def compare(case: Case, rounds: int, until_s: float) -> bool:
    """Print one case, and return whether its columns agree on every pair of contenders."""
    print(f"{case.title}: mean wait for the first token, simulated s ({rounds} rounds)")
    print(f"{'':28}{'virtual':>26}{'HTTP':>26}")
    virtual: dict[str, list[float]] = {}
    real: dict[str, list[float]] = {}
    for name in NAMES:
        seeds = range(1, rounds + 1)
        virtual[name] = [wait_s(in_virtual_time(case, name, seed, until_s), until_s) for seed in seeds]
        real[name] = [wait_s(asyncio.run(over_http(case, name, seed, until_s)), until_s) for seed in seeds]
        shown = (f"{mean(one[name]):.2f} [{min(one[name]):.2f}, {max(one[name]):.2f}]" for one in (virtual, real))
        print(f"  {name:26}" + "".join(f"{text:>26}" for text in shown), flush=True)
    alike = True
    for one, other in itertools.combinations(NAMES, 2):
        said, heard = (ratio(column[one], column[other]) for column in (virtual, real))
        alike &= said.agrees(heard)
        print(f"  {one + ' : ' + other:26}{said!s:>26}{heard!s:>26}{'' if said.agrees(heard) else '   they disagree'}")
    return alike


def main() -> int:
    """Run all cases; return 0 when both columns order the contenders alike."""
    parser = argparse.ArgumentParser(description="The laboratory against the real proxy.")
    parser.add_argument("--rounds", type=int, default=5, help="how often, each with a seed of its own")
    parser.add_argument("--seconds", type=float, default=30.0, help="real seconds of each run over HTTP")
    arguments = parser.parse_args()
    alike = [compare(case, arguments.rounds, arguments.seconds * SPEED) for case in CASES]
    print("The columns order the contenders alike." if all(alike) else "The columns disagree.")
    return 0 if all(alike) else 1


if __name__ == "__main__":
    raise SystemExit(main())
