"""Mending a finding from the window: the plan, its steps, what came of it, and the way back; and the support bundle."""

import zipfile
from pathlib import Path

import msgspec
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ollama_panel.core.applying.record import Applying, ApplyStage
from ollama_panel.core.errors import PanelError
from ollama_panel.core.findings import Finding, FixPlan
from ollama_panel.core.notices import notice
from ollama_panel.core.takeover import StepState
from ollama_panel.gui import dialogs, tasks
from ollama_panel.gui.pages.doctor import DoctorPage
from ollama_panel.gui.widgets.bundle_dialog import BundleDialog
from ollama_panel.gui.widgets.fix_dialog import FixDialog
from ollama_panel.gui.window import MainWindow
from tests.gui.doctor.conftest import calls
from tests.gui.doctor.records import BUNDLE, BY_HAND, DONE, NO_GAIN, OVERRIDE, PLAN, RECORD, REPORT, WRONG_SECTION, said
from tests.gui.fake_client import FakeClient
from tests.gui.screen import shown
from tests.gui.snapshots import snapshot
from tests.gui.test_accessibility import shared_names


def dialog_of(window: MainWindow, page: DoctorPage, finding: Finding) -> FixDialog:
    page.cards[finding.id].fix.click()
    (made,) = [one for one in window.findChildren(FixDialog) if one.isVisible()]
    return made


@pytest.fixture
def dialog(window: MainWindow, page: DoctorPage, client: FakeClient, qtbot: QtBot) -> FixDialog:
    """The dialog of the error, with its plan."""
    client.answers["doctor.plan"] = PLAN
    client.answers["doctor.fix"] = DONE
    made = dialog_of(window, page, WRONG_SECTION)
    qtbot.waitUntil(made.go.isEnabled)
    return made


def test_the_plan_shows_the_difference_and_the_commands_and_changes_nothing(
    dialog: FixDialog, client: FakeClient
) -> None:
    assert OVERRIDE in dialog.files.file.currentText()
    assert "PARALLEL=4" in dialog.files.view.both.toPlainText()
    assert len(dialog.rows) == 4
    assert "sudo systemctl daemon-reload" in shown(dialog)
    assert dialog.state.text() == "Nothing is changed yet."
    assert not dialog.undo.isEnabled()
    assert calls(client, "fix") == []
    assert shared_names(dialog) == []


def test_a_command_is_copied_from_its_step(dialog: FixDialog) -> None:
    dialog.rows[2].commands.buttons[0].click()
    assert QGuiApplication.clipboard().text() == "sudo systemctl daemon-reload"


def test_mending_does_what_was_shown_proves_it_and_offers_undo(
    dialog: FixDialog, client: FakeClient, qtbot: QtBot
) -> None:
    dialog.go.click()
    assert not dialog.go.isEnabled()
    qtbot.waitUntil(dialog.undo.isEnabled)
    assert calls(client, "fix") == [(WRONG_SECTION.id, "plan-1", True)]
    assert dialog.state.text() == "Mended."
    assert "server config env=map[OLLAMA_NUM_PARALLEL:4]" in shown(dialog)
    (toast,) = client.toasts
    assert toast.text == "Mended: Parallel is set to 4, but Ollama runs with 1"
    assert toast.undo is not None
    client.answers["doctor.undo"] = msgspec.structs.replace(DONE, undone=True, can_undo=False)
    dialog.undo.click()
    qtbot.waitUntil(lambda: dialog.state.text() == "As before.")
    assert calls(client, "undo") == [("m4", True)]
    assert not dialog.undo.isEnabled()


def test_without_the_tick_the_system_is_not_asked_for_a_password(
    dialog: FixDialog, client: FakeClient, qtbot: QtBot
) -> None:
    dialog.password.setChecked(False)
    dialog.go.click()
    qtbot.waitUntil(lambda: calls(client, "fix") == [(WRONG_SECTION.id, "plan-1", False)])


def test_steps_are_followed_while_it_is_under_way(dialog: FixDialog, client: FakeClient, qtbot: QtBot) -> None:
    first, *others = PLAN.actions
    steps = (msgspec.structs.replace(first, state=StepState.DONE), *others)
    one = Applying("1", "systemd", "", ApplyStage.IDLE, PLAN.files, steps, connections=2)
    client.push(snapshot(doctor=msgspec.structs.replace(RECORD, mending=WRONG_SECTION.id, applying=one)))
    assert "done" in dialog.rows[0].accessibleName()
    assert dialog.now.isEnabled()
    assert not dialog.go.isEnabled()
    dialog.cancel.click()
    qtbot.waitUntil(lambda: calls(client, "cancel") == [()])


def test_commands_that_are_left_are_shown_and_it_goes_on_after_them(
    dialog: FixDialog, client: FakeClient, qtbot: QtBot
) -> None:
    client.answers["doctor.fix"] = msgspec.structs.replace(DONE, applying=None, todo=("sudo tee x",), can_undo=False)
    dialog.go.click()
    qtbot.waitUntil(lambda: dialog.go.text() == "Go on")
    assert "sudo tee x" in shown(dialog)
    assert dialog.state.property("tone") == "warn"
    assert client.toasts == []
    client.answers["doctor.fix"] = DONE
    dialog.go.click()
    qtbot.waitUntil(lambda: dialog.state.text() == "Mended.")


def test_what_failed_is_told_with_its_reason(dialog: FixDialog, client: FakeClient, qtbot: QtBot) -> None:
    client.answers["doctor.fix"] = msgspec.structs.replace(
        DONE, applying=None, problem=said("systemd refused it"), can_undo=False
    )
    dialog.go.click()
    qtbot.waitUntil(lambda: dialog.state.text() == "systemd refused it")
    assert dialog.state.property("tone") == "danger"
    assert client.toasts[0].error


def test_a_plan_that_is_not_possible_says_why(
    window: MainWindow, page: DoctorPage, client: FakeClient, qtbot: QtBot
) -> None:
    client.error = PanelError(notice("apply.nothing"))
    made = dialog_of(window, page, WRONG_SECTION)
    qtbot.waitUntil(lambda: made.state.property("tone") == "danger")
    assert not made.go.isEnabled()
    assert client.reported == []


def test_a_command_that_is_refused_is_told_in_the_dialog(dialog: FixDialog, client: FakeClient, qtbot: QtBot) -> None:
    client.error = PanelError(notice("apply.nothing"))
    dialog.go.click()
    qtbot.waitUntil(lambda: dialog.state.property("tone") == "danger")
    assert client.reported == []


def test_changes_of_settings_are_told_before_they_are_made(
    window: MainWindow, page: DoctorPage, client: FakeClient, qtbot: QtBot
) -> None:
    changed = notice("change.setting", setting="Parallel", before=8, after=1)
    client.answers["doctor.plan"] = FixPlan("p", NO_GAIN.id, settings=(changed,))
    made = dialog_of(window, page, NO_GAIN)
    qtbot.waitUntil(made.go.isEnabled)
    assert made.told.text() == "Parallel 8 → 1"
    assert not made.files.isVisible()


def test_what_is_done_by_hand_is_looked_at_again(
    window: MainWindow, page: DoctorPage, client: FakeClient, qtbot: QtBot
) -> None:
    report = msgspec.structs.replace(REPORT, findings=(BY_HAND,))
    client.push(snapshot(doctor=msgspec.structs.replace(RECORD, report=report)))
    made = dialog_of(window, page, BY_HAND)
    assert "brew install ollama" in shown(made)
    assert calls(client, "plan") == []
    made.go.click()
    qtbot.waitUntil(lambda: made.state.text() == "It is still as before.")
    client.answers["doctor.check"] = msgspec.structs.replace(RECORD, ignored=())
    made.go.click()
    qtbot.waitUntil(lambda: made.state.text() == "Done: it is not found any more.")


def test_a_dialog_is_there_once_and_makes_room_for_that_of_another_finding(
    window: MainWindow, page: DoctorPage, dialog: FixDialog
) -> None:
    assert dialog_of(window, page, WRONG_SECTION) is dialog
    other = dialog_of(window, page, NO_GAIN)
    assert other is not dialog
    assert not dialog.isVisible()


def test_closing_while_the_answer_is_awaited_harms_nothing(dialog: FixDialog, qtbot: QtBot) -> None:
    dialog.go.click()
    dialog.close()
    qtbot.waitUntil(lambda: not tasks.pending())


def test_what_was_mended_before_is_taken_back_as_it_was_shown(
    window: MainWindow, page: DoctorPage, client: FakeClient, qtbot: QtBot
) -> None:
    client.answers["doctor.plan_undo"] = msgspec.structs.replace(PLAN, id="plan-2", asks_password=False)
    client.answers["doctor.undo"] = msgspec.structs.replace(DONE, undone=True, can_undo=False)
    page.mended.rows["m2"].act.click()
    (made,) = [one for one in window.findChildren(FixDialog) if one.isVisible()]
    qtbot.waitUntil(made.go.isEnabled)
    assert made.go.text() == "Bring back"
    assert made.title.text() == "Two servers on one card"
    made.go.click()
    qtbot.waitUntil(lambda: made.state.text() == "As before.")
    assert calls(client, "undo") == [("m2", False)]
    assert not made.go.isEnabled()


class TestBundle:
    def opened(self, window: MainWindow, page: DoctorPage) -> BundleDialog:
        page.bundle.click()
        (made,) = window.findChildren(BundleDialog)
        return made

    def test_every_file_is_read_before_it_is_saved(
        self,
        window: MainWindow,
        page: DoctorPage,
        client: FakeClient,
        qtbot: QtBot,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        client.answers["doctor.bundle"] = BUNDLE
        made = self.opened(window, page)
        qtbot.waitUntil(made.save.isEnabled)
        made.list.setCurrentRow(2)
        assert made.about.text() == "The last lines of the server's log"
        assert made.text.toPlainText() == "level=INFO msg=listening"
        made.copy.click()
        assert QGuiApplication.clipboard().text() == BUNDLE[2].text
        path = tmp_path / "support.zip"

        async def save_as(*_: object) -> Path:
            return path

        monkeypatch.setattr(dialogs, "save_as", save_as)
        made.save.click()
        qtbot.waitUntil(lambda: any(toast.text == "Saved" for toast in client.toasts))
        with zipfile.ZipFile(path) as packed:
            texts = {name.partition("/")[2]: packed.read(name).decode() for name in packed.namelist()}
        assert texts == {one.name: one.text for one in BUNDLE}

    def test_why_there_is_none_is_said(
        self, window: MainWindow, page: DoctorPage, client: FakeClient, qtbot: QtBot
    ) -> None:
        client.error = PanelError(notice("engine.not_started"))
        made = self.opened(window, page)
        qtbot.waitUntil(lambda: made.state.property("tone") == "danger")
        assert not made.save.isEnabled()
        assert all(one.isVisible() for one in made.findChildren(QPushButton))
