"""Experiments about memory: prompt caches of several instances, models that do not fit together, load options."""

from collections.abc import Iterable, Mapping

import msgspec

from ollama_panel.lab.agents import Agent
from ollama_panel.lab.conditions import Conditions
from ollama_panel.lab.contenders import Direct, Panel, PlainQueue
from ollama_panel.lab.experiments import CHAT, Numbers, first_token_s, run, same
from ollama_panel.lab.simulation import Contender, Simulation
from ollama_panel.lab.statistics import mean
from ollama_panel.lab.workload import SECOND, Chat, Client, Mix
from ollama_panel.sim.machine.model import Model
from ollama_panel.sim.machine.service_time import GIB, Profile
from ollama_panel.sim.machine.work import InstanceOptions

# Conversations over four instances

PREFIX_END_S = 1800
HALF = 1 * GIB
"""Bytes of prompt cache of an instance; four hold about half of the conversations of twelve people."""


def _people(count: int, seed: int, think_s: float) -> list[Client]:
    return [
        Chat(
            f"user-{number}",
            CHAT,
            seed * 100 + number,
            system=600,
            opening=200,
            shared="app",
            turns=8,
            output=(120, 40, 30, 300),
            writes=(40, 300),
            pause_s=(1.0, think_s),
            start_s=number * 10 / count,
        )
        for number in range(count)
    ]


def _hit(simulation: Simulation) -> float:
    """Return the cached share of those prompt tokens that an earlier turn had read or written."""
    turns = [
        planned
        for planned in simulation.requests
        if planned.reusable and planned.first is not None and planned.arrived > 100 * SECOND
    ]
    return sum(min(planned.cached, planned.reusable) for planned in turns) / sum(planned.reusable for planned in turns)


def _mean_first(simulation: Simulation, since_s: int, end_s: int) -> float:
    requests = (planned for planned in simulation.requests if planned.arrived > since_s * SECOND)
    return mean(first_token_s(requests, end_s * SECOND))


def _prefix(conditions: Conditions, people: int, think_s: float, cache: int) -> Numbers:
    numbers: Numbers = {}
    first: dict[str, float] = {}
    contenders: dict[str, Contender] = {"panel": Panel(), "round robin": Direct(), "one queue": PlainQueue(1)}
    for name, contender in contenders.items():
        simulation = run(
            conditions,
            contender,
            same(4, 1, 16_384, cache=cache),
            _people(people, conditions.seed, think_s),
            PREFIX_END_S,
        )
        first[name] = _mean_first(simulation, 100, PREFIX_END_S)
        numbers[f"reusable tokens cached, {name}"] = _hit(simulation)
    numbers["first token quicker than round robin"] = first["round robin"] / first["panel"]
    numbers["first token quicker than one queue"] = first["one queue"] / first["panel"]
    return numbers


def prefix_fits(conditions: Conditions) -> Numbers:
    """Let six people chat on four instances of one slot: all conversations fit into the caches."""
    return _prefix(conditions, 6, 20.0, 8 * GIB)


def prefix_crowded(conditions: Conditions) -> Numbers:
    """Let twelve people chat: all conversations fit, and the instances are saturated."""
    return _prefix(conditions, 12, 8.0, 8 * GIB)


def prefix_half(conditions: Conditions) -> Numbers:
    """Let twelve people chat with caches that hold about half of their conversations."""
    return _prefix(conditions, 12, 8.0, HALF)


# Coding agents

AGENTS_END_S = 3600
AGENTS = 4
AGENT_SLOTS = 3
AGENT_CONTEXT = 65_536


def agents(conditions: Conditions) -> Numbers:
    """Let four agents with prompts of 8 to 60 thousand tokens share three slots, on one instance or on three."""
    one, three = same(1, AGENT_SLOTS, AGENT_CONTEXT), same(AGENT_SLOTS, 1, AGENT_CONTEXT)
    numbers: Numbers = {}
    steps: dict[str, float] = {}
    first: dict[str, float] = {}
    contenders: dict[str, tuple[Contender, dict[str, InstanceOptions]]] = {
        "panel": (Panel(), three),
        "direct": (Direct(), one),
        "round robin": (Direct(), three),
        "one queue": (PlainQueue(1), three),
    }
    for name, (contender, instances) in contenders.items():
        people = [Agent(f"agent-{number}", CHAT, 100 * conditions.seed + number) for number in range(AGENTS)]
        simulation = run(conditions, contender, instances, people, AGENTS_END_S)
        steps[name] = sum(planned.done is not None for planned in simulation.requests)
        first[name] = _mean_first(simulation, 100, AGENTS_END_S)
        numbers[f"reusable tokens cached, {name}"] = _hit(simulation)
        numbers[f"answers an hour, {name}"] = steps[name]
    for name in ("direct", "round robin", "one queue"):
        numbers[f"answers over {name}"] = steps["panel"] / steps[name]
        numbers[f"first token quicker than {name}"] = first[name] / first["panel"]
    return numbers


# Three models that do not fit together

SWAP_END_S = 3600
SWAP_SLOTS = 4


_SMALL, _LARGE, _MIDDLE = "a:8b", "b:14b", "c:13b"
EQUAL = dict.fromkeys((_SMALL, _LARGE, _MIDDLE), 1 / 3)


def _three(models: Mapping[str, Model]) -> dict[str, Model]:
    """Return three models whose caches take 128, 160 and 160 KiB for each token."""
    chat = models[CHAT]
    return {
        _SMALL: _model(chat, _SMALL, 4_920_753_328, 131_072),
        _LARGE: _model(chat, _LARGE, 9_000_000_000, 163_840),
        _MIDDLE: _model(chat, _MIDDLE, 8_500_000_000, 163_840),
    }


def _model(chat: Model, name: str, size: int, kv: int) -> Model:
    """Return a model as fast as an 8B one whose KV cache takes `kv` bytes a token (layers of eight heads of 128)."""
    active = chat.size / size
    return msgspec.structs.replace(chat, name=name, size=size, active=active, layers=kv // 4096, digest=name)


def _with_memory(machine: Profile, gigabytes: float) -> Profile:
    return msgspec.structs.replace(machine, gpu_bytes=round(gigabytes * 1e9))


def _loads(simulation: Simulation, models: Iterable[str]) -> int:
    return sum(instance.count(model)["loads"] for instance in simulation.machine.instances.values() for model in models)


def _swap(
    conditions: Conditions, models: Mapping[str, Model], shares: Mapping[str, float], rate: float, gigabytes: float
) -> Numbers:
    mix = Mix(rate, shares, conditions.seed, SWAP_END_S * SECOND, contexts=(8192,))
    numbers: Numbers = {}
    loads: dict[str, float] = {}
    first: dict[str, float] = {}
    contenders: dict[str, Contender] = {"panel": Panel(), "direct": Direct(), "one queue": PlainQueue(SWAP_SLOTS)}
    for name, contender in contenders.items():
        simulation = Simulation(_with_memory(conditions.machine, gigabytes), models, contender, same(1, SWAP_SLOTS))
        simulation.run([mix], SWAP_END_S * SECOND)
        served = sum(planned.first is not None for planned in simulation.requests)
        loads[name] = _loads(simulation, models) / max(1, served)
        first[name] = mean(first_token_s(simulation.requests, SWAP_END_S * SECOND))
        numbers[f"served, {name}"] = served / len(simulation.requests)
        numbers[f"loads per 100 served, {name}"] = 100 * loads[name]
        numbers[f"mean first token s, {name}"] = first[name]
    numbers["fewer loads per served than direct"] = loads["direct"] / loads["panel"]
    numbers["first token quicker than direct"] = first["direct"] / first["panel"]
    return numbers


def swap_one_fits(conditions: Conditions) -> Numbers:
    """Send one request a second for three models of which one fits into memory."""
    return _swap(conditions, _three(conditions.models), EQUAL, 1.0, 22)


def swap_two_fit(conditions: Conditions) -> Numbers:
    """Send one request a second for three models of which two fit into memory."""
    return _swap(conditions, _three(conditions.models), EQUAL, 1.0, 36)


def swap_sliding(conditions: Conditions) -> Numbers:
    """Send few requests for gemma3:27b beside an 8B model in 44 GB: 25 and 11 GB, 35 and 11 without sliding windows.

    Ollama loads a second model if it takes at most four fifths of the free memory, so both stay loaded only with the
    windows: any load but the first of each model is unnecessary.
    """
    shares = {CHAT: 0.9, "gemma3:27b": 0.1}
    models = {name: conditions.models[name] for name in shares}
    return _swap(conditions, models, shares, 0.5, 44)


# Clients with different load options


def options_thrash(conditions: Conditions) -> Numbers:
    """Let two clients use one model, one with a context of 8k tokens and one with 16k."""
    mix = Mix(0.3, {CHAT: 1.0}, conditions.seed, SWAP_END_S * SECOND, contexts=(8192, 16_384))
    numbers: Numbers = {}
    contenders: dict[str, Contender] = {"panel": Panel(), "direct": Direct(), "one queue": PlainQueue(SWAP_SLOTS)}
    for name, contender in contenders.items():
        simulation = run(conditions, contender, same(1, SWAP_SLOTS, 8192), [mix], SWAP_END_S)
        numbers[f"loads an hour, {name}"] = float(_loads(simulation, [CHAT]))
        if isinstance(contender, Panel):
            extra = _loads(simulation, [CHAT]) - 1.0 - contender.scheduler.context_switches()
            numbers["loads beyond the first and one per change of context"] = extra
    return numbers
