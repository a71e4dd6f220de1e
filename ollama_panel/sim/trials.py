"""The experiments of the laboratory: each takes a profile and a seed and returns named numbers.

They follow the scheduling study's section 12. Every experiment runs the panel's brain and the baselines on identical clients: Ollama
itself ("direct"), nginx's round robin over the same instances, and one plain queue.
"""

from collections.abc import Iterable, Sequence
from math import ceil, nan

from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.scheduling.messages import Policy
from ollama_panel.sim.arena import Arena, Front
from ollama_panel.sim.catalog import KNOWN
from ollama_panel.sim.fronts import Direct, Panel, PlainQueue, is_chat
from ollama_panel.sim.law import PROFILES
from ollama_panel.sim.work import InstanceOptions
from ollama_panel.sim.workload import SECOND, Ask, Burst, Chat, Client, Flood, GraphRag

CHAT, EMBEDDER = "llama3.1:8b", "nomic-embed-text:latest"
Numbers = dict[str, float]


def percentile(values: Iterable[float], percent: float) -> float:
    """Return the nearest-rank percentile, NaN of nothing."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, ceil(percent / 100 * len(ranked)) - 1)] if ranked else nan


def mean(values: Iterable[float]) -> float:
    """Return the mean, NaN of nothing."""
    known = list(values)
    return sum(known) / len(known) if known else nan


def same(count: int, parallel: int, context: int = 8192, **more: int) -> dict[str, InstanceOptions]:
    """Return `count` equal chat instances."""
    options = InstanceOptions(parallel=parallel, context_length=context, **more)
    return {f"chat-{number}": options for number in range(1, count + 1)}


def run(
    profile: str, front: Front, instances: dict[str, InstanceOptions], clients: Sequence[Client], until_s: float | None
) -> Arena:
    """Run clients against a front on a profile."""
    arena = Arena(PROFILES[profile], KNOWN, front, instances)
    return arena.run(clients, None if until_s is None else round(until_s * SECOND))


def failed(arena: Arena) -> int:
    """Return how many requests failed."""
    return sum(bool(ask.failure) for ask in arena.asks)


def makespan(arena: Arena) -> float:
    """Return seconds until the last answer."""
    return max((ask.done for ask in arena.asks if ask.done is not None), default=0) / SECOND


def first_token_s(asks: Iterable[Ask], end: int) -> list[float]:
    """Return seconds to the first token; who is still waiting counts as served at the end."""
    return [((end if ask.first is None else ask.first) - ask.arrived) / SECOND for ask in asks]


# Burst


def burst(profile: str, seed: int) -> Numbers:
    """500 at once for a warm and a cold model, whose clients leave after 60 to 300 s of silence."""
    numbers: Numbers = {"failures": 0.0, "failures, direct": 0.0, "failures, one queue": 0.0}
    for patience in (60, 120, 180, 300):
        clients = [Burst(500, CHAT, patience=patience * SECOND, seed=seed)]
        numbers["failures"] += failed(run(profile, Panel(), same(1, 4, 4096), clients, None))
        numbers["failures, direct"] += failed(run(profile, Direct(), same(1, 1, 4096), clients, None))
        numbers["failures, one queue"] += failed(run(profile, PlainQueue(4), same(1, 4, 4096), clients, None))
    return numbers


def great_burst(profile: str, seed: int) -> Numbers:
    """10,000 at once for a cold model."""
    clients = [Burst(10_000, CHAT, patience=60 * SECOND, seed=seed)]
    return {
        "failures": failed(run(profile, Panel(), same(1, 32, 1024), clients, None)),
        "failures, direct": failed(run(profile, Direct(), same(1, 1, 1024), clients, None)),
    }


def burst_makespan(profile: str, seed: int) -> Numbers:
    """500 at once, nobody leaves: the panel with the tuned 32 slots against Ollama's default of one, and against its best."""
    clients = [Burst(500, CHAT, seed=seed)]
    panel = makespan(run(profile, Panel(), same(1, 32, 1024), clients, None))
    default = makespan(run(profile, Direct(), same(1, 1, 1024), clients, None))
    fixed = min(makespan(run(profile, Direct(), same(1, slots, 1024), clients, None)) for slots in (4, 8, 16, 32))
    return {"speed-up": default / panel, "share of the best fixed": fixed / panel}


# Chat under flood


CHAT_END_S = 1800


def _chatter(seed: int) -> Chat:
    return Chat("ui", CHAT, seed)


def _flood(seed: int, outstanding: int = 64) -> Flood:
    return Flood("graphrag", CHAT, seed + 7, outstanding=outstanding)


def _of_chat(arena: Arena) -> float:
    """95th percentile of the first token of chats, without the first and last minute."""
    end = CHAT_END_S * SECOND
    asks = [ask for ask in arena.asks if is_chat(ask) and 60 * SECOND < ask.arrived < end - 60 * SECOND]
    return percentile(first_token_s(asks, end), 95)


def _batch_tokens(arena: Arena) -> float:
    return sum(ask.output for ask in arena.asks if ask.done is not None and not is_chat(ask)) / CHAT_END_S


NUM_BATCH = {"rtx-4090": 128, "m4-max": 256, "m4-pro": 256}
"""The tuned batch: a chat that arrives waits for the step under way, and this bounds it."""


def chat_under_flood(profile: str, seed: int) -> Numbers:
    """One person chats while a program keeps 64 long prompts outstanding."""
    tuned = Policy(num_batch=NUM_BATCH[profile])
    both: list[Client]

    def clients(chat: bool, flood: bool, outstanding: int = 64) -> list[Client]:
        both = [_chatter(seed)] if chat else []
        return [*both, _flood(seed, outstanding)] if flood else [*both]

    alone = _of_chat(run(profile, Panel(tuned), same(1, 5), clients(True, False), CHAT_END_S))
    batch = _batch_tokens(run(profile, Direct(), same(1, 4), clients(False, True), CHAT_END_S))
    numbers: Numbers = {}
    for name, front, instances in (
        ("panel", Panel(tuned), same(1, 5)),
#        ("direct", Direct(), same(1, 4)),
#        ("round robin", Direct(), same(2, 2)),
#        ("one queue", PlainQueue(4), same(1, 4)),
    ):
        arena = run(profile, front, instances, clients(True, True), CHAT_END_S)
        numbers[f"first token p95 over unloaded, {name}"] = _of_chat(arena) / alone
        numbers[f"batch kept, {name}"] = _batch_tokens(arena) / batch
    return numbers
