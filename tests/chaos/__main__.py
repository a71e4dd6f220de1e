"""A long run of attacks: `python -m tests.chaos [--minutes 10] [--size 3] [--seed 1] [--only NAME ...]`.

Attacks follow each other in random order on one panel under load. After each a line tells what the traffic did not get,
and the memory of the panel alone (RSS). Ends with 1 if a request was lost, wrong or late.
"""
# ruff: noqa: T201 (its output is its interface)

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

import psutil

from ollama_panel.engine.clock import seconds
from tests.chaos.attacks import ATTACKS, Attack
from tests.chaos.target import Target


async def run(attacks: list[Attack], minutes: float, size: int, chance: random.Random) -> bool:
    """Attack for a time; return whether nothing was lost."""
    end = seconds() + 60 * minutes
    with tempfile.TemporaryDirectory(prefix="panel-chaos-") as folder:
        async with Target(Path(folder)).attacked() as target:
            panel = psutil.Process(target.panel.process.pid)
            await target.traffic.answered(100)
            print(f"{'before':<46} {panel.memory_info().rss / 1e6:>6.0f} MB", flush=True)
            good = True
            while seconds() < end:
                good &= await once(target, chance.choice(attacks), size, panel)
        return good


async def once(target: Target, attack: Attack, size: int, panel: psutil.Process) -> bool:
    """Attack once and print a line; return whether nothing was lost."""
    tally = target.traffic.begin()
    await attack.run(target, size)
    print(f"{attack.name:<46} {panel.memory_info().rss / 1e6:>6.0f} MB  {tally}", flush=True)
    faults = attack.faults(tally)
    for fault in faults:
        print("   ", fault, flush=True)
    return not faults


def main() -> int:
    """Run the command line and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--size", type=int, default=3, help="how large the attacks are; 1 is the size in the tests")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--only", nargs="*", default=[], help="parts of the names of attacks")
    options = parser.parse_args()
    chosen = [one for one in ATTACKS if not options.only or any(part in one.name for part in options.only)]
    print(f"seed {options.seed}, {len(chosen)} attacks, size {options.size}", flush=True)
    good = asyncio.run(run(chosen, options.minutes, options.size, random.Random(options.seed)))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
