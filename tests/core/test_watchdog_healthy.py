"""No machine that is slow but healthy is judged, and every one that hangs is, within the bound.

`PANEL_WATCHDOG_CASES=10000 .venv/bin/pytest tests/core/test_watchdog_healthy.py` tries so many.
"""

import logging
import os
from collections import Counter
from math import exp, log
from random import Random

import pytest

from ollama_panel.core.scheduling.times import ModelTimes
from ollama_panel.core.watchdog import Happened, bound_s
from tests.core.watchdog_world import HUNG_AFTER_S, Machine, World, chat, embedding

_LOG = logging.getLogger(__name__)
CASES = int(os.environ.get("PANEL_WATCHDOG_CASES", "600"))
"""Of either kind; each costs some milliseconds."""
pytestmark = pytest.mark.timeout(max(120, CASES / 5))


def between(chance: Random, least: float, most: float) -> float:
    """Draw a number whose logarithm is uniform."""
    return exp(chance.uniform(log(least), log(most)))


def machine(name: str, chance: Random) -> Machine:
    """Draw a machine: 2 to 20,000 prompt tokens and 0.2 to 200 answered tokens a second."""
    prefill_s = 1 / between(chance, 2, 20_000)
    step_s = 1 / between(chance, 0.2, 200)
    measured = None
    if chance.random() < 0.7:  # when it was up to ten times as fast as now
        fast = between(chance, 0.8, 10)
        measured = ModelTimes(prefill=1e6 * prefill_s / fast, steps={1: 1e6 * step_s / fast})
    works, shown, otherwise = chance.choice(
        ((True, 0.995, False), (True, 0.9, False), (True, 0.7, None), (None, 1.0, None))
    )
    parallel = chance.choice((1, 1, 2, 4, 8, 16, 64))
    jobs = [(0.0, chat(0, chance.randrange(1, 2000), stream=True, most=None), chance.randrange(1, 300), 0)]
    return Machine(
        name,
        parallel,
        prefill_s,
        step_s,
        jobs,
        works,
        shown,
        otherwise,
        tells_slots=chance.random() < 0.7,
        measured=measured,
        underestimated=between(chance, 0.8, 6),
        most_s=72_000.0 if chance.random() < 0.02 else 7200.0,
    )


def long_prompt(one: Machine, chance: Random) -> None:
    tokens = round(between(chance, 1000, 131_072))
    one.jobs = [(0.0, chat(0, tokens, stream=chance.random() < 0.5, most=None), chance.randrange(1, 300), 0)]


def in_one_piece(one: Machine, chance: Random) -> None:
    tokens = round(between(chance, 100, 8192))
    limit = chance.choice((None, tokens, tokens * 2))
    one.jobs = [(0.0, chat(0, chance.randrange(1, 4000), stream=False, most=limit), tokens, 0)]


def held_back(one: Machine, chance: Random) -> None:
    """Thinking that is not sent, or the call of a tool, which Ollama holds back until it is whole."""
    tokens = round(between(chance, 100, 20_000))
    one.jobs = [(0.0, chat(0, chance.randrange(1, 4000), stream=True, most=None), tokens + 100, tokens)]


def cold(one: Machine, chance: Random) -> None:
    one.load_s = between(chance, 60, 3600)
    one.shown, one.otherwise = 0.3, False


def embeddings(one: Machine, chance: Random) -> None:
    one.parallel = 1
    one.jobs = [(0.0, embedding(0, round(between(chance, 1000, 1_000_000))), 1, 0)]


def asleep(one: Machine, chance: Random) -> None:
    long_prompt(one, chance)
    one.sleeps = [(chance.uniform(0, 3600), between(chance, 11, 40_000)) for _ in range(chance.randrange(1, 6))]


def swaps(one: Machine, chance: Random) -> None:
    """Each token of an answer takes up to a minute, as parts of the model come from the disk again and again."""
    one.step_s = chance.uniform(20, 58)
    one.prefill_s = one.step_s / 512
    one.shown, one.otherwise, one.late_health = 0.9, False, True
    if one.works is None:
        one.works = True
    stream = chance.random() < 0.5
    one.jobs = [(0.0, chat(0, chance.randrange(1, 4000), stream=stream, most=None), chance.randrange(20, 120), 0)]


def burst(one: Machine, chance: Random) -> None:
    one.parallel = chance.choice((1, 2, 4, 8, 16, 32, 64))
    one.jobs = [
        (
            between(chance, 0.1, 600),
            chat(number, round(between(chance, 1, 8000)), stream=chance.random() < 0.6, most=None),
            round(between(chance, 1, 1000)),
            chance.choice((0, 0, 200)),
        )
        for number in range(chance.randrange(2, 40))
    ]


KINDS = (long_prompt, in_one_piece, held_back, cold, embeddings, asleep, swaps, burst)


def healthy(seed: int) -> World:
    chance = Random(seed)
    kind = KINDS[seed % len(KINDS)]
    one = machine(kind.__name__, chance)
    kind(one, chance)
    return World(one, chance)


def test_no_slow_but_healthy_machine_is_judged():
    asked, seconds = Counter[str](), 0.0
    for seed in range(CASES):
        world = healthy(seed)
        assert world.run() is None, (seed, world.machine, world.watch.history)
        asked[world.machine.name] += world.asks
        seconds += world.now
    _LOG.info("%d cases, %.0f hours, asked: %s", CASES, seconds / 3600, dict(asked))
    assert sum(asked.values()) > CASES / 50, "the cases are not slow enough to be asked"


def hung(seed: int) -> World:
    """Return a machine with work that hangs at some time, in one of five ways."""
    chance = Random(seed)
    one = machine(["stopped", "computing", "waiting", "stalled", "dropped"][seed % 5], chance)
    one.jobs = [
        (chance.uniform(0, 20), chat(number, chance.randrange(1, 500), stream=True, most=None), 10**9, 0)
        for number in range(chance.randrange(1, 2 * one.parallel + 1))
    ]
    one.prefill_s, one.step_s = min(one.prefill_s, 0.02), min(one.step_s, 0.5)
    one.measured = ModelTimes(prefill=1e6 * one.prefill_s, steps={1: 1e6 * one.step_s})
    one.hangs_at = chance.uniform(20, 300)
    one.stops, one.drops = one.name == "stopped", one.name == "dropped"
    one.hung_works = one.name == "computing" or (one.name == "stalled" and chance.random() < 0.5)
    one.tells_slots |= one.hung_works
    one.most_s = 20_000
    return World(one, chance)


@pytest.mark.parametrize("name", ["stopped", "computing", "waiting", "stalled", "dropped"])
def test_every_machine_that_hangs_is_judged_within_the_bound(name):
    latest = 0.0
    for seed in range(CASES):
        world = hung(seed)
        if world.machine.name != name:
            continue
        judged = world.run()
        assert judged is not None, (seed, world.machine, world.watch.history)
        took = judged - world.machine.hangs_at
        bound = bound_s(HUNG_AFTER_S, works=world.machine.hung_works is True, answer_s=answer_s(world))
        assert took <= bound + allowed_s(world), (seed, took, bound, world.machine, world.watch.history)
        latest = max(latest, took)
    _LOG.info("%s: at the latest after %.0f s", name, latest)


def answer_s(world: World) -> float:
    return world.flights.answer_s if world.flights else 0.0


def allowed_s(world: World) -> float:
    """Return what the allowance of a request adds to the bound, and asks that gave way to requests."""
    flights = world.flights
    assert flights is not None
    longest = max(one.allowance_s for one in flights.requests) if world.machine.hung_works else 0.0
    gave_way = sum(step.what is Happened.GAVE_WAY for step in world.watch.history)
    return max(0.0, longest - 5 * HUNG_AFTER_S) + gave_way * 31.0
