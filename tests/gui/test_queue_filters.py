"""The queue page under load: filters that look through all that waits, orders, and columns that are remembered."""

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from ollama_panel.core.clients import ClientRecord
from ollama_panel.core.ids import ClientId, InstanceId, RequestId
from ollama_panel.core.records import Role
from ollama_panel.core.request_filter import ALL, RequestFilter
from ollama_panel.core.snapshot import PoolRecord, RequestRecord, RequestState, Snapshot
from ollama_panel.gui.models.requests import FOURTH, MODEL, NAME, SIXTH, WHAT
from ollama_panel.gui.pages.requests import RequestsPage
from ollama_panel.gui.widgets.request_part import WIDTHS, RequestPart
from ollama_panel.gui.window import MainWindow
from ollama_panel.gui.window_state import WindowState
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient
from tests.gui.screen import shown
from tests.gui.snapshots import CHAT, snapshot

LATE = ClientId("aider")


@pytest.fixture
def page(window: MainWindow) -> RequestsPage:
    window.show_page_named("requests")
    return window.requests


def ids(part: RequestPart) -> list[str]:
    return [record.id for record in part._table.records]


def put(page: RequestsPage, client: FakeClient, shown: Snapshot) -> None:
    client.push(shown)
    page._show()


def flood(client: FakeClient, page: RequestsPage, at: float = 104.0) -> tuple[RequestRecord, ...]:
    """Let 600 requests wait, of which the snapshot has the first 500; the last one is another client's."""
    live, done = snapshots.requests(waiting=600)
    last = msgspec.structs.replace(live[-1], client=LATE, id=RequestId("late"), eta_s=3.0)
    client.waiting = (*live[3:-1], last)
    pools = (PoolRecord(CHAT, Role.CHAT, queued=600, in_flight=3, slots=4),)
    put(page, client, snapshot(at=at, requests=live[:503], finished=done, pools=pools))
    return client.waiting


def looks(client: FakeClient) -> list[RequestFilter]:
    return [arguments[0] for call, arguments in client.calls if call == "find_waiting"]


def menu_texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


class TestFilter:
    def test_a_client_beyond_the_snapshot_is_offered_and_found(
        self, page: RequestsPage, client: FakeClient, qtbot: QtBot
    ) -> None:
        flood(client, page)
        client.push(msgspec.structs.replace(client.snapshot, clients=(ClientRecord("aider", LATE),)))
        page._show()
        page.filter.client.setCurrentIndex(page.filter.client.findData("aider"))
        assert "Looking through all that wait…" in shown(page)
        qtbot.waitUntil(lambda: ids(page.waiting) == ["late"])
        assert looks(client) == [RequestFilter(client="aider")]
        assert page.waiting.horizontalHeader().accessibleDescription() == "1 of 600"

    def test_what_has_begun_meanwhile_is_not_listed_as_waiting(
        self, page: RequestsPage, client: FakeClient, qtbot: QtBot
    ) -> None:
        flood(client, page)
        page.filter.words.setText("aider")
        qtbot.waitUntil(lambda: ids(page.waiting) == ["late"])
        begun = msgspec.structs.replace(client.waiting[-1], state=RequestState.RUNNING, dispatched=104.0)
        put(page, client, msgspec.structs.replace(client.snapshot, requests=(begun, *client.snapshot.requests)))
        assert (ids(page.waiting), ids(page.work)) == ([], ["late"])

    def test_a_short_queue_is_filtered_without_asking_the_engine(self, page: RequestsPage, client: FakeClient) -> None:
        page.filter.want(client="python")
        assert {record.client for record in page.waiting._table.records} == {"python"}
        assert looks(client) == []

    def test_the_engine_is_asked_again_a_second_later_and_not_before(
        self, page: RequestsPage, client: FakeClient, qtbot: QtBot
    ) -> None:
        flood(client, page)
        page.filter.words.setText("aider")
        qtbot.waitUntil(lambda: ids(page.waiting) == ["late"])
        put(page, client, msgspec.structs.replace(client.snapshot, at=104.5))
        assert len(looks(client)) == 1
        put(page, client, msgspec.structs.replace(client.snapshot, at=105.5))
        qtbot.waitUntil(lambda: len(looks(client)) == 2)

    @pytest.mark.parametrize(
        ("wanted", "rows"),
        [
            ({"instance": InstanceId("chat-2")}, (0, 0, 30)),
            ({"state": RequestState.FAILED}, (0, 0, 4)),
            ({"state": RequestState.WAITING}, (0, 12, 0)),
            ({"client": "python", "state": RequestState.RUNNING}, (1, 0, 0)),
        ],
    )
    def test_instance_and_state_choose_among_all_parts(
        self, page: RequestsPage, wanted: dict[str, object], rows: tuple[int, ...]
    ) -> None:
        page.filter.want(**wanted)  # type: ignore[arg-type]
        assert tuple(len(ids(part)) for part in page.parts) == rows
        page.filter.clear()
        assert tuple(len(ids(part)) for part in page.parts) == (3, 12, 30)

    def test_the_button_says_which_filters_are_behind_it(self, page: RequestsPage) -> None:
        menu = page.filter.menu()
        (states,) = [one.menu() for one in menu.actions() if one.text() == "State"]
        assert isinstance(states, QMenu)
        (failed,) = [one for one in states.actions() if one.text() == "Failed"]
        failed.trigger()
        assert page.filter.more.accessibleDescription() == "Failed"
        (everything,) = [one for one in page.filter.menu().actions() if one.text() == "Show all requests"]
        everything.trigger()
        assert page.filter.wanted() == ALL

    def test_a_chosen_client_stays_chosen_when_it_has_no_request_any_more(
        self, page: RequestsPage, client: FakeClient
    ) -> None:
        page.filter.want(client="python")
        put(page, client, snapshot(requests=(), finished=()))
        assert page.filter.client.currentData() == "python"
        assert page.filter.wanted() == RequestFilter(client="python")


class TestEveryRequest:
    def test_the_others_are_listed_when_the_user_wants_them_and_the_first_ones_again(
        self, page: RequestsPage, client: FakeClient, qtbot: QtBot
    ) -> None:
        flood(client, page)
        assert (len(ids(page.waiting)), page.more.text()) == (500, "100 more")
        page.more.click()
        qtbot.waitUntil(lambda: len(ids(page.waiting)) == 600)
        assert ids(page.waiting)[-1] == "late"
        page.more.click()
        assert len(ids(page.waiting)) == 500

    def test_a_long_list_is_made_anew_by_an_answer_only_and_its_times_grow(
        self, page: RequestsPage, client: FakeClient, qtbot: QtBot
    ) -> None:
        live, _ = snapshots.requests(waiting=1200)
        client.waiting = live[3:]
        pools = (PoolRecord(CHAT, Role.CHAT, queued=1200, in_flight=3, slots=4),)
        put(page, client, snapshot(requests=live[:503], finished=(), pools=pools))
        page.more.click()
        qtbot.waitUntil(lambda: len(ids(page.waiting)) == 1200)
        before = page.waiting._table.records[0]
        later = tuple(msgspec.structs.replace(one, position=1) for one in live[:503])
        put(page, client, msgspec.structs.replace(client.snapshot, at=104.5, requests=later))
        assert page.waiting._table.records[0] is before
        assert page.waiting._table.index(0, FOURTH + 1).data() == "5.4 s"

    def test_when_the_queue_will_be_empty_is_reckoned_for_all(self, page: RequestsPage, client: FakeClient) -> None:
        live, _ = snapshots.requests(waiting=500)
        waiting = tuple(msgspec.structs.replace(one, eta_s=float(number)) for number, one in enumerate(live[3:], 1))
        pools = (PoolRecord(CHAT, Role.CHAT, queued=1000, in_flight=3, slots=4),)
        put(page, client, snapshot(requests=(*live[:3], *waiting), pools=pools))
        assert any(text.startswith("Empty in about 17 min") for text in shown(page))


class TestOrder:
    def click(self, qtbot: QtBot, part: RequestPart, column: int) -> None:
        header = part.header
        place = QPoint(header.sectionViewportPosition(column) + 20, 15)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def test_a_click_sorts_the_second_turns_and_the_third_brings_the_queue_back(
        self, page: RequestsPage, qtbot: QtBot
    ) -> None:
        queue = ids(page.waiting)
        self.click(qtbot, page.waiting, FOURTH)
        assert ids(page.waiting) == queue[::-1]
        assert page.waiting.horizontalHeader().accessibleDescription() == "12, sorted by Place"
        self.click(qtbot, page.waiting, FOURTH)
        assert ids(page.waiting) == queue
        self.click(qtbot, page.waiting, FOURTH)
        assert page.waiting.header.column == -1

    def test_texts_begin_with_a_and_equal_ones_stay_in_the_order_of_the_queue(
        self, page: RequestsPage, qtbot: QtBot
    ) -> None:
        self.click(qtbot, page.waiting, NAME)
        names = [record.client for record in page.waiting._table.records]
        assert names == sorted(names)
        assert ids(page.waiting)[:2] == ["r00005", "r00008"]
        assert len(ids(page.work)) == 3

    def test_unknown_values_come_last_in_both_directions(self, page: RequestsPage, client: FakeClient) -> None:
        live, done = snapshots.requests()
        known = (msgspec.structs.replace(live[5], eta_s=2.0), msgspec.structs.replace(live[6], eta_s=4.0))
        put(page, client, snapshot(requests=(*live[:5], *known, *live[7:]), finished=done))
        page.columns.sort(page.waiting, SIXTH, descending=True)
        assert ids(page.waiting)[:3] == ["r00006", "r00005", "r00003"]
        page.columns.sort(page.waiting, SIXTH, descending=False)
        assert ids(page.waiting)[:3] == ["r00005", "r00006", "r00003"]

    def test_an_order_is_one_of_all_that_wait(self, page: RequestsPage, client: FakeClient, qtbot: QtBot) -> None:
        flood(client, page)
        page.columns.sort(page.waiting, SIXTH, descending=False)  # only the last one says when it begins
        qtbot.waitUntil(lambda: ids(page.waiting)[0] == "late")

    def test_a_selected_request_stays_selected_in_another_order(self, page: RequestsPage, qtbot: QtBot) -> None:
        page.waiting.select(2)
        self.click(qtbot, page.waiting, FOURTH)
        assert [one.id for one in page.waiting.selected()] == ["r00005"]

    def test_an_empty_column_sorts_nothing(self, page: RequestsPage) -> None:
        assert not page.waiting.can_sort_by(len(WIDTHS) - 1)
        assert page.work.can_sort_by(len(WIDTHS) - 1)

    def test_the_menu_sorts_for_those_without_a_mouse(self, page: RequestsPage) -> None:
        page.waiting.select(0)
        (orders,) = [one.menu() for one in page.menu(page.waiting).actions() if one.text() == "Sort by"]
        assert isinstance(orders, QMenu)
        (action,) = [one for one in orders.actions() if one.text() == "Place, descending"]
        action.trigger()
        assert ids(page.waiting)[0] == "r00014"


class TestColumns:
    def test_a_width_is_one_of_all_parts_and_is_remembered(
        self, page: RequestsPage, state: WindowState, client: FakeClient
    ) -> None:
        page.work.header.resizeSection(MODEL, 260)
        assert [part.columnWidth(MODEL) for part in page.parts] == [260] * 3
        other = RequestsPage(client, page._theme, state)  # type: ignore[arg-type]
        other.resize(page.size())
        other.show()
        assert [part.columnWidth(MODEL) for part in other.parts] == [260] * 3
        other.deleteLater()

    def test_an_order_of_columns_and_of_rows_is_one_of_all_parts_and_is_remembered(
        self, page: RequestsPage, state: WindowState, client: FakeClient
    ) -> None:
        page.waiting.header.moveSection(WHAT, MODEL)
        page.columns.sort(page.ended, SIXTH, descending=True)
        other = RequestsPage(client, page._theme, state)  # type: ignore[arg-type]
        for made in (page, other):
            assert [part.header.visualIndex(WHAT) for part in made.parts] == [MODEL] * 3
            assert (made.ended.header.column, made.ended.header.descending) == (SIXTH, True)
        page.columns.reset()
        assert [part.header.visualIndex(WHAT) for part in page.parts] == [WHAT] * 3
        assert page.ended.header.column == -1
        other.deleteLater()

    def test_the_column_with_the_title_of_its_part_stays_the_first(self, page: RequestsPage) -> None:
        assert not page.work.header.isFirstSectionMovable()

    def test_a_narrow_window_does_not_change_what_is_remembered(
        self, page: RequestsPage, window: MainWindow, qtbot: QtBot
    ) -> None:
        wide = page.work.columnWidth(MODEL)
        size = window.size()
        window.resize(window.minimumSize())
        qtbot.waitUntil(lambda: page.work.columnWidth(MODEL) < wide)
        assert page.work.columnWidth(WHAT) >= 200
        window.resize(size)
        qtbot.waitUntil(lambda: page.work.columnWidth(MODEL) == wide)

    @pytest.mark.parametrize(
        "kept",
        [
            {"widths": [1], "order": [6, 5], "sorts": []},
            {"widths": [0] * 7, "order": [1, 0, 2, 3, 4, 5, 6], "sorts": [[99, True]] * 3},
        ],
    )
    def test_a_file_that_says_nonsense_changes_nothing(
        self, window: MainWindow, state: WindowState, kept: dict[str, object]
    ) -> None:
        state.set("requests/columns", kept)
        window.show_page_named("requests")
        part = window.requests.waiting
        assert [part.header.visualIndex(column) for column in range(7)] == list(range(7))
        assert part.columnWidth(MODEL) == WIDTHS[MODEL]
        assert part.header.column == -1
