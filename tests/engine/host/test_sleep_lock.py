"""The real lock against sleep, at the services of a real D-Bus that stand in for GNOME's and systemd's."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.engine.host import sleep_lock
from ollama_panel.engine.host.sleep_lock import SystemSleepLock
from tests.fakes.inhibitors import FREEDESKTOP, GNOME, SYSTEMD, Inhibitors, needs_dbus
from tests.fakes.waiting import deadline

pytestmark = [needs_dbus, pytest.mark.skipif(sys.platform != "linux", reason="D-Bus services are Linux'")]

APP, REASON = "Ollama Panel", "Requests to language models run"
STRICT, WEAK, IDLE = ("sleep:idle", "block"), ("sleep:idle", "block-weak"), ("idle", "block")


@asynccontextmanager
async def locked(bus: Inhibitors, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SystemSleepLock]:
    for name, value in bus.environment.items():
        monkeypatch.setenv(name, value)
    lock = SystemSleepLock()
    try:
        yield lock
    finally:
        lock.close()
        await bus.until(lambda: not bus.held)


async def test_gnome_is_told_who_keeps_the_machine_awake_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Inhibitors(tmp_path, GNOME, FREEDESKTOP, SYSTEMD) as bus, locked(bus, monkeypatch) as lock:
        assert await lock.hold() == GNOME
        assert await lock.hold() == GNOME
        (held,) = bus.held
        app, _, reason, flags = held.arguments
        assert (held.service, app, reason, flags) == (GNOME, APP, REASON, 4)  # 4: no suspension, the screen may go dark
        await lock.release()
        assert bus.held == []
        await lock.release()
        assert bus.calls == [f"{GNOME}.Inhibit", f"{GNOME}.Uninhibit"]
        assert await lock.hold() == GNOME
        await bus.until(lambda: len(bus.held) == 1)


async def test_other_desktops_have_the_service_of_freedesktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Inhibitors(tmp_path, FREEDESKTOP, SYSTEMD) as bus, locked(bus, monkeypatch) as lock:
        assert await lock.hold() == FREEDESKTOP
        assert [one.arguments for one in bus.held] == [(APP, REASON)]
        await lock.release()
        assert bus.held == []


async def test_a_machine_without_a_desktop_has_systemds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Inhibitors(tmp_path, SYSTEMD) as bus, locked(bus, monkeypatch) as lock:
        assert await lock.hold() == SYSTEMD
        assert [one.arguments for one in bus.held] == [("sleep:idle", APP, REASON, "block-weak")]
        await lock.release()
        await bus.until(lambda: not bus.held)


@pytest.mark.parametrize(("refused", "taken"), [((WEAK,), STRICT), ((WEAK, STRICT), IDLE)])
async def test_systemd_is_asked_for_less_where_it_refuses_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: tuple[tuple[str, str], ...], taken: tuple[str, str]
) -> None:
    async with Inhibitors(tmp_path, SYSTEMD, refuses=refused) as bus, locked(bus, monkeypatch) as lock:
        assert await lock.hold() == SYSTEMD
        assert [(one.arguments[0], one.arguments[3]) for one in bus.held] == [taken]


async def test_a_bus_that_refuses_has_none_or_is_missing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Inhibitors(tmp_path, SYSTEMD, refuses=(WEAK, STRICT, IDLE)) as bus, locked(bus, monkeypatch) as lock:
        with pytest.raises(PanelError, match=r"login1: Permission denied$"):
            await lock.hold()
    async with Inhibitors(tmp_path) as bus, locked(bus, monkeypatch) as lock:
        with pytest.raises(PanelError, match=r"The name .* was not provided"):
            await lock.hold()
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")
        with pytest.raises(PanelError, match=r"login1: No such file or directory$"):
            await lock.hold()


async def test_services_that_do_not_answer_are_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sleep_lock, "TIMEOUT_S", 0.05)
    async with Inhibitors(tmp_path, GNOME, SYSTEMD, silent=True) as bus, locked(bus, monkeypatch) as lock:
        async with deadline("the lock to be given up"):
            with pytest.raises(PanelError, match="has not answered"):
                await lock.hold()
            await lock.release()
        assert bus.calls == [f"{GNOME}.Inhibit"]


async def test_a_bus_that_has_ended_has_taken_the_lock_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Inhibitors(tmp_path / "one", GNOME) as bus:
        for name, value in bus.environment.items():
            monkeypatch.setenv(name, value)
        lock = SystemSleepLock()
        assert await lock.hold() == GNOME
    await lock.release()
    async with Inhibitors(tmp_path / "other", GNOME) as bus, locked(bus, monkeypatch) as other:
        assert await other.hold() == GNOME
        assert await lock.hold() == GNOME
        assert len(bus.held) == 2
        lock.close()
        await bus.until(lambda: len(bus.held) == 1)


@pytest.mark.parametrize("service", [GNOME, SYSTEMD])
async def test_a_lock_whose_holder_has_ended_is_taken_anew_when_it_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    async with Inhibitors(tmp_path, service) as bus, locked(bus, monkeypatch) as lock:
        assert await lock.hold() == service
        assert await lock.hold() == service
        assert len(bus.calls) == 1
        await bus.restart()
        assert bus.held == []
        assert await lock.hold() == service
        assert len(bus.held) == 1


async def test_a_lock_whose_bus_has_ended_is_told_when_it_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Inhibitors(tmp_path, GNOME) as bus:
        for name, value in bus.environment.items():
            monkeypatch.setenv(name, value)
        lock = SystemSleepLock()
        assert await lock.hold() == GNOME
    with pytest.raises(PanelError):
        await lock.hold()
    lock.close()


async def test_a_lock_that_comes_too_late_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, left = threading.Event(), threading.Event()

    class Held:
        method = "late"

        def __init__(self) -> None:
            answers.wait()

        def leave(self) -> None:
            left.set()

    monkeypatch.setattr("ollama_panel.engine.host.sleep_lock_wakepy.Held", Held)
    monkeypatch.setattr(sleep_lock, "TIMEOUT_S", 0.05)
    lock = SystemSleepLock()
    with pytest.raises(PanelError, match="has not answered"):
        await lock.hold()
    answers.set()
    async with deadline("the lock to be given back"):
        await asyncio.to_thread(left.wait)
    lock.close()
