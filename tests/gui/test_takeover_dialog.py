"""The guide of a take-over: the plan before, every step as it is, and both directions."""

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.servers import FoundServer, Owner, OwnerKind
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.core.takeover import StepState, Takeover, TakeoverAnswer, TakeoverStage
from ollama_panel.core.takeover_plan import plan_of, way_back
from ollama_panel.core.takeover_steps import Place
from ollama_panel.gui import tasks
from ollama_panel.gui.theme import Theme
from ollama_panel.gui.widgets.takeover_dialog import TakeoverDialog, show_takeover
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import snapshot

SERVER = FoundServer(
    *("7", 7, 1.0, Owner(OwnerKind.SYSTEM_UNIT, "ollama.service", "ollama.service")), address="127.0.0.1:11434"
)
PLAN = plan_of(SERVER, "127.0.0.1:11434", "127.0.0.1:11436", Settings(), Place()).takeover


def at(stage: TakeoverStage, *states: StepState, **changes: object) -> Takeover:
    steps = PLAN.steps if stage is not TakeoverStage.RETURNING else way_back(PLAN, Place())
    rest = [StepState.DONE if stage is TakeoverStage.TAKEN else StepState.OPEN] * len(steps)
    why = notice("takeover.command_failed", command="c", reason="r")
    marked = tuple(
        msgspec.structs.replace(step, state=state, problem=why if state is StepState.FAILED else None)
        for step, state in zip(steps, (*states, *rest), strict=False)
    )
    return msgspec.structs.replace(PLAN, stage=stage, steps=marked, **changes)


@pytest.fixture
def client(loop: object) -> FakeClient:
    made = FakeClient(snapshot())
    made.answers["take_over"] = TakeoverAnswer(PLAN, PLAN.told)
    return made


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def dialog(client: FakeClient, theme: Theme, parent: QWidget, qtbot: QtBot) -> TakeoverDialog:
    made = show_takeover(client, theme, parent)  # type: ignore[arg-type] # a stand-in
    qtbot.waitUntil(lambda: bool(made.rows))
    return made


def buttons(dialog: TakeoverDialog) -> tuple[str, bool, bool]:
    return dialog.go.text(), dialog.go.isEnabled(), dialog.undo.isEnabled()


def test_it_shows_the_plan_before_anything_is_done(dialog: TakeoverDialog, client: FakeClient) -> None:
    assert client.calls == [("take_over", ("", True, False))]
    assert not dialog.isModal()
    assert len(dialog.rows) == 5
    assert "moves from 127.0.0.1:11434 to 127.0.0.1:11436" in dialog.told.text()
    assert dialog.state.text() == "Nothing was done yet."
    first = dialog.rows[0]
    assert (first.mark.text(), first.by.text(), len(first.commands.buttons)) == ("1", "an administrator", 2)
    assert first.verified.text().startswith("Proof: ")
    assert buttons(dialog) == ("Take over", True, False)


def test_a_command_is_copied_by_its_button(dialog: TakeoverDialog, client: FakeClient) -> None:
    dialog.rows[0].commands.buttons[0].click()
    assert QApplication.clipboard().text() == PLAN.steps[0].commands[0]


def test_the_system_may_ask_for_a_password_and_what_came_of_it_is_announced(
    dialog: TakeoverDialog, client: FakeClient, qtbot: QtBot
) -> None:
    taken = at(TakeoverStage.TAKEN)
    client.answers["take_over"] = TakeoverAnswer(taken, (notice("takeover.taken_alone", address=taken.address),))
    dialog.go.click()
    assert buttons(dialog) == ("Take over", False, False), "once at a time"
    client.push(snapshot(takeover=taken))
    qtbot.waitUntil(lambda: dialog.undo.isEnabled())
    assert client.calls[-1] == ("take_over", ("", False, True))
    assert buttons(dialog) == ("Take over", False, True)
    assert dialog.state.text() == "The panel listens at 127.0.0.1:11434; Ollama runs at 127.0.0.1:11436."
    assert not dialog.rows[0].mark.pixmap().isNull()
    assert "done" in dialog.rows[0].accessibleName()


def test_steps_that_wait_are_for_the_user_unless_the_system_may_ask(dialog: TakeoverDialog, client: FakeClient) -> None:
    waiting = at(TakeoverStage.MOVING, *[StepState.WAITING] * 3)
    client.push(snapshot(takeover=waiting))
    assert buttons(dialog) == ("Take over", False, True)
    assert "waits for you" in dialog.rows[0].accessibleName()
    client.push(snapshot(takeover=msgspec.structs.replace(waiting, asks_password=True)))
    assert buttons(dialog) == ("Take over", True, True)


def test_what_was_interrupted_is_finished_or_goes_back(
    dialog: TakeoverDialog, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(takeover=at(TakeoverStage.MOVING, StepState.DONE, interrupted=True)))
    assert buttons(dialog) == ("Finish it", True, True)
    assert "1 of 5 steps are done" in dialog.state.text()
    client.answers["undo_take_over"] = TakeoverAnswer(None, (notice("takeover.undone", address=PLAN.address),))
    dialog.undo.click()
    client.push(snapshot())
    qtbot.waitUntil(lambda: buttons(dialog) == ("Take over", True, False))
    assert ("undo_take_over", (False, True)) in client.calls
    assert dialog.state.text() == "Nothing was done yet."


def test_a_step_that_failed_says_why_and_is_tried_again(dialog: TakeoverDialog, client: FakeClient) -> None:
    client.push(snapshot(takeover=at(TakeoverStage.MOVING, StepState.DONE, StepState.FAILED)))
    assert buttons(dialog) == ("Try again", True, True)
    assert dialog.rows[1].problem.text() == "`c` has failed: r."
    assert dialog.state.property("tone") == "danger"


def test_the_way_back_has_its_own_steps(dialog: TakeoverDialog, client: FakeClient) -> None:
    client.push(snapshot(takeover=at(TakeoverStage.RETURNING, StepState.DONE)))
    assert buttons(dialog) == ("Take over again", True, True)
    assert dialog.rows[0].told.text().startswith("The panel listens at 127.0.0.1:11434 no more")


def test_who_has_come_back_is_moved_once_more(dialog: TakeoverDialog, client: FakeClient) -> None:
    problem = notice("proxy.no_free_port", host="h", first=1, last=2)
    lost = snapshot(takeover=at(TakeoverStage.TAKEN), second_proxy=ProxyRecord(problem=problem))
    client.push(lost)
    assert buttons(dialog) == ("Try again", True, True)


def test_what_is_not_possible_is_said_in_the_dialog(
    client: FakeClient, theme: Theme, parent: QWidget, qtbot: QtBot
) -> None:
    client.error = PanelError(notice("takeover.demo"))
    dialog = show_takeover(client, theme, parent)  # type: ignore[arg-type] # a stand-in
    qtbot.waitUntil(lambda: "simulation" in dialog.warned.text())
    assert buttons(dialog) == ("Take over", False, False)
    assert show_takeover(client, theme, parent) is dialog  # type: ignore[arg-type] # a stand-in


def test_the_guide_of_another_server_makes_room(
    dialog: TakeoverDialog, client: FakeClient, theme: Theme, parent: QWidget, qtbot: QtBot
) -> None:
    other = show_takeover(client, theme, parent, "812")  # type: ignore[arg-type] # a stand-in
    qtbot.waitUntil(lambda: bool(other.rows))
    assert client.calls[-1] == ("take_over", ("812", True, False))
    qtbot.waitUntil(lambda: not tasks.exists(dialog))


def test_who_gets_in_without_a_key_stands_below_what_it_means(dialog: TakeoverDialog, client: FakeClient) -> None:
    assert not dialog.warned.isVisibleTo(dialog)
    opened = notice("takeover.opened", address="0.0.0.0:11434")
    client.push(snapshot(takeover=msgspec.structs.replace(at(TakeoverStage.MOVING), told=(*PLAN.told, opened))))
    assert "proxy.require_key" in dialog.warned.text()
    assert dialog.warned.isVisibleTo(dialog)
    assert "proxy.require_key" not in dialog.told.text()


def test_a_server_that_has_started_anew_is_asked_for_by_its_address(
    client: FakeClient, theme: Theme, parent: QWidget, qtbot: QtBot
) -> None:
    dialog = show_takeover(client, theme, parent, "812")  # type: ignore[arg-type] # a stand-in
    qtbot.waitUntil(lambda: bool(dialog.rows))
    dialog.go.click()
    qtbot.waitUntil(lambda: dialog.go.isEnabled())
    assert ("take_over", ("127.0.0.1:11434", False, True)) in client.calls


def test_what_has_become_impossible_shows_nothing_of_the_plan_before(
    dialog: TakeoverDialog, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(takeover=at(TakeoverStage.RETURNING, StepState.DONE)))
    client.error = PanelError(notice("takeover.proxy_off"))
    client.push(snapshot())
    dialog.hide()
    dialog.show()
    qtbot.waitUntil(lambda: dialog.rows == [])
    assert dialog.state.text() == "Nothing was done yet."
    assert buttons(dialog) == ("Take over", False, False)
