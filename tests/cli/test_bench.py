"""`bench NAME ...`: each measurement is found, has its own help and gets its arguments."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from ollama_panel.cli import bench
from tests.cli.conftest import Outcome

Panel = Callable[..., Outcome]


@pytest.mark.parametrize("name", bench.MEASUREMENTS)
def test_every_measurement_has_help_for_its_arguments(panel: Panel, name: str) -> None:
    outcome = panel("bench", name, "--help")
    assert outcome.status == 0
    assert outcome.out.startswith(f"usage: ollama-panel bench {name}")
    assert name in panel("bench", "--help").out


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["speed"],
        ["scheduler", "--profile", "abacus"],
        ["scheduler", "--goal", "99"],
        ["scheduler", "--seeds", "0"],
        ["replay"],
    ],
)
def test_unknown_measurements_are_usage_errors_with_status_2(panel: Panel, argv: list[str]) -> None:
    outcome = panel("bench", *argv)
    assert outcome.status == 2
    assert outcome.err.startswith("usage: ollama-panel bench")


def test_an_invalid_log_is_reported_in_one_sentence(panel: Panel, tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"no log\n")
    outcome = panel("bench", "replay", tmp_path / "log")
    assert outcome.status == 2
    assert "is not a log of events" in outcome.out


def test_a_missing_panel_is_reported_in_one_sentence(panel: Panel) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    outcome = panel("bench", "http", "--url", f"http://127.0.0.1:{port}")
    assert outcome.status == 1
    assert outcome.err.startswith(f"Nobody answers at http://127.0.0.1:{port}")


def test_a_result_that_cannot_be_written_is_reported_in_one_sentence(
    panel: Panel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measure(_: object) -> int:
        (tmp_path / "no folder" / "result").write_bytes(b"")
        return 0

    monkeypatch.setitem(bench.MEASUREMENTS, "http", bench.Measurement("", measure))
    outcome = panel("bench", "http")
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == f"{tmp_path / 'no folder' / 'result'} cannot be written (No such file or directory).\n"
