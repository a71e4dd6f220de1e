"""Runs the machine in real time: one timer for everything that is due, and a mailbox for each request.

Simulated time runs `speed` times as fast as the loop's clock. Keep-alive is wall time for the client, so it is scaled
here.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from ollama_panel.sim.gpufile import GpuFile
from ollama_panel.sim.machine.machine import Machine
from ollama_panel.sim.machine.work import Done, Event, Failed, Started, Tokens, Work

INSTANCE = "self"
_BURST = 4000
_LOOK_S = 0.005


class Mail:
    """The events of one request, in order; with `quiet` the reader is woken only at the end."""

    def __init__(self, *, quiet: bool) -> None:
        self._events: deque[Event] = deque()
        self._quiet = quiet
        self._ready = asyncio.Event()

    def put(self, event: Event) -> None:
        """Add an event."""
        self._events.append(event)
        if not self._quiet or isinstance(event, Done | Failed):
            self._ready.set()

    async def take(self) -> list[Event]:
        """Wait for events and return all that have come."""
        await self._ready.wait()
        self._ready.clear()
        events = list(self._events)
        self._events.clear()
        return events


class Driver:
    """Runs a machine of one instance on the running loop's clock; `tell` gets the events that belong to no request."""

    def __init__(self, machine: Machine, speed: float, shared: GpuFile | None, tell: Callable[[Event], None]) -> None:
        self.machine, self.speed = machine, speed
        self._loop = asyncio.get_running_loop()
        self._origin = self._loop.time()
        self._shared = shared
        self._tell = tell
        self._mail: dict[str, Mail] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._looked = 0.0
        self._closed = False

    def now(self) -> int:
        """Return the simulated microseconds since the start."""
        return int((self._loop.time() - self._origin) * 1e6 * self.speed)

    def wall_us(self, simulated: int) -> int:
        """Return simulated time as the wall time that a client sees, in microseconds."""
        return round(simulated / self.speed)

    def stretched(self, wall_us: int) -> int:
        """Return wall time as simulated time, in microseconds; a negative one, which means for ever, stays as it is."""
        return wall_us if wall_us < 0 else round(wall_us * self.speed)

    def submit(self, work: Work, *, quiet: bool) -> Mail:
        """Send a request to the machine. Raises KeyError if the store does not have the model."""
        mail = self._mail[work.id] = Mail(quiet=quiet)
        self._look()
        self.machine.submit(INSTANCE, work, self._settled())
        self._turn()
        return mail

    def forget(self, request: str) -> None:
        """Stop a request whose client left, or do nothing if it has ended."""
        if self._mail.pop(request, None) is not None:
            self.machine.cancel(INSTANCE, request, self._settled())
            self._turn()

    def unload(self, model: str) -> None:
        """Unload a model when it is idle."""
        self.machine.unload(INSTANCE, model, self._settled())
        self._turn()

    def refresh(self) -> None:
        """Read now what other processes use of the shared GPU, and which have come or gone."""
        if self._shared is not None:
            busy, used = self._shared.others(relist=True)
            self.machine.set_foreign(busy, used, self._settled())
            self._turn()

    def close(self) -> None:
        """Stop the timer and leave the shared GPU."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        if self._shared is not None:
            self._shared.close()

    def _settled(self) -> int:
        """Return the time to act at, at most that of the next event, so that events stay in order if the loop lags."""
        due = self.machine.next_event()
        now = self.now()
        return now if due is None or due > now else max(self.machine.now, min(now, due))

    def _turn(self) -> None:
        """Let the machine do what is due, deliver its events, and set the timer."""
        if self._closed:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = self.now()
        for event in self.machine.advance(now, _BURST):
            self._deliver(event)
        self._share()
        due = self.machine.next_event()
        if due is not None:
            at = self._origin + due / 1e6 / self.speed
            self._timer = self._loop.call_at(max(at, self._loop.time()), self._wake)

    def _wake(self) -> None:
        self._timer = None
        self._look()
        self._turn()

    def _deliver(self, event: Event) -> None:
        if isinstance(event, Started | Tokens | Done | Failed):
            mail = self._mail.get(event.id)
            if mail is not None:
                mail.put(event)
            if isinstance(event, Done | Failed):
                self._mail.pop(event.id, None)
        else:
            self._tell(event)

    def _look(self) -> None:
        """Read what other processes use of this GPU, at most every few milliseconds."""
        if self._shared is None or self._closed or self._loop.time() - self._looked < _LOOK_S:
            return
        self._looked = self._loop.time()
        busy, used = self._shared.others()
        self.machine.set_foreign(busy, used, self._settled())

    def _share(self) -> None:
        if self._shared is not None:
            self._shared.publish(self.machine.gpu.busy, self.machine.gpu.held())
