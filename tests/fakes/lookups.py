"""Look-ups of local connections that end when the test says so."""

import asyncio
from collections.abc import Collection

from ollama_panel.proxy.identity import Found, LocalConnection, Peer


class FakeLookUp:
    """Records what is asked; `answer` ends the oldest look-up that runs. With `always` every look-up ends at once."""

    def __init__(self, always: Found | None = None) -> None:
        self.asked: list[tuple[list[int], list[int]]] = []
        self.always = always
        self._running: list[asyncio.Future[Found | None]] = []

    def __call__(self, local: Collection[int], remote: Collection[int]) -> asyncio.Future[Found | None]:
        self.asked.append((sorted(local), sorted(remote)))
        job: asyncio.Future[Found | None] = asyncio.get_running_loop().create_future()
        if self.always is None:
            self._running.append(job)
        else:
            job.set_result(self.always)
        return job

    async def answer(self, found: Found | None) -> None:
        """End the oldest look-up, and let what waits for it run."""
        done = asyncio.Event()
        job = self._running.pop(0)
        job.add_done_callback(lambda _: done.set())
        job.set_result(found)
        await done.wait()


def connection(
    local: Peer,
    remote: Peer = ("127.0.0.1", 11435),
    *,
    name: str = "python",
    pid: int = 7,
    program: str = "/usr/bin/python3",
    arguments: tuple[str, ...] = (),
    own: bool = True,
) -> LocalConnection:
    """Return a connection to the panel as its process sees it."""
    return LocalConnection(local, remote, pid, name, program, arguments, own)
