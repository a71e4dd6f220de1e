"""A tuning under way: what is tried, why it waits, and what can be done with it."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ollama_panel.core.notices import notice
from ollama_panel.core.tuning.record import Happening, TuningRecord
from ollama_panel.core.tuning.trial import Candidate, Estimate, Outcome
from ollama_panel.gui import dialogs
from ollama_panel.gui.models.tuning_trials import TrialRow, rate_text, trial_rows
from ollama_panel.gui.pages.tuning import TuningPage
from ollama_panel.gui.widgets.tuning_buttons import View
from tests.core.tuning.records import DONE, POOL, RUNNING, measured, trial
from tests.gui.fake_client import FakeClient
from tests.gui.tuning.states import FAILED, REASON, STATES, with_tuning


def rows(record: TuningRecord) -> dict[str, TrialRow]:
    return {row.title: row for row in trial_rows(record)}


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


@pytest.mark.parametrize(
    ("estimate", "text"),
    [(Estimate(421.3, 6.2), "421 ± 6"), (Estimate(32.6, 0.24), "32.6 ± 0.2"), (Estimate(5.9), "5.9")],
)
def test_an_interval_has_as_many_decimals_as_it_needs(estimate: Estimate, text: str) -> None:
    assert rate_text(estimate) == text


def test_the_steps_of_a_pool_with_more_workers_are_numbers_of_slots() -> None:
    record = msgspec.structs.replace(RUNNING, settings=msgspec.structs.replace(POOL, workers=2, parallel=4))
    present = Outcome(trial(4, candidate=Candidate(2, 4)), measured(400.0, 9.0, 20.0))
    titles = [row.title for row in trial_rows(msgspec.structs.replace(record, outcomes=(*RUNNING.outcomes, present)))]
    assert titles[:6] == ["1 slot", "2 slots", "4 slots", "8 slots", "2 workers, 4 slots", "16 slots"]


def test_more_workers_are_not_called_the_most_slots_that_fit() -> None:
    more = Outcome(trial(16, candidate=Candidate(2, 16)), measured(430.0, 9.0, 37.0))
    shown = rows(msgspec.structs.replace(DONE, outcomes=(*DONE.outcomes, more)))
    assert (shown["16 slots"].note, shown["2 workers, 16 slots"].note) == ("the most that fits", "")


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
