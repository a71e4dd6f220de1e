"""`bench compare`: two sides take turns, and what it has started ends with it."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import psutil
import pytest

from ollama_panel.cli.compare import command
from ollama_panel.cli.compare.sides import SideError
from ollama_panel.core.scheduling import event_log
from ollama_panel.core.scheduling.policy import Policy
from tests.cli.compare.recording import arrived, finished
from tests.fakes.ports import free_port
from tests.fakes.waiting import deadline, polled, until_ended
from tests.sim.serving import CHAT, client, server, stats

SHORT = ("--model", CHAT, "--requests", "6", "--rate", "50", "--rounds", "1")


async def test_two_addresses_take_turns_and_the_verdict_is_printed_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "result.json"
    async with server(OLLAMA_NUM_PARALLEL="4") as a, server(OLLAMA_NUM_PARALLEL="1") as b:
        await command.compare(command.options([a, b, *SHORT, "--state-dir", str(tmp_path), "--json", str(file)]))
        async with client(a) as http:
            asked = (await stats(http))["served"]
    printed = capsys.readouterr()
    turns = [line.split()[3] for line in printed.err.splitlines() if "tokens/s" in line]
    assert turns == list("ABBA")
    assert f"A: {a}\nB: {b}\n" in printed.out
    assert "failed           0.0%" in printed.out
    result = json.loads(file.read_text())
    assert [len(result["runs"][side]) for side in "AB"] == [2, 2]
    assert asked >= 12


async def test_a_recording_is_sent_with_its_models(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = [arrived("a", 0, prompt_tokens=50), arrived("b", 0.1, prompt_tokens=60), finished("a", 7)]
    lines = [event_log.head(Policy()), *(event_log.line(one.at, one.event, ()) for one in steps if one.event)]
    (tmp_path / "events.jsonl").write_bytes(b"".join(lines) + b'{"half')
    async with server() as url:
        arguments = [url, url, "--recording", str(tmp_path / "events.jsonl"), "--rounds", "1"]
        await command.compare(command.options([*arguments, "--state-dir", str(tmp_path)]))
        async with client(url) as http:
            assert (await stats(http))["served"] > 8
    assert "2 requests within 0 s, 4 runs" in capsys.readouterr().err


async def test_what_cannot_be_compared_is_said_in_a_sentence(tmp_path: Path) -> None:
    state = ("--state-dir", str(tmp_path))
    nobody = f"http://127.0.0.1:{free_port()}"
    (tmp_path / "log").write_bytes(b"no log\n")
    async with server() as url:
        for arguments, words in (
            ([nobody, url, *SHORT], f"{nobody} does not list its models"),
            ([url, url, *SHORT[2:]], "Name a model with --model"),
            ([url, url, "--model", "unheard-of"], "has no model unheard-of:latest; it has"),
            ([url, url, "--recording", str(tmp_path / "log")], "is not a log of events"),
            ([url, url, "--recording", str(tmp_path / "missing")], "missing cannot be read .No such file or directory"),
        ):
            with pytest.raises(SideError, match=words):
                await command.compare(command.options([*arguments, *state]))


async def _started(folder: Path) -> tuple[asyncio.subprocess.Process, list[psutil.Process]]:
    """Return a comparison of two panels in a process of its own, and the first panel with its worker."""
    arguments = ("pools.embedding.workers=0", "current", "--demo", "--state-dir", str(folder), "--model", CHAT)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ollama_panel", "bench", "compare", *arguments, "--requests", "50", "--rate", "0.5"),
        stderr=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
    )

    async def with_worker() -> list[psutil.Process]:
        found = psutil.Process(process.pid).children(recursive=True)
        return found if len(found) > 1 else []

    return process, await polled(with_worker, "a panel and its worker")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)])
async def test_nothing_that_it_has_started_outlives_it(tmp_path: Path, number: signal.Signals, code: int) -> None:
    process, started = await _started(tmp_path)
    assert started
    process.send_signal(number)
    async with deadline("the comparison to end"):
        assert await process.wait() == code
    await until_ended(started)


@pytest.mark.parametrize("wrong", [(), ("b", "--rate", "0"), ("b", "--requests", "none"), ("b", "--preset", "own")])
def test_wrong_arguments_are_usage_errors(capsys: pytest.CaptureFixture[str], wrong: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit):
        command.options(["a", *wrong])
    assert "usage: ollama-panel bench compare" in capsys.readouterr().err
