""" "Give me my GPU" in the sidebar, the menus, the tray and the alerts."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from pytestqt.qtbot import QtBot

from ollama_panel.core.gpu_yield import YieldCause, YieldRecord, YieldState
from ollama_panel.core.notices import notice
from ollama_panel.gui import tasks
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.gpu_control import GpuControl
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.offers import label_of
from ollama_panel.gui.shell import Shell
from ollama_panel.gui.summary import summary
from ollama_panel.gui.tray import state_icon
from ollama_panel.gui.widgets.gpu_switch import GpuSwitch
from ollama_panel.gui.window import MainWindow
from ollama_panel.gui.window_state import WindowState
from tests.gui.fake_client import FakeClient
from tests.gui.screen import alert_about
from tests.gui.snapshots import GIB, snapshot
from tests.gui.test_accessibility import shared_names

GIVEN = YieldRecord(YieldState.YIELDED, YieldCause.USER, waiting=2, freed=12 * GIB)
FINISHING = YieldRecord(YieldState.FINISHING, YieldCause.USER, running=3)
IDLE: dict[str, Any] = {"instances": (), "requests": ()}


@pytest.fixture
def switch(window: MainWindow) -> GpuSwitch:
    return window.sidebar.gpu


@pytest.fixture
def given(client: FakeClient) -> Callable[[], list[tuple[str, tuple[Any, ...]]]]:
    """The commands about the GPU that were given."""
    return lambda: [call for call in client.calls if "gpu" in call[0]]


def test_while_nothing_runs_one_press_gives_the_gpu(
    switch: GpuSwitch, client: FakeClient, given: Callable[[], Any], qtbot: QtBot
) -> None:
    client.answers["operations.give_gpu"] = GIVEN
    client.push(snapshot(**IDLE))
    switch.give.click()
    qtbot.waitUntil(lambda: bool(client.toasts))
    assert given() == [("operations.give_gpu", (False,))]
    assert client.toasts[0].text == "The GPU is yours"
    assert client.toasts[0].detail == "12.0 GiB freed, 2 requests wait"
    undo = client.toasts[0].undo
    assert undo is not None
    client.spawn(undo())
    qtbot.waitUntil(lambda: given()[1:] == [("operations.take_gpu_back", ())])


def test_while_requests_run_the_first_press_asks_and_the_next_ones_do_as_chosen(
    switch: GpuSwitch, client: FakeClient, given: Callable[[], Any], qtbot: QtBot
) -> None:
    switch.give.click()
    assert given() == []
    assert [one.text() for one in switch.menu.actions()] == ["Let 3 requests end first", "Cut 3 requests now"]
    switch.menu.actions()[1].trigger()
    qtbot.waitUntil(lambda: not tasks.pending())
    switch.give.click()
    qtbot.waitUntil(lambda: not tasks.pending())
    assert given() == [("operations.give_gpu", (True,))] * 2


def test_the_choice_is_kept_for_the_next_run(actions: Actions, client: FakeClient, state: WindowState) -> None:
    first = GpuControl(client, state)  # type: ignore[arg-type]
    assert first.asks
    first.choose(cut=False)
    assert not GpuControl(client, state).asks  # type: ignore[arg-type]


def test_a_command_under_way_is_not_given_twice(
    switch: GpuSwitch, client: FakeClient, given: Callable[[], Any], qtbot: QtBot
) -> None:
    client.push(snapshot(**IDLE))
    switch.give.click()
    switch.give.click()
    assert not switch.give.isEnabled()
    qtbot.waitUntil(lambda: not tasks.pending())
    assert given() == [("operations.give_gpu", (False,))]
    assert switch.give.isEnabled()


def test_while_requests_end_they_can_be_cut_or_the_gpu_taken_back(
    switch: GpuSwitch, client: FakeClient, given: Callable[[], Any], qtbot: QtBot
) -> None:
    client.push(snapshot(gpu_yield=FINISHING))
    assert switch.title.text() == "Freeing the GPU…"
    assert switch.facts.text() == "3 requests still end"
    switch.cut.click()
    switch.back.click()
    qtbot.waitUntil(lambda: not tasks.pending())
    assert given() == [("operations.give_gpu", (True,)), ("operations.take_gpu_back", ())]


def test_who_cuts_what_the_gpu_waits_for_is_told_once(
    actions: Actions, client: FakeClient, given: Callable[[], Any], qtbot: QtBot
) -> None:
    client.answers["operations.give_gpu"] = GIVEN
    actions.gpu.give(cut=False)
    actions.gpu.give(cut=True)
    qtbot.waitUntil(lambda: not tasks.pending())
    assert given() == [("operations.give_gpu", (False,)), ("operations.give_gpu", (True,))]
    assert [one.text for one in client.toasts] == ["The GPU is yours"]


@pytest.mark.parametrize(
    ("record", "title", "facts"),
    [
        (GIVEN, "You have the GPU", ["2 requests wait", "12.0 GiB freed", "until you take it back"]),
        (
            YieldRecord(YieldState.YIELDED, YieldCause.PROGRAM, program="blender"),
            "blender has the GPU",
            ["until blender ends"],
        ),
        (
            YieldRecord(YieldState.YIELDED, YieldCause.GPU_BUSY, waiting=1, resumes_at=124.0),
            "Others have the GPU",
            ["1 request waits", "back in 20 s"],
        ),
        (YieldRecord(YieldState.YIELDED, YieldCause.GPU_BUSY), "Others have the GPU", ["until they are done"]),
    ],
)
def test_it_says_who_has_the_gpu_who_waits_and_until_when(
    switch: GpuSwitch, client: FakeClient, record: YieldRecord, title: str, facts: list[str]
) -> None:
    client.push(snapshot(gpu_yield=record))
    assert switch.title.text() == title
    assert switch.facts.text().split("\n") == facts
    assert switch.back.isVisible()
    assert not switch.give.isVisible()
    assert not switch.cut.isVisible()


def test_what_else_is_to_be_known_is_the_last_line(switch: GpuSwitch, client: FakeClient) -> None:
    note = notice("instance.gone", url="http://127.0.0.1:11434")
    client.push(snapshot(gpu_yield=msgspec.structs.replace(GIVEN, notes=(note,))))
    assert switch.facts.text().split("\n")[-1] == "1 note in the alerts"
    assert notice_text(note) in switch.facts.toolTip()


def test_without_a_gpu_it_is_about_memory(switch: GpuSwitch, client: FakeClient) -> None:
    client.push(snapshot(gpu=False))
    assert switch.give.text() == "Give me my memory"
    client.push(snapshot(gpu=False, gpu_yield=GIVEN))
    assert switch.title.text() == "You have the memory"
    assert switch.back.text() == "Take the memory back"


def test_what_was_taken_back_while_a_program_runs_says_so(switch: GpuSwitch, client: FakeClient) -> None:
    client.push(snapshot(gpu_yield=YieldRecord(program="blender", refused=True)))
    assert "blender still uses it" in switch.give.toolTip()


def test_the_focus_stays_on_the_switch(switch: GpuSwitch, client: FakeClient, qtbot: QtBot) -> None:
    switch.give.setFocus()
    client.push(snapshot(gpu_yield=GIVEN))
    assert switch.back.hasFocus()
    client.push(snapshot())
    assert switch.give.hasFocus()


def test_a_narrow_window_has_an_icon_that_does_the_same(
    window: MainWindow, switch: GpuSwitch, client: FakeClient, given: Callable[[], Any], qtbot: QtBot
) -> None:
    window.resize(900, 640)
    assert switch.small.isVisible()
    assert not switch.give.isVisible()
    assert switch.small.accessibleName() == "Give me my GPU"
    client.push(snapshot(gpu_yield=GIVEN))
    assert switch.small.accessibleName() == "Take the GPU back"
    assert "You have the GPU" in switch.small.toolTip()
    switch.small.click()
    qtbot.waitUntil(lambda: given() == [("operations.take_gpu_back", ())])


@pytest.mark.parametrize("state", [YieldState.FINISHING, YieldState.YIELDED])
def test_its_controls_have_names_of_their_own(window: MainWindow, client: FakeClient, state: YieldState) -> None:
    told = notice("gpu_yield.given", why=notice("gpu_yield.by_user"))
    alone = {"instances": snapshot().instances[:2]}
    client.push(snapshot(gpu_yield=YieldRecord(state, YieldCause.USER, told=told, running=3), **alone))
    assert window.strip.alert is not None
    assert shared_names(window) == []


def test_a_program_that_still_runs_is_told_when_the_gpu_is_taken_back(
    actions: Actions, client: FakeClient, qtbot: QtBot
) -> None:
    client.answers["operations.take_gpu_back"] = YieldRecord(program="steam", refused=True)
    actions.gpu.take_back()
    qtbot.waitUntil(lambda: not tasks.pending())
    assert client.toasts[0].text == "The models have the GPU again"
    assert client.toasts[0].detail == "steam gets it again once it was restarted"


def test_a_low_window_has_the_facts_in_a_tooltip(
    window: MainWindow, switch: GpuSwitch, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(gpu_yield=GIVEN))
    assert switch.facts.isVisible()
    window.resize(1280, 600)
    qtbot.waitUntil(lambda: not switch.facts.isVisible())
    assert "2 requests wait" in switch.title.toolTip()
    qtbot.waitUntil(lambda: switch.back.height() >= switch.back.sizeHint().height())


def test_ctrl_g_gives_it_without_asking_and_takes_it_back(
    window: MainWindow, actions: Actions, client: FakeClient, given: Callable[[], Any], qtbot: QtBot
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: given() == [("operations.give_gpu", (False,))] and not tasks.pending())
    client.push(snapshot(gpu_yield=GIVEN))
    actions.show_snapshot(client.snapshot)
    assert actions.gpu.switch.isChecked()
    actions.gpu.switch.trigger()
    qtbot.waitUntil(lambda: given()[1:] == [("operations.take_gpu_back", ())])


def test_it_waits_for_the_engine(switch: GpuSwitch, actions: Actions, client: FakeClient) -> None:
    client.push(snapshot(starting=True))
    actions.show_snapshot(client.snapshot)
    assert not switch.give.isEnabled()
    assert not actions.gpu.switch.isEnabled()


def test_an_alert_offers_the_way_back(
    window: MainWindow, client: FakeClient, given: Callable[[], Any], qtbot: QtBot
) -> None:
    told = notice("gpu_yield.given", why=notice("gpu_yield.by_user"))
    client.push(snapshot(gpu_yield=YieldRecord(YieldState.YIELDED, YieldCause.USER, told=told)))
    alert = alert_about(window, notice_text(told))
    assert alert.kind == "gpu_yield"
    assert label_of(alert.remedies[0]) == "Take it back"
    window.alerts.run(alert, alert.remedies[0])
    qtbot.waitUntil(lambda: given() == [("operations.take_gpu_back", ())])


def test_the_summary_tells_it(theme: object) -> None:
    told = notice("gpu_yield.given", why=notice("gpu_yield.by_program", program="blender"))
    away = YieldRecord(YieldState.YIELDED, YieldCause.USER, told=told)
    idle: dict[str, Any] = {"instances": snapshot().instances[:2], "pools": ()}
    assert "blender runs" in summary(snapshot(gpu_yield=away, **idle))
    assert "blender" not in summary(snapshot(gpu_yield=YieldRecord(told=told), **idle))


def test_the_tray_has_the_switch_and_an_icon_of_its_own(shell_with_tray: Shell, client: FakeClient) -> None:
    client.push(snapshot(gpu_yield=FINISHING))
    texts = [one.text() for one in shell_with_tray.tray.menu.actions() if one.isVisible()]
    assert {"Give me my GPU", "Cut 3 requests now"} <= set(texts)
    plain, away = (picture(state_icon("ok", on)) for on in (False, True))
    assert plain != away


def picture(icon: QIcon) -> object:
    return icon.pixmap(22).toImage()


def test_while_a_command_runs_the_focus_waits_for_its_button(
    switch: GpuSwitch, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(**IDLE))
    switch.give.setFocus()
    qtbot.keyClick(switch.give, Qt.Key.Key_Space)
    assert switch.hasFocus(), "else the next press of the key would hit the button below"
    client.push(snapshot(gpu_yield=GIVEN))
    qtbot.waitUntil(lambda: not tasks.pending())
    assert switch.back.hasFocus()
    qtbot.keyClick(switch.back, Qt.Key.Key_Space)
    assert switch.hasFocus()
    client.push(snapshot(**IDLE))
    qtbot.waitUntil(lambda: not tasks.pending())
    assert switch.window().focusWidget() is switch.give
