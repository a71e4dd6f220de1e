"""The panel's data path in the test process: proxy, admission and dispatcher in front of running servers.

async with SimServer(...) as url, SmallPanel(Worker(url, parallel=2)) as panel: ...panel.url...
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from types import TracebackType

import msgspec
from typing_extensions import override

from ollama_panel.core.clients import Sighting
from ollama_panel.core.embedding_parts import Places
from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.records import Job, Placement, RequestClass, Role
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.settings.tree import ProxySettings
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.admission import Admission
from ollama_panel.proxy.gate import Lease, Upstream
from ollama_panel.proxy.identity import Found
from ollama_panel.proxy.server import ProxyServer
from tests.fakes.leak_checks import assert_admission_empty, busy_connections
from tests.fakes.lookups import FakeLookUp
from tests.fakes.virtual import advance
from tests.fakes.waiting import Changes, deadline


class Worker(msgspec.Struct, frozen=True):
    """A server that runs already."""

    url: str
    role: Role = Role.CHAT
    parallel: int = 2


def micros() -> int:
    """Return the loop's time in microseconds."""
    return int(asyncio.get_running_loop().time() * 1e6)


class ObservedDispatcher(Dispatcher):
    """A dispatcher whose state a test can wait for."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        self._changes = Changes(lambda: f"{self.in_flight()} requests run and {self.queued()} wait")

    @override
    def step(self, event: m.Event, now: int) -> list[m.Action]:
        actions = super().step(event, now)
        self._changes.notify()
        return actions

    async def until(self, condition: Callable[[], object]) -> None:
        """Return when `condition` holds; it is looked at after every step."""
        await self._changes.until(condition)


class SmallPanel:
    """Serves inside `async with`; at the end it asserts that nothing is left."""

    def __init__(
        self,
        *workers: Worker,
        policy: Policy | None = None,
        options: ProxySettings | None = None,
        identify: bool = False,
        client_headers: tuple[str, ...] = (),
    ) -> None:
        self.scheduler = ObservedDispatcher(policy or Policy())
        self.crashes: list[Exception] = []
        self.timeline = Timeline()
        self.gate = Admission(
            self.scheduler,
            self.timeline,
            unload=self.unload,
            micros=micros,
            on_crash=self.crashes.append,
        )
        self._workers = {InstanceId(f"worker-{number}"): worker for number, worker in enumerate(workers, 1)}
        look_up = FakeLookUp(Found()) if identify else None
        self._server = ProxyServer(
            self, options or ProxySettings(port=0), self, look_up=look_up, client_headers=lambda: client_headers
        )
        self.url = ""

    async def __aenter__(self) -> "SmallPanel":
        self.url = await self._server.start()
        for instance, worker in self._workers.items():
            pool = PoolName(worker.role.value)
            self.gate.post(m.InstanceUp(instance, pool, worker.role, worker.url, worker.parallel))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            await self.idle()
            await asyncio.sleep(0)  # connections are closed
            await asyncio.sleep(0)
            assert busy_connections(self._server) == 0
        await self._server.stop(10)
        self.gate.close()
        if error is None:
            assert self.crashes == []
            assert_admission_empty(self.gate, self.timeline, self.scheduler)

    async def queued(self, count: int = 1) -> None:
        """Return when `count` requests wait."""
        await self.scheduler.until(lambda: self.scheduler.queued() == count)

    async def open_requests(self, count: int) -> None:
        """Return when `count` requests run or wait."""
        await self.scheduler.until(lambda: self.scheduler.in_flight() + self.scheduler.queued() == count)

    async def idle(self) -> None:
        """Return when no request is left."""
        async with deadline(lambda: f"the last request to end, but {self._server.active} are being answered"):
            await self._server.wait_idle()

    async def later(self, seconds: float) -> None:
        """Advance the clock and let the dispatcher handle its timers."""
        await advance(seconds, threads=False)

    # What the engine answers to the proxy (`proxy.gate.Gate`), and to the admission

    def admit(self, job: Job) -> AbstractAsyncContextManager[Lease]:
        """Queue a request."""
        return self.gate.admit(job)

    def places(self, job: Job) -> Places | None:
        """Return where the parts of a request could run."""
        return self.scheduler.places(job)

    def whole(self, job: Job) -> AbstractContextManager[Job]:
        """Hold a request whose parts are queued."""
        return self.gate.whole(job)

    def identified(self, sources: Mapping[RequestId, str], clients: Mapping[RequestId, ClientId]) -> None:
        """Tell the dispatcher whose requests are."""
        self.gate.identified(sources, clients)

    def seen(self, client: ClientId, sighting: Sighting) -> None:
        """Note nothing: the tests look at the requests."""

    async def upstreams(self) -> tuple[Upstream, ...]:
        """Return all servers."""
        return tuple(Upstream(instance, worker.role, worker.url) for instance, worker in self._workers.items())

    def stop(self, model: ModelName) -> float | None:
        """Leave the answer to the servers: no model is known to be loaded."""
        return None

    async def store_changed(self, instance: InstanceId) -> None:
        """Read no store: there is no catalog."""

    def roles(self) -> Mapping[ModelName, Role]:
        """Return no roles: the path alone determines the role."""
        return {}

    def remote_models(self) -> frozenset[ModelName]:
        """Return no cloud models."""
        return frozenset()

    def unload(self, action: m.Unload) -> None:
        """Leave unloading to the servers."""

    # What the engine answers to the proxy's own paths

    async def status(self) -> bytes:
        """Return an empty status."""
        return b"{}"

    async def metrics(self) -> bytes:
        """Return no metrics."""
        return b""

    async def reload_settings(self) -> None:
        """Do nothing: there is no settings file."""


class SlotHolder:
    """Holds slots of one model: `async with` acquires them, leaving it releases them."""

    def __init__(self, panel: SmallPanel, model: str, *, role: Role = Role.CHAT, slots: int = 1) -> None:
        self._leases = [
            panel.gate.admit(
                Job(
                    RequestId(f"occupant-{model}-{number}"),
                    ClientId("occupant"),
                    RequestClass.INTERACTIVE,
                    role,
                    ModelName(model),
                    "/api/chat",
                    stream=True,
                )
            )
            for number in range(slots)
        ]

    async def __aenter__(self) -> None:
        for admitted in self._leases:
            lease: Lease = await admitted.__aenter__()
            assert isinstance(await lease.wait(), Placement)
            lease.first_byte()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for admitted in self._leases:
            await admitted.__aexit__(kind, error, trace)
