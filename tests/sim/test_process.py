"""The simulated server as a real child process."""

import signal
import sys
from pathlib import Path

import httpx
import pytest

from tests.sim.serving import CHAT, LONG, child, client, question

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@POSIX
async def test_sigterm_ends_it_with_status_0_and_cuts_what_is_in_flight() -> None:
    async with child() as server, client(server.url) as http:
        async with http.stream("POST", "/api/chat", json=question(stream=True) | {"options": LONG}) as answer:
            lines = answer.aiter_lines()
            await anext(lines)
            server.process.terminate()
            with pytest.raises(httpx.RemoteProtocolError):
                _ = [line async for line in lines]
        status = await server.rest()

    assert status == 0
    assert not any("Traceback" in line for line in server.lines)


@POSIX
async def test_one_that_ignores_signals_goes_on_after_sigterm() -> None:
    async with child("--fault", "ignore-signals") as server, client(server.url) as http:
        server.process.send_signal(signal.SIGTERM)
        answers = [(await http.get("/api/version")).status_code for _ in range(3)]

        assert server.process.returncode is None

    assert answers == [200, 200, 200]


async def test_the_log_says_what_ollama_says() -> None:
    environment = {"OLLAMA_NUM_PARALLEL": "4", "OLLAMA_CONTEXT_LENGTH": "8192", "OLLAMA_MAX_QUEUE": "many"}
    async with child(**environment) as server, client(server.url) as http:
        await http.post("/api/chat", json=question())
        started = await server.wait_for("llama-server started in")
        await server.wait_for("loaded runners")

    command = next(line for line in server.lines if 'msg="starting llama-server"' in line)
    warning = 'msg="invalid environment variable, using default" key=OLLAMA_MAX_QUEUE value=many default=512'
    assert "-c 32768 -np 4 " in command
    assert warning in server.lines[0]
    assert "level=INFO source=llama_server.go:1362" in started
    assert any("OLLAMA_NUM_PARALLEL:4 " in line and 'msg="server config"' in line for line in server.lines)
    assert any("n_slots = 4, n_ctx_slot = 8192" in line for line in server.lines)
    assert any("offloaded 33/33 layers to GPU" in line for line in server.lines)


async def test_a_taken_port_is_one_line_and_status_1() -> None:
    async with child() as first, child(ready="", OLLAMA_HOST=first.url) as second:
        status = await second.rest()

    assert status == 1
    address = first.url.removeprefix("http://")
    assert second.lines == [f"Error: listen tcp {address}: bind: address already in use"]


async def test_one_that_dies_at_once_says_so() -> None:
    async with child(ready="", OLLAMA_SIM_FAULTS="die-at-once") as server:
        status = await server.rest()

    assert status == 1
    assert len(server.lines) == 1
    assert server.lines[0].startswith("Error: ")


async def test_a_bad_option_is_a_sentence() -> None:
    async with child("--fault", "rain", ready="") as server:
        status = await server.rest()

    assert status == 2
    assert server.lines[0].startswith("Error: The fault 'rain' is not known; the faults are slow-start=S, ")


async def test_one_that_crashes_is_gone_in_the_middle_of_a_request() -> None:
    async with child("--fault", "crash-after=1") as server, client(server.url) as http:
        first = await http.post("/api/chat", json=question())
        with pytest.raises(httpx.TransportError):
            await http.post("/api/chat", json=question())
        status = await server.rest()

    assert first.status_code == 200
    assert status == 137


async def test_a_slow_start_listens_at_once_and_answers_later() -> None:
    async with child("--fault", "slow-start=0.3", ready="Listening on") as server, client(server.url) as http:
        assert not any("vram-based" in line for line in server.lines)
        answer = await http.get("/api/version")

    assert answer.status_code == 200


async def test_processes_share_a_gpu_and_a_killed_one_leaves_it(tmp_path: Path) -> None:
    folder = {"OLLAMA_SIM_GPU": str(tmp_path), "OLLAMA_CONTEXT_LENGTH": "4096"}
    async with child(**folder) as first, client(first.url) as one:
        async with child(**folder) as second, client(second.url) as two:
            await two.post("/api/generate", json={"model": CHAT})
            held = (await one.get("/sim/stats")).json()["gpu"]["foreign_used"]
            second.process.kill()
            await second.rest()
        left = (await one.get("/sim/stats")).json()["gpu"]["foreign_used"]

    assert held > 5_000_000_000
    assert left == 0
