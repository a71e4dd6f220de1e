"""Putting an export into force from the window: the plan, the steps, the proof, and the way back."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from ollama_panel.core.applying.methods import can_apply
from ollama_panel.core.applying.record import Applying, ApplyStage
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.gui import tasks
from ollama_panel.gui.pages.export import ExportPage
from ollama_panel.gui.widgets.apply_dialog import ApplyDialog
from ollama_panel.gui.window import MainWindow
from tests.gui.exporting.states import APPLIED, IDLE, INTERRUPTED, LINE, PLANNED, RESTART, RETURNED, TYPED, installed
from tests.gui.fake_client import FakeClient
from tests.gui.screen import shown
from tests.gui.snapshots import snapshot
from tests.gui.test_accessibility import shared_names


def calls(client: FakeClient, name: str) -> list[tuple[object, ...]]:
    return [arguments for call, arguments in client.calls if call == f"exports.{name}"]


def dialog_of(window: MainWindow) -> ApplyDialog:
    (made,) = [one for one in window.findChildren(ApplyDialog) if one.isVisible()]
    return made


class Before:
    """What the machine says it can go back to: `plan` None = nothing was put into force before."""

    plan: Applying | None = None

    async def plan_undo(self, host: str = "", target: str = "") -> Applying:
        if self.plan is None:
            raise PanelError(notice("apply.nothing"))
        return self.plan


@pytest.fixture(autouse=True)
def before(client: FakeClient, monkeypatch: pytest.MonkeyPatch) -> Before:
    made = Before()
    monkeypatch.setattr(client.exports, "plan_undo", made.plan_undo)
    return made


@pytest.fixture
def dialog(window: MainWindow, page: ExportPage, client: FakeClient, qtbot: QtBot) -> ApplyDialog:
    """The dialog for this machine, with its plan."""
    assert page._export is not None
    files = installed(page._export, lambda text: text.replace("PARALLEL=2", "PARALLEL=4"))
    client.answers["exports.plan"] = msgspec.structs.replace(PLANNED, files=files)
    page.preview.apply.click()
    made = dialog_of(window)
    qtbot.waitUntil(made.go.isEnabled)
    return made


def test_what_the_panel_cannot_apply_says_how_it_is_done(page: ExportPage) -> None:
    for item in page.targets.rows():
        page.targets.list.setCurrentItem(item)
        possible = can_apply(page.target.id)
        assert page.preview.apply.isEnabled() is page.preview.over_ssh.isEnabled() is possible
        assert page.panel_steps.isVisible() is possible
        assert page.hand.title.text() == ("By hand" if possible else "What to do next")
        assert page.preview.apply.toolTip()


def test_the_plan_shows_the_difference_the_steps_and_their_commands(dialog: ApplyDialog, client: FakeClient) -> None:
    assert "zz-ollama-panel.conf (changed)" in dialog.files.file.currentText()
    assert "PARALLEL=4" in dialog.files.view.both.toPlainText()
    assert len(dialog.rows) == 5
    assert RESTART in shown(dialog)
    assert any("all is put back as it was" in text for text in shown(dialog))
    assert "Nothing was done yet on this machine" in dialog.state.text()
    assert not dialog.undo.isEnabled()
    assert calls(client, "apply") == []


def test_a_command_is_copied_from_its_step(dialog: ApplyDialog) -> None:
    dialog.rows[3].commands.buttons[0].click()
    assert QGuiApplication.clipboard().text() == RESTART


def test_apply_carries_out_what_was_shown_and_undo_is_offered(
    dialog: ApplyDialog, client: FakeClient, qtbot: QtBot
) -> None:
    client.answers["exports.apply"] = APPLIED
    dialog.go.click()
    assert not dialog.go.isEnabled()
    qtbot.waitUntil(dialog.undo.isEnabled)
    assert calls(client, "apply") == [(dialog.export, "", "plan-1", False, True)]
    assert "1 values are proven" in dialog.state.text()
    assert LINE in shown(dialog.proofs)
    assert not dialog.go.isEnabled()
    (toast,) = client.toasts
    assert toast.detail == LINE
    assert toast.undo is not None
    client.answers["exports.undo"] = msgspec.structs.replace(PLANNED, stage=ApplyStage.RETURNED)
    dialog.undo.click()
    qtbot.waitUntil(lambda: "All is as before" in dialog.state.text())
    assert calls(client, "undo") == [("", "systemd", False, True)]


def test_no_password_is_asked_for_unless_the_user_lets_the_system(
    dialog: ApplyDialog, client: FakeClient, qtbot: QtBot
) -> None:
    assert dialog.password.isChecked()
    dialog.password.click()
    client.answers["exports.apply"] = TYPED
    dialog.go.click()
    qtbot.waitUntil(lambda: not tasks.pending())
    assert calls(client, "apply")[0][-1] is False
    assert "commands that need an administrator" in dialog.state.text()
    assert dialog.go.text() == "Go on"
    assert dialog.go.isEnabled()
    assert dialog.undo.isEnabled()
    assert client.toasts == []


def test_while_clients_are_at_work_one_can_restart_at_once_or_break_off(
    dialog: ApplyDialog, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(applying=IDLE))
    assert "3 are now" in dialog.state.text()
    dialog.now.click()
    dialog.cancel.click()
    qtbot.waitUntil(lambda: not tasks.pending())
    assert [name for name, _ in client.calls if name in ("exports.restart_now", "exports.cancel")] == [
        "exports.restart_now",
        "exports.cancel",
    ]
    client.push(snapshot(applying=msgspec.structs.replace(IDLE, stage=ApplyStage.RESTARTING)))
    assert not dialog.now.isEnabled()
    assert not dialog.cancel.isEnabled()


def test_what_goes_back_says_why(dialog: ApplyDialog, client: FakeClient, qtbot: QtBot) -> None:
    client.answers["exports.apply"] = RETURNED
    dialog.go.click()
    qtbot.waitUntil(lambda: "all is as before: the connection was closed" in dialog.state.text())
    assert dialog.state.property("tone") == "danger"
    (toast,) = client.toasts
    assert toast.error
    assert toast.undo is None


def test_a_refusal_is_said_in_the_dialog(dialog: ApplyDialog, client: FakeClient, qtbot: QtBot) -> None:
    client.error = PanelError(notice("apply.no_program", program="systemctl"))
    dialog.go.click()
    qtbot.waitUntil(lambda: "no systemctl on that machine" in dialog.state.text())
    assert client.reported == []


def test_without_a_plan_it_says_that_nothing_was_changed(page: ExportPage, client: FakeClient, qtbot: QtBot) -> None:
    client.error = PanelError(notice("apply.no_program", program="systemctl"))
    page.preview.apply.click()
    dialog = dialog_of(page.window())  # type: ignore[arg-type] # the window
    qtbot.waitUntil(lambda: dialog.files.view.message.text() == "Nothing was changed.")
    assert "no systemctl on that machine" in dialog.state.text()
    assert not dialog.files.file.isVisible()


def test_an_interrupted_one_goes_on_or_back(
    window: MainWindow, page: ExportPage, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(applying=INTERRUPTED))
    client.answers["exports.plan"] = PLANNED
    page.preview.apply.click()
    made = dialog_of(window)
    qtbot.waitUntil(lambda: made.go.isEnabled() and made.go.text() == "Go on")
    assert made.undo.isEnabled()


def test_the_last_one_of_this_run_is_no_plan(
    window: MainWindow, page: ExportPage, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(applying=APPLIED))
    assert page.preview.applying.isVisible()
    assert LINE in page.preview.applying.text()
    client.answers["exports.plan"] = PLANNED
    page.preview.apply.click()
    made = dialog_of(window)
    qtbot.waitUntil(made.go.isEnabled)
    assert "Nothing was done yet" in made.state.text()


def test_what_was_applied_before_is_shown_before_it_is_brought_back(
    window: MainWindow, page: ExportPage, client: FakeClient, qtbot: QtBot, before: Before
) -> None:
    before.plan = msgspec.structs.replace(PLANNED, actions=PLANNED.actions[:2], asks_password=False)
    client.answers["exports.plan"] = PLANNED
    page.preview.apply.click()
    made = dialog_of(window)
    qtbot.waitUntil(made.undo.isEnabled)
    assert len(made.rows) == 5
    made.undo.click()
    assert len(made.rows) == 2
    assert made.go.text() == "Bring back"
    assert not made.undo.isEnabled()
    assert calls(client, "undo") == []
    client.answers["exports.undo"] = msgspec.structs.replace(PLANNED, stage=ApplyStage.RETURNED)
    made.go.click()
    qtbot.waitUntil(lambda: "All is as before" in made.state.text())
    assert calls(client, "undo") == [("", "systemd", False, False)]
    assert calls(client, "apply") == []


class TestOverSsh:
    @pytest.fixture
    def dialog(self, window: MainWindow, page: ExportPage, client: FakeClient) -> ApplyDialog:
        page.preview.over_ssh.click()
        return dialog_of(window)

    def test_nothing_is_read_before_the_machine_is_named(
        self, dialog: ApplyDialog, client: FakeClient, qtbot: QtBot
    ) -> None:
        assert dialog.host.isVisible()
        assert not dialog.files.file.isVisible()
        assert not dialog.look.isEnabled()
        assert not dialog.go.isEnabled()
        assert calls(client, "plan") == []
        client.answers["exports.plan"] = planned = msgspec.structs.replace(
            PLANNED, host="alice@gpu", asks_password=False
        )
        qtbot.keyClicks(dialog.host, "alice@gpu")
        qtbot.keyClick(dialog.host, Qt.Key.Key_Return)
        qtbot.waitUntil(dialog.go.isEnabled)
        assert calls(client, "plan") == [(dialog.export, "alice@gpu")]
        assert calls(client, "apply") == []
        assert not dialog.password.isEnabled()
        client.answers["exports.apply"] = msgspec.structs.replace(APPLIED, host="alice@gpu")
        dialog.go.click()
        qtbot.waitUntil(dialog.undo.isEnabled)
        assert calls(client, "apply") == [(dialog.export, "alice@gpu", planned.id, False, False)]

    def test_a_machine_that_cannot_be_reached_is_told_and_another_can_be_named(
        self, dialog: ApplyDialog, client: FakeClient, qtbot: QtBot
    ) -> None:
        client.error = PanelError(notice("apply.no_program", program="ollama"))
        qtbot.keyClicks(dialog.host, "nobody@nowhere")
        dialog.look.click()
        qtbot.waitUntil(lambda: "There is no ollama" in dialog.state.text())
        assert not dialog.go.isEnabled()
        client.error = None
        client.answers["exports.plan"] = msgspec.structs.replace(PLANNED, host="bob@here")
        dialog.host.setText("bob@here")
        dialog.look.click()
        qtbot.waitUntil(dialog.go.isEnabled)

    def test_what_goes_on_here_is_not_shown_for_another_machine(self, dialog: ApplyDialog, client: FakeClient) -> None:
        client.push(snapshot(applying=IDLE))
        assert dialog.rows == [] or dialog._host == ""


@pytest.mark.parametrize("one", [PLANNED, IDLE, TYPED, APPLIED, RETURNED, INTERRUPTED], ids=lambda one: one.stage.value)
def test_the_controls_have_names_of_their_own_in_each_state(
    dialog: ApplyDialog, client: FakeClient, one: Applying
) -> None:
    dialog._plan = one
    dialog._show()
    assert shared_names(dialog) == []


def test_the_dialog_of_another_export_makes_room(
    window: MainWindow, dialog: ApplyDialog, page: ExportPage, client: FakeClient, qtbot: QtBot
) -> None:
    page.targets.choose("systemd-units")
    page.preview.apply.click()
    assert dialog_of(window).export.target == "systemd-units"
