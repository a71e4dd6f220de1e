"""The tuning page: its form, its states while a tuning goes on, and what can be done with what it has found."""

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.profile import Profile
from ollama_panel.core.tuning.record import Happening, TuningPreview, TuningRecord, TuningState
from ollama_panel.core.tuning.task import Bounds, Goal, TuningTask, WorkloadKind
from ollama_panel.core.tuning.trial import Outcome
from ollama_panel.core.tuning.verdict import VerdictKind
from ollama_panel.gui import dialogs
from ollama_panel.gui.models.trials import TrialRow, trial_rows
from ollama_panel.gui.pages.tuning import TuningPage
from ollama_panel.gui.widgets.profile_name_dialog import ProfileNameDialog
from ollama_panel.gui.widgets.tuning_buttons import View
from ollama_panel.gui.window import MainWindow
from tests.core.tuning.records import DONE, POOL, RUNNING, trial
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import CHAT, EMBEDDING, LLAMA, NOMIC, SETTINGS, snapshot
from tests.gui.test_accessibility import name_of, shared_names, tab_chain

REASON = notice("tuning.unknown", tuning="x")
LATER = notice("tuning.waits_until", times=3, time="03:00")
PREVIEW = TuningPreview(trials=9, minutes=8.0, slots_that_fit=16, own_requests=312)
FAILED = msgspec.structs.replace(
    RUNNING,
    id="failed",
    state=TuningState.FAILED,
    current=None,
    partial=None,
    outlook=(),
    reason=REASON,
    outcomes=(*RUNNING.outcomes, Outcome(trial(16), problem=REASON)),
    ended=1_796_000_500.0,
)
CANCELLED = msgspec.structs.replace(FAILED, id="cancelled", state=TuningState.CANCELLED, reason=None)
OLDER = msgspec.structs.replace(
    DONE, id="older", provenance=msgspec.structs.replace(DONE.provenance, at=1_795_000_000.0, ollama="0.31.4")
)
STATES = {
    "preparing": msgspec.structs.replace(
        RUNNING, state=TuningState.PREPARING, outcomes=(), current=None, partial=None, wave=0, left_s=None
    ),
    "loading": msgspec.structs.replace(RUNNING, state=TuningState.PREPARING, wave=0, partial=None),
    "measuring": RUNNING,
    "waiting": msgspec.structs.replace(RUNNING, state=TuningState.WAITING, reason=REASON, interruptions=1),
    "waiting for a quiet time": msgspec.structs.replace(
        RUNNING, state=TuningState.WAITING, reason=LATER, interruptions=3
    ),
    "paused": msgspec.structs.replace(RUNNING, state=TuningState.PAUSED, reason=REASON),
    "restoring": msgspec.structs.replace(RUNNING, state=TuningState.RESTORING, current=None, partial=None),
}
ENDS = {"done": DONE, "failed": FAILED, "cancelled": CANCELLED}


def with_tuning(record: TuningRecord | None, **changes: Any) -> Snapshot:
    """Return a snapshot of a panel whose chat pool is the one that was tuned."""
    settings = msgspec.structs.replace(SETTINGS, pools=(POOL, *SETTINGS.pools[1:]))
    return snapshot(settings=settings, tuning=record, **changes)


@pytest.fixture
def page(window: MainWindow, client: FakeClient) -> TuningPage:
    client.answers["tuning_preview"] = PREVIEW
    window.resize(1280, 800)
    window.show_page_named("tuning")
    return window.tuning


@pytest.fixture
def ready(page: TuningPage, qtbot: QtBot) -> TuningPage:
    """The page when it knows what a tuning would do."""
    qtbot.waitUntil(page.buttons.start.isEnabled)
    return page


def place(widget: QWidget, of: QWidget) -> tuple[int, int, int, int]:
    corner = widget.mapTo(of, QPoint())
    return corner.x(), corner.y(), widget.width(), widget.height()


def move_pointer(widget: QWidget, x: float) -> None:
    """Let a widget know that the pointer is over it, `x` pixels from its left side."""
    at, none = QPointF(x, 100.0), Qt.MouseButton.NoButton
    whole = widget.mapToGlobal(at)
    QApplication.sendEvent(
        widget, QMouseEvent(QEvent.Type.MouseMove, at, whole, none, none, Qt.KeyboardModifier.NoModifier)
    )


def last_task(client: FakeClient) -> TuningTask:
    return [arguments[0] for name, arguments in client.calls if name == "tuning_preview"][-1]  # type: ignore[no-any-return]


def rows(record: TuningRecord) -> dict[str, TrialRow]:
    return {row.title: row for row in trial_rows(record)}


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


def test_a_tuning_under_way_shows_what_is_tried_and_how_far_it_is(page: TuningPage, client: FakeClient) -> None:
    client.push(with_tuning(RUNNING))
    assert page.view is View.LIVE
    assert page.progress.title.text() == "16 slots, wave 2"
    assert page.progress.number.text() == "Trial 5 of about 8"
    assert (page.progress.left.text(), page.progress.gone.text()) == ("4", "4 min 10 s gone")
    assert "16: 429 ± 22 tokens/s, 37 ms per token, first token p95 900 ms" in page.curve.plot.accessibleDescription()
    assert page.summary == "Measuring llama3.1:8b in the pool chat. Nothing is changed until you press Apply."


def test_the_trials_have_their_figures_and_states() -> None:
    shown = rows(RUNNING)
    assert (shown["2 slots"].rate, shown["2 slots"].token, shown["2 slots"].note) == (
        "205 ± 3",
        "9.8 ms",
        "your setting now",
    )
    assert (shown["16 slots"].state, shown["16 slots"].note) == ("Wave 2", "the most that fits")
    assert [row.state for row in trial_rows(RUNNING)] == ["Done"] * 4 + ["Wave 2", "Planned", "Planned", "Skipped"]
    assert rows(FAILED)["16 slots"].state == "Failed"


@pytest.mark.parametrize("name", STATES)
def test_nothing_moves_when_the_state_changes(
    window: MainWindow, page: TuningPage, client: FakeClient, name: str
) -> None:
    client.push(with_tuning(RUNNING))
    parts = (page.progress, page.curve, page.trials, page.traffic, page.progress.bar, page.buttons.cancel)
    before = [place(part, window) for part in parts]
    client.push(with_tuning(STATES[name]))
    assert [place(part, window) for part in parts] == before
    assert page.view is View.LIVE


@pytest.mark.parametrize(
    ("name", "goes_on"),
    [("measuring", False), ("waiting", False), ("waiting for a quiet time", True), ("paused", True)],
)
def test_it_can_be_paused_or_go_on(
    page: TuningPage, client: FakeClient, qtbot: QtBot, name: str, goes_on: bool
) -> None:
    client.push(with_tuning(STATES[name]))
    shown = page.buttons.resume if goes_on else page.buttons.pause
    hidden = page.buttons.pause if goes_on else page.buttons.resume
    assert shown.isVisible()
    assert not hidden.isVisible()
    shown.setFocus()
    qtbot.keyClick(shown, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: ("resume_tuning" if goes_on else "pause_tuning", ()) in client.calls)


def test_one_that_is_paused_or_waits_says_why(page: TuningPage, client: FakeClient) -> None:
    for name in ("paused", "waiting"):
        client.push(with_tuning(STATES[name]))
        assert page.progress.why.text() == "There is no tuning x."


def test_what_has_happened_is_told_with_the_number_of_interruptions(page: TuningPage, client: FakeClient) -> None:
    happenings = Happening(0.0, notice("tuning.none")), Happening(5.0, REASON)
    client.push(with_tuning(msgspec.structs.replace(RUNNING, interruptions=2, happenings=happenings)))
    assert page.traffic.interruptions.accessibleName() == "2 interruptions"
    assert page.traffic.lines[0].text().endswith("There is no tuning x.")
    assert "No tuning is under way." in page.traffic.lines[0].toolTip()
    assert "(2 slots, context 8,192)" in page.traffic.lines[1].text()


@pytest.mark.parametrize(("answer", "cancels"), [(0, True), (1, False)])
def test_cancel_asks_first(
    page: TuningPage,
    client: FakeClient,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    answer: int,
    cancels: bool,
) -> None:
    asked = list[str]()

    async def choose(_: object, text: str, *__: object, **___: object) -> int:
        asked.append(text)
        return answer

    monkeypatch.setattr(dialogs, "choose", choose)
    client.push(with_tuning(RUNNING))
    page.buttons.cancel.click()
    qtbot.waitUntil(lambda: bool(asked))
    if cancels:
        qtbot.waitUntil(lambda: ("cancel_tuning", ()) in client.calls)
    assert asked == ["Cancel the tuning?"]


def test_a_result_is_a_sentence_with_gains_and_losses(page: TuningPage, client: FakeClient) -> None:
    client.push(with_tuning(DONE))
    assert page.view is View.AFTER
    assert page.verdict.headline.text() == "8 slots"
    table = {row.name.text(): row for row in page.comparison.rows}
    both, one = table["All answers together"], table["One answer"]
    assert (both.before.text(), both.after.text(), both.change.text()) == ("205", "421", "2.1 x")
    assert (both.change.property("tone"), one.change.property("tone")) == ("ok", "warn")
    assert one.change.text() == "\N{MINUS SIGN}48 %"
    assert [head.text() for head in page.comparison.heads] == ["2 slots", "8 slots", "change"]


def test_the_trials_of_a_result_are_one_click_away(page: TuningPage, client: FakeClient, qtbot: QtBot) -> None:
    client.push(with_tuning(DONE))
    qtbot.keyClick(page.comparison.trials, Qt.Key.Key_Space)
    assert page.trials.isVisible()
    assert not page.comparison.isVisible()
    assert page.trials.back.hasFocus()
    qtbot.keyClick(page.trials.back, Qt.Key.Key_Space)
    assert page.comparison.isVisible()
    assert not page.trials.isVisible()


def test_the_pointer_at_a_step_tells_its_figures(page: TuningPage, client: FakeClient) -> None:
    client.push(with_tuning(DONE))
    plot = page.curve.plot
    move_pointer(plot, plot._across().at(8) + 3)
    assert plot.toolTip().startswith("8: 421 ± 6 tokens/s")
    move_pointer(plot, 2.0)
    assert plot.toolTip() == ""


def test_apply_says_what_it_does_and_can_be_undone(page: TuningPage, client: FakeClient, qtbot: QtBot) -> None:
    client.push(with_tuning(DONE))
    assert "Undo brings back 2 slots." in page.effects.text.text()
    assert page.buttons.apply.text() == "Apply 8 slots"
    better = msgspec.structs.replace(POOL, parallel=8)
    client.answers["apply_tuning"] = msgspec.structs.replace(SETTINGS, pools=(better, *SETTINGS.pools[1:]))
    qtbot.mouseClick(page.buttons.apply, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(client.toasts))
    assert ("apply_tuning", (DONE.id,)) in client.calls
    assert client.toasts[-1].undo is not None


def test_what_is_in_force_cannot_be_applied_again(page: TuningPage, client: FakeClient) -> None:
    applied = msgspec.structs.replace(POOL, parallel=8)
    settings = msgspec.structs.replace(SETTINGS, pools=(applied, *SETTINGS.pools[1:]))
    client.push(snapshot(settings=settings, tuning=DONE))
    assert not page.buttons.apply.isEnabled()
    assert page.effects.text.text() == "Nothing: these settings are in force."


@pytest.mark.parametrize("kind", VerdictKind)
def test_every_verdict_has_its_sign(page: TuningPage, client: FakeClient, kind: VerdictKind) -> None:
    assert DONE.verdict is not None
    record = msgspec.structs.replace(DONE, verdict=msgspec.structs.replace(DONE.verdict, kind=kind))
    client.push(with_tuning(record))
    assert page.verdict.headline.text() == "8 slots"
    assert page.grab().toImage().pixelColor(0, 0).isValid()


def test_a_measurement_that_does_not_hold_any_more_says_why(page: TuningPage, client: FakeClient) -> None:
    client.push(with_tuning(DONE, ollama_version="0.33.0"))
    assert "0.33.0" in page.verdict.lines.text()


@pytest.mark.parametrize(
    ("name", "headline"), [("failed", "There is no tuning x"), ("cancelled", "Cancelled after 5 trials")]
)
def test_one_without_a_verdict_says_how_it_ended_and_shows_its_trials(
    page: TuningPage, client: FakeClient, name: str, headline: str
) -> None:
    client.push(with_tuning(ENDS[name]))
    assert page.verdict.headline.text() == headline
    assert page.trials.isVisible()
    assert not page.comparison.isVisible()
    assert not page.buttons.apply.isEnabled()
    assert not page.buttons.save.isEnabled()
    assert ("There is no tuning x." in page.verdict.lines.text()) is (name == "failed")
    assert "Your settings are in force as before" in page.verdict.lines.text()


def test_the_curve_stays_where_it_is_when_a_tuning_ends(
    window: MainWindow, page: TuningPage, client: FakeClient
) -> None:
    client.push(with_tuning(RUNNING))
    before = place(page.curve, window)
    client.push(with_tuning(DONE))
    assert place(page.curve, window) == before


def test_a_result_is_saved_under_a_name_that_the_user_gives(
    page: TuningPage, client: FakeClient, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = client.save_profile

    async def save_later(name: str, tuning: str) -> Profile:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # the dialog is deleted meanwhile
        return await save(name, tuning)

    monkeypatch.setattr(client, "save_profile", save_later)
    client.push(with_tuning(DONE))
    page.buttons.save.click()
    qtbot.waitUntil(lambda: bool(page.findChildren(ProfileNameDialog)))
    (dialog,) = page.findChildren(ProfileNameDialog)
    assert dialog.name == "llama3.1:8b balanced"
    dialog.field.clear()
    assert not dialog.save.isEnabled()
    qtbot.keyClicks(dialog.field, "evenings")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ("save_profile", ("evenings", DONE.id)) in client.calls)
    qtbot.waitUntil(lambda: bool(client.toasts))
    assert client.toasts[-1].text == "Saved as profile evenings"


def test_a_result_is_copied_as_text_table_and_picture(page: TuningPage, client: FakeClient) -> None:
    client.push(with_tuning(DONE))
    page.buttons.as_text.trigger()
    assert QGuiApplication.clipboard().text().startswith("Tuning of llama3.1:8b in the pool chat")
    page.buttons.as_table.trigger()
    assert QGuiApplication.clipboard().text().startswith("trial,kind,workers,slots")
    page.buttons.as_picture.trigger()
    assert QGuiApplication.clipboard().pixmap().width() == 2 * page.curve.width()


def test_two_of_the_earlier_ones_are_compared(page: TuningPage, client: FakeClient, qtbot: QtBot) -> None:
    client.answers["tunings"] = (DONE, OLDER)
    client.push(with_tuning(DONE))
    qtbot.waitUntil(lambda: len(page.earlier.rows) == 2)
    for row in page.earlier.rows.values():
        assert not page.earlier.compare.isEnabled()
        row.tick.setFocus()
        qtbot.keyClick(row.tick, Qt.Key.Key_Space)
    qtbot.mouseClick(page.earlier.compare, Qt.MouseButton.LeftButton)
    assert page.verdict.headline.text() == "Two tunings side by side"
    assert page.comparison.title.text() == "Side by side"
    assert "square" in page.curve.origin.text()
    page.earlier.rows[OLDER.id].show_button.click()
    assert page.comparison.title.text() == "Before and after"
    assert page.earlier.rows[OLDER.id].note.text() == "this one · Ollama 0.31.4"


def test_a_new_tuning_begins_with_what_was_asked_for(page: TuningPage, client: FakeClient, qtbot: QtBot) -> None:
    client.answers["tunings"] = (DONE,)
    client.push(with_tuning(DONE))
    page.buttons.new.click()
    assert page.view is View.BEFORE
    assert page.form.task is not None
    assert page.form.task.workload is WorkloadKind.OWN
    client.push(with_tuning(DONE))
    assert page.view is View.BEFORE
    qtbot.waitUntil(page.buttons.last.isEnabled)
    page.buttons.last.click()
    assert page.view is View.AFTER


def test_a_new_window_goes_on_where_the_old_one_was(
    window: MainWindow, page: TuningPage, client: FakeClient, qtbot: QtBot
) -> None:
    client.answers["tunings"] = (DONE,)
    client.push(with_tuning(DONE))
    page.buttons.new.click()
    page.form.minutes.setValue(33)
    other = TuningPage(client, window._theme, window)  # type: ignore[arg-type]
    qtbot.addWidget(other)
    other.take_over(page)
    assert other.view is View.BEFORE
    assert other.form.minutes.value() == 33


@pytest.mark.parametrize("name", [*STATES, *ENDS])
def test_every_control_can_be_reached_and_has_a_name_of_its_own(
    window: MainWindow, page: TuningPage, client: FakeClient, name: str
) -> None:
    client.push(with_tuning({**STATES, **ENDS}[name]))
    assert [repr(widget) for widget in tab_chain(window) if not name_of(widget)] == []
    assert shared_names(window) == []


@pytest.mark.parametrize("size", [(880, 600), (1280, 800), (2560, 1440)])
@pytest.mark.parametrize("name", ["before", "measuring", "done", "failed"])
def test_nothing_is_cut_off_in_any_window(
    window: MainWindow, page: TuningPage, client: FakeClient, qtbot: QtBot, size: tuple[int, int], name: str
) -> None:
    window.resize(*size)
    client.push(with_tuning({"before": None, **STATES, **ENDS}[name]))
    qtbot.waitUntil(lambda: page.width() == window.width() - window.sidebar.width())
    content = page.area.widget()
    assert content.minimumSizeHint().width() <= page.area.viewport().width()
    buttons = [one for one in (page.buttons.last, page.buttons.cancel, page.buttons.apply) if one.isVisible()]
    assert [one.mapTo(window, QPoint(one.width(), 0)).x() <= window.width() for one in buttons] == [True]
