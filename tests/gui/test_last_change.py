"""The card that shows what the last change of the settings has done, and who goes past the queue."""

import msgspec
import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from ollama_panel.core.bypass import BypassRecord, Origin
from ollama_panel.core.errors import PanelError
from ollama_panel.core.figures import LastChange, SpanFigures
from ollama_panel.core.notices import notice
from ollama_panel.gui.widgets.last_change import LastChangeCard
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named, page_of, shown
from tests.gui.snapshots import snapshot

PARALLEL = notice("change.setting", setting="Parallel", before=2, after=8)
CHANGE = LastChange(
    60.0,
    (notice("changed.of_pool", pool="chat", change=PARALLEL),),
    before=SpanFigures(300.0, 22.8, 170.0, 20.0, 212.0, 33.0),
    after=SpanFigures(40.0, 0.6, 357.0, 40.0, 215.0, 0.0, failed=1),
)
AIDER = BypassRecord(Origin.PROGRAM, "http://127.0.0.1:11434", "aider", connections=2, last_seen=104.0)


@pytest.fixture
def card(window: MainWindow) -> LastChangeCard:
    return window.overview.last_change


def rows(card: LastChangeCard) -> list[list[str]]:
    """Return the table, without its heading."""
    texts = shown(card)
    cells = texts[texts.index("change") + 1 :]
    return [cells[at : at + 4] for at in range(0, len(cells), 4)]


def test_a_change_is_shown_by_figures_before_it_and_since(card: LastChangeCard, client: FakeClient) -> None:
    client.push(snapshot(last_change=CHANGE))
    assert {"chat: Parallel 2 → 8", "5 min before", "since then"} <= set(shown(card))
    assert any(text.startswith("Last change, ") for text in shown(card))
    assert rows(card) == [
        ["Chat p95, first token", "23 s", "600 ms", "38 x less"],
        ["Batch tokens/s", "170", "357", "2.1 x"],
        ["All tokens/s", "212", "215", "same"],
        ["Waiting, average", "33", "0", "less"],
        ["Failed/min", "0", "1.5", "more"],
    ]


def test_what_is_better_and_what_is_worse_have_tones_of_their_own(card: LastChangeCard, client: FakeClient) -> None:
    client.push(snapshot(last_change=CHANGE))
    tones = {one.text(): one.property("tone") for one in card.findChildren(QLabel)}
    assert [tones[text] for text in ("38 x less", "2.1 x", "same", "more")] == ["ok", "ok", "muted", "warn"]


def test_too_little_traffic_is_unknown(card: LastChangeCard, client: FakeClient) -> None:
    client.push(snapshot(last_change=msgspec.structs.replace(CHANGE, after=SpanFigures())))
    assert [row[2:] for row in rows(card)] == [["—", "—"]] * 5


def test_batch_work_without_tokens_is_compared_in_requests(card: LastChangeCard, client: FakeClient) -> None:
    before = SpanFigures(300.0, batch_tokens_per_s=0.0, batch_requests_per_min=100.0)
    after = SpanFigures(300.0, batch_tokens_per_s=0.0, batch_requests_per_min=50.0)
    client.push(snapshot(last_change=msgspec.structs.replace(CHANGE, before=before, after=after)))
    assert rows(card)[1] == ["Batch requests/min", "100", "50", "2.0 x less"]


def test_without_a_change_the_card_has_its_place_and_nothing_to_undo(card: LastChangeCard, client: FakeClient) -> None:
    client.push(snapshot())
    size = card.sizeHint()
    assert "Nothing that requests are served by was changed in this run" in shown(card)
    assert not card.undo.isEnabled()
    client.push(snapshot(last_change=CHANGE))
    assert card.sizeHint().height() == size.height()


def test_undo_asks_the_engine_and_says_what_was_undone(card: LastChangeCard, client: FakeClient, qtbot: QtBot) -> None:
    client.push(snapshot(last_change=CHANGE))
    named(card, QPushButton, "Undo the last change").click()
    card.undo.click()
    qtbot.waitUntil(lambda: bool(client.toasts))
    assert [name for name, _ in client.calls] == ["undo_last_change"]
    assert client.toasts[0].text == "Undone: chat: Parallel 2 → 8"
    qtbot.waitUntil(card.undo.isEnabled)


def test_an_undo_that_fails_is_reported_and_can_be_tried_again(
    card: LastChangeCard, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(last_change=CHANGE))
    client.error = PanelError(notice("change.none_to_undo"))
    card.undo.click()
    qtbot.waitUntil(lambda: bool(client.reported))
    assert client.toasts == []
    qtbot.waitUntil(card.undo.isEnabled)


def test_what_was_undone_can_be_done_again(card: LastChangeCard, client: FakeClient) -> None:
    client.push(snapshot(last_change=msgspec.structs.replace(CHANGE, undoes=True)))
    assert named(card, QPushButton, "Redo the last change").text() == "Redo"
    assert any(text.startswith("Undone, ") for text in shown(card))


def test_the_column_of_the_pools_scrolls_by_itself_to_the_card(
    window: MainWindow, card: LastChangeCard, qtbot: QtBot
) -> None:
    window.resize(1280, 800)
    page = window.overview
    qtbot.waitUntil(lambda: page.area.verticalScrollBar().maximum() == 0)
    column = next(one for one in page.findChildren(QScrollArea) if one.isAncestorOf(card) and one is not page.area)
    qtbot.waitUntil(lambda: column.verticalScrollBar().maximum() > 0)
    assert column.widget().width() <= column.viewport().width(), "nothing is cut at the right"


def test_who_goes_past_the_queue_is_counted_and_leads_to_the_page_connect(
    window: MainWindow, client: FakeClient
) -> None:
    past = window.overview.past
    client.push(snapshot(bypassing=(AIDER,)))
    assert (past.text(), past.isEnabled(), past.property("warns")) == ("1 past the queue", True, True)
    past.click()
    assert page_of(window) is window.connect_page


@pytest.mark.parametrize(("bypassing", "text"), [((), "0 past the queue"), (None, "— past the queue")])
def test_without_such_programs_the_button_is_grey(
    window: MainWindow, client: FakeClient, bypassing: object, text: str
) -> None:
    why = notice("bypass.unknown") if bypassing is None else None
    client.push(snapshot(bypassing=bypassing, bypassing_unknown=why))
    assert (window.overview.past.text(), window.overview.past.isEnabled()) == (text, False)
    assert ("Who goes past the panel is unknown" in window.overview.past.toolTip()) is (bypassing is None)
