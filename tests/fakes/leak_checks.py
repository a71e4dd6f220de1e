"""What must be gone at the end of a stage: whatever requests have brought with them."""

import asyncio

from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.engine.admission import Admission
from ollama_panel.engine.ledger import Ledger
from ollama_panel.proxy.connection_pool import ConnectionPool
from ollama_panel.proxy.response import FLUSH_TIMEOUT_S
from ollama_panel.proxy.server import ProxyServer
from tests.fakes.virtual import VirtualLoop, advance, virtual_loop


def assert_scheduler_empty(dispatcher: Dispatcher) -> None:
    """No request, and nothing that is owed for one: bytes in the queue, tokens charged to a client in advance."""
    state = dispatcher.state
    assert (dispatcher.queued(), dispatcher.in_flight()) == (0, 0)
    assert (state.queue.tickets, state.in_flight) == ({}, {})
    assert state.queue.bytes == 0
    assert state.ledger.pending == {}


def assert_admission_empty(gate: Admission, ledger: Ledger, dispatcher: Dispatcher) -> None:
    """No lease, no timer, and ledger and dispatcher know of no request; call it when the gate is closed."""
    assert gate._leases == {}
    loop = asyncio.get_running_loop()
    timers = [handle for handle in loop.timers() if not handle.cancelled()] if isinstance(loop, VirtualLoop) else []
    assert [handle for handle in timers if getattr(handle._callback, "__self__", None) is gate] == []  # type: ignore[attr-defined]
    assert (ledger.running(), ledger.queued()) == (0, 0)
    assert_scheduler_empty(dispatcher)


def busy_connections(server: ProxyServer) -> int:
    """Return how many connections to instances are neither closed nor free for the next request."""
    pool = server._pool
    assert isinstance(pool, ConnectionPool)
    return len(pool._connections) - sum(map(len, pool._idle.values()))


async def assert_loop_empty() -> None:
    """No timer and no task, but those of who runs the test; call it when all servers have stopped."""
    await advance(FLUSH_TIMEOUT_S)  # the only timers that may outlive their request, and have nothing to do then
    await advance(0)
    assert [handle for handle in virtual_loop().timers() if not handle.cancelled()] == []
    assert [task for task in asyncio.all_tasks() if not _is_test_runner(task)] == []


def _is_test_runner(task: asyncio.Task[object]) -> bool:
    """Say whether a task is the present one, or that in which anyio waits for it."""
    coroutine = task.get_coro()
    return task is asyncio.current_task() or "_call_in_runner_task" in getattr(coroutine, "__qualname__", "")
