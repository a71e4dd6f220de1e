"""`bench http` compares both ways and says what a kept connection saves."""

import asyncio
import json
from pathlib import Path

import pytest

from ollama_panel.lab.http_connections import Comparison, Measured, main, table
from tests.proxy.conftest import ProxyHarness


async def test_both_ways_are_measured_against_a_running_proxy(
    harness: ProxyHarness, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "numbers.json"
    arguments = ["--url", harness.url, "--path", "/", "--requests", "50", "--json", str(file)]
    assert await asyncio.to_thread(main, arguments) == 0
    numbers = json.loads(file.read_text())
    assert numbers["requests"] == 50
    assert numbers["new"]["median_ms"] > 0
    assert "50 requests each way" in capsys.readouterr().out


def test_the_saving_is_said_in_words() -> None:
    said = table(Comparison(10, Measured(2.0, 3.0), Measured(0.5, 1.0)))
    assert said.endswith("A kept connection saves 1.500 ms a request (75 %).")


def test_a_silent_address_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--url", "http://127.0.0.1:9"]) == 1
    assert "Nobody answers at http://127.0.0.1:9" in capsys.readouterr().err
