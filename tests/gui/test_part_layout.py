"""How the queue page shares its room: rows among parts, widths among columns, pixels among spans."""

import pytest

from ollama_panel.gui.models.request_texts import short_id
from ollama_panel.gui.widgets.part_stack import shared
from ollama_panel.gui.widgets.request_part import WIDTHS, fitted
from ollama_panel.gui.widgets.span_bar import shares


@pytest.mark.parametrize(
    ("rows", "found"),
    [(14, [5, 6, 0, 3]), (12, [4, 5, 0, 3]), (3, [1, 1, 0, 1]), (0, [1, 1, 0, 1]), (29, [10, 13, 0, 6])],
)
def test_whole_rows_are_shared_and_none_is_lost(rows: int, found: list[int]) -> None:
    assert shared(rows, (5, 6, 0, 3)) == found
    assert sum(found) == max(3, rows)


def test_columns_keep_their_widths_while_there_is_room() -> None:
    assert fitted(WIDTHS, 1000) == list(WIDTHS)


def test_the_widest_columns_give_most_where_there_is_little_room() -> None:
    found = fitted(WIDTHS, 800)
    assert found[0] < WIDTHS[0]
    assert found[6] == WIDTHS[6]
    assert 800 - sum(found) == pytest.approx(240, abs=3)


def test_no_column_becomes_narrower_than_one_can_read() -> None:
    assert min(width for width in fitted((400, 400, 0, 80), 100) if width) == 64


def test_the_shortest_span_can_be_seen_and_the_longest_gives_for_it() -> None:
    found = shares([1000.0, 0.001, 10.0], 500)
    assert found[1] == 4
    assert sum(found) == pytest.approx(500)
    assert shares([], 500) == []


@pytest.mark.parametrize(
    ("request_id", "shown"),
    [
        ("0f8a5c1e9b7d4c3fa2b1908f7e6d5c4b", "0f8a5c"),
        ("0f8a5c1e9b7d4c3fa2b1908f7e6d5c4b~2", "0f8a5c"),
        ("mine", "mine"),
        ("nightly-index-000123", "…000123"),
    ],
)
def test_an_id_is_short_and_still_found_by_the_filter(request_id: str, shown: str) -> None:
    assert short_id(request_id) == shown
    assert shown.removeprefix("…") in request_id
