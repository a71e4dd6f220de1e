"""The headless panel keeps the machine awake, at a real D-Bus whose services stand in for GNOME's and systemd's."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.inhibitors import GNOME, SYSTEMD, Inhibitors, needs_dbus
from tests.fakes.panel_process import PanelProcess

pytestmark = [needs_dbus, pytest.mark.skipif(sys.platform != "linux", reason="D-Bus services are Linux'")]

CHAT = {"model": "llama3.1:8b", "messages": [{"role": "user", "content": "Tell a long story."}]}


async def chat(panel: PanelProcess) -> httpx.Response:
    return await panel.client.post("/api/chat", json=CHAT)


def held(status: Any) -> bool:
    return bool(status["keep_awake"]["held"])


@pytest.mark.parametrize(("service", "name"), [(GNOME, "Ollama Panel"), (SYSTEMD, "sleep:idle")])
async def test_the_lock_is_taken_for_a_request_and_given_back_when_it_is_switched_off(
    tmp_path: Path, service: str, name: str
) -> None:
    async with (
        Inhibitors(tmp_path / "bus", service) as bus,
        PanelProcess(tmp_path / "state", environment=bus.environment) as panel,
    ):
        await panel.ready()
        assert bus.held == []
        async with asyncio.TaskGroup() as group:
            request = group.create_task(chat(panel))
            await bus.until(lambda: bus.held)
            assert bus.held[0].arguments[0] == name
            status = await panel.until(held)
            assert status["keep_awake"]["method"] == service
        assert request.result().is_success
        assert bus.held  # a little longer, for the next one
        changed = await panel.client.patch(
            "/panel/v1/settings",
            json={"machine.keep_awake": False},
            headers={"Authorization": f"Bearer {panel.secret()}"},
        )
        assert changed.is_success, changed.text
        await bus.until(lambda: not bus.held)
        await panel.until(lambda status: not held(status))


@pytest.mark.parametrize("service", [GNOME, SYSTEMD])
async def test_a_panel_that_is_killed_leaves_no_lock(tmp_path: Path, service: str) -> None:
    async with (
        Inhibitors(tmp_path / "bus", service) as bus,
        PanelProcess(tmp_path / "state", environment=bus.environment) as panel,
    ):
        await panel.ready()
        assert (await chat(panel)).is_success
        await bus.until(lambda: bus.held)
        panel.process.kill()
        await bus.until(lambda: not bus.held)


async def test_a_panel_that_ends_gives_the_lock_back(tmp_path: Path) -> None:
    async with Inhibitors(tmp_path / "bus", GNOME) as bus:
        async with PanelProcess(tmp_path / "state", environment=bus.environment) as panel:
            await panel.ready()
            assert (await chat(panel)).is_success
            await bus.until(lambda: bus.held)
            assert await panel.stop() == 0
        await bus.until(lambda: not bus.held)


async def test_a_machine_without_a_bus_serves_and_says_why_it_may_sleep(tmp_path: Path) -> None:
    missing = f"unix:path={tmp_path}/no-bus"
    environment = {"DBUS_SESSION_BUS_ADDRESS": missing, "DBUS_SYSTEM_BUS_ADDRESS": missing}
    async with PanelProcess(tmp_path / "state", environment=environment) as panel:
        await panel.ready()
        assert (await chat(panel)).is_success
        status = await panel.until(lambda status: status["keep_awake"]["problem"])
        assert not held(status)


async def test_a_bus_that_never_answers_holds_up_no_request_and_no_end(tmp_path: Path) -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_unix_server(say_nothing, tmp_path / "bus"):
        address = f"unix:path={tmp_path}/bus"
        environment = {"DBUS_SESSION_BUS_ADDRESS": address, "DBUS_SYSTEM_BUS_ADDRESS": address}
        async with PanelProcess(tmp_path / "state", environment=environment) as panel:
            await panel.ready()
            assert (await chat(panel)).is_success
            status = await panel.until(lambda status: status["keep_awake"]["problem"])
            assert status["keep_awake"]["problem"]["text"].count("(org.freedesktop.login1: no answer)") == 1
            assert (await chat(panel)).is_success
            assert await panel.stop() == 0
        assert panel.errors.count("may go to sleep") == 1
