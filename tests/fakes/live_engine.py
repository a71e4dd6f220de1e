"""An engine with simulated servers, run on the test's own loop and clock.

The servers run in the test process, unless a test is about processes.
"""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.records import Role
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import InstanceRecord, Snapshot
from ollama_panel.engine import configfile
from ollama_panel.engine.composition import Composition
from ollama_panel.engine.engine import Engine
from ollama_panel.engine.host.power import PowerReading, ReadPower
from ollama_panel.engine.instances import process
from ollama_panel.engine.instances.process import Spawn
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.system import System
from tests.fakes.in_process_servers import InProcessServer, InProcessServers
from tests.fakes.leak_checks import assert_admission_empty
from tests.fakes.own_machine import OWN
from tests.fakes.virtual import advance
from tests.fakes.waiting import Changes, deadline

CHAT, EMBEDDING = "llama3.1:8b", "nomic-embed-text"


def settings(*pairs: tuple[str, str], pools: tuple[PoolSettings, ...] | None = None) -> Settings:
    """Return the default settings, changed by keys; nothing beyond the tests' own servers is adopted."""
    result = msgspec.structs.replace(Settings(), pools=pools or Settings().pools)
    for key, text in (("ollama.adopt", "off"), *pairs):
        result = codec.set(result, key, text)
    return result


def chat_pool(workers: int = 1, parallel: int = 2) -> tuple[PoolSettings, ...]:
    """Return one pool for chats and nothing else."""
    return (PoolSettings(PoolName("chat"), Role.CHAT, workers, parallel),)


@asynccontextmanager
async def live(
    folder: Path,
    wanted: Settings | None = None,
    overrides: Overrides | None = None,
    *,
    processes: bool = False,
    simulated: str = "",
    power: ReadPower = PowerReading,
) -> AsyncIterator["LiveEngine"]:
    """Run an engine on `folder` with `wanted` as its settings file, to its clean end.

    `processes`: the servers are real children; else they live here, and the program `simulated`, too. `power` reads the
    machine's power and heat.
    """
    async with httpx.AsyncClient(timeout=None, trust_env=False) as client, asyncio.TaskGroup() as group:
        servers = InProcessServers(group, simulated)
        running = LiveEngine(
            folder,
            wanted or settings(),
            overrides or Overrides(port=0, demo=True),
            client,
            servers,
            process.spawn if processes else servers.spawn,
            power,
        )
        running.task = group.create_task(running.engine.run())
        yield running
        running.engine.end()
        await running.task
        assert servers.living == {}
        assert running.composition is not None
        assert_admission_empty(
            running.composition.admission, running.composition.timeline, running.composition.dispatcher
        )


class LiveEngine:
    """A running engine."""

    task: asyncio.Task[None]

    def __init__(
        self,
        folder: Path,
        wanted: Settings,
        overrides: Overrides,
        client: httpx.AsyncClient,
        servers: InProcessServers,
        spawn: Spawn,
        power: ReadPower,
    ) -> None:
        self.paths = Paths(folder)
        configfile.write(self.paths.settings, wanted)
        self.client = client
        self._servers = servers
        system = dataclasses.replace(on_this_loop(spawn), power=lambda: power)
        self.engine = Engine(self.paths, self._seen, overrides, system)
        self._published = Snapshot(0.0, wanted)
        self.composition: Composition | None = None
        self._changes = Changes(lambda: f"the newest snapshot is {self.snapshot}")

    @property
    def snapshot(self) -> Snapshot:
        """The state as it is now: what was published last may be of before what the test has done since."""
        composition = self.engine._composition
        return self._published if composition is None else composition.snapshot()

    def _seen(self, snapshot: Snapshot) -> None:
        self._published = snapshot
        self.composition = self.engine._composition or self.composition
        self._changes.notify()

    async def until(self, holds: Callable[[Snapshot], Any]) -> Snapshot:
        """Return the state as soon as `holds`: now, or when a change is published."""
        found = self.snapshot

        def look() -> object:
            nonlocal found
            found = self.snapshot
            return holds(found)

        await self._changes.until(look, holds)
        return found

    async def later(self, seconds: float) -> None:
        """Let time pass."""
        await advance(seconds)

    @property
    def servers(self) -> dict[int, InProcessServer]:
        """The servers that live in this process, by their process ids."""
        return dict(self._servers.living)

    def kill(self, name: str) -> None:
        """Kill an instance that lives in this process, as SIGKILL does."""
        assert self.composition is not None
        record = self.composition.store.instance(InstanceId(name))
        assert record is not None
        assert record.pid is not None
        self._servers.living[record.pid].kill()

    async def ready(self) -> Snapshot:
        """Return when the proxy listens and every instance answers."""
        return await self.until(lambda one: one.proxy.url and one.instances and all(map(answers, one.instances)))

    def instance(self, name: str) -> InstanceRecord:
        """Return an instance's record."""
        return next(one for one in self.snapshot.instances if one.id == InstanceId(name))

    async def chat(self, tokens: int = 8, *, stream: bool = False, model: str = CHAT) -> httpx.Response:
        """Send a chat through the proxy; with `stream` the body is read whole all the same."""
        body = {
            "model": model,
            "messages": [{"role": "user", "content": "Why is the sky blue?"}],
            "stream": stream,
            "options": {"num_predict": tokens},
        }
        return await self.client.post(self.snapshot.proxy.url + "/api/chat", json=body)

    async def chats(self, count: int, tokens: int = 8) -> list[int]:
        """Send so many at once; return their statuses."""
        return [one.status_code for one in await asyncio.gather(*(self.chat(tokens) for _ in range(count)))]

    @asynccontextmanager
    async def load(self, clients: int, tokens: int = 8) -> AsyncIterator[list[int]]:
        """Let so many clients send chats in a loop until the block ends; the value collects their statuses."""
        statuses: list[int] = []
        enough = asyncio.Event()

        async def ask() -> None:
            while not enough.is_set():
                statuses.append((await self.chat(tokens)).status_code)

        async with asyncio.TaskGroup() as group:
            for _ in range(clients):
                group.create_task(ask())
            yield statuses
            enough.set()

    async def peaked(self, peaks: dict[str, int]) -> None:
        """Wait until each instance has had so many chats in flight at once, and assert that none had more."""
        async with deadline(lambda: f"the peaks {peaks}, but they are {found}"):
            while (found := await self.peaks()) != peaks:
                assert all(found[name] <= peak for name, peak in peaks.items())

    async def peaks(self) -> dict[str, int]:
        """Return, by instance, the most chats that were in flight at once."""
        peaks = {}
        for one in self.snapshot.instances:
            stats = (await self.client.get(one.url + "/sim/stats")).json()
            peaks[str(one.id)] = stats["models"].get(CHAT, {}).get("peak", 0)
        return peaks


def on_this_loop(spawn: Spawn) -> System:
    """Return the machine of this run of the tests, whose time is the running loop's."""
    time = asyncio.get_running_loop().time
    return dataclasses.replace(OWN, spawn=spawn, seconds=time, micros=lambda: int(time() * 1e6))


def answers(record: InstanceRecord) -> bool:
    """Return whether an instance is ready."""
    return record.phase is Phase.READY and not record.draining
