"""What the tuner finds on each simulated machine: `python tests/bench/tuning.py` prints two tables.

The first has, for each machine, how many slots fit, how many the tuner chose for the goals throughput and balanced, how
many give the most when every number of slots is measured by itself, and the share of that most that the chosen ones
give: for balanced at least 97 % is wanted, with as few slots as possible. The second has the seconds to the first token
of chats that come in the middle of a tuning, beside those of an idle panel: at most 1.5 times as many are wanted at the
95th percentile. All of it runs in a time that leaps from timer to timer, so that it is the same on any machine.
"""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from ollama_panel.core.columns import aligned
from ollama_panel.core.ids import ModelName
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.prompts import Writer
from ollama_panel.core.tuning.record import ENDED, TuningRecord
from ollama_panel.core.tuning.statistics import estimate, pooled_percentile
from ollama_panel.core.tuning.workload import FEWEST_OWN, own
from ollama_panel.engine.tuning.load import calibrated, measure, new_session
from tests.fakes.live_engine import CHAT
from tests.fakes.tuned_machine import (
    ANSWER_TOKENS,
    TunedMachine,
    chat,
    measures,
    tuned_machine,
    tuning,
)
from tests.fakes.virtual import VirtualLoop, leaping
from tests.sim.serving import server

CONTEXTS = {
    "rtx-4090": 8192,
    "rtx-3090": 8192,
    "gb10": 24_576,
    "m2-ultra": 32_768,
    "m4-max": 8192,
    "m4-pro": 8192,
    "m1": 2048,
}
"""The context of a slot by machine, so that 20 to 40 slots fit; that without a GPU is no machine of a demonstration."""
GOALS = ("throughput", "balanced")
CHATS, STEP_S = 40, 0.37
"""How many chats come, and how much later after the begin of a wave than the one before, within a second."""
_PROMPT_TOKENS = 20


async def tuned(profile: str, goal: str) -> TuningRecord:
    """Return the tuning of a machine."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        async with tuned_machine(Path(folder), patch, profile, CONTEXTS[profile]) as machine:
            await machine.tune(goal=goal)
            return await machine.ended()


async def rates(profile: str, most: int) -> dict[int, float]:
    """Return the tokens per second of each number of slots, each measured by itself on a server with `most` slots."""
    environment = {
        "OLLAMA_NUM_PARALLEL": str(most),
        "OLLAMA_CONTEXT_LENGTH": str(CONTEXTS[profile]),
        "OLLAMA_SIM_PROFILE": profile,
    }
    writer = Writer(ModelName(CHAT), own([(_PROMPT_TOKENS, ANSWER_TOKENS)] * FEWEST_OWN), "")
    found = dict[int, float]()
    with leaping():
        async with server(quick=False, **environment) as url, new_session() as session:
            calibration = await calibrated(session, url, writer)
            for slots in range(1, most + 1):  # no prompt is in the cache of the server
                new = msgspec.structs.replace(writer, calibration=calibration, unique=f"by itself {slots}")
                found[slots] = estimate((await measure(session, [url], new, slots)).rates).mean
    return found


async def row(profile: str) -> tuple[str, ...]:
    """Return what is found on a machine."""
    records = {goal: await tuned(profile, goal) for goal in GOALS}
    fit = records["throughput"].slots_that_fit
    assert fit is not None
    gives = await rates(profile, fit)
    most = max(gives, key=lambda slots: gives[slots])
    cells = [profile, str(fit), str(most)]
    for record in records.values():
        assert record.verdict is not None, record.reason
        best = record.verdict.best
        cells += [str(best.parallel), f"{gives[best.parallel] / gives[most]:.1%}", str(len(record.outcomes))]
    return tuple(cells)


async def first_tokens() -> tuple[list[float], list[float]]:
    """Return the seconds to the first token of chats on an idle panel, and in the middle of tunings."""
    idle, amid = list[float](), list[float]()
    while len(amid) < CHATS:
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            async with tuned_machine(Path(folder), patch, "rtx-4090", 32_768) as machine:
                await chat(machine)  # loads the model
                idle += [(await chat(machine)).first_token_s for _ in range(CHATS)]
                await machine.tune(goal="throughput")
                amid += await _in_the_middle(machine, len(amid))
    return idle, amid


async def _in_the_middle(machine: TunedMachine, before: int) -> list[float]:
    """Return what two chats in each trial of a tuning have waited; after a third one it would wait for a quiet hour."""
    found, sent = list[float](), Counter[int]()

    def goes_on(snapshot: Snapshot) -> bool:
        record = tuning(snapshot)
        trial = len(record.outcomes)
        return record.state in ENDED or (sent[trial] < 2 and measures(snapshot, trial + 1))

    while tuning(await machine.panel.until(goes_on)).state not in ENDED:
        await asyncio.sleep((before + len(found)) * STEP_S % 1)
        sent[len(tuning(machine.panel.snapshot).outcomes)] += 1
        found.append((await chat(machine)).first_token_s)
    return found


async def main(profiles: Sequence[str]) -> None:
    """Print both tables."""
    goals = [cell for goal in GOALS for cell in (goal.upper(), "OF THE MOST", "TRIALS")]
    rows = [("MACHINE", "FIT", "MOST AT", *goals), *[await row(profile) for profile in profiles]]
    print("\n".join(aligned(rows)), end="\n\n", flush=True)
    idle, amid = await first_tokens()
    heads = ("FIRST TOKEN OF A CHAT", "CHATS", "p50", "p95")
    found = [
        (
            name,
            str(len(times)),
            *(f"{1000 * (pooled_percentile([times], percent) or 0):.1f} ms" for percent in (50, 95)),
        )
        for name, times in (("idle", idle), ("in the middle of a tuning", amid))
    ]
    print("\n".join(aligned([heads, *found])))
    ratio = (pooled_percentile([amid], 95) or 0) / (pooled_percentile([idle], 95) or 1)
    print(f"At the 95th percentile {ratio:.2f} times as long.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("profiles", nargs="*", default=list(CONTEXTS), help="the machines, by default all")
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main(parser.parse_args().profiles))
