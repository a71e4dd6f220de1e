"""The programs seen: those that go past the panel first, the class chosen in the row, and rows that stay in place."""

import msgspec
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ollama_panel.core.bypass import BypassRecord, Origin
from ollama_panel.core.clients import TEST, ClientRecord, Process
from ollama_panel.core.ids import ClientId
from ollama_panel.core.notices import notice
from ollama_panel.core.records import RequestClass
from ollama_panel.gui import dialogs
from ollama_panel.gui.widgets.clients_part import ClientsPart
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named, shown
from tests.gui.snapshots import snapshot

WEBUI = ClientRecord(
    "open-webui",
    ClientId("open-webui (pid 2210)"),
    process=Process(2210, "open-webui"),
    processes=1,
    paths=("/api/chat",),
    classes=(RequestClass.INTERACTIVE,),
    requests=41,
    share=0.38,
    wait_p95_s=0.2,
)
SCRIPTS = ClientRecord(
    "scripts",
    ClientId("scripts"),
    key="scripts",
    address="192.168.1.9",
    request_class=RequestClass.BATCH,
    requests=96,
    share=0.21,
    wait_p95_s=8.1,
)
RAG = BypassRecord(
    Origin.PROGRAM,
    "http://127.0.0.1:11434",
    name="rag-indexer",
    pid=4121,
    processes=1,
    connections=24,
    first_seen=50.0,
    last_seen=104.0,
)


@pytest.fixture
def part(window: MainWindow) -> ClientsPart:
    window.show_page_named("connect")
    return window.connect_page.clients


def show(client: FakeClient, *clients: ClientRecord, past: tuple[BypassRecord, ...] | None = ()) -> None:
    client.push(snapshot(clients=clients, bypassing=past))


def test_each_program_shows_who_it_is_and_how_it_fares(part: ClientsPart, client: FakeClient) -> None:
    show(client, WEBUI, SCRIPTS)
    words = shown(part)
    for told in ("open-webui", "process 2210 · /api/chat", "41", "200 ms", "scripts", "192.168.1.9", "96", "8.1 s"):
        assert told in words
    assert part.rows["open-webui"].share.accessibleName() == "Share of the work: 38 %"
    assert "No program goes past the panel." in words


def test_one_without_a_valid_key_is_told_with_where_it_is_but_has_not_come(
    window: MainWindow, part: ClientsPart, client: FakeClient
) -> None:
    here = ClientRecord("127.0.0.1", ClientId("127.0.0.1"), address="127.0.0.1", agent="openai/1 x", turned_away=3)
    there = msgspec.structs.replace(here, name="10.0.0.9", address="10.0.0.9", agent="", turned_away=1)
    show(client, here, there)
    assert part.rows["127.0.0.1"].facts.text() == "3 refused: no valid key · openai/1"
    assert part.rows["10.0.0.9"].facts.text() == "1 refused: no valid key · 10.0.0.9"
    assert window.connect_page.summary == "One address for all programs."


def test_those_that_go_past_the_panel_come_first_and_say_so(
    window: MainWindow, part: ClientsPart, client: FakeClient
) -> None:
    show(client, WEBUI, past=(RAG,))
    (row,) = part.bypassing.values()
    assert row.mapTo(part, QPoint(0, 0)).y() <= part.rows["open-webui"].mapTo(part, QPoint(0, 0)).y()
    assert (row.name.text(), row.facts.text()) == ("rag-indexer", "process 4121 · http://127.0.0.1:11434")
    assert row.way.accessibleName() == "Past the queue"
    assert "rag-indexer holds 24 connections to http://127.0.0.1:11434; its requests wait for nobody." in shown(part)
    told = "One address for all programs. 1 program came through the panel, 1 program goes past it."
    assert window.connect_page.summary == told


def test_one_that_went_past_some_minutes_ago_is_no_warning_any_more(part: ClientsPart, client: FakeClient) -> None:
    show(client, past=(msgspec.structs.replace(RAG, last_seen=-400.0, connections=0),))
    (row,) = part.bypassing.values()
    assert row.way.accessibleName() == "Went past"
    assert "No program goes past the panel." in shown(part)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"origin": Origin.CONTAINER, "address": "172.17.0.2", "name": ""}, "A container at 172.17.0.2"),
        ({"origin": Origin.NETWORK, "address": "192.168.1.7", "name": ""}, "The machine 192.168.1.7"),
        ({"origin": Origin.OTHER_USER, "user": "ann", "name": ""}, "A program of the user ann"),
    ],
)
def test_one_whose_name_nobody_tells_is_named_by_where_it_is(
    part: ClientsPart, client: FakeClient, changes: dict[str, object], name: str
) -> None:
    show(client, past=(msgspec.structs.replace(RAG, **changes),))
    assert [row.name.text() for row in part.bypassing.values()] == [name]


def test_what_is_not_known_of_those_past_the_panel_is_said(part: ClientsPart, client: FakeClient) -> None:
    show(client, past=None)
    assert "Looking for programs that go past the panel…" in shown(part)
    client.push(snapshot(bypassing_unknown=notice("bypass.unknown")))
    assert any("unknown" in text for text in shown(part))


def test_nobody_yet_says_what_to_do(part: ClientsPart, client: FakeClient) -> None:
    show(client)
    assert "No program has come through the panel yet: set one up above, or send a test." in shown(part)
    show(client, WEBUI)
    assert not part.none.isVisibleTo(part)


def test_the_panels_own_test_is_no_program_that_has_come(
    window: MainWindow, part: ClientsPart, client: FakeClient
) -> None:
    show(client, msgspec.structs.replace(WEBUI, name=TEST))
    assert part.rows == {}
    assert window.connect_page.summary == "One address for all programs."


def test_the_class_is_chosen_in_the_row_and_can_be_undone(part: ClientsPart, client: FakeClient, qtbot: QtBot) -> None:
    show(client, WEBUI, SCRIPTS)
    classes = part.rows["open-webui"].classes
    assert (classes.currentText(), part.rows["scripts"].classes.currentText()) == ("auto: interactive", "batch")
    classes.setCurrentIndex(2)
    classes.activated.emit(2)
    qtbot.waitUntil(lambda: bool(client.toasts))
    (applied,) = [made for name, made in client.calls if name == "apply"]
    assert applied[0].scheduling.classes == {"open-webui": RequestClass.BATCH}
    assert client.toasts[0].undo is not None


def test_the_menu_of_a_row_is_that_of_its_client(part: ClientsPart, client: FakeClient, qtbot: QtBot) -> None:
    show(client, WEBUI)
    menu = part.rows["open-webui"].menu()
    assert menu is not None
    assert menu.actions()[0].text() == "open-webui"
    menu.waits.trigger()
    qtbot.waitUntil(lambda: [name for name, _ in client.calls if name == "apply"] == ["apply"])


def test_rows_keep_their_order_while_somebody_looks_at_them(part: ClientsPart, client: FakeClient) -> None:
    show(client, WEBUI, SCRIPTS)
    show(client, SCRIPTS, msgspec.structs.replace(WEBUI, share=0.0))
    assert [part._list.indexOf(part.rows[name]) for name in ("open-webui", "scripts")] == [0, 1]
    show(client, SCRIPTS)
    assert list(part.rows) == ["scripts"]


def test_the_busiest_come_first_when_the_page_is_opened(
    window: MainWindow, part: ClientsPart, client: FakeClient
) -> None:
    show(client, SCRIPTS, WEBUI)
    window.show_page_named("settings")
    window.show_page_named("connect")
    assert part._list.indexOf(part.rows["open-webui"]) == 0


def test_of_many_programs_the_rest_is_a_click_away(part: ClientsPart, client: FakeClient) -> None:
    many = [msgspec.structs.replace(WEBUI, name=f"program-{number}") for number in range(20)]
    show(client, *many)
    assert sum(row.isVisibleTo(part) for row in part.rows.values()) == 12
    assert len(part.rows) == 12, "a row takes milliseconds to make: those that nobody sees are not made"
    assert part.all.text() == "Show all 20 programs"
    part.all.click()
    assert sum(row.isVisibleTo(part) for row in part.rows.values()) == 20
    part.all.click()
    assert len(part.rows) == 12


@pytest.mark.parametrize(("name", "choices"), [("rag-indexer", 2), ("aider", 3)])
def test_what_to_change_is_said_and_offered(
    window: MainWindow,
    part: ClientsPart,
    client: FakeClient,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    choices: int,
) -> None:
    asked = list[tuple[str, str, tuple[str, ...]]]()

    async def choose(_: object, text: str, detail: str, answers: tuple[str, ...]) -> int:
        asked.append((text, detail, answers))
        return len(answers) - 2

    monkeypatch.setattr(dialogs, "choose", choose)
    show(client, past=(msgspec.structs.replace(RAG, name=name),))
    named(part, QPushButton, f"What to change for {name}").click()
    qtbot.waitUntil(lambda: bool(asked))
    text, detail, answers = asked[0]
    assert text == f"{name} talks to http://127.0.0.1:11434 past the queue"
    assert "http://127.0.0.1:11435" in detail
    assert len(answers) == choices
    if name == "aider":
        chosen = window.connect_page.guides
        qtbot.waitUntil(lambda: chosen.chosen is not None and chosen.chosen.id == "aider")
    else:
        qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "http://127.0.0.1:11435")
