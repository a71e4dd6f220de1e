"""`ollama-panel serve` as a process: its output, its shutdown, and what it leaves behind."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from ollama_panel import headless
from ollama_panel.core.settings import forms
from ollama_panel.headless import ServeOptions
from tests.fakes.panel_process import PanelProcess
from tests.fakes.waiting import deadline

CHAT = "llama3.1:8b"
POOLS = {"version": 1, "ollama": {"adopt": False}, "pools": [{"name": "chat", "workers": 1}]}
OPEN = {**POOLS, "proxy": {"require_key": "never"}}


@pytest.fixture
async def panel(tmp_path: Path) -> AsyncIterator[PanelProcess]:
    async with PanelProcess(tmp_path / "state", POOLS, environment={"OLLAMA_SIM_SPEED": "3"}) as panel:
        await panel.ready()
        yield panel


async def streamed(panel: PanelProcess, begun: asyncio.Event, tokens: int) -> str:
    """Read the stream of a chat until it ends or breaks, and return its content."""
    body = {"model": CHAT, "messages": [{"role": "user", "content": "Hi"}], "options": {"num_predict": tokens}}
    text = ""
    try:
        async with panel.client.stream("POST", "/api/chat", json=body) as answer:
            async for line in answer.aiter_lines():
                text += line
                begun.set()
    except httpx.HTTPError:
        return text
    return text


async def until_printed(panel: PanelProcess, text: str) -> None:
    """Wait until the panel has printed a text on stderr."""
    async with asyncio.timeout(30):
        while text not in panel.errors:  # noqa: ASYNC110 - another process can only be polled
            await asyncio.sleep(0.02)


IGNORED = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
HANGUP = pytest.param(signal.SIGHUP, marks=pytest.mark.skipif(IGNORED, reason="this run ignores SIGHUP, as by nohup"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, HANGUP])
async def test_a_signal_lets_a_running_stream_end(panel: PanelProcess, number: signal.Signals) -> None:
    begun = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        stream = group.create_task(streamed(panel, begun, 300))
        await begun.wait()
        panel.process.send_signal(number)
    assert '"done":true' in stream.result()
    assert await panel.ended() == 0
    assert "Stopping when the running requests have ended" in panel.errors


async def test_a_second_signal_does_not_wait_for_the_stream(panel: PanelProcess) -> None:
    begun = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        stream = group.create_task(streamed(panel, begun, 100_000))
        await begun.wait()
        panel.process.send_signal(signal.SIGTERM)
        await until_printed(panel, "a second signal ends them now")
        panel.process.send_signal(signal.SIGTERM)
    assert '"done":true' not in stream.result()
    assert await panel.ended() == 0


async def test_the_end_leaves_a_log_but_no_process_and_no_panel_file(panel: PanelProcess) -> None:
    note = json.loads((panel.state_dir / "panel.json").read_text())
    assert note == {"pid": panel.process.pid, "url": panel.url, "secret": note["secret"]}
    children = [one["pid"] for one in await panel.instances("chat")]
    assert await panel.stop() == 0
    assert not any(psutil.pid_exists(pid) for pid in children)
    assert not (panel.state_dir / "panel.json").exists()
    assert (panel.state_dir / "logs" / "panel.log").exists()


async def test_the_next_panel_ends_what_a_killed_one_left(panel: PanelProcess) -> None:
    orphan = (await panel.instances("chat"))[0]["pid"]
    panel.process.kill()
    await panel.process.wait()
    async with PanelProcess(panel.state_dir, POOLS) as second:
        await second.until(lambda status: status["instances"])
        assert not psutil.pid_exists(orphan)


async def test_a_missing_program_in_the_settings_is_reported_and_the_panel_serves_on(tmp_path: Path) -> None:
    wanted = POOLS | {"ollama": {"adopt": False, "binary": "/nowhere/ollama"}}
    async with PanelProcess(tmp_path / "state", wanted, arguments=()) as panel:
        await panel.until(lambda status: status["problems"])
        assert (await panel.client.get("/panel/health")).status_code == 200
    assert "/nowhere/ollama" in panel.errors
    assert "Traceback" not in panel.errors


def url_of(note: Path) -> str:
    """Return the address in `panel.json`, "" as long as there is none."""
    return str(json.loads(note.read_text())["url"]) if note.exists() else ""


async def test_a_panel_whose_output_nobody_reads_serves_on(tmp_path: Path) -> None:
    arguments = ("-m", "ollama_panel", "serve", "--demo", "--listen", "127.0.0.1:0", "--state-dir", str(tmp_path))
    reading, writing = os.pipe()
    os.close(reading)
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=writing, stderr=writing)
    os.close(writing)
    try:
        async with deadline("the panel to serve, and to see that its settings are not valid"):
            while not (url := url_of(tmp_path / "panel.json")):  # noqa: ASYNC110 - another process can only be polled
                await asyncio.sleep(0.02)
            (tmp_path / "settings.json").write_text("{")
            async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as http:
                while not (await http.get("/panel/status")).json()["problems"]:  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.02)
                assert (await http.get("/panel/health")).status_code == 200
    finally:
        process.terminate()
        async with deadline("the panel to end"):
            await process.wait()
    assert not (tmp_path / "panel.json").exists()


async def test_metrics_are_those_of_the_snapshot(panel: PanelProcess) -> None:
    text = (await panel.client.get("/panel/metrics")).text
    assert 'ollama_panel_slots{pool="chat"} 2.0' in text
    assert 'ollama_panel_instance_up{instance="chat-1",pool="chat"} 1.0' in text


@pytest.mark.parametrize(
    "listen", ["11435", "localhost", "127.0.0.1:x", "127.0.0.1:70000", "127.0.0.1:" + "9" * 5000, ""]
)
def test_an_address_that_is_none_is_reported_in_one_sentence(
    listen: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert headless.run(ServeOptions(listen=listen, state_dir=tmp_path, demo=True)) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f'--listen takes HOST:PORT, like 127.0.0.1:11435, not "{forms.quoted(listen)}".\n'


@pytest.mark.parametrize(
    ("listen", "said"),
    [
        ("192.168..5:11435", "an address such as 127.0.0.1 or ::1, or the name of a host"),
        (f"{'a' * 70}:0", "an address such as 127.0.0.1 or ::1, or the name of a host"),
        ("*:11435", "0.0.0.0 for all addresses of this machine, or :: for those of IPv6, too"),
        ("http://127.0.0.1:11435", "the address alone, 127.0.0.1"),
    ],
)
def test_an_address_that_cannot_listen_is_refused_with_what_is_meant(
    listen: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert headless.run(ServeOptions(listen=listen, state_dir=tmp_path, demo=True)) == 1
    assert capsys.readouterr().err == f'--listen must be {said}, not "{listen.rpartition(":")[0]}".\n'


@pytest.fixture
def ends_here() -> Iterator[None]:
    """Take the signals back that a panel ignores once it has ended, as if its process had ended, too."""
    numbers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in numbers.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("ends_here")
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_a_lock_that_is_no_file_is_reported_in_one_sentence(
    make: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / "panel.lock")
    assert headless.run(ServeOptions(listen="127.0.0.1:0", state_dir=tmp_path, demo=True)) == 1
    assert capsys.readouterr().err == (
        f"The state folder {tmp_path} cannot be used (panel.lock is a pipe, a device or a folder, not a file); "
        "give another one with --state-dir.\n"
    )


@pytest.mark.usefixtures("ends_here")
def test_a_folder_that_cannot_be_used_is_reported_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert headless.run(ServeOptions(state_dir=tmp_path / "file" / "below")) == 1
    assert "cannot be used" in capsys.readouterr().err
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]"])
async def test_on_all_addresses_it_prints_one_to_use(tmp_path: Path, host: str) -> None:
    async with PanelProcess(tmp_path / "state", OPEN, listen=f"{host}:0") as panel:
        assert panel.url.startswith("http://127.0.0.1:")
        assert (await panel.status())["proxy"]["url"] == panel.url
        assert json.loads((panel.state_dir / "panel.json").read_bytes())["url"] == panel.url
    assert "0.0.0.0" not in panel.errors
