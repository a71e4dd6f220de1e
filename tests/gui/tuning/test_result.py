"""After a tuning: its verdict, what can be done with it, and the earlier ones."""

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ollama_panel.core.tuning.profile import Profile
from ollama_panel.core.tuning.task import Goal, WorkloadKind
from ollama_panel.core.tuning.verdict import VerdictKind
from ollama_panel.gui.pages.tuning import TuningPage
from ollama_panel.gui.widgets.profile_name_dialog import ProfileNameDialog
from ollama_panel.gui.widgets.tuning_buttons import View
from ollama_panel.gui.window import MainWindow
from tests.core.tuning.records import DONE, POOL
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import SETTINGS, snapshot
from tests.gui.tuning.states import ENDS, OLDER, with_tuning


def move_pointer(widget: QWidget, x: float) -> None:
    """Let a widget know that the pointer is over it, `x` pixels from its left side."""
    at, none = QPointF(x, 100.0), Qt.MouseButton.NoButton
    whole = widget.mapToGlobal(at)
    QApplication.sendEvent(
        widget, QMouseEvent(QEvent.Type.MouseMove, at, whole, none, none, Qt.KeyboardModifier.NoModifier)
    )


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


def test_the_end_of_a_long_verdict_is_seen(page: TuningPage, client: FakeClient) -> None:
    client.push(with_tuning(DONE))
    lines = page.verdict.lines
    assert page.verdict.height() >= lines.mapTo(page.verdict, QPoint(0, lines.sizeHint().height())).y()
    width = lines.contentsRect().width() // lines.fontMetrics().horizontalAdvance("word ")
    lines.show_text("word " * (2 * width))
    assert not lines.is_cut()
    lines.show_text("word " * (4 * width))
    assert lines.is_cut()
    assert lines.toolTip() == lines.text()


def test_of_embeddings_only_what_they_have_is_compared(page: TuningPage, client: FakeClient) -> None:
    client.push(
        with_tuning(msgspec.structs.replace(DONE, task=msgspec.structs.replace(DONE.task, goal=Goal.EMBEDDING)))
    )
    names = [row.name.text() for row in page.comparison.rows]
    assert names == ["All texts together", "500 requests at once", "Memory of the model", "", ""]


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


def test_every_verdict_has_its_sign(page: TuningPage, client: FakeClient) -> None:
    assert DONE.verdict is not None
    for kind in VerdictKind:
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


def test_tokens_and_embeddings_are_not_compared(page: TuningPage, client: FakeClient, qtbot: QtBot) -> None:
    embeds = msgspec.structs.replace(OLDER, task=msgspec.structs.replace(OLDER.task, goal=Goal.EMBEDDING))
    client.answers["tunings"] = (DONE, embeds)
    client.push(with_tuning(DONE))
    qtbot.waitUntil(lambda: len(page.earlier.rows) == 2)
    for row in page.earlier.rows.values():
        row.tick.click()
    assert not page.earlier.compare.isEnabled()
    assert "cannot be compared" in page.earlier.compare.toolTip()


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
