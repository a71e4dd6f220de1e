"""Assertions that requests have left nothing behind: no lease, connection, timer or task."""

import asyncio

from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.admission import Admission
from ollama_panel.proxy.connection_pool import ConnectionPool
from ollama_panel.proxy.response import FLUSH_TIMEOUT_S
from ollama_panel.proxy.server import ProxyServer
from tests.fakes.virtual import VirtualLoop, advance, virtual_loop


def assert_scheduler_empty(dispatcher: Dispatcher) -> None:
    """Assert that no request is left, nor its bytes in the queue or tokens charged in advance."""
    state = dispatcher.state
    assert (dispatcher.queued(), dispatcher.in_flight()) == (0, 0)
    assert (state.queue.tickets, state.in_flight) == ({}, {})
    assert state.queue.bytes == 0
    assert state.ledger.pending == {}


def assert_admission_empty(gate: Admission, timeline: Timeline, dispatcher: Dispatcher) -> None:
    """Assert that no lease, timer or request is left; call it when the admission is closed."""
    assert (gate._leases, gate._wholes, gate._awaited) == ({}, {}, [])
    loop = asyncio.get_running_loop()
    timers = [handle for handle in loop.timers() if not handle.cancelled()] if isinstance(loop, VirtualLoop) else []
    assert [handle for handle in timers if getattr(handle._callback, "__self__", None) is gate] == []  # type: ignore[attr-defined]
    assert (timeline.counts.in_flight(), timeline.counts.queued()) == (0, 0)
    assert_scheduler_empty(dispatcher)


def busy_connections(server: ProxyServer) -> int:
    """Return how many connections to instances are neither closed nor idle."""
    pool = server._pool
    assert isinstance(pool, ConnectionPool)
    return len(pool._connections) - sum(map(len, pool._idle.values()))


async def assert_loop_empty() -> None:
    """Assert that no timer and no task is left; call it when all servers have stopped."""
    await advance(FLUSH_TIMEOUT_S)  # the only timers that may outlive their request, and have nothing to do then
    await advance(0)
    assert [handle for handle in virtual_loop().timers() if not handle.cancelled()] == []
    assert [task for task in asyncio.all_tasks() if not _is_test_runner(task)] == []


def _is_test_runner(task: asyncio.Task[object]) -> bool:
    """Return whether a task is the current one, or the one in which anyio waits for it."""
    coroutine = task.get_coro()
    return task is asyncio.current_task() or "_call_in_runner_task" in getattr(coroutine, "__qualname__", "")
