"""The editor of a pool's environment, its list of variables and its presets."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QEnterEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from ollama_panel.core.ollama.environment_presets import PRESETS
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.environment_editor import EnvironmentEditor
from ollama_panel.gui.widgets.pool_dialog import PoolDialog
from ollama_panel.gui.widgets.variables_dialog import VariablesDialog
from tests.gui.conftest import delete_now
from tests.gui.screen import shown
from tests.gui.snapshots import LLAMA, SETTINGS


@pytest.fixture
def parent(theme: Theme) -> Iterator[QWidget]:
    made = QWidget()
    yield made
    delete_now(made)


@pytest.fixture
def dialog(parent: QWidget) -> PoolDialog:
    return PoolDialog(SETTINGS, SETTINGS.pools[0], (LLAMA,), new=False, parent=parent, version="0.24.0")


@pytest.fixture
def editor(dialog: PoolDialog) -> EnvironmentEditor:
    dialog.editor.text.setPlainText("OLLAMA_KEEP_ALIVE=1h\nOLLAMA_KV_CACHE_TYPE = f16")
    return dialog.editor


def preset(editor: EnvironmentEditor, name: str) -> QAction:
    return next(one for one in editor.presets.actions() if one.text() == PRESETS[name].title)


def lines(editor: EnvironmentEditor) -> list[str]:
    return editor.text.toPlainText().splitlines()


def said(dialog: PoolDialog, words: str) -> bool:
    return any(words in text for text in shown(dialog))


def test_a_preset_sets_its_variables_in_their_lines_and_says_what_that_costs(
    dialog: PoolDialog, editor: EnvironmentEditor
) -> None:
    preset(editor, "kv-q8_0").trigger()
    assert lines(editor) == ["OLLAMA_KEEP_ALIVE=1h", "OLLAMA_KV_CACHE_TYPE=q8_0", "OLLAMA_FLASH_ATTENTION=1"]
    assert said(dialog, "Gain: The cache takes 53 % of the memory of f16")
    assert said(dialog, "Cost: Little")
    assert dialog.accept_button.isEnabled()


def test_the_presets_open_at_their_button(
    dialog: PoolDialog, editor: EnvironmentEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog.show()
    places = list[QPoint]()
    monkeypatch.setattr(QMenu, "popup", lambda _, place: places.append(place))
    editor.presets_button.click()
    (place,) = places
    assert place.y() > editor.presets_button.mapToGlobal(QPoint(0, 0)).y()


def test_a_preset_that_asks_for_a_value_lets_it_be_typed_over(editor: EnvironmentEditor, qtbot: QtBot) -> None:
    preset(editor, "gpu-nvidia").trigger()
    assert lines(editor)[-1] == "CUDA_VISIBLE_DEVICES=0"
    qtbot.keyClicks(editor.text, "0,1")
    assert lines(editor)[-1] == "CUDA_VISIBLE_DEVICES=0,1"
    assert editor.problems() == ()


def test_a_preset_that_the_installed_version_does_not_know_cannot_be_chosen_and_says_why(
    editor: EnvironmentEditor,
) -> None:
    newer = preset(editor, "gpu-room")
    assert not newer.isEnabled()
    assert "does not know it: only Ollama 0.30.0 and later reads it." in newer.toolTip()
    assert preset(editor, "keep-loaded").isEnabled()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("OLLAMA_GPU_OVERHEAD=1024", "1024 MiB are"),
        ("HSA_OVERRIDE_GFX_VERSION=gfx1030", "must be 10.3.0"),
        ("OLLAMA_LLM_LIBRARY=cuda", "would find no GPU"),
        ("OLLAMA_KV_CACHE_TYPE=q8_0", "set OLLAMA_FLASH_ATTENTION, too"),
    ],
)
def test_a_wrong_value_says_why_before_it_can_be_applied(
    dialog: PoolDialog, editor: EnvironmentEditor, line: str, why: str
) -> None:
    editor.text.setPlainText(line)
    assert said(dialog, why)
    assert not dialog.accept_button.isEnabled()


def test_what_only_a_newer_version_reads_is_told_and_may_be_kept(dialog: PoolDialog, editor: EnvironmentEditor) -> None:
    editor.text.setPlainText("LLAMA_ARG_FIT=off")
    assert said(dialog, "0.30.0 is the first version of Ollama that reads it")
    assert dialog.accept_button.isEnabled()
    editor.text.setPlainText("")
    assert not said(dialog, "0.30.0 is the first version")


def test_the_variable_under_the_cursor_is_told_with_type_default_versions_and_what_it_restarts(
    dialog: PoolDialog, editor: EnvironmentEditor
) -> None:
    editor.text.setPlainText("OLLAMA_VULKAN=1")
    assert said(dialog, "Value: 1 or 0; Ollama decides if it is not set. Default: 0. Ollama: 0.12.11 and later.")
    assert said(dialog, "A change restarts the workers of the pool")


def found(editor: EnvironmentEditor, qtbot: QtBot) -> VariablesDialog:
    editor.list_button.click()
    (opened,) = editor.findChildren(VariablesDialog)
    qtbot.waitUntil(opened.isVisible)
    return opened


def test_a_variable_is_searched_explained_and_added(
    editor: EnvironmentEditor, qtbot: QtBot, qapp: QApplication
) -> None:
    listed = found(editor, qtbot)
    qtbot.keyClicks(listed.search, "shall wait forever")
    assert listed.table.model().rowCount() == 0
    assert not listed.add.isEnabled()
    listed.search.setText("load_timeout")
    assert [one.name for one in listed.table.selected()] == ["OLLAMA_LOAD_TIMEOUT"]
    assert any("may make no progress" in text for text in shown(listed))
    listed.add.click()
    assert lines(editor)[-1] == "OLLAMA_LOAD_TIMEOUT=5m"
    assert editor.text.textCursor().selectedText() == "5m"
    qtbot.waitUntil(lambda: not editor.findChildren(VariablesDialog))


def test_a_search_takes_effect_under_the_pointer_too(editor: EnvironmentEditor, qtbot: QtBot) -> None:
    listed = found(editor, qtbot)
    listed.search.setText("OLLAMA")
    listed.table.enterEvent(QEnterEvent(QPointF(5, 60), QPointF(5, 60), QPointF(5, 60)))
    listed.search.setText("load_timeout")
    assert listed.table.model().rowCount() == 1
    assert [one.name for one in listed.table.selected()] == ["OLLAMA_LOAD_TIMEOUT"]


def test_the_enter_key_adds_what_is_selected_and_escape_nothing(editor: EnvironmentEditor, qtbot: QtBot) -> None:
    listed = found(editor, qtbot)
    listed.search.setText("OLLAMA_KEEP_ALIVE")
    qtbot.keyClick(listed.search, Qt.Key.Key_Return)
    assert lines(editor) == ["OLLAMA_KEEP_ALIVE=1h", "OLLAMA_KV_CACHE_TYPE = f16"], "it has its line already"
    qtbot.waitUntil(lambda: not editor.findChildren(VariablesDialog))
    qtbot.keyClick(found(editor, qtbot).search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not editor.findChildren(VariablesDialog))
    assert len(lines(editor)) == 2


def test_the_list_has_a_row_for_every_variable_with_what_a_change_restarts(
    editor: EnvironmentEditor, qtbot: QtBot
) -> None:
    listed = found(editor, qtbot)

    def row(name: str) -> list[str]:
        listed.search.setText(name)
        model = listed.table.model()
        return [model.index(0, column).data() for column in range(5)]

    assert row("OLLAMA_KV_CACHE_TYPE") == [
        "OLLAMA_KV_CACHE_TYPE",
        "choice",
        "f16",
        "0.5.0 and later",
        "workers; next load",
    ]
    assert row("OLLAMA_VULKAN") == ["OLLAMA_VULKAN", "1, 0 or unset", "0", "0.12.11 and later", "workers"]
    assert row("LLAMA_ARG_FIT")[3:] == ["0.30.0 and later", "no effect here"]
    assert row("OLLAMA_EDITOR")[4] == "nothing"
    assert row("OLLAMA_HOST")[4] == "no effect here"
    assert row("OLLAMA_INTEL_GPU")[3] == "0.1.45 to 0.12.10"
    assert row("CUDA_DEVICE_ORDER")[3] == "—"
