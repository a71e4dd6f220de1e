"""`clients [list]` against a stand-in for the panel."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.bypass import BypassRecord, Origin
from ollama_panel.core.clients import ClientRecord, Process
from ollama_panel.core.ids import ClientId
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import Clients, SettingsChanged
from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Settings
from tests.cli.conftest import Outcome
from tests.cli.stand_in import StandIn, standing_in

Panel = Callable[..., Outcome]
CLIENTS = "GET /panel/v1/clients"
RAG = ClientRecord(
    "rag.py",
    ClientId("rag.py (pid 7)"),
    Process(7, "rag.py"),
    1,
    "127.0.0.1",
    classes=(RequestClass.BATCH, RequestClass.EMBEDDING),
    requests=96,
    failed=1,
    turned_away=3,
    running=2,
    waiting=12,
    share=0.383,
    wait_p95_s=8.12,
    last_seen=98.0,
)
NAMELESS = ClientRecord("127.0.0.1", ClientId("127.0.0.1"), address="127.0.0.1", agent="curl/8.5.0 x", last_seen=97.0)
WEB = ClientRecord("web\x1b[2J/ada", ClientId("web/ada"), request_class=RequestClass.INTERACTIVE)
PAST = BypassRecord(
    Origin.PROGRAM, "http://127.0.0.1:11434", "indexer.py", 9, "me", connections=24, requests=40, last_seen=99.0
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    with standing_in(tmp_path) as stand_in:
        stand_in.on(CLIENTS, msgspec.to_builtins(Clients(100.0, (RAG, WEB, NAMELESS), (PAST,))))
        yield stand_in


def told(panel: Panel, server: StandIn, folder: Path, clients: Clients) -> list[str]:
    server.on(CLIENTS, msgspec.to_builtins(clients))
    return panel("clients", "--state-dir", folder).out.splitlines()


def test_clients_are_listed_and_then_who_goes_past_the_panel(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    lines = panel("clients", "--state-dir", tmp_path).out.splitlines()
    assert [" ".join(line.split()) for line in lines] == [
        "CLIENT PROCESS FROM CLASS REQUESTS FAILED NO KEY RUN WAIT SHARE WAITED, P95 SEEN",
        "rag.py 7 127.0.0.1 batch, embedding 96 1 3 2 12 38% 8.1 s 2 s ago",
        "web[2J/ada — — interactive 0 0 0 0 0 — — 100 s ago",
        "127.0.0.1 (curl/8.5.0) — 127.0.0.1 — 0 0 0 0 0 — — 3 s ago",
        "",
        "PAST THE PANEL USER SERVER CONNECTIONS REQUESTS SEEN",
        "indexer.py (process 9) me http://127.0.0.1:11434 24 at least 40 1 s ago",
    ]
    assert server.asked[0].path == "/panel/v1/clients?refresh=true"


def test_what_is_not_there_or_not_known_is_said(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    nobody = "Nobody has sent a request within the last ten minutes."
    assert told(panel, server, tmp_path, Clients(1.0, (), ())) == [
        *(nobody, "", "Nobody was seen who goes past the panel.")
    ]
    assert told(panel, server, tmp_path, Clients(1.0, ()))[2] == "It was not looked yet who goes past the panel."
    unknown = Clients(1.0, (), None, notice("bypass.unknown"))
    assert told(panel, server, tmp_path, unknown)[2].startswith("Who goes past the panel is unknown")


def test_the_answer_is_passed_on_as_json(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    assert json.loads(panel("clients", "list", "--json", "--state-dir", tmp_path).out)["clients"][0]["name"] == "rag.py"


RULED = codec.set(codec.set(Settings(), "scheduling.classes.rag.py", "batch"), "scheduling.limits.rag.py", "2")


def test_a_rule_is_laid_down_by_the_running_panel(panel: Panel, server: StandIn, tmp_path: Path) -> None:
    changed = SettingsChanged(RULED, (notice("plan.live", settings=("Classes of clients",)),), ())
    server.on("PATCH /panel/v1/settings", msgspec.to_builtins(changed))
    outcome = panel("clients", "set", "rag.py (pid 7)", "--class", "batch", "--limit", "2", "--state-dir", tmp_path)
    assert outcome.out.splitlines() == [
        "rag.py: class batch, weight 1, at once 2 at most",
        "The running panel follows:",
        "  At once, without a restart: Classes of clients.",
    ]
    assert server.asked[-1].body == {"scheduling.classes.rag.py": "batch", "scheduling.limits.rag.py": 2}


def test_a_rule_is_laid_down_in_the_file_and_taken_away_again(panel: Panel, tmp_path: Path) -> None:
    def set_rule(*options: str) -> str:
        return panel("clients", "set", "rag.py", *options, "--state-dir", tmp_path).out

    assert set_rule("--class", "batch", "--weight", "0.5", "--limit", "2") == (
        "rag.py: class batch, weight 0.5, at once 2 at most\n"
    )
    assert set_rule("--class", "none", "--weight", "1", "--limit", "0") == (
        "rag.py: class as each request says, weight 1, at once any number\n"
    )
    assert panel("settings", "get", "scheduling.classes", "--state-dir", tmp_path).out == "{}\n"


@pytest.mark.parametrize("options", [[], ["--class", "urgent"], ["--limit", "-1"], ["--limit", "x"], ["--weight", "x"]])
def test_a_rule_needs_something_to_change(panel: Panel, tmp_path: Path, options: list[str]) -> None:
    outcome = panel("clients", "set", "rag.py", *options, "--state-dir", tmp_path)
    assert outcome.status == 2
    assert outcome.err.startswith("usage: ollama-panel clients")


@pytest.mark.parametrize("name", ["", " "])
def test_a_rule_without_a_name_is_refused(panel: Panel, tmp_path: Path, name: str) -> None:
    outcome = panel("clients", "set", name, "--limit", "2", "--state-dir", tmp_path)
    assert outcome.status == 2
    assert "NAME is empty" in outcome.err


def test_a_weight_that_is_not_allowed_is_the_sentence_of_the_settings(panel: Panel, tmp_path: Path) -> None:
    outcome = panel("clients", "set", "rag.py", "--weight", "0", "--state-dir", tmp_path)
    assert outcome.status == 1
    assert "must be a number from 0.01 to 100" in outcome.err
