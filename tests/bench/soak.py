"""Hours of mixed load in minutes: `python tests/bench/soak.py [--minutes 400] [--speed 20] [--seed 1]`.

A headless panel with simulated servers that live `--speed` times as fast serves chats and embeddings of three dialects;
the right bytes of every answer are known. Each simulated minute the settings change, by the panel's own command, and
each five something bad happens to a server: it is killed, stopped (SIGSTOP), or its program is replaced. Printed are
the memory of the panel alone (RSS), its descriptors and its tasks each ten simulated minutes, and at the end what
clients did not get. It ends with 1 if a request was lost before its first byte or had wrong bytes, if the memory grew
by 2 % or more after fifteen real minutes, or if descriptors or tasks are left when the load has ended.

What is `cut` had begun at a server that was harmed: nobody can repeat that. The panel's own times are real ones.
"""

import argparse
import ast
import asyncio
import os
import random
import re
import signal
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from math import inf
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from ollama_panel.proxy.connection_pool import IDLE_S
from tests.chaos.target import Target
from tests.fakes import counted_panel
from tests.fakes.panel_process import PanelProcess
from tests.fakes.waiting import polled, real_seconds

GROWTH = 0.02
"""The share by which the memory may grow once the panel's own rings are full."""
WARM_S = 900.0
"""Real seconds: the panel keeps the steps of the last ten minutes, and samples of the last fifteen."""
REPORT_MINUTES, FAULT_MINUTES = 10, 5
SETTLE_S = IDLE_S + 15.0
"""How long the panel may take to close what the load has left: it keeps idle connections to servers for some time."""
TOLD = "tasks: "
"""What the panel writes before its tasks."""
CHANGES = (
    ("pools.chat.parallel", ("1", "2", "3", "4")),
    ("pools.chat.context_length", ("4096", "8192")),
    ("pools.chat.workers", ("1", "2", "3")),
    ("pools.embedding.workers", ("1", "2")),
    ("pools.chat.keep_alive", ("", "30m", "-1")),
    ("scheduling.reserved_slots", ("0", "1")),
    ("scheduling.record_events", ("on", "off")),
)


class Soak:
    """One run."""

    def __init__(self, target: Target, speed: float, chance: random.Random) -> None:
        self.target, self._chance = target, chance
        self._minute_s = 60.0 / speed
        self._panel = psutil.Process(target.panel.process.pid)
        self._sizes: list[tuple[float, float]] = []
        self._before: dict[str, int] = {}
        self.faults: list[str] = []

    async def begin(self) -> None:
        """Note what there is without a load, once there was one: files and connections that stay are opened by it."""
        async with self.target.traffic:
            await self.target.traffic.answered(100)
        await self.target.until(lambda: any("history.sqlite" in one for one in self._descriptors()))
        await self.target.panel.until(lambda status: not status["requests"])
        self._before = await self._left()

    async def run(self, minutes: float) -> None:
        """Change and harm for so many simulated minutes, then look what is left."""
        begun, minute = real_seconds(), 0
        while minute < minutes:
            minute += 1
            await self._change()
            if minute % FAULT_MINUTES == 0:
                await self._harm()
            self._sizes.append((real_seconds() - begun, self._panel.memory_info().rss / 1e6))
            if minute % REPORT_MINUTES == 0:
                self._report(minute)
            await asyncio.sleep(max(0.0, begun + minute * self._minute_s - real_seconds()))
        self._judge_memory()

    async def _change(self) -> None:
        key, values = self._chance.choice(CHANGES)
        code, printed = await self.target.panel.command("settings", "set", key, self._chance.choice(values))
        if code:
            self.faults.append(f"settings set {key}: {printed} {self.target.panel.errors[-300:]}")

    async def _harm(self) -> None:
        await self._chance.choice((self._kill, self._stop, self._replace))()

    async def _kill(self) -> None:
        os.kill(await self.target.worker(), signal.SIGKILL)

    async def _stop(self) -> None:
        os.kill(await self.target.worker(), signal.SIGSTOP)

    async def _replace(self) -> None:
        self.target.write_program(self.target.program.read_text() + "\n")

    def _report(self, minute: int) -> None:
        size, descriptors = self._panel.memory_info().rss / 1e6, self._panel.num_fds()
        print(f"{minute:>5} min {size:>7.1f} MB {descriptors:>4} descriptors  {self.target.traffic.tally}", flush=True)

    def _judge_memory(self) -> None:
        early, warm, last = self._median(0.0, 60.0), self._median(WARM_S, 60.0), self._median(self._sizes[-1][0] - 60.0)
        print(f"memory: {early:.1f} MB in the first minute, {warm:.1f} MB after fifteen, {last:.1f} MB in the last")
        if last > warm * (1 + GROWTH):
            self.faults.append(f"the memory grew by {last / warm - 1:.1%} after fifteen minutes")

    def _median(self, begin_s: float, length_s: float = inf) -> float:
        """Return the median of the memory in MB from a time on; of the whole run if it was over before."""
        found = [size for at, size in self._sizes if begin_s <= at < begin_s + length_s]
        return statistics.median(found or [size for _, size in self._sizes])

    async def left_over(self) -> None:
        """Compare the descriptors and the tasks, some time after the load has ended, with those before it."""
        end = real_seconds() + SETTLE_S
        more = await self._more()
        while more and real_seconds() < end:
            await asyncio.sleep(1.0)
            await self.target.panel.client.get("/api/version")  # an idle connection is closed when another becomes idle
            now = await self._more()
            more = {name: min(count, now[name]) for name, count in more.items() if name in now}
        print(f"left behind: {more or 'nothing'}")
        if more:
            self.faults.append(f"left behind: {more}")

    async def _more(self) -> dict[str, int]:
        more = {name: count - self._before.get(name, 0) for name, count in (await self._left()).items()}
        return {name: count for name, count in more.items() if count > 0}

    async def _left(self) -> dict[str, int]:
        """Return the descriptors by what they are, and the tasks by what they do."""
        known = self.target.panel.errors.count(TOLD)
        self._panel.send_signal(signal.SIGUSR1)

        async def told() -> bool:
            return self.target.panel.errors.count(TOLD) > known

        await polled(told, lambda: "the panel to tell its tasks")
        line = self.target.panel.errors.rpartition(TOLD)[2].partition("\n")[0]
        tasks: dict[str, int] = ast.literal_eval(line)
        return {**tasks, **Counter(map(_kind, self._descriptors()))}

    def _descriptors(self) -> Iterator[str]:
        """Yield what each descriptor is, as Linux tells."""
        for one in Path(f"/proc/{self._panel.pid}/fd").iterdir():
            with suppress(OSError):
                yield str(one.readlink())


def _kind(link: str) -> str:
    """Return what kind of file a descriptor is, without what differs from run to run."""
    return re.sub(r"\d+", "N", link)


class CountedPanel(PanelProcess):
    """A panel that tells its tasks."""

    async def _run(self, *arguments: str, through: Any = ()) -> asyncio.subprocess.Process:
        return await self._spawn(*arguments, through=through, module=counted_panel.__name__)


async def soak(options: argparse.Namespace) -> int:
    """Run, print, and return the exit status."""
    with tempfile.TemporaryDirectory(prefix="panel-soak-") as folder:
        target = Target(Path(folder), speed=options.speed, make_panel=CountedPanel, files=None)
        async with target.panel:
            await target.ready()
            run = Soak(target, options.speed, random.Random(options.seed))
            await run.begin()
            async with target.traffic:
                await target.traffic.answered(50)
                await run.run(options.minutes)
            await target.restore_settings()
            await target.ready()
            await run.left_over()
            assert await target.panel.stop() == 0, target.panel.errors
        tally = target.traffic.tally
        print(f"clients: {tally}")
        run.faults += [f"lost: {one}" for one in tally.lost] + [f"wrong: {one}" for one in tally.wrong]
        if "Traceback" in target.panel.errors:
            run.faults.append(target.panel.errors[-2000:])
    for fault in run.faults:
        print("FAULT", fault)
    return 1 if run.faults else 0


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=400.0, help="simulated minutes")
    parser.add_argument("--speed", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=1)
    return asyncio.run(soak(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
