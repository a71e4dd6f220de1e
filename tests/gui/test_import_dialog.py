"""The dialog of the import: what is previewed, offered, imported and taken back."""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from ollama_panel.core.errors import PanelError
from ollama_panel.core.importing.plan import planned
from ollama_panel.core.importing.record import AUTO, Here, Imported, ImportPlan, ImportRequest, OfferId
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.sources.record import Place
from ollama_panel.gui.widgets.import_dialog import ImportDialog, dropped, show_import
from ollama_panel.gui.widgets.import_part import Line
from ollama_panel.gui.window import MainWindow
from tests.core.importing.servers import DROP_IN, unit
from tests.gui.fake_client import FakeClient
from tests.gui.screen import shown

SERVICE = unit(
    {
        "OLLAMA_HOST": "0.0.0.0",
        "OLLAMA_NUM_PARALLEL": "4",
        "OLLAMA_KEEP_ALIVE": "24h",
        "OLLAMA_GPU_LAYERS": "40",
        "OLLAMA_ORIGINS": "*",
    }
)
HERE = Here(url="http://127.0.0.1:11435")


def plan(*accepted: OfferId) -> ImportPlan:
    return planned([SERVICE], Settings(), accepted, HERE).plan


@pytest.fixture
def dialog(window: MainWindow, client: FakeClient, qtbot: QtBot) -> ImportDialog:
    client.answers["imports.plan"] = plan()
    opened = show_import(client, window)  # type: ignore[arg-type] # a stand-in
    qtbot.waitUntil(lambda: bool(opened.taken.rows))
    return opened


def asked(client: FakeClient) -> list[ImportRequest]:
    return [arguments[0] for name, arguments in client.calls if name == "imports.plan"]


def test_this_machine_is_looked_at_and_shown_in_three_lists_with_files_and_lines(
    dialog: ImportDialog, client: FakeClient
) -> None:
    assert asked(client) == [ImportRequest(AUTO)]
    taken, ignored, wrong = map(shown, dialog.parts)
    assert "OLLAMA_NUM_PARALLEL=4 becomes Parallel of the pool chat." in taken
    assert f'{DROP_IN}:3 · Environment="OLLAMA_NUM_PARALLEL=4"' in taken
    assert any(text.startswith("OLLAMA_HOST: Workers have addresses of their own") for text in ignored)
    assert any(text.startswith("OLLAMA_GPU_LAYERS does not exist") for text in wrong)
    assert dialog.effects.text() == "chat: Parallel 2 → 4\nchat: OLLAMA_KEEP_ALIVE — → 24h"
    assert dialog.sources.text() == "1 source with 1 server: 3 taken, 1 ignored, 1 wrong"


def test_the_network_is_taken_only_with_its_tick(dialog: ImportDialog, client: FakeClient, qtbot: QtBot) -> None:
    network = dialog.offers[OfferId.NETWORK].box
    assert not network.isChecked()
    client.answers["imports.plan"] = plan(OfferId.NETWORK)
    network.click()
    qtbot.waitUntil(lambda: "Address" in dialog.effects.text())
    assert asked(client)[-1].accept == (OfferId.NETWORK,)
    assert dialog.offers[OfferId.NETWORK].box.isChecked()


def test_what_is_shown_is_imported_and_a_toast_takes_it_back(
    dialog: ImportDialog, client: FakeClient, qtbot: QtBot
) -> None:
    client.answers["imports.apply"] = Imported(1.0, plan())
    dialog.go.click()
    qtbot.waitUntil(lambda: bool(client.toasts))
    sent = next(arguments[0] for name, arguments in client.calls if name == "imports.apply")
    assert (sent.what, sent.plan) == (AUTO, plan().id)
    toast = client.toasts[0]
    assert toast.text == "Imported, with 1 mistake in the sources"
    assert toast.detail == "chat: Parallel 2 → 4 and chat: OLLAMA_KEEP_ALIVE — → 24h"
    assert toast.undo is not None
    client.spawn(toast.undo())
    qtbot.waitUntil(lambda: len(client.toasts) == 2)
    assert ("imports.undo", (1.0,)) in client.calls
    assert client.toasts[1].text == "The import is taken back"


def test_what_fails_is_said_in_the_dialog(dialog: ImportDialog, client: FakeClient, qtbot: QtBot) -> None:
    client.error = PanelError(notice("import.changed"))
    dialog.go.click()
    qtbot.waitUntil(lambda: "since the preview" in dialog.state.text())
    assert dialog.isVisible()
    client.error = PanelError(notice("looking.nothing", what="olama"))
    dialog.what.setText("olama")
    qtbot.keyClick(dialog.what, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "olama" in dialog.state.text())
    assert not dialog.go.isEnabled()
    assert not dialog.taken.isVisible()


def test_a_source_that_says_nothing_cannot_be_imported(dialog: ImportDialog, client: FakeClient, qtbot: QtBot) -> None:
    client.answers["imports.plan"] = ImportPlan("none")
    dialog.look.click()
    qtbot.waitUntil(lambda: "no server of Ollama" in dialog.state.text())
    assert not dialog.go.isEnabled()


def test_what_is_so_already_changes_nothing(dialog: ImportDialog, client: FakeClient, qtbot: QtBot) -> None:
    client.answers["imports.plan"] = msgspec.structs.replace(plan(), changes=())
    dialog.look.click()
    qtbot.waitUntil(lambda: dialog.effects.text() == "Nothing: the settings are so already.")
    assert not dialog.go.isEnabled()


def test_a_file_that_is_dropped_on_the_page_is_looked_at(
    window: MainWindow, client: FakeClient, qtbot: QtBot, tmp_path: Path
) -> None:
    client.answers["imports.plan"] = plan()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "docker-compose.yml"))])
    event = QDropEvent(
        QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.show_page_named("instances")
    window.instances.dropEvent(event)
    qtbot.waitUntil(lambda: bool(asked(client)))
    assert asked(client)[-1].what == str(tmp_path / "docker-compose.yml")
    opened = window.findChild(ImportDialog)
    assert opened is not None
    opened.dropEvent(event)
    qtbot.waitUntil(lambda: len(asked(client)) == 2)


def test_a_text_that_is_dropped_is_no_file() -> None:
    data = QMimeData()
    data.setText("OLLAMA_HOST=0.0.0.0")
    assert dropped(data) == ""


def test_the_page_of_the_instances_opens_it_and_only_one(window: MainWindow, client: FakeClient) -> None:
    client.answers["imports.plan"] = plan()
    window.show_page_named("instances")
    window.instances.take.click()
    window.instances.take.click()
    assert len(window.findChildren(ImportDialog)) == 1


def test_where_nothing_is_found_it_says_what_can_be_read(
    dialog: ImportDialog, client: FakeClient, qtbot: QtBot
) -> None:
    assert not dialog.hint.isVisible()
    client.error = PanelError(notice("import.none_here"))
    dialog.look.click()
    qtbot.waitUntil(lambda: dialog.state.text().startswith("Nothing on this machine"))
    assert dialog.hint.isVisible()
    assert dialog.state.property("tone") == "", "it is nobody's mistake"


def test_the_line_of_a_list_is_shown_without_its_mark(dialog: ImportDialog) -> None:
    place = Place("/srv/compose.yaml", 7, "      - OLLAMA_NUM_PARALLEL=4")
    dialog.taken.show_lines([Line("It is taken.", (place,))])
    assert "/srv/compose.yaml:7 · OLLAMA_NUM_PARALLEL=4" in shown(dialog.taken)
