"""Table models signal exactly what has changed."""

from collections.abc import Callable
from functools import partial

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import Qt as Gui
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QAbstractItemModelTester

from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.truncation import PromptCut
from ollama_panel.core.snapshot import RequestState
from ollama_panel.gui.models import instances, request_texts, requests
from ollama_panel.gui.models.records import CAPTION_ROLE, FADED_ROLE, LOAD_ROLE, TONE_ROLE, Column, RecordTable
from ollama_panel.gui.phases import instance_label
from tests.gui import snapshots

Pair = tuple[str, int]


@pytest.fixture
def table() -> RecordTable[Pair]:
    columns = [
        Column[Pair]("Name", lambda pair: pair[0]),
        Column[Pair]("Count", lambda pair: str(pair[1]), number=True),
    ]
    return RecordTable(columns, lambda pair: pair[0])


def shown(table: RecordTable[Pair]) -> list[str]:
    return [str(table.index(row, 0).data()) for row in range(table.rowCount())]


def counted(table: QObject, *signals: str) -> list[str]:
    seen: list[str] = []
    for name in signals:
        getattr(table, name).connect(lambda *_, name=name: seen.append(name))
    return seen


ALL = ("dataChanged", "rowsInserted", "rowsRemoved", "modelReset")


def test_the_same_records_are_no_change(table: RecordTable[Pair]) -> None:
    rows = [("a", 1), ("b", 2)]
    table.show_records(rows)
    seen = counted(table, *ALL)
    table.show_records(list(rows))
    assert seen == []


def test_a_new_object_in_a_row_changes_that_row_only(table: RecordTable[Pair]) -> None:
    rows: list[Pair] = [("a", 1), ("b", 2), ("c", 3)]
    table.show_records(rows)
    changed: list[tuple[int, int]] = []
    table.dataChanged.connect(lambda first, last, *_: changed.append((first.row(), last.row())))
    table.show_records([rows[0], ("b", 20), rows[2]])
    assert changed == [(1, 1)]
    assert table.index(1, 1).data() == "20"


def test_rows_are_inserted_and_removed_without_a_reset(table: RecordTable[Pair]) -> None:
    table.show_records([("a", 1), ("b", 2), ("c", 3)])
    seen = counted(table, *ALL)
    table.show_records([("new", 0), ("a", 1), ("c", 3), ("d", 4)])
    assert shown(table) == ["new", "a", "c", "d"]
    assert "modelReset" not in seen


def test_in_another_order_the_rows_move_and_are_not_reset(table: RecordTable[Pair]) -> None:
    table.show_records([("a", 1), ("b", 2), ("c", 3)])
    seen = counted(table, *ALL, "layoutChanged")
    kept = QPersistentModelIndex(table.index(0, 1))
    table.show_records([("c", 3), ("new", 0), ("a", 1), ("b", 2)])
    assert seen == ["layoutChanged", "rowsInserted"]
    assert shown(table) == ["c", "new", "a", "b"]
    assert (kept.row(), kept.column()) == (2, 1)


def test_records_that_are_gone_are_faded_until_they_are_shown_no_more(table: RecordTable[Pair]) -> None:
    table.show_records([("a", 1), ("b", 2)], faded={"b"})
    assert [table.index(row, 0).data(FADED_ROLE) for row in range(2)] == [False, True]
    changed: list[int] = []
    table.dataChanged.connect(lambda first, *_: changed.append(first.row()))
    table.show_records([("a", 1), ("b", 2)])
    assert changed == [1]
    assert not table.index(1, 0).data(FADED_ROLE)


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True), max_size=8))
def test_any_sequence_of_lists_ends_with_the_last_one_and_views_stay_consistent(lists: list[list[str]]) -> None:
    columns = [Column[Pair]("Name", lambda pair: pair[0])]
    table = RecordTable(columns, lambda pair: pair[0])
    QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal, table)
    mirror: list[str] = []

    def inserted(_: QModelIndex, first: int, last: int) -> None:
        mirror[first:first] = [str(table.index(row, 0).data()) for row in range(first, last + 1)]

    def removed(_: QModelIndex, first: int, last: int) -> None:
        del mirror[first : last + 1]

    table.rowsInserted.connect(inserted)
    table.rowsRemoved.connect(removed)
    table.layoutChanged.connect(lambda: mirror.__setitem__(slice(None), shown(table)))
    for number, names in enumerate(lists):
        table.show_records([(name, number) for name in names])
        assert mirror == shown(table) == names


def clock() -> float:
    return 104.0


@pytest.mark.parametrize("make", [instances.instance_table, *(partial(one, now=clock) for one in requests.TABLES)])
def test_the_models_pass_qts_model_tester(make: Callable[[QObject], RecordTable[object]]) -> None:
    owner = QObject()
    table = make(owner)
    QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal, owner)
    snapshot = snapshots.snapshot()
    records = snapshot.instances if make is instances.instance_table else (*snapshot.requests, *snapshot.finished)
    for rows in (records, records[2:], records[:-1], (), records):
        table.show_records(rows)
        assert table.rowCount() == len(rows)


def test_an_instance_shows_its_state_as_text_and_its_load_as_numbers() -> None:
    owner = QObject()
    table = instances.instance_table(owner)
    table.show_records(snapshots.instances())
    row = [table.index(0, column) for column in range(table.columnCount())]
    assert [index.data() for index in row[:4]] == ["chat-1", "Running", "2 / 2", "612"]
    assert row[instances.NAME].data(CAPTION_ROLE) == ":11500 · llama3.1:8b"
    assert row[instances.STATE].data(TONE_ROLE) == "ok"
    assert row[instances.LOAD].data(LOAD_ROLE) == 1.0


def test_an_instance_that_does_not_run_has_no_load() -> None:
    owner = QObject()
    table = instances.instance_table(owner)
    table.show_records(snapshots.instances())
    failed = table.row_of("adopted-11434")
    assert table.index(failed, instances.LOAD).data() == "—"
    assert table.index(failed, instances.LOAD).data(LOAD_ROLE) is None
    assert table.index(failed, instances.NAME).data(CAPTION_ROLE) == (
        ":11434 · Nothing answers at http://127.0.0.1:11434; it is used again as soon as something does."
    )


def test_an_instance_that_runs_shows_its_models_although_there_is_a_detail_to_tell() -> None:
    adopted = msgspec.structs.replace(snapshots.instances()[0], managed=False, detail=notice("instance.adopted"))
    assert instances.caption_text(adopted) == ":11500 · llama3.1:8b"
    told = notice("instance.runner_silent", models=("llama3.1:8b",))
    frozen = msgspec.structs.replace(adopted, silent=("llama3.1:8b",), detail=told)
    assert instances.caption_text(frozen) == ":11500 · llama3.1:8b: no answer"
    assert instance_label(frozen) == ("Stalled", "danger")
    assert instance_label(msgspec.structs.replace(frozen, draining=True)) == ("Draining", "warn")


def test_an_instance_that_drains_has_a_slot_for_each_request_that_it_still_works_on() -> None:
    draining = msgspec.structs.replace(snapshots.instances()[0], draining=True, slots=0, in_flight=3)
    assert instances.load_text(draining) == "3 / 3"
    assert instances._share(draining) == 1.0
    assert instances.load_text(msgspec.structs.replace(draining, in_flight=0)) == "0 / 0"


def test_the_slots_are_the_schedulers_not_what_the_environment_asks_for() -> None:
    record = msgspec.structs.replace(snapshots.instances()[0], parallel=4, slots=1, in_flight=1)
    assert instances.load_text(record) == "1 / 1"
    assert instances.load_text(msgspec.structs.replace(record, phase=Phase.STARTING, in_flight=0)) == "—"


def test_a_request_shows_how_its_time_was_spent() -> None:
    owner = QObject()
    live, done = snapshots.requests(waiting=1, running=1, finished=1)
    texts = []
    for make, record in zip(requests.TABLES, (live[0], live[1], done[0]), strict=True):
        table = make(owner, clock)
        table.show_records((record,))
        texts.append([table.index(0, column).data() for column in range(table.columnCount())])
        assert table.index(0, requests.LAST).data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert texts[0] == ["api:notebook", "llama3.1:8b", "Writing the answer", "1.0 s", "1.5 s", "4.0 s", "40"]
    assert texts[1][requests.WHAT :] == ["All 4 slots of llama3.1:8b are taken.", "1", "4.3 s", "—", ""]
    assert texts[2][requests.WHAT :] == ["Failed", "1.0 s", "1.5 s", "10 s", "210"]


def test_how_long_a_paused_queue_takes_nobody_knows() -> None:
    (waiting,), _ = snapshots.requests(waiting=1, running=0, finished=0)
    waiting = msgspec.structs.replace(waiting, eta_s=3.0)
    assert requests.starts_in(waiting) == 3.0
    assert requests.starts_in(msgspec.structs.replace(waiting, why=notice("waiting.paused"))) is None
    assert requests.starts_in(msgspec.structs.replace(waiting, state=RequestState.RUNNING)) is None


@pytest.mark.parametrize(
    ("changes", "text", "tone"),
    [
        ({}, "Writing the answer", "accent"),
        ({"first_byte": None}, "Reading the prompt", "warn"),
        ({"first_byte": None, "stream": False}, "Working", "accent"),
        ({"state": RequestState.LOADING, "first_byte": None}, "Loading the model", "warn"),
        ({"cut": PromptCut()}, "Writing the answer · prompt cut", "warn"),
        ({"state": RequestState.DONE, "cut": PromptCut()}, "Nothing: 1.5 s to the first token · prompt cut", "warn"),
        ({"state": RequestState.CANCELLED, "why": notice("request.client_left")}, "Cancelled · ", "muted"),
    ],
)
def test_a_request_says_what_happens_to_it(changes: dict[str, object], text: str, tone: str) -> None:
    (record, *_), _ = snapshots.requests(waiting=0, running=1, finished=0)
    record = msgspec.structs.replace(record, **changes)
    assert request_texts.what_text(record).startswith(text)
    assert request_texts.what_tone(record) == tone


@pytest.mark.parametrize(
    ("cut", "text"),
    [
        (None, ""),
        (PromptCut(), "prompt cut"),
        (PromptCut(None, 512, 512), "prompt cut to 512 tokens"),
        (PromptCut(890, 512, 512), "prompt of 890 tokens cut to 512"),
    ],
)
def test_a_request_says_that_its_prompt_was_cut(cut: PromptCut | None, text: str) -> None:
    (record, *_), _ = snapshots.requests(waiting=0, running=1, finished=0)
    assert request_texts.whole_text(msgspec.structs.replace(record, why=None, cut=cut)) == text


@pytest.mark.parametrize("error", ["<html>\n<b>502</b></html>", "a &lt; b & <i>c</i>", "no tags"])
def test_a_tip_shows_the_words_of_an_error_as_they_are(error: str) -> None:
    why = notice("request.failed", cause=notice("attempt.error", error=error))
    (waiting,), _ = snapshots.requests(running=0, waiting=1, finished=0)
    parent = QObject()
    table = requests.waiting_table(parent, clock)
    table.show_records((msgspec.structs.replace(waiting, why=why),))
    tip = table.index(0, requests.WHAT).data(Qt.ItemDataRole.ToolTipRole)
    shown = QTextDocument()
    if Gui.mightBeRichText(tip):
        shown.setHtml(tip)
    else:
        shown.setPlainText(tip)
    assert shown.toPlainText() == f'Ollama failed: The instance answered with the error "{error}".'


@pytest.mark.parametrize(("size", "shown"), [(6 * 1024**3, "6.0 GiB"), (0, "—")])
def test_a_size_that_ollama_reports_as_0_is_unknown(size: int, shown: str) -> None:
    (model,) = snapshots.instances()[0].models
    record = msgspec.structs.replace(snapshots.instances()[0], models=(msgspec.structs.replace(model, size=size),))
    parent = QObject()
    table = instances.instance_table(parent)
    table.show_records((record,))
    assert table.data(table.index(0, instances.MEMORY), Qt.ItemDataRole.DisplayRole) == shown
