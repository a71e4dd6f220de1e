"""The simulated server answers every recorded request of Ollama 0.32.15 as the real one did."""

import itertools
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from ollama_panel.sim.http.server import SimServer
from ollama_panel.sim.options import options_of
from tests.sim.raw import Answer, exchange

RECORDED = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "ollama-0.32.15-api.jsonl").read_text().splitlines()
]
HEADERS = (
    "Content-Type",
    "Transfer-Encoding",
    "Connection",
    "Allow",
    "Location",
    "Vary",
    "Cache-Control",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Max-Age",
)
SAID = {
    "done",
    "done_reason",
    "object",
    "type",
    "finish_reason",
    "stop_reason",
    "role",
    "family",
    "capabilities",
    "version",
}
ENVIRONMENT = {
    "OLLAMA_HOST": "127.0.0.1:0",
    "OLLAMA_NO_CLOUD": "1",
    "OLLAMA_NUM_PARALLEL": "2",
    "OLLAMA_CONTEXT_LENGTH": "2048",
    "OLLAMA_SIM_CATALOG": "tiny,small,minilm",
    "OLLAMA_SIM_PROFILE": "cpu",
    "OLLAMA_SIM_SPEED": "50",
    "OLLAMA_SIM_VERSION": "0.0.0",
}


@pytest.fixture(scope="module")
async def answers() -> AsyncIterator[dict[str, Answer]]:
    """All recorded requests, sent in their order to one fresh server."""
    async with SimServer(options_of(ENVIRONMENT)) as url:
        place = urlsplit(url)
        address = (str(place.hostname), int(place.port or 0))
        yield {one["name"]: await exchange(address, one["request"]) for one in RECORDED}


def shape(value: Any, key: str = "") -> Any:
    """Keys and types, recursively; values only of what is a word of the protocol."""
    if isinstance(value, dict):
        return {name: shape(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [part for part, _ in itertools.groupby(shape(item, key) for item in value)]
    if key in SAID:
        return value
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def read(text: str, content_type: str) -> Any:
    """The parts of a body: text, one JSON, JSON lines, or events."""
    if content_type.startswith("application/x-ndjson"):
        return [json.loads(line) for line in text.splitlines()]
    if content_type.startswith("application/json") and text:
        return json.loads(text)
    if content_type.startswith("text/event-stream"):
        return [_event(part) for part in text.split("\n\n") if part]
    return text


def _event(part: str) -> Any:
    lines = dict(line.split(": ", 1) for line in part.split("\n"))
    data = lines.pop("data")
    return [lines, data if data == "[DONE]" else json.loads(data)]


def recorded(one: dict[str, Any]) -> Answer:
    body = "".join(text for _, text in one["body"])
    return Answer(one["status"], [(name, value) for name, value in one["headers"]], body, recorded=True)


@pytest.mark.parametrize("one", RECORDED, ids=[one["name"] for one in RECORDED])
async def test_answers_as_the_recorded_server_did(one: dict[str, Any], answers: dict[str, Answer]) -> None:
    real, simulated = recorded(one), answers[one["name"]]

    assert simulated.status == real.status
    for name in HEADERS:
        assert simulated.header(name) == real.header(name), name
    assert bool(simulated.header("Content-Length")) == bool(real.header("Content-Length"))
    assert not simulated.header("Server")
    kind = (real.header("Content-Type") or [""])[0]
    if real.status >= 400:
        assert without_id(read(simulated.text, kind)) == without_id(read(real.text, kind))
        assert simulated.text.endswith("\n") == real.text.endswith("\n")
    else:
        assert shape(read(simulated.text, kind)) == shape(read(real.text, kind))


def without_id(document: Any) -> Any:
    return (
        {key: value for key, value in document.items() if key != "request_id"}
        if isinstance(document, dict)
        else document
    )


@pytest.mark.parametrize(
    "name", ["chat_stream", "generate_stream", "v1_chat_stream", "v1_completions_stream", "http10"]
)
def test_streams_one_chunk_for_each_token(name: str, answers: dict[str, Answer]) -> None:
    real = recorded(next(one for one in RECORDED if one["name"] == name))

    assert len(answers[name].text.splitlines()) == len(real.text.splitlines())
    if real.chunked:
        assert answers[name].body.count("\r\n") == real.body.count("\r\n")


def test_ends_a_http_1_0_stream_by_closing(answers: dict[str, Answer]) -> None:
    assert not answers["http10"].chunked
    assert not answers["http10"].header("Content-Length")


def test_counts_the_tokens_that_were_asked_for(answers: dict[str, Answer]) -> None:
    final = json.loads(answers["chat_stream"].text.splitlines()[-1])

    assert final["eval_count"] == 8
    parts = final["load_duration"] + final["prompt_eval_duration"] + final["eval_duration"]
    assert 0 < parts <= final["total_duration"]
