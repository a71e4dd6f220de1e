"""The lock against sleep at buses that hang, break off or are none: that is told, and systemd is asked all the same."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.engine.host.sleep_lock import SystemSleepLock
from tests.fakes.inhibitors import GNOME, SYSTEMD, Inhibitors, needs_dbus
from tests.fakes.waiting import deadline

pytestmark = [needs_dbus, pytest.mark.skipif(sys.platform != "linux", reason="D-Bus services are Linux'")]

SESSION, SYSTEM = "DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"
NO_ANSWER, NO_BUS = "no answer", "no bus that can be used"

Behaviour = Callable[[bytes], bytes | None]
"""Returns what a bus answers to what it is sent, None = it closes the connection."""


def silent(_: bytes) -> bytes:
    return b""


def closing(_: bytes) -> None:
    return None


def none(_: bytes) -> bytes:
    return b"HTTP/1.1 400 Bad Request\r\n\r\n"


def silent_once_known(sent: bytes) -> bytes:
    """Know a client, and answer nothing more."""
    return {b"AUTH": b"OK 0123456789abcdef\r\n", b"NEGO": b"AGREE_UNIX_FD\r\n"}.get(sent.lstrip(b"\0")[:4], b"")


@asynccontextmanager
async def bus(path: Path, behaviour: Behaviour) -> AsyncIterator[str]:
    """Run a bus; yield its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while (sent := await reader.read(4096)) and (answer := behaviour(sent)) is not None:
                writer.write(answer)
                await writer.drain()
        writer.close()

    server = await asyncio.start_unix_server(serve, path)
    async with server:
        yield f"unix:path={path}"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ollama_panel.engine.host.sleep_lock_dbus.Bus.timeout", 0.05)


@asynccontextmanager
async def lock() -> AsyncIterator[SystemSleepLock]:
    one = SystemSleepLock()
    async with deadline("the lock, or why there is none"):
        yield one
    one.close()


async def why() -> str:
    async with lock() as one:
        with pytest.raises(PanelError) as caught:
            await one.hold()
        await one.release()
    return str(caught.value)


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [(silent, NO_ANSWER), (silent_once_known, NO_ANSWER), (none, NO_BUS), (closing, "Connection reset by peer")],
)
async def test_a_bus_that_is_odd_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour, told: str
) -> None:
    async with bus(tmp_path / "bus", behaviour) as address:
        for name in (SESSION, SYSTEM):
            monkeypatch.setenv(name, address)
        said = await why()
    assert said in (f"{SYSTEMD}: {told}", f"{SYSTEMD}: Broken pipe"), said


@pytest.mark.parametrize("address", ["nonsense", "autolaunch:", "unix:", "tcp:host=127.0.0.1,port=1"])
async def test_an_address_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    for name in (SESSION, SYSTEM):
        monkeypatch.setenv(name, address)
    assert await why() == f"{SYSTEMD}: {NO_BUS}"


@pytest.mark.parametrize("behaviour", [silent, silent_once_known, none, closing])
async def test_systemd_is_asked_although_the_bus_of_the_session_is_odd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour
) -> None:
    async with Inhibitors(tmp_path / "system", SYSTEMD) as system, bus(tmp_path / "bus", behaviour) as address:
        monkeypatch.setenv(SYSTEM, system.address)
        monkeypatch.setenv(SESSION, address)
        async with lock() as one:
            assert await one.hold() == SYSTEMD
        await system.until(lambda: not system.held)


async def test_services_that_do_not_answer_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Inhibitors(tmp_path, GNOME, SYSTEMD, silent=True) as services:
        for name, value in services.environment.items():
            monkeypatch.setenv(name, value)
        assert await why() == f"{SYSTEMD}: {NO_ANSWER}"
