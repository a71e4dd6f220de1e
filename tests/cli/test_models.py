"""`load|unload|pull MODEL` against a stand-in for the panel."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import msgspec
import pytest

from ollama_panel.core.gpu_yield import YieldCause, YieldRecord, YieldState
from ollama_panel.core.gpu_yield_told import told
from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.panel_api import Pool
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import InstanceRecord, Snapshot
from tests.cli.conftest import Outcome
from tests.cli.stand_in import Asked, Reply, StandIn, standing_in

Panel = Callable[..., Outcome]
NAME = "llama3.2:1b"
INSTANCES = "/panel/v1/instances"
AT_CHAT = "POST /panel/v1/instances/chat-1/models/llama3.2%3A1b"
MISSING = {"error": f"model '{NAME}' not found"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    with standing_in(tmp_path) as stand_in:
        stand_in.on("GET /panel/v1/gpu", msgspec.to_builtins(YieldRecord()))
        yield stand_in


def holder(instance: str, model: str) -> object:
    loaded = LoadedModel(ModelName(model), 0, 0, None, None, ParallelSource.UNKNOWN)
    pool = PoolName(instance.rpartition("-")[0])
    one = InstanceRecord(InstanceId(instance), pool, Role.CHAT, True, "http://127.0.0.1:1", Phase.READY)
    return msgspec.to_builtins(msgspec.structs.replace(one, models=(loaded,)))


def pool(*pinned: str) -> object:
    chat = PoolSettings(PoolName("chat"), preload=pinned)
    return msgspec.to_builtins(Pool.of(chat, Snapshot(0.0, Settings(pools=(chat,)))))


def stream(*lines: bytes, breaks: bool = False) -> Reply:
    return Reply(content=[line + b"\n" for line in lines], breaks=breaks)


@pytest.mark.parametrize(("capability", "path"), [("completion", "/api/generate"), ("embedding", "/api/embed")])
def test_a_model_is_loaded_by_the_path_of_its_kind(
    panel: Panel, server: StandIn, tmp_path: Path, capability: str, path: str
) -> None:
    server.on("POST /api/show", {"capabilities": [capability]})
    server.on(f"POST {path}", {"done": True}, X_Panel_Instance="chat-2")
    assert panel("load", NAME, "--state-dir", tmp_path) == (0, f"{NAME} is loaded on chat-2.\n", "")
    assert server.bodies(f"POST {path}") == [{"model": NAME, "stream": False}]


def test_a_load_does_not_wait_for_a_gpu_that_others_have(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    given = YieldRecord(YieldState.YIELDED, YieldCause.USER, told(YieldState.YIELDED, YieldCause.USER, "", 0, gpu=True))
    server.on("GET /panel/v1/gpu", msgspec.to_builtins(given))
    server.on("POST /api/show", {"capabilities": ["completion"]})
    server.on("POST /api/generate", {"done": True})
    code, _, errors = panel("load", NAME, "--state-dir", tmp_path)
    assert (code, errors) == (1, "The models make room for other programs: take the GPU back first.\n")
    assert server.bodies("POST /api/generate") == []


def test_the_secret_is_for_the_panel_alone(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    server.on("POST /api/generate", {"done": True})
    server.on(f"GET {INSTANCES}", {"at": 1.0, "instances": []})
    panel("unload", NAME, "--state-dir", tmp_path)
    assert {one.path: one.key for one in server.asked} == {INSTANCES: "Bearer sesame", "/api/generate": None}


@pytest.mark.parametrize(
    ("at", "content", "said"),
    [
        ("show", b'{"error": "model \'llama3.2:1b\' not found"}', "model 'llama3.2:1b' not found."),
        ("generate", b'{"error": "out of memory."}', "out of memory."),
        ("late", b'   {"error": "out of memory"}', "out of memory."),
        ("late", b"out of order", "cannot be loaded: JSON is malformed"),
        ("generate", b'{"error": "The queue is full.", "code": "queue.full"}', "The queue is full."),
    ],
)
def test_why_a_model_is_not_loaded_is_one_sentence(
    panel: Panel, server: StandIn, tmp_path: Path, at: str, content: bytes, said: str
) -> None:
    server.on("POST /api/show", Reply(404, [content]) if at == "show" else {"capabilities": ["completion"]})
    server.on("POST /api/generate", Reply(200 if at == "late" else 500, [content]))
    outcome = panel("load", NAME, "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert said in outcome.err
    assert len(outcome.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("holders", "said"),
    [
        ((), f"{NAME} is not loaded.\n"),
        (("chat-1",), f"{NAME} is unloaded from chat-1 as soon as no request uses it.\n"),
        (("chat-1", "chat-2"), f"{NAME} is unloaded from chat-1 and chat-2 as soon as no request uses it.\n"),
    ],
)
def test_a_model_is_unloaded_everywhere(
    panel: Panel, server: StandIn, tmp_path: Path, holders: tuple[str, ...], said: str
) -> None:
    records = [holder("code-1", "other:7b"), *(holder(one, NAME) for one in holders)]
    server.on(f"GET {INSTANCES}", {"at": 1.0, "instances": records})
    server.on("GET /panel/v1/pools", {"pools": [pool()]})
    server.on("POST /api/generate", {"done": True, "done_reason": "unload"})
    assert panel("unload", NAME, "--state-dir", tmp_path) == (0, said, "")
    assert server.bodies("POST /api/generate") == [{"model": NAME, "keep_alive": 0, "stream": False}]


def test_a_pinned_model_is_unloaded_from_its_worker_and_is_said_to_come_back(
    panel: Panel, server: StandIn, tmp_path: Path
) -> None:
    server.on(f"GET {INSTANCES}", {"at": 1.0, "instances": [holder("chat-1", NAME)]})
    server.on("GET /panel/v1/pools", {"pools": [pool(NAME)]})
    server.on(AT_CHAT + "/unload", holder("chat-1", "other:7b"))
    status, out, err = panel("unload", NAME, "--state-dir", tmp_path)
    assert (status, err) == (0, "")
    assert out == f"{NAME} is unloaded from chat-1. It is pinned there, so it is loaded at the next start.\n"


@pytest.mark.parametrize(("command", "said"), [("load", "is loaded on"), ("unload", "is unloaded from")])
def test_one_instance_can_be_named(panel: Panel, server: StandIn, tmp_path: Path, command: str, said: str) -> None:
    server.on(f"{AT_CHAT}/{command}", holder("chat-1", NAME))
    outcome = panel(command, NAME, "--instance", "chat-1", "--state-dir", tmp_path)
    assert outcome == (0, f"{NAME} {said} chat-1.\n", "")


def test_a_model_that_does_not_exist_is_not_unloaded(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    server.on(f"GET {INSTANCES}", {"at": 1.0, "instances": []})
    server.on("POST /api/generate", MISSING, 404)
    outcome = panel("unload", NAME, "--state-dir", tmp_path)
    assert outcome == (1, "", f"{NAME} cannot be unloaded: model '{NAME}' not found.\n")


def test_a_pull_tells_its_progress_in_lines(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    steps = (
        b'{"status":"pulling manifest"}',
        b'{"status":"pulling 6a07","total":2097152}',
        b"",
        b'{"status":"pulling 6a07","total":2097152,"completed":1048576}',
        b'{"status":"success"}',
    )
    server.on("POST /api/pull", stream(*steps))
    assert panel("pull", NAME, "--state-dir", tmp_path) == (
        0,
        f"pulling manifest\npulling 6a07\npulling 6a07: 50 %, 1 MiB of 2 MiB\n{NAME} is here.\n",
        "",
    )
    assert server.bodies("POST /api/pull") == [{"model": NAME, "stream": True}]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            stream(b'{"status":"pulling manifest"}', b'{"error":"file does not exist"}'),
            f"{NAME} cannot be pulled: file does not exist.\n",
        ),
        (Reply(400, [b'{"error":"invalid model name"}']), f"{NAME} cannot be pulled: invalid model name.\n"),
        (
            stream(b'{"status":"pulling manifest"}'),
            f"The pull of {NAME} ended too early; what is there is kept: start it again.\n",
        ),
        (
            Reply(403, [b'{"error":"The settings forbid it.","code":"access.management_off"}']),
            "The settings forbid it.\n",
        ),
    ],
)
def test_why_a_model_is_not_pulled_is_one_sentence(
    panel: Panel, server: StandIn, tmp_path: Path, answer: Reply, said: str
) -> None:
    server.on("POST /api/pull", answer)
    outcome = panel("pull", NAME, "--state-dir", tmp_path)
    assert (outcome.status, outcome.err) == (1, said)


def test_a_connection_that_breaks_ends_a_pull_with_a_sentence(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    server.on("POST /api/pull", stream(b'{"status":"pulling manifest"}', breaks=True))
    outcome = panel("pull", NAME, "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "pulling manifest\n")
    assert outcome.err.startswith(f"The panel does not answer at {server.url}/api/pull")


@pytest.mark.parametrize("command", ["load", "unload", "pull"])
def test_without_a_panel_it_says_how_to_start_one(panel: Panel, tmp_path: Path, command: str) -> None:
    outcome = panel(command, NAME, "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith(f"No panel runs on {tmp_path}: start one with ollama-panel")


@pytest.mark.skipif(sys.platform == "win32", reason="a signal to one process of a console is not sent there")
def test_ctrl_c_ends_a_pull_and_says_that_nothing_is_lost(server: StandIn, tmp_path: Path) -> None:
    ended = Event()

    def pulling(_: Asked) -> Reply:
        def content() -> Iterator[bytes]:
            yield b'{"status":"pulling manifest"}\n'
            ended.wait()

        return Reply(content=content())

    server.replies["POST /api/pull"] = pulling
    child = subprocess.Popen(
        [sys.executable, "-m", "ollama_panel", "pull", NAME, "--state-dir", str(tmp_path)],
        cwd=Path(__file__).parents[2],
        env=os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with child:
        try:
            assert child.stdout
            assert child.stderr
            assert child.stdout.readline() == "pulling manifest\n"
            child.send_signal(signal.SIGINT)
            said = child.stderr.read()
        finally:  # a test that has failed must not wait for it
            child.kill()
    ended.set()
    assert child.returncode == 130
    assert said == f"Stopped. What is there of {NAME} is kept: the same command goes on from there.\n"
