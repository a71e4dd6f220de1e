"""`record [status]|on|off|save` against a stand-in for the panel."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from ollama_panel.core.notices import notice
from ollama_panel.core.recording import RecordingRecord, SavedRecording
from tests.cli.conftest import Outcome
from tests.cli.stand_in import StandIn, standing_in

Panel = Callable[..., Outcome]
PATH = "/panel/v1/recording"
FILE = "/state/recordings/20261201-120000.jsonl"
ON = RecordingRecord(on=True, path=FILE, size=3 << 20, most=512 << 20, since=5.0, recent_s=610.4, taken=9 << 20)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    with standing_in(tmp_path) as stand_in:
        yield stand_in


@pytest.fixture
def record(panel: Panel, tmp_path: Path) -> Panel:
    return lambda *arguments: panel("record", *arguments, "--state-dir", tmp_path)


@pytest.mark.parametrize(
    ("arguments", "method"), [((), "GET"), (("status",), "GET"), (("on",), "POST"), (("off",), "DELETE")]
)
def test_each_action_asks_the_panel_and_prints_the_recording(
    server: StandIn, record: Panel, arguments: tuple[str, ...], method: str
) -> None:
    server.on(f"{method} {PATH}", msgspec.to_builtins(ON))
    outcome = record(*arguments)
    assert outcome.status == 0
    assert [line.split(maxsplit=1)[0] for line in outcome.out.splitlines()] == ["Recording:", "File:", "Could", "All"]
    assert "on, 3 MiB of 512 MiB" in outcome.out
    assert FILE in outcome.out
    assert "the last 610 s" in outcome.out


def test_why_a_recording_has_ended_is_said(server: StandIn, record: Panel) -> None:
    ended = RecordingRecord(path=FILE, size=512 << 20, most=512 << 20, problem=notice("recording.full", path=FILE))
    server.on(f"GET {PATH}", msgspec.to_builtins(ended))
    said = record().out.splitlines()
    assert said[0].split() == ["Recording:", "off"]
    assert said[-1] == f"Recording to {FILE} has ended: the file is large enough."


def test_the_last_minutes_are_saved_and_the_next_step_is_named(server: StandIn, record: Panel) -> None:
    server.on(f"POST {PATH}/save", msgspec.to_builtins(SavedRecording(FILE, 612.0, 12_345, 5 << 20)))
    first, second = record("save").out.splitlines()
    assert first == f"{FILE} has the last 612 s: 12,345 events, 5 MiB."
    assert second.startswith(f"ollama-panel bench replay {FILE} ")
    assert json.loads(record("save", "--json").out)["events"] == 12_345


def test_what_cannot_be_saved_is_an_error(server: StandIn, record: Panel) -> None:
    server.on(f"POST {PATH}/save", {"code": "recording.nothing", "error": "There is nothing to save."}, 409)
    outcome = record("save")
    assert outcome.status == 1
    assert "There is nothing to save." in outcome.err
