"""Before a tuning: the form, and what it would do."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ollama_panel.core.errors import PanelError
from ollama_panel.core.tuning.record import TuningPreview
from ollama_panel.core.tuning.task import Bounds, Goal, TuningTask, WorkloadKind
from ollama_panel.gui.pages.tuning import TuningPage
from ollama_panel.gui.widgets.tuning_buttons import View
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import CHAT, EMBEDDING, LLAMA, NOMIC, snapshot
from tests.gui.tuning.states import REASON


def last_task(client: FakeClient) -> TuningTask:
    return [arguments[0] for name, arguments in client.calls if name == "tuning_preview"][-1]  # type: ignore[no-any-return]


def test_it_tells_what_a_tuning_would_do_before_it_begins(ready: TuningPage) -> None:
    assert ready.view is View.BEFORE
    assert ready.preview.headline.text() == "About 8 min, 9 trials"
    assert "16 slots of each worker fit into the memory." in ready.preview.text.text()
    own = ready.form.workload.findData(WorkloadKind.OWN)
    assert ready.form.workload.itemText(own) == "Your own requests (312 of the last week)"


def test_start_begins_what_the_form_asks_for(ready: TuningPage, client: FakeClient, qtbot: QtBot) -> None:
    qtbot.mouseClick(ready.buttons.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ("tune", (TuningTask(CHAT, LLAMA),)) in client.calls)


def test_another_goal_asks_anew_what_would_happen(ready: TuningPage, client: FakeClient, qtbot: QtBot) -> None:
    goal = ready.form.goals[Goal.LATENCY]
    goal.setFocus()
    qtbot.keyClick(goal, Qt.Key.Key_Space)
    assert not ready.buttons.start.isEnabled()
    qtbot.waitUntil(lambda: last_task(client).goal is Goal.LATENCY)
    assert last_task(client).bounds == Bounds(2.0, 0.1)
    qtbot.waitUntil(ready.buttons.start.isEnabled)


def test_the_bounds_can_be_set_for_the_goal_that_has_some(ready: TuningPage, client: FakeClient, qtbot: QtBot) -> None:
    assert not ready.form.first.isEnabled()
    ready.form.goals[Goal.LATENCY].click()
    ready.form.token.setValue(50)
    ready.form.less_quality.click()
    ready.form.minutes.setValue(5)
    qtbot.waitUntil(lambda: last_task(client).most_minutes == 5)
    assert last_task(client).bounds == Bounds(2.0, 0.05)
    assert last_task(client).less_quality


def test_an_embedding_model_has_its_own_goal_and_requests(ready: TuningPage, client: FakeClient, qtbot: QtBot) -> None:
    ready.form.model.setCurrentIndex(1)
    assert ready.form.goal is Goal.EMBEDDING
    assert [goal for goal, made in ready.form.goals.items() if made.isEnabled()] == [Goal.EMBEDDING]
    wanted = TuningTask(EMBEDDING, NOMIC, Goal.EMBEDDING, workload=WorkloadKind.EMBEDDINGS)
    qtbot.waitUntil(lambda: last_task(client) == wanted)


@pytest.mark.parametrize("raised", [False, True])
def test_what_is_impossible_is_told_and_cannot_be_started(
    page: TuningPage, client: FakeClient, qtbot: QtBot, raised: bool
) -> None:
    if raised:
        client.error = PanelError(REASON)
    client.answers["tuning_preview"] = TuningPreview(problem=REASON)
    page.form.minutes.setValue(7)
    qtbot.waitUntil(lambda: page.preview.headline.text() == "Not possible now")
    assert page.preview.problem.text() == "There is no tuning x."
    assert not page.buttons.start.isEnabled()


def test_without_a_model_it_says_what_is_missing(page: TuningPage, client: FakeClient, qtbot: QtBot) -> None:
    client.push(snapshot(models=()))
    qtbot.waitUntil(lambda: "There is no model" in page.preview.text.text())
    assert not page.buttons.start.isEnabled()
