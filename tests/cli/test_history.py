"""`ollama-panel history`, on files of the state folder; no panel runs."""

import csv
import io
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from ollama_panel.cli import history
from ollama_panel.core.history.records import EventKind, HistoryEvent
from ollama_panel.core.notices import notice
from ollama_panel.core.snapshot import RequestState
from ollama_panel.engine import clock
from ollama_panel.engine.history.file import HistoryFile, Item
from ollama_panel.engine.paths import Paths
from tests.cli.conftest import Outcome
from tests.fakes.history import request

NOON = 1_764_504_000.0
"""2025-11-30 12:00 UTC."""

Panel = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def half_an_hour_off(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Be in Mumbai, whose hours begin half an hour later than those of most places."""
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    if not hasattr(time, "tzset"):
        pytest.skip("the time zone of a process cannot be set here")
    time.tzset()
    monkeypatch.setattr(clock, "wall", lambda: NOON)
    yield
    os.environ.pop("TZ", None)
    time.tzset()


def write(folder: Path, *items: Item) -> None:
    file = HistoryFile(Paths(folder).history)
    file.write(items)
    file.close()


def night(folder: Path) -> None:
    """Write a night in which a queue was full and an instance died."""
    died = notice("history.died", instance="chat-1", why=notice("process.exited", code=1))
    write(
        folder,
        request(NOON - 7200, "r1"),
        request(NOON - 3600, "r2"),
        request(NOON - 3500, "r3"),
        request(NOON - 3400, "r4", RequestState.REFUSED, "queue.full"),
        request(NOON - 3300, "r5", RequestState.FAILED, "request.failed"),
        HistoryEvent(NOON - 3300, EventKind.INSTANCE, "chat-1", died),
        HistoryEvent(NOON - 3290, EventKind.INSTANCE, "chat-1", notice("history.ready", instance="chat-1")),
    )


def test_the_summary_says_what_happened_last_night(tmp_path: Path, panel: Panel) -> None:
    night(tmp_path)
    status, printed, _ = panel("history", "--state-dir", tmp_path)
    assert status == 0
    lines = printed.splitlines()
    assert lines[0].split("  ")[0] == "HOUR"
    assert [line.split()[:7] for line in lines[1:3]] == [
        ["2025-11-30", "15:00", "1", "0", "0", "0", "10"],
        ["2025-11-30", "16:00", "4", "1", "1", "0", "40"],
    ]
    assert lines[4:7] == [
        "5 requests, 1 failed, 500 tokens of answers",
        "Refused: queue.full 1",
        "Busiest: 2025-11-30 16:00, 4 requests, most of them for a:latest",
    ]
    assert lines[9].endswith("chat-1 does not answer any more. The server ended with exit code 1.")
    assert lines[10].endswith("chat-1 is ready.")


def test_one_request_is_told_as_one(tmp_path: Path, panel: Panel) -> None:
    write(tmp_path, msgspec.structs.replace(request(NOON - 3600, "r1"), output_tokens=1))
    lines = panel("history", "--state-dir", tmp_path)[1].splitlines()
    assert lines[3:5] == [
        "1 request, 0 failed, 1 token of answers",
        "Busiest: 2025-11-30 16:00, 1 request, most of them for a:latest",
    ]


def test_only_the_time_that_is_asked_for_is_told(tmp_path: Path, panel: Panel) -> None:
    night(tmp_path)
    assert "4 requests, 1 failed" in panel("history", "--since", "90m", "--state-dir", tmp_path)[1]
    assert (
        "The history has no request that ended in this time."
        in panel("history", "--since", "1m", "--state-dir", tmp_path)[1]
    )


def test_more_days_than_there_were_since_1970_are_all_of_them(tmp_path: Path, panel: Panel) -> None:
    night(tmp_path)
    for days in ("20422d", "20500d", "999999d"):  # NOON was 20,422.5 days after the begin of 1970
        assert "5 requests, 1 failed" in panel("history", "--since", days, "--state-dir", tmp_path)[1]


def test_requests_are_listed_newest_first_and_say_if_there_are_more(tmp_path: Path, panel: Panel) -> None:
    night(tmp_path)
    _, printed, _ = panel("history", "--requests", "--limit", "2", "--state-dir", tmp_path)
    head, first, second, more = printed.splitlines()
    assert head.split("  ")[0] == "ENDED"
    assert first.split()[:4] == ["2025-11-30", "16:35:00", "r5", "failed"]
    assert first.split()[-1] == "request.failed"
    assert second.split()[2:4] == ["r4", "refused"]
    assert more == "There are more than these 2: --limit shows more."


def test_requests_and_events_are_json_for_programs(tmp_path: Path, panel: Panel) -> None:
    night(tmp_path)
    requests = json.loads(panel("history", "--requests", "--json", "--state-dir", tmp_path)[1])
    assert [one["id"] for one in requests["requests"]] == ["r5", "r4", "r3", "r2", "r1"]
    events = json.loads(panel("history", "--events", "--json", "--state-dir", tmp_path)[1])
    assert events["events"][0]["told"]["text"] == "chat-1 is ready."
    hours = json.loads(panel("history", "--json", "--state-dir", tmp_path)[1])
    assert [hour["refused"] for hour in hours["hours"]] == [{}, {"queue.full": 1}]


@pytest.mark.parametrize(("what", "rows"), [("--requests", 5), ("--events", 2), (None, 2)])
def test_a_spreadsheet_gets_rows_of_the_same_length_and_nothing_else(
    tmp_path: Path, panel: Panel, what: str | None, rows: int
) -> None:
    night(tmp_path)
    chosen = [what] if what else []
    _, printed, _ = panel("history", *chosen, "--csv", "--state-dir", tmp_path)
    table = list(csv.reader(io.StringIO(printed)))
    assert len(table) == rows + 1
    assert len({len(row) for row in table}) == 1


def test_a_spreadsheet_gets_numbers_without_units_and_nothing_for_what_is_unknown(tmp_path: Path, panel: Panel) -> None:
    unknown = msgspec.structs.replace(request(NOON - 1), queue_s=None, output_tokens=None)
    write(tmp_path, unknown)
    (row,) = csv.DictReader(io.StringIO(panel("history", "--requests", "--csv", "--state-dir", tmp_path)[1]))
    assert (row["FIRST TOKEN"], row["TOTAL"], row["PROMPT TOKENS"]) == ("0.500000", "2.500000", "10")
    assert (row["WAITED"], row["TOKENS"], row["WHY"]) == ("", "", "")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@sum", "\t=1+1"])
def test_a_spreadsheet_runs_no_formula_that_a_client_has_sent(tmp_path: Path, panel: Panel, name: str) -> None:
    write(tmp_path, request(NOON - 1, name))
    (row,) = csv.DictReader(io.StringIO(panel("history", "--requests", "--csv", "--state-dir", tmp_path)[1]))
    assert row["ID"] == f"'{name.strip()}"


def test_a_limit_above_a_page_of_the_file_is_kept(
    tmp_path: Path, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(tmp_path)
    monkeypatch.setattr(history, "MOST_ROWS", 2)
    arguments = ("history", "--requests", "--csv", "--state-dir", tmp_path, "--limit")
    assert [len(panel(*arguments, limit)[1].splitlines()) for limit in ("1", "2", "3", "5", "9")] == [2, 3, 4, 6, 6]
    _, printed, told = panel(*arguments, "4")
    assert len(printed.splitlines()) == 5
    assert told == "There are more than these 4: --limit shows more.\n"


def test_more_events_than_the_summary_has_are_said(tmp_path: Path, panel: Panel) -> None:
    ready = notice("history.ready", instance="chat-1")
    write(tmp_path, *(HistoryEvent(NOON - at, EventKind.INSTANCE, "chat-1", ready) for at in range(40)))
    assert "These are the last 30: --events shows more." in panel("history", "--state-dir", tmp_path)[1]


def test_letters_that_command_a_terminal_are_not_printed(tmp_path: Path, panel: Panel) -> None:
    write(tmp_path, request(NOON - 1, "\x1b[2Jr1"))
    assert "\x1b" not in panel("history", "--requests", "--state-dir", tmp_path)[1]


def test_without_a_history_one_sentence_says_so(tmp_path: Path, panel: Panel) -> None:
    status, _, told = panel("history", "--state-dir", tmp_path)
    assert status == 1
    assert "no panel has written one there yet, or it is switched off (history.days is 0)." in told


@pytest.mark.parametrize("arguments", [("--requests", "--events"), ("--json", "--csv"), ("--since", "yesterday")])
def test_arguments_that_do_not_fit_are_refused(tmp_path: Path, panel: Panel, arguments: tuple[str, ...]) -> None:
    assert panel("history", *arguments, "--state-dir", tmp_path).status == 2
