"""A program in place of the inference server logs what goes wrong: alerts appear over HTTP and in the terminal, and go.

The whole panel runs, with real processes; nothing is simulated but the lines of the log.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.fakes.panel_process import PanelProcess

STUB = Path(__file__).parents[1] / "fakes" / "ollama_stub.py"
CARD = (
    'time=0 level=INFO source=types.go:42 msg="inference compute" id=GPU-0 library=CUDA name=CUDA0 '
    'description="NVIDIA GeForce RTX 3080 Ti" total="12.0 GiB" available="11.6 GiB"'
)
CPU = 'time=0 level=INFO source=types.go:32 msg="inference compute" id=cpu library=cpu name=cpu total="31.2 GiB"'
LOAD = 'level=INFO source=x.go:1 msg="starting llama-server" cmd="/x/llama-server --model /models/a -c 8192 -np 2"'
LOADED = 'level=INFO source=x.go:1 msg="llama-server started in 2.00 seconds"'
SPILLED, WHOLE = (f"load_tensors: offloaded {layers}/33 layers to GPU" for layers in (21, 33))
CUT = 'level=WARN source=x.go:1 msg="truncating input prompt" limit=4096 prompt=9375 keep=5 new=4096'


class Machine:
    """A panel with one worker, whose program logs what the test says."""

    def __init__(self, panel: PanelProcess, devices: Path) -> None:
        self.panel = panel
        self._devices = devices

    async def logs(self, *lines: str) -> None:
        (instance,) = await self.panel.instances("chat")
        reply = await self.panel.client.post(instance["url"] + "/stub/log", content="\n".join(lines))
        assert reply.status_code == 200

    async def restarts(self, device: str) -> None:
        """Restart the worker, which finds a device."""
        self._devices.write_text(device)
        assert await self.panel.command("restart", "chat-1") == (0, "chat-1 is restarted.\n")

    async def alert(self, code: str) -> Any:
        """Return an alert as soon as there is one of this code."""
        status = await self.panel.until(lambda status: [one for one in status["alerts"] if one["code"] == code])
        (found,) = (one for one in status["alerts"] if one["code"] == code)
        return found

    async def over(self, code: str) -> None:
        """Return as soon as there is none any more."""
        await self.panel.until(lambda status: code not in {one["code"] for one in status["alerts"]})

    async def printed(self) -> str:
        """Return what `ollama-panel status` prints."""
        code, printed = await self.panel.command("status")
        assert code == 0
        return printed


@asynccontextmanager
async def machine(folder: Path, device: str = CARD) -> AsyncIterator[Machine]:
    program, devices = folder / "ollama", folder / "devices.txt"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{STUB}" --log "{devices}" "$@"\n')
    program.chmod(0o755)
    devices.write_text(device)
    settings = {
        "version": 2,
        "ollama": {"adopt": False, "binary": str(program)},
        "pools": [{"name": "chat", "role": "chat", "parallel": 2, "context_length": 4096}],
    }
    async with PanelProcess(folder / "state", settings, ()) as panel:
        await panel.ready()
        yield Machine(panel, devices)


async def test_a_spill_is_told_until_the_model_is_loaded_whole(tmp_path: Path) -> None:
    async with machine(tmp_path) as one:
        await one.logs(LOAD, SPILLED, LOADED)
        alert = await one.alert("layers_spilled")
        assert (alert["level"], alert["instances"], alert["model"]) == ("warning", ["chat-1"], "a")
        assert alert["since_time"].endswith("Z")
        assert alert["told"]["text"].startswith("a: 21 of 33 layers are on the GPU")
        printed = await one.printed()
        assert "ALERT" in printed
        assert "a: 21 of 33 layers are on the GPU" in printed
        await one.logs(LOAD, WHOLE, LOADED)
        await one.over("layers_spilled")
        assert "layers" not in await one.printed()


async def test_a_cut_prompt_is_told_until_the_context_is_raised_as_it_offers(tmp_path: Path) -> None:
    async with machine(tmp_path) as one:
        await one.logs(CUT, CUT)
        alert = await one.alert("prompt_cut")
        assert alert["told"]["text"] == (
            "A prompt of 9,375 tokens was cut to 4,096 at chat-1: give it a longer context."
        )
        (offer,) = alert["actions"]
        assert (offer["type"], offer["pools"], offer["tokens"], alert["times"]) == ("RaiseContext", ["chat"], 16_384, 2)
        await one.panel.settings_set("pools.chat.context_length", str(offer["tokens"]))
        await one.over("prompt_cut")


async def test_a_lost_card_is_told_until_a_start_finds_it_and_by_the_next_panel_too(tmp_path: Path) -> None:
    async with machine(tmp_path) as one:
        assert "gpu_lost" not in {alert["code"] for alert in (await one.panel.status())["alerts"]}
        await one.restarts(CPU)
        assert (
            "Ollama does not find NVIDIA GeForce RTX 3080 Ti any more" in (await one.alert("gpu_lost"))["told"]["text"]
        )
        assert "RTX 3080 Ti any more" in await one.printed()
        await one.restarts(CARD)
        await one.over("gpu_lost")
    async with machine(tmp_path, CPU) as next_one:
        await next_one.alert("gpu_lost")
        await next_one.restarts(CARD)
        await next_one.over("gpu_lost")


async def test_all_other_alerts_are_there_too_with_their_time(tmp_path: Path) -> None:
    async with machine(tmp_path) as one:
        assert await one.panel.command("stop", "chat-1") == (0, "chat-1 is stopped.\n")
        alert = await one.alert("state.all_stopped")
        assert (alert["actions"], alert["level"]) == (["start_all"], "warning")
        assert "All instances are stopped" in await one.printed()
