"""The queue page: three parts in which rows stay where they are, and a detail that stays with its request."""

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ollama_panel.core.ids import ClientId, RequestId
from ollama_panel.core.records import Role
from ollama_panel.core.snapshot import PoolRecord, ProxyRecord, RequestRecord, RequestState, Snapshot
from ollama_panel.gui.models.records import FADED_ROLE
from ollama_panel.gui.models.requests import SIXTH, WHAT
from ollama_panel.gui.pages.requests import RequestsPage
from ollama_panel.gui.widgets.request_part import RequestPart
from ollama_panel.gui.window import MainWindow
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient
from tests.gui.screen import shown
from tests.gui.snapshots import CHAT, snapshot

PAGE = 2
ROW = 32


@pytest.fixture
def page(window: MainWindow) -> RequestsPage:
    window.show_page(PAGE)
    return window.requests


def ids(part: RequestPart) -> list[str]:
    return [record.id for record in part._table.records]


def called(client: FakeClient, name: str) -> list[tuple[object, ...]]:
    return [arguments for call, arguments in client.calls if call == name]


def put(page: RequestsPage, client: FakeClient, shown: Snapshot) -> None:
    """Show a snapshot at once; in life it may take a quarter of a second."""
    client.push(shown)
    page._show()


def begun(record: RequestRecord) -> RequestRecord:
    return msgspec.structs.replace(
        record, state=RequestState.RUNNING, dispatched=104.0, instance="chat-1", position=None, why=None
    )


def ended(record: RequestRecord, state: RequestState = RequestState.DONE) -> RequestRecord:
    return msgspec.structs.replace(begun(record), state=state, first_byte=104.5, finished=106.0)


def after(*, begins: int = 0, ends: int = 0, at: float = 108.0) -> Snapshot:
    """Return a later snapshot: of 12 waiting requests the first ones have begun, and of these the first have ended."""
    live, done = snapshots.requests()
    running, waiting = live[:3], live[3:]
    moved = [begun(record) for record in waiting[ends : ends + begins]]
    gone = [ended(record) for record in waiting[:ends]]
    return snapshot(at=at, requests=(*running, *moved, *waiting[ends + begins :]), finished=(*done, *gone))


def enter(part: RequestPart, row: int) -> None:
    """Bring the pointer over a row."""
    y = part.rowViewportPosition(row) + ROW // 2
    at = QPointF(part.viewport().mapTo(part, QPoint(20, y)))
    QApplication.sendEvent(part, QEnterEvent(at, at, at))


def leave(part: RequestPart) -> None:
    QApplication.sendEvent(part, QEvent(QEvent.Type.Leave))


def click(qtbot: QtBot, part: RequestPart, row: int) -> None:
    place = QPoint(20, part.rowViewportPosition(row) + ROW // 2)
    qtbot.mouseClick(part.viewport(), Qt.MouseButton.LeftButton, pos=place)


class TestParts:
    def test_each_request_is_in_the_part_of_its_state_and_the_latest_end_comes_first(self, page: RequestsPage) -> None:
        assert [len(ids(part)) for part in page.parts] == [3, 12, 30]
        assert ids(page.waiting)[0] == "r00003"
        assert ids(page.ended)[0] == "r01029"

    def test_a_program_is_named_without_its_process_for_which_there_is_no_room(
        self, page: RequestsPage, client: FakeClient
    ) -> None:
        (first, *rest), _ = snapshots.requests(1, 1)
        named = msgspec.structs.replace(first, client=ClientId("rag_indexer.py (pid 4121)"))
        put(page, client, snapshot(requests=(named, *rest)))
        index = page.work.model().index(0, 0)
        assert index.data() == "rag_indexer.py"
        assert index.data(Qt.ItemDataRole.ToolTipRole).startswith("rag_indexer.py (pid 4121)")

    def test_the_parts_keep_their_places_whatever_is_in_them(
        self, page: RequestsPage, client: FakeClient, qtbot: QtBot
    ) -> None:
        widgets: tuple[QWidget, ...] = (*page.parts, page.line, page.line.cancel)
        before = [widget.geometry() for widget in widgets]
        put(page, client, snapshot(requests=(), finished=(), paused=True))
        assert [widget.geometry() for widget in widgets] == before
        put(page, client, snapshot())
        page.waiting.select(0)
        assert [widget.geometry() for widget in widgets[:-1]] == before[:-1]
        assert page.line.cancel.geometry().top() == before[-1].top()

    def test_a_small_window_with_a_banner_shows_the_whole_page(
        self, page: RequestsPage, window: MainWindow, client: FakeClient, qtbot: QtBot
    ) -> None:
        window.resize(window.minimumSize())
        put(page, client, snapshot(demo=True))
        qtbot.waitUntil(lambda: page.height() <= window.minimumHeight())
        qtbot.waitUntil(lambda: page.area.widget().height() == page.area.viewport().height())

    def test_counts_are_written_as_the_locale_writes_numbers(self, page: RequestsPage, client: FakeClient) -> None:
        put(page, client, snapshot(served=1_234_567))
        assert "1,234,567 served" in page.summary

    def test_of_ten_thousand_the_first_are_listed_and_the_others_counted(
        self, page: RequestsPage, client: FakeClient
    ) -> None:
        live, done = snapshots.requests(waiting=497)
        pools = (PoolRecord(CHAT, Role.CHAT, queued=10_000, in_flight=3, slots=4),)
        put(page, client, snapshot(requests=live, finished=done, pools=pools))
        assert page.waiting.horizontalHeader().accessibleDescription() == "10,000"
        assert page.more.text() == "9,503 more"
        assert "10,000 waiting" in page.summary

    def test_a_paused_queue_says_so_and_is_resumed(self, page: RequestsPage, client: FakeClient, qtbot: QtBot) -> None:
        page.pause.click()
        qtbot.waitUntil(lambda: called(client, "set_paused") == [(True,)])
        put(page, client, snapshot(paused=True))
        assert page.pause.text() == "Resume"
        assert any("paused" in text for text in shown(page))
        page.pause.click()
        qtbot.waitUntil(lambda: called(client, "set_paused") == [(True,), (False,)])

    def test_no_request_explains_how_to_send_one(self, page: RequestsPage, client: FakeClient) -> None:
        put(page, client, snapshot(requests=(), finished=()))
        assert any("OLLAMA_HOST=http://127.0.0.1:11435" in text for text in shown(page))
        assert {"Nothing is at work.", "Nothing waits.", "Nothing has finished yet."} <= set(shown(page))
        put(page, client, snapshot(requests=(), finished=(), proxy=ProxyRecord()))
        assert any("the panel's address" in text for text in shown(page))

    @pytest.mark.parametrize(
        ("words", "rows"),
        [("notebook", (1, 4, 10)), ("r00003", (0, 1, 0)), ("NOTEBOOK r000 llama", (1, 4, 0)), ("chat-2", (0, 0, 30))],
    )
    def test_the_filter_looks_at_all_parts(self, page: RequestsPage, words: str, rows: tuple[int, ...]) -> None:
        page.filter.words.setText(words)
        assert tuple(len(ids(part)) for part in page.parts) == rows
        assert page.waiting.horizontalHeader().accessibleDescription() == f"{rows[1]} of 12"

    def test_a_filter_without_hits_says_so(self, page: RequestsPage) -> None:
        page.filter.words.setText("zzz")
        assert shown(page).count("No request matches the filter.") == 3

    def test_one_id_that_clients_use_again_and_again_is_a_row_each_time(
        self, page: RequestsPage, client: FakeClient
    ) -> None:
        _, done = snapshots.requests(finished=3)
        same = tuple(msgspec.structs.replace(one, id=RequestId("mine")) for one in done)
        put(page, client, snapshot(requests=(), finished=same))
        assert ids(page.ended) == ["mine"] * 3
        page.ended.select(1)
        assert page.chosen() == [same[1]]


class TestChosenRequest:
    def test_a_request_that_begins_is_selected_no_more_and_stays_in_the_detail(
        self, page: RequestsPage, client: FakeClient
    ) -> None:
        page.waiting.select(0)
        put(page, client, after(begins=1))
        assert not any(part.selected() for part in page.parts)
        assert [(one.id, one.state) for one in page.chosen()] == [("r00003", RequestState.RUNNING)]
        assert page.line._state.accessibleName() == "Running"
        assert page.line.cancel.isEnabled()

    def test_the_detail_of_a_request_that_ends_stays_and_says_so(self, page: RequestsPage, client: FakeClient) -> None:
        page.waiting.select(0)
        put(page, client, after(ends=1))
        assert page.line._state.accessibleName() == "Done"
        assert any(text.endswith("ended 2.0 s ago") for text in shown(page.line))
        assert not page.line.cancel.isEnabled()

    def test_one_that_nobody_remembers_has_ended(self, page: RequestsPage, client: FakeClient) -> None:
        page.waiting.select(0)
        put(page, client, snapshot(requests=(), finished=(), pools=()))
        assert page.line._state.accessibleName() == "Ended"
        assert any("r00003" in text for text in shown(page.line))

    def test_the_selection_stays_with_its_request_in_any_order(self, page: RequestsPage, client: FakeClient) -> None:
        page.waiting.select(5)
        live, done = snapshots.requests()
        put(page, client, snapshot(requests=(*live[:3], *live[:2:-1]), finished=done))
        assert [one.id for one in page.waiting.selected()] == ["r00008"]
        assert page.waiting.verticalScrollBar().value() == 0

    def test_a_selection_never_scrolls(self, page: RequestsPage, client: FakeClient) -> None:
        page.waiting.select(0)
        bar = page.waiting.verticalScrollBar()
        bar.setValue(bar.maximum())
        before = bar.value()
        client.push(snapshot(at=109.0))
        page._show()
        assert bar.value() == before > 0

    def test_cancel_acts_on_the_chosen_one_wherever_it_is(
        self, page: RequestsPage, client: FakeClient, qtbot: QtBot
    ) -> None:
        click(qtbot, page.waiting, 2)
        put(page, client, after(begins=3))
        page.line.cancel.click()
        qtbot.waitUntil(lambda: called(client, "cancel_requests") == [(("r00005",),)])

    def test_a_row_that_moves_between_press_and_release_stays_the_chosen_one(
        self, page: RequestsPage, client: FakeClient, qtbot: QtBot
    ) -> None:
        place = QPoint(20, 2 * ROW + ROW // 2)
        enter(page.waiting, 2)
        qtbot.mousePress(page.waiting.viewport(), Qt.MouseButton.LeftButton, pos=place)
        put(page, client, after(begins=2))
        qtbot.mouseRelease(page.waiting.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert [one.id for one in page.chosen()] == ["r00005"]
        assert [one.id for one in page.waiting.selected()] == ["r00005"]

    def test_the_delete_key_cancels(self, page: RequestsPage, client: FakeClient, qtbot: QtBot) -> None:
        page.waiting.select(0)
        put(page, client, after(begins=1))  # the key cancels what the detail shows, not the next row
        qtbot.keyClick(page.waiting, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: called(client, "cancel_requests") == [(("r00003",),)])

    def test_the_arrow_keys_go_on_from_where_the_request_was_and_scroll(
        self, page: RequestsPage, client: FakeClient, qtbot: QtBot
    ) -> None:
        page.waiting.select(1)
        for _ in range(9):
            qtbot.keyClick(page.waiting, Qt.Key.Key_Down)
        assert [one.id for one in page.chosen()] == ["r00013"]
        assert page.waiting.verticalScrollBar().value() > 0

    def test_an_ended_request_cannot_be_cancelled(self, page: RequestsPage) -> None:
        page.ended.select(3)
        assert not page.line.cancel.isEnabled()

    def test_only_one_part_has_a_selection(self, page: RequestsPage, qtbot: QtBot) -> None:
        click(qtbot, page.waiting, 1)
        click(qtbot, page.work, 0)
        assert [len(part.selected()) for part in page.parts] == [1, 0, 0]
        assert [one.id for one in page.chosen()] == ["r00000"]

    def test_several_are_cancelled_together(self, page: RequestsPage, client: FakeClient, qtbot: QtBot) -> None:
        page.waiting.selectAll()
        assert page.line.cancel.text() == "Cancel 12 requests"
        put(page, client, after(ends=2, begins=1))
        assert page.line.cancel.text() == "Cancel 10 requests"
        assert "12 requests chosen · not ended: 10" in shown(page.line)
        page.line.cancel.click()
        qtbot.waitUntil(lambda: called(client, "cancel_requests") != [])
        ((cancelled,),) = called(client, "cancel_requests")
        assert cancelled == tuple(f"r{number:05d}" for number in range(5, 15))


class TestRowsStay:
    @pytest.fixture
    def waiting(self, page: RequestsPage) -> RequestPart:
        return page.waiting

    def place_of(self, part: RequestPart, name: str) -> int:
        return part.rowViewportPosition(ids(part).index(name))

    def test_no_row_leaves_from_under_the_pointer(
        self, page: RequestsPage, waiting: RequestPart, client: FakeClient
    ) -> None:
        enter(waiting, 2)
        before = ids(waiting)[:5]
        put(page, client, after(begins=3))
        assert ids(waiting)[:5] == before
        faded = [waiting._table.index(row, 0).data(FADED_ROLE) for row in range(5)]
        assert faded == [True, True, True, False, False]
        assert waiting._table.records[2].state is RequestState.RUNNING
        leave(waiting)
        assert ids(waiting)[0] == "r00006"

    def test_a_pointer_that_rests_holds_nothing_for_ever(
        self, page: RequestsPage, waiting: RequestPart, client: FakeClient
    ) -> None:
        enter(waiting, 2)
        put(page, client, after(begins=3))
        waiting._hold.timeout.emit()  # in life after some seconds
        waiting._hold.stop()
        page._show()
        assert ids(waiting)[0] == "r00006"

    def test_a_pointer_holds_no_rows_of_before_the_page_was_hidden(
        self, page: RequestsPage, waiting: RequestPart, window: MainWindow, client: FakeClient
    ) -> None:
        window.show_page_named("overview")
        client.push(after(begins=3))
        enter(waiting, 2)  # Qt tells it when the page comes below the pointer, before the rows are new
        window.show_page(PAGE)
        page._show()
        assert ids(waiting)[0] == "r00006"

    def test_what_is_inserted_above_does_not_move_the_row_under_the_pointer(
        self, page: RequestsPage, client: FakeClient
    ) -> None:
        enter(page.ended, 1)
        name, place = ids(page.ended)[1], page.ended.rowViewportPosition(1)
        put(page, client, after(ends=4))
        assert ids(page.ended)[0] == "r00006"
        assert self.place_of(page.ended, name) == place
        leave(page.ended)
        assert page.ended.verticalScrollBar().value() == 0  # it showed the latest before, and does again

    def test_a_row_under_the_pointer_of_which_nothing_is_known_any_more_has_ended(
        self, page: RequestsPage, client: FakeClient
    ) -> None:
        enter(page.work, 1)
        for at in (108.0, 140.0):
            put(page, client, snapshot(at=at, requests=(), finished=()))
            shown = [page.work._table.index(1, column).data() for column in (WHAT, SIXTH)]
            assert shown == ["Ended", "8.3 s"]

    @pytest.mark.parametrize("ends", [1, 4])
    def test_rows_in_sight_stay_while_somebody_has_scrolled(
        self, page: RequestsPage, client: FakeClient, ends: int
    ) -> None:
        bar = page.ended.verticalScrollBar()
        bar.setValue(5 * ROW + 7)
        name = ids(page.ended)[5]
        put(page, client, after(ends=ends))
        assert self.place_of(page.ended, name) == -7

    def test_a_part_that_shows_its_top_goes_on_showing_it(self, page: RequestsPage, client: FakeClient) -> None:
        put(page, client, after(ends=2))
        assert page.ended.verticalScrollBar().value() == 0
        assert ids(page.ended)[0] == "r00004"

    def test_a_click_on_a_row_that_is_gone_shows_what_became_of_it(
        self, page: RequestsPage, waiting: RequestPart, client: FakeClient, qtbot: QtBot
    ) -> None:
        enter(waiting, 0)
        put(page, client, after(ends=1))
        click(qtbot, waiting, 0)
        assert [(one.id, one.state) for one in page.chosen()] == [("r00003", RequestState.DONE)]
        leave(waiting)
        assert [one.id for one in page.chosen()] == ["r00003"]


def test_every_part_has_a_name(page: RequestsPage) -> None:
    names = [part.accessibleName() for part in page.parts]
    assert names == ["Requests at work", "Waiting requests", "Finished requests"]
    assert all(isinstance(one, QLabel) for one in page.line.findChildren(QLabel))
