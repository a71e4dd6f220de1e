"""The menu of a right click on a client: each choice becomes a rule in the settings, and can be undone."""

import msgspec
import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from ollama_panel.core.client_rules import ClientRule, rule_of
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ClientId
from ollama_panel.core.notices import notice
from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings.tree import Settings
from ollama_panel.gui.client_menu import ClientMenu, ClientRules
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient

RAG = ClientId("rag_indexer.py (pid 4711)")


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def menu_of(client: FakeClient, parent: QWidget) -> ClientMenu:
    return ClientMenu(ClientRules(client, parent), RAG, parent)  # type: ignore[arg-type]


def entry(menu: QMenu, text: str) -> QAction:
    (found,) = [one for one in menu.actions() if one.text() == text]
    return found


def applied(client: FakeClient) -> list[Settings]:
    return [arguments[0] for call, arguments in client.calls if call == "apply"]


def rules(client: FakeClient) -> list[ClientRule]:
    return [rule_of(settings.scheduling, RAG) for settings in applied(client)]


def with_rule(client: FakeClient, **scheduling: object) -> None:
    changed = msgspec.structs.replace(snapshots.SETTINGS.scheduling, **scheduling)
    settings = msgspec.structs.replace(snapshots.SETTINGS, scheduling=changed)
    client.snapshot = snapshots.snapshot(settings=settings)


def test_one_click_lets_a_client_wait_for_others_and_undo_brings_its_rule_back(
    client: FakeClient, parent: QWidget, qtbot: QtBot
) -> None:
    with_rule(client, weights={"rag_indexer.py": 2.0, "other": 3.0})
    menu_of(client, parent).waits.trigger()
    qtbot.waitUntil(lambda: len(client.toasts) == 1)
    assert rules(client) == [ClientRule(RequestClass.BATCH, 2.0)]
    assert client.toasts[0].text == "rag_indexer.py now waits for others"
    client.snapshot = msgspec.structs.replace(client.snapshot, settings=applied(client)[0])
    assert client.toasts[0].undo is not None
    client.spawn(client.toasts[0].undo())
    qtbot.waitUntil(lambda: len(applied(client)) == 2)
    assert rules(client)[1] == ClientRule(None, 2.0)
    assert applied(client)[1].scheduling.weights == {"rag_indexer.py": 2.0, "other": 3.0}


def test_the_menu_shows_the_rule_in_force(client: FakeClient, parent: QWidget) -> None:
    with_rule(
        client,
        classes={"rag_indexer.py": RequestClass.BATCH},
        weights={"rag_indexer.py": 0.3},
        limits={"rag_indexer.py": 6},
    )
    menu = menu_of(client, parent)
    assert menu.waits.isChecked()
    checked = [
        one.text() for part in (menu.classes, menu.weights, menu.limits) for one in part.actions() if one.isChecked()
    ]
    assert checked == ["Batch: waits for others", "0.3 times the usual", "6"]


@pytest.mark.parametrize(
    ("part", "text", "rule", "told"),
    [
        ("classes", "Interactive: goes first", ClientRule(RequestClass.INTERACTIVE), "rag_indexer.py now goes first"),
        (
            "weights",
            "Half the usual",
            ClientRule(weight=0.5),
            "rag_indexer.py now gets 0.5 times the usual share of the time",
        ),
        ("limits", "2", ClientRule(limit=2), "Of rag_indexer.py, at most 2 run at once now"),
    ],
)
def test_a_choice_is_applied_and_told(
    client: FakeClient, parent: QWidget, qtbot: QtBot, part: str, text: str, rule: ClientRule, told: str
) -> None:
    entry(getattr(menu_of(client, parent), part), text).trigger()
    qtbot.waitUntil(lambda: len(client.toasts) == 1)
    assert (rules(client), client.toasts[0].text) == ([rule], told)


def test_what_is_in_force_already_is_not_applied_again(client: FakeClient, parent: QWidget) -> None:
    menu = menu_of(client, parent)
    entry(menu.limits, "Any number").trigger()
    entry(menu.weights, "The usual").trigger()
    assert applied(client) == []


@pytest.mark.parametrize(
    ("part", "typed", "rule"), [("weights", 1.75, ClientRule(weight=1.75)), ("limits", 17, ClientRule(limit=17))]
)
def test_another_value_is_asked_for(
    client: FakeClient, parent: QWidget, qtbot: QtBot, part: str, typed: float, rule: ClientRule
) -> None:
    entry(getattr(menu_of(client, parent), part), "Another…").trigger()
    qtbot.waitUntil(lambda: parent.findChild(QInputDialog) is not None)
    dialog = parent.findChild(QInputDialog)
    assert isinstance(dialog, QInputDialog)
    dialog.setDoubleValue(typed)
    dialog.setIntValue(int(typed))
    dialog.accept()
    qtbot.waitUntil(lambda: rules(client) == [rule])


def test_a_failure_is_reported_and_no_success_told(client: FakeClient, parent: QWidget, qtbot: QtBot) -> None:
    client.error = PanelError(notice("engine.not_running"))
    menu_of(client, parent).waits.trigger()
    qtbot.waitUntil(lambda: len(client.reported) == 1)
    assert client.toasts == []


def test_a_panel_that_has_stopped_takes_no_rules(client: FakeClient, parent: QWidget) -> None:
    client.snapshot = snapshots.snapshot(fatal=notice("engine.not_running"))
    menu = menu_of(client, parent)
    assert not any(part.isEnabled() for part in (menu.waits, menu.classes, menu.weights, menu.limits))
