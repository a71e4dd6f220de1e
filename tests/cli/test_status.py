"""`status` against a fake server at the panel's address."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import msgspec
import pytest
from typing_extensions import override

from ollama_panel.cli.status import lines
from ollama_panel.core.alerts import alerts
from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.panel_api import AlertRecord, Status
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.core.snapshot import InstanceRecord, PoolRecord, ProxyRecord, Snapshot
from ollama_panel.core.store_notices import Reader, Serving, of_stores
from ollama_panel.core.stores import MANAGED, Access, Denial, Found, Service, StoreRecord
from tests.cli.conftest import Outcome

Panel = Callable[..., Outcome]

LLAMA = LoadedModel(ModelName("llama3.1:8b"), 5_000_000_000, 5_000_000_000, 4096, 4, ParallelSource.COMMAND)
SNAPSHOT = Snapshot(
    at=1.0,
    settings=Settings(),
    ollama_version="0.32.15",
    served=41,
    failed=1,
    refused=2,
    pools=(PoolRecord(PoolName("chat"), Role.CHAT, queued=7, in_flight=4, slots=4),),
    instances=(
        InstanceRecord(
            InstanceId("chat-1"),
            PoolName("chat"),
            Role.CHAT,
            managed=True,
            url="http://127.0.0.1:11500",
            phase=Phase.READY,
            number=1,
            port=11500,
            parallel=4,
            slots=4,
            in_flight=4,
            served=41,
            models=(LLAMA,),
        ),
        InstanceRecord(
            InstanceId("chat-2"),
            PoolName("chat"),
            Role.CHAT,
            managed=True,
            url="http://127.0.0.1:11501",
            phase=Phase.FAILED,
            detail=notice("instance.port_taken", port=11501, owner=notice("port.owner_unknown")),
        ),
    ),
    proxy=ProxyRecord(on=True),
    problems=(Problem("proxy.port", notice("setting.ignored", wrong=notice("setting.unknown"))),),
)


def status(snapshot: Snapshot, began: float = 1.0) -> Status:
    """Return what the panel answers; all alerts began at one time."""
    found = (msgspec.structs.replace(one, since=began) for one in alerts(snapshot))
    fields = {name: getattr(snapshot, name) for name in snapshot.__struct_fields__}
    return Status(**fields, alerts=tuple(AlertRecord.of(one, snapshot.at, 0.0) for one in found))


class StandIn(ThreadingHTTPServer):
    """Answers every GET with one status and body, and records the requests."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.status, self.body = 200, msgspec.json.encode(status(SNAPSHOT))
        self.asked: list[tuple[str, str | None]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    server: StandIn

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Authorization"]))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.body)

    @override
    def log_message(self, format: str, *_: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    with StandIn() as stand_in:
        thread = Thread(target=stand_in.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        (tmp_path / "panel.json").write_text(
            json.dumps({"pid": 1, "url": stand_in.url, "secret": "sesame"}), encoding="utf-8"
        )
        yield stand_in
        stand_in.shutdown()
        thread.join()


def test_the_status_is_printed_as_tables(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    outcome = panel("status", "--state-dir", tmp_path)
    assert outcome.status == 0
    assert outcome.out.splitlines() == [
        f"Ollama Panel at {server.url}, Ollama 0.32.15",
        "Since it started: 41 served, 1 failed, 2 refused",
        "",
        "POOL  ROLE  WAITING  RUNNING  SLOTS",
        "chat  chat  7        4        4",
        "",
        "INSTANCE  STATE   ADDRESS                 SLOTS  RUNNING  SERVED  MODELS",
        "chat-1    ready   http://127.0.0.1:11500  4      4        41      llama3.1:8b",
        "chat-2    failed  http://127.0.0.1:11501  0      0        0       —",
        "",
        "ALERT    FOR",
        "error    0 s  chat-2: Port 11501 is taken by another program.",
        "warning  0 s  proxy.port: is not a setting; it is ignored.",
    ]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.4, "0 s"), (59, "59 s"), (60, "1 min"), (7199, "1 h"), (86_400, "1 d"), (200_000, "2 d")],
)
def test_it_says_for_how_long_something_has_been_so(seconds: float, told: str) -> None:
    paused = msgspec.structs.replace(SNAPSHOT, paused=True, problems=(), instances=SNAPSHOT.instances[:1], at=200_001.0)
    shown = list(lines(status(paused, 200_001.0 - seconds), ""))
    assert shown[-1] == f"warning  {told:3}  The queue is paused: requests wait until you resume it (7 now)."


def test_an_instance_that_runs_may_have_something_to_say() -> None:
    adopted = msgspec.structs.replace(SNAPSHOT.instances[0], detail=notice("instance.adopted"))
    shown = list(lines(status(msgspec.structs.replace(SNAPSHOT, instances=(adopted,), problems=())), ""))
    assert shown[-1] == "chat-1: It was running already: its environment is not the panel's to change."


def test_models_that_the_workers_cannot_read_are_told_with_what_to_do() -> None:
    closed = Denial("/usr/share/ollama", "ollama", "ollama", 0o750, "x", 998)
    path, adopted = "/usr/share/ollama/.ollama/models", InstanceId("adopted-11434")
    own = StoreRecord(MANAGED, "/srv", Found.SETTINGS, (InstanceId("chat-1"),), True, None, Access(True, True), ())
    service, access = Service("ollama", unit="ollama.service"), Access(False, denials=(closed,))
    theirs = StoreRecord(adopted, path, Found.HOME, (adopted,), False, service, access, (LLAMA.name,))
    told = of_stores((own, theirs), {adopted: Serving("http://127.0.0.1:11434")}, Reader("alice"))
    snapshot = msgspec.structs.replace(SNAPSHOT, stores=(own, theirs), notices=told, problems=(), instances=())
    shown = list(lines(status(snapshot), ""))
    table = shown.index("") + 6
    assert [line.split() for line in shown[table : table + 3]] == [
        ["MODELS", "IN", "FOUND", "BY", "USED", "BY", "WORKERS", "CAN", "READ", "IT", "MODELS"],
        ["/srv", "settings", "chat-1", "yes", "none"],
        [path, "home", adopted, "no:", "/usr/share/ollama", "is", "ollama:ollama", "0750", LLAMA.name],
    ]
    assert shown[table + 3] == ""
    assert shown[table + 5].startswith("warning  0 s  The pools cannot serve: ")
    assert shown[table + 6].startswith("1. Let the workers read that folder")
    assert shown[table + 7].startswith("    sudo usermod -aG ollama alice # ")


def test_an_instance_whose_runner_does_not_answer_is_stalled() -> None:
    frozen = msgspec.structs.replace(SNAPSHOT.instances[0], silent=(LLAMA.name,))
    shown = lines(status(msgspec.structs.replace(SNAPSHOT, instances=(frozen,))), "")
    assert any(line.split()[:2] == ["chat-1", "stalled"] for line in shown)


def test_json_is_the_whole_snapshot(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    printed = panel("status", "--json", "--state-dir", tmp_path).out
    assert msgspec.json.decode(printed, type=Status) == status(SNAPSHOT)


def test_the_secret_of_the_state_folder_is_sent_and_never_shown(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    outcome = panel("status", "--state-dir", tmp_path)
    assert "sesame" not in outcome.out + outcome.err
    assert server.asked == [("/panel/status", "Bearer sesame")]


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (401, b"{}", "is not the one of this folder"),
        (500, b"out of order", "answers 500: out of order"),
        (200, b"[]", "another version"),
        (200, b"\xff", "another version"),
    ],
)
def test_an_unexpected_answer_is_reported_in_one_sentence(
    panel: Panel, server: StandIn, tmp_path: Path, status: int, body: bytes, sentence: str
) -> None:
    server.status, server.body = status, body
    outcome = panel("status", "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert sentence in outcome.err


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        (None, "No panel runs on"),
        ("{", "cannot be read"),
        ('{"pid": 7, "url": ""}', r"(process 7) runs, but its proxy is off"),
        ('{"pid": 7, "url": "http://127.0.0.1:1"}', "does not answer at http://127.0.0.1:1"),
        ('{"pid": 7, "url": "http://127.0.0.1:1", "secret": "größer"}', "does not answer at http://127.0.0.1:1"),
        ('{"pid": 7, "url": "http://[", "secret": ""}', "does not answer at http://["),
    ],
)
def test_an_unreachable_panel_is_reported_in_one_sentence(
    panel: Panel, tmp_path: Path, note: str | None, sentence: str
) -> None:
    if note is not None:
        (tmp_path / "panel.json").write_text(note, encoding="utf-8")
    outcome = panel("status", "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert sentence in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_the_note_of_a_panel_that_was_killed_is_no_panel(panel: Panel, tmp_path: Path) -> None:
    (tmp_path / "panel.json").write_text('{"pid": 7, "url": "http://127.0.0.1:1"}', encoding="utf-8")
    (tmp_path / "panel.lock").write_bytes(b"7")
    outcome = panel("status", "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith(f"No panel runs on {tmp_path}: start one")


def test_it_says_where_other_machines_reach_the_panel() -> None:
    others = ("http://192.168.1.7:11435", "http://nas:11435")
    shown = list(
        lines(status(msgspec.structs.replace(SNAPSHOT, proxy=ProxyRecord(others=others))), "http://127.0.0.1:11435")
    )
    assert shown[1] == "Other machines reach the panel at http://192.168.1.7:11435 and http://nas:11435."
