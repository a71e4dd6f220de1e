"""`start|stop|restart` against a stand-in for the panel."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.records import Role
from ollama_panel.core.snapshot import InstanceRecord
from tests.cli.conftest import Outcome
from tests.cli.stand_in import StandIn, standing_in

Panel = Callable[..., Outcome]


def record(name: str, phase: Phase = Phase.READY, *, managed: bool = True, **changes: object) -> object:
    pool = PoolName(name.rpartition("-")[0])
    one = InstanceRecord(InstanceId(name), pool, Role.CHAT, managed, "http://127.0.0.1:1", phase)
    return msgspec.to_builtins(msgspec.structs.replace(one, **changes))


ALL = [record("chat-1"), record("chat-2"), record("code-1"), record("chat-11434", managed=False)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    with standing_in(tmp_path) as stand_in:
        stand_in.on("GET /panel/v1/instances", {"at": 1.0, "instances": ALL})
        pool = {"role": "chat", "queued": 0, "in_flight": 0, "slots": 0, "progress": None}
        stand_in.on("GET /panel/v1/pools", {"pools": [pool | {"name": name} for name in ("chat", "code", "batch")]})
        for name in ("chat-1", "chat-2", "code-1"):
            for action, phase in (("start", Phase.READY), ("stop", Phase.STOPPED), ("restart", Phase.READY)):
                stand_in.on(f"POST /panel/v1/instances/{name}/{action}", record(name, phase))
        yield stand_in


def told(server: StandIn) -> list[str]:
    return [one.path.removeprefix("/panel/v1/instances/") for one in server.asked if one.method == "POST"]


def test_those_that_start_or_stop_do_so_at_once_and_are_then_waited_for(
    panel: Panel, server: StandIn, tmp_path: Path
) -> None:
    outcome = panel("stop", "chat", "code-1", "--state-dir", tmp_path)
    assert outcome == (0, "chat-1 is stopped.\nchat-2 is stopped.\ncode-1 is stopped.\n", "")
    names = ["chat-1", "chat-2", "code-1"]
    assert told(server) == [*(f"{name}/stop" for name in names), *(f"{name}/stop?wait=true" for name in names)]


def test_restarts_are_one_after_the_other(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    outcome = panel("restart", "--all", "--state-dir", tmp_path)
    assert outcome == (0, "chat-1 is restarted.\nchat-2 is restarted.\ncode-1 is restarted.\n", "")
    assert told(server) == [f"{name}/restart?wait=true" for name in ("chat-1", "chat-2", "code-1")]


def test_without_waiting_it_only_begins(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    server.on("POST /panel/v1/instances/chat-1/start", record("chat-1", Phase.STARTING), 202)
    assert panel("start", "chat-1", "--no-wait", "--state-dir", tmp_path) == (0, "chat-1 starts.\n", "")
    assert told(server) == ["chat-1/start"]


def test_one_that_does_not_run_afterwards_is_a_failure_with_its_reason(
    panel: Panel, server: StandIn, tmp_path: Path
) -> None:
    why = notice("instance.port_taken", port=11501, owner=notice("port.owner_unknown"))
    server.on("POST /panel/v1/instances/chat-1/start", record("chat-1", Phase.FAILED, detail=why))
    server.on("POST /panel/v1/instances/chat-2/start", record("chat-2", Phase.BACKOFF))
    outcome = panel("start", "--all", "--state-dir", tmp_path)
    assert outcome == (
        1,
        "code-1 is ready.\n",
        "chat-1: Port 11501 is taken by another program.\nchat-2 is backoff.\n",
    )


def test_one_that_is_refused_does_not_keep_the_others(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    no = {"error": "chat-11434 was started by another program.", "code": "instance.not_ours"}
    server.on("POST /panel/v1/instances/chat-11434/stop", no, 409)
    outcome = panel("stop", "chat-11434", "code-1", "--state-dir", tmp_path)
    assert outcome == (1, "code-1 is stopped.\n", "chat-11434 was started by another program.\n")
    assert [urlsplit(path).path for path in told(server)].count("chat-11434/stop") == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("code-2", "There is no instance or pool code-2; there are chat, code, batch, chat-1, chat-2, code-1 and"),
        ("batch", "The pool batch has no workers: give it some with ollama-panel pools set batch --workers 1."),
    ],
)
def test_a_wrong_name_changes_nothing(panel: Panel, server: StandIn, tmp_path: Path, name: str, said: str) -> None:
    outcome = panel("stop", "chat", name, "--state-dir", tmp_path)
    assert (outcome.status, outcome.out, told(server)) == (1, "", [])
    assert said in outcome.err


@pytest.mark.parametrize("names", [[], ["--all", "chat"]])
@pytest.mark.parametrize("command", ["start", "stop", "restart"])
def test_without_names_or_with_both_it_is_a_usage_error(panel: Panel, command: str, names: list[str]) -> None:
    outcome = panel(command, *names)
    assert outcome.status == 2
    assert outcome.err.startswith(f"usage: ollama-panel {command}")
