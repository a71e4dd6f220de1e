"""`bench model URL`: what an address serves, beside published figures; and what is wrong with an address."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec
import pytest

from ollama_panel.cli import bench_model_tables as tables
from ollama_panel.cli.bench_model_tables import Durations, Level
from ollama_panel.core.tuning.trial import Estimate, Measurement
from tests.cli.conftest import Outcome
from tests.cli.stand_in import Reply, StandIn, reply, standing_in
from tests.fakes.ports import free_port
from tests.sim.serving import clean

Panel = Callable[..., Outcome]
SERVE = [sys.executable, "-m", "ollama_panel.sim", "serve"]
TEXT = ("--model", "llama3.1:8b")
MEASURE = [sys.executable, "-m", "ollama_panel", "bench", "model"]


@contextmanager
def simulated(environment: Mapping[str, str]) -> Iterator[str]:
    """Run a simulated Ollama; the value is its URL."""
    own = {**clean(environment), "OLLAMA_HOST": "127.0.0.1:0", "OLLAMA_NUM_PARALLEL": "2", "OLLAMA_SIM_SPEED": "50"}
    with subprocess.Popen(SERVE, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        try:
            yield f"http://{line_with('Listening on', server.stderr).split('Listening on ')[1].split(' ')[0]}"
        finally:
            server.kill()


def line_with(text: str, stream: IO[str] | None) -> str:
    assert stream is not None
    return next(line for line in stream if text in line)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with simulated(os.environ) as address:
        yield address


def test_each_number_of_clients_has_a_row_beside_published_figures(panel: Panel, url: str, tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    outcome = panel(
        "bench", "model", url, "--model", "llama3.1:8b", "--clients", "1,2", "--seconds", 2.5, "--json", file
    )
    assert outcome.status == 0, outcome.err
    heading, _, one, two, empty, published, numbers, *rows = outcome.out.splitlines()
    assert heading.split() == ["clients", "tokens/s", "requests/s", "first", "token", "token", "request"]
    assert [one.split()[0], two.split()[0]] == ["1", "2"]
    assert empty == ""
    assert published.startswith("Published for others")
    assert numbers.split() == ["1", "2"]
    assert any("M4 Max" in row and "llama.cpp #4167" in row for row in rows)
    assert "1 client: first requests" in outcome.err
    found = msgspec.json.decode(file.read_bytes())
    assert found["model"] == "llama3.1:8b"
    assert [level["clients"] for level in found["levels"]] == [1, 2]
    assert all(level["measured"]["tokens_per_s"]["mean"] > 0 and level["complete"] for level in found["levels"])


def test_embeddings_choose_their_model_and_have_no_published_figures(panel: Panel, url: str) -> None:
    outcome = panel("bench", "model", url, "--preset", "embeddings", "--clients", "2", "--seconds", 2.5)
    assert outcome.status == 0, outcome.err
    assert "nomic-embed-text:latest" in outcome.err
    assert "tokens are those of the texts" in outcome.out
    assert "Published" not in outcome.out


@pytest.mark.skipif(sys.platform == "win32", reason="a child there gets no Ctrl-C of its own")
def test_ctrl_c_prints_what_there_is(url: str, tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    arguments = [url, *TEXT, "--clients", "1,2,1,2,1,2,1,2", "--seconds", "2.5", "--json", str(file)]
    with subprocess.Popen([*MEASURE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            line_with("2 clients: first requests", child.stderr)
            child.send_signal(signal.SIGINT)
            out, err = child.communicate()
        finally:
            child.kill()
    assert child.returncode == 130
    assert out.splitlines()[2].split()[0] == "1"
    assert "Published for others" in out
    assert err.splitlines()[-1].startswith("Stopped")
    assert [level["clients"] for level in msgspec.json.decode(file.read_bytes())["levels"]][:1] == [1]


def test_an_address_where_nobody_answers_is_told(panel: Panel) -> None:
    address = f"127.0.0.1:{free_port()}"
    outcome = panel("bench", "model", address)
    assert outcome.status == 1
    assert outcome.err.startswith(f"Nobody answers at http://{address} (")
    assert outcome.err.endswith("): is Ollama or the panel running there?\n")
    assert outcome.out == ""


@pytest.mark.parametrize("text", ["ftp://machine", "http://", "http://machine:port", ":7"])
def test_what_is_no_address_is_told(panel: Panel, text: str) -> None:
    outcome = panel("bench", "model", text)
    assert outcome.status == 1
    assert outcome.err == f"{text} is no address: write it as http://127.0.0.1:11434.\n"


def test_a_model_that_is_not_there_is_told_with_those_that_are(panel: Panel, url: str) -> None:
    outcome = panel("bench", "model", url, "--model", "none")
    assert outcome.status == 1
    assert outcome.err.startswith(f"{url} has no model none:latest; it has llama3.1:8b, ")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    """A server whose models, if it has any, write text, and are not loaded."""
    with standing_in(tmp_path) as found:
        found.on("POST /api/show", {"capabilities": ["completion"], "details": {}, "model_info": {}})
        found.on("GET /api/ps", {"models": []})
        yield found


def test_several_models_of_which_none_is_loaded_are_named(panel: Panel, server: StandIn) -> None:
    server.on("GET /api/tags", {"models": [{"name": "a:1"}, {"name": "b:1"}]})
    outcome = panel("bench", "model", server.url)
    assert outcome.status == 1
    assert outcome.err == "Name a model with --model: a:1, b:1.\n"


def test_an_address_without_models_is_told(panel: Panel, server: StandIn) -> None:
    server.on("GET /api/tags", {"models": []})
    outcome = panel("bench", "model", server.url)
    assert outcome.status == 1
    assert outcome.err == f"{server.url} has no model for answers; it has none.\n"


def test_a_refused_key_is_told_in_the_words_of_the_panel(panel: Panel, server: StandIn) -> None:
    server.on("GET /api/tags", {"error": "This key is not valid."}, 401)
    outcome = panel("bench", "model", server.url, "--key", "wrong")
    assert outcome.status == 1
    assert "wants a key that is valid there: give it with --key. It says: This key is not valid." in outcome.err
    assert server.asked[0].key == "Bearer wrong"


@pytest.mark.parametrize("content", [reply({"error": "no such page"}, 404), Reply(200, [b"<html>"])])
def test_another_program_is_told(panel: Panel, server: StandIn, content: Reply) -> None:
    server.on("GET /api/tags", content)
    outcome = panel("bench", "model", server.url)
    assert outcome.status == 1
    assert outcome.err.startswith(f"{server.url} is no Ollama and no panel: ")


def test_a_request_that_fails_is_told_in_the_words_of_the_server(panel: Panel, server: StandIn) -> None:
    server.on("GET /api/tags", {"models": [{"name": "a:1"}]})
    server.on("POST /api/chat", {"error": "the model requires more memory"}, 500)
    outcome = panel("bench", "model", server.url)
    assert outcome.status == 1
    assert outcome.err.endswith("The server answered with status 500: the model requires more memory\n")


def test_a_row_shows_unknown_values_as_such_and_says_if_it_was_not_finished() -> None:
    known = Measurement(Estimate(1234.56, 24.7), Estimate(7.2), 0.05, 0.5, 0.0071, 0.0123, requests=9, seconds=3.0)
    full = tables.row(Level(4, known, Durations(1.5, 12.25)))
    assert " ".join(full.split()) == "4 1,234.6 ± 2 % 7.20 0.05 / 0.50 s 7.10 / 12.3 ms 1.50 / 12.2 s"
    bare = tables.row(Level(1, Measurement(Estimate(0.0), Estimate(0.0)), Durations(None, None), complete=False))
    assert " ".join(bare.split()) == "1 0.0 0.00 — — — (not finished)"


def test_published_figures_have_sources_and_only_the_numbers_asked_for() -> None:
    lines = tables.published([4, 3]).splitlines()
    assert lines[1].split() == ["4", "3"]
    assert all("llama" in line or "Ollama" in line for line in lines[2:])
    assert not any("M4 Max" in line for line in lines)  # published for one answer at a time
