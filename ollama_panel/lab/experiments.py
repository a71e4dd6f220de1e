"""The experiments of the laboratory: each takes its conditions and returns named numbers.

Every experiment runs the panel's scheduler and the baselines on identical clients: Ollama itself ("direct"), nginx's
round robin over the same instances, and one plain queue (docs/scheduling.md, section "How to judge a change").
"""

from collections.abc import Iterable, Sequence

from ollama_panel.lab.conditions import Conditions
from ollama_panel.lab.contenders import Direct, Panel, PlainQueue, is_chat
from ollama_panel.lab.simulation import Contender, Simulation
from ollama_panel.lab.statistics import jain, mean, percentile
from ollama_panel.lab.workload import SECOND, Burst, Chat, Client, Flood, PlannedRequest
from ollama_panel.sim.machine.service_time import GIB
from ollama_panel.sim.machine.work import InstanceOptions

CHAT, EMBEDDER = "llama3.1:8b", "nomic-embed-text:latest"
Numbers = dict[str, float]


def same(count: int, parallel: int, context: int = 8192, cache: int = 8 * GIB) -> dict[str, InstanceOptions]:
    """Return `count` equal chat instances with `cache` bytes of prompt cache each."""
    options = InstanceOptions(parallel=parallel, context_length=context, cache_bytes=cache)
    return {f"chat-{number}": options for number in range(1, count + 1)}


def run(
    conditions: Conditions,
    contender: Contender,
    instances: dict[str, InstanceOptions],
    clients: Sequence[Client],
    until_s: float | None,
) -> Simulation:
    """Run clients against a contender."""
    simulation = Simulation(conditions.machine, conditions.models, contender, instances)
    return simulation.run(clients, None if until_s is None else round(until_s * SECOND))


def failed(simulation: Simulation) -> int:
    """Return how many requests failed."""
    return sum(bool(planned.failure) for planned in simulation.requests)


def makespan(simulation: Simulation) -> float:
    """Return the seconds until the last answer."""
    return max((planned.done for planned in simulation.requests if planned.done is not None), default=0) / SECOND


def first_token_s(requests: Iterable[PlannedRequest], end: int) -> list[float]:
    """Return the seconds to the first token of each request; one that still waits counts as served at the end."""
    return [((end if planned.first is None else planned.first) - planned.arrived) / SECOND for planned in requests]


# Burst


def burst(conditions: Conditions) -> Numbers:
    """Send 500 requests at once for a model that is not loaded; the clients leave after 60 to 300 s of silence."""
    numbers: Numbers = {"failures": 0.0, "failures, direct": 0.0, "failures, one queue": 0.0}
    for patience in (60, 120, 180, 300):
        clients = [Burst(500, CHAT, patience=patience * SECOND, seed=conditions.seed)]
        numbers["failures"] += failed(run(conditions, Panel(), same(1, 4, 4096), clients, None))
        numbers["failures, direct"] += failed(run(conditions, Direct(), same(1, 1, 4096), clients, None))
        numbers["failures, one queue"] += failed(run(conditions, PlainQueue(4), same(1, 4, 4096), clients, None))
    return numbers


def great_burst(conditions: Conditions) -> Numbers:
    """Send 10,000 requests at once for a model that is not loaded."""
    clients = [Burst(10_000, CHAT, patience=60 * SECOND, seed=conditions.seed)]
    return {
        "failures": failed(run(conditions, Panel(), same(1, 32, 1024), clients, None)),
        "failures, direct": failed(run(conditions, Direct(), same(1, 1, 1024), clients, None)),
    }


def burst_makespan(conditions: Conditions) -> Numbers:
    """Send 500 requests at once whose clients wait: 32 slots and the panel against Ollama with 1 and with its best."""
    clients = [Burst(500, CHAT, seed=conditions.seed)]
    panel = makespan(run(conditions, Panel(), same(1, 32, 1024), clients, None))
    default = makespan(run(conditions, Direct(), same(1, 1, 1024), clients, None))
    fixed = min(makespan(run(conditions, Direct(), same(1, slots, 1024), clients, None)) for slots in (4, 8, 16, 32))
    return {"speed-up": default / panel, "share of the best fixed": fixed / panel}


# Chat under flood


CHAT_END_S = 1800


def _chatter(seed: int) -> Chat:
    return Chat("ui", CHAT, seed)


def _flood(seed: int) -> Flood:
    return Flood("graphrag", CHAT, seed + 7)


def _of_chat(simulation: Simulation) -> float:
    """Return the 95th percentile of the time to the first token of chats, without the first and the last minute."""
    end = CHAT_END_S * SECOND
    requests = [
        planned
        for planned in simulation.requests
        if is_chat(planned) and 60 * SECOND < planned.arrived < end - 60 * SECOND
    ]
    return percentile(first_token_s(requests, end), 95)


def _batch_tokens(simulation: Simulation) -> float:
    return (
        sum(planned.output for planned in simulation.requests if planned.done is not None and not is_chat(planned))
        / CHAT_END_S
    )


NUM_BATCH = {"rtx-4090": 192, "m4-max": 192, "m4-pro": 256}
"""The tuned batch size: a chat that arrives waits for the step that runs, and the batch limits how long it takes."""
SLOTS = {"rtx-4090": 5, "m4-max": 5, "m4-pro": 6}
"""One slot is reserved, the rest are for the batch; where batching gains nothing, one more makes steps longer."""


def chat_under_flood(conditions: Conditions) -> Numbers:
    """Let one person chat while a program keeps 64 long prompts outstanding."""
    num_batch = NUM_BATCH[conditions.profile]
    slots = SLOTS[conditions.profile]

    def clients(chat: bool, flood: bool) -> list[Client]:
        people: list[Client] = [_chatter(conditions.seed)] if chat else []
        return [*people, _flood(conditions.seed)] if flood else people

    alone = _of_chat(run(conditions, Panel(num_batch=num_batch), same(1, slots), clients(True, False), CHAT_END_S))
    batch = _batch_tokens(run(conditions, Direct(), same(1, 4), clients(False, True), CHAT_END_S))
    numbers: Numbers = {}
    for name, contender, instances in (
        ("panel", Panel(num_batch=num_batch), same(1, slots)),
        ("direct", Direct(), same(1, 4)),
        ("round robin", Direct(), same(2, 2)),
        ("one queue", PlainQueue(4), same(1, 4)),
    ):
        simulation = run(conditions, contender, instances, clients(True, True), CHAT_END_S)
        numbers[f"first token p95 over unloaded, {name}"] = _of_chat(simulation) / alone
        numbers[f"batch kept, {name}"] = _batch_tokens(simulation) / batch
    return numbers


# Fairness

FAIR_END_S = {"rtx-4090": 1200, "m4-max": 1200, "m4-pro": 4800}
"""Seconds; long enough for the plain queue to serve every client."""
FAIR_SLOTS = 4
_TENANTS = {"A": (64, 2100, 400), "B": (6, 500, 150), "C": (6, 1200, 60)}


def _tenants(seed: int) -> list[Client]:
    return [
        Flood(name, CHAT, seed + number, outstanding, prompt, 0, output, 0.4, 0.2)
        for number, (name, (outstanding, prompt, output)) in enumerate(_TENANTS.items())
    ]


def _services(simulation: Simulation, conditions: Conditions) -> dict[str, list[float]]:
    """Return the GPU seconds of every served request by client, from the simulated machine's own service times."""
    service_time = conditions.machine.service_time_for(conditions.models[CHAT].load())
    step = service_time.step(FAIR_SLOTS, 0, FAIR_SLOTS * 1000) / FAIR_SLOTS
    return {
        name: [
            planned.tokens / service_time.rate + planned.output * step
            for planned in simulation.requests
            if planned.client == name and planned.done
        ]
        for name in _TENANTS
    }


def _light_wait(simulation: Simulation) -> float:
    light = (one for one in simulation.requests if one.client in ("B", "C"))
    return mean(first_token_s(light, simulation.now))


def fairness(conditions: Conditions) -> Numbers:
    """Let a client with 64 long requests outstanding compete with two that have six short ones each."""
    panel = run(conditions, Panel(), same(1, FAIR_SLOTS), _tenants(conditions.seed), FAIR_END_S[conditions.profile])
    queue = run(
        conditions,
        PlainQueue(FAIR_SLOTS),
        same(1, FAIR_SLOTS),
        _tenants(conditions.seed),
        FAIR_END_S[conditions.profile],
    )
    shares = {name: sum(costs) for name, costs in _services(panel, conditions).items()}
    largest = max(cost for costs in _services(panel, conditions).values() for cost in costs)
    return {
        "Jain's index": jain(shares.values()),
        "Jain's index, one queue": jain(sum(costs) for costs in _services(queue, conditions).values()),
        "gap in largest requests": (max(shares.values()) - min(shares.values())) / largest,
        "light clients quicker than one queue": _light_wait(queue) / _light_wait(panel),
    }
