"""What Ollama 0.32.15 answers to requests that are wrong in some way; each line was seen on a real server."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.sim.serving import client, server

PLAIN, CHARSET = "application/json", "application/json; charset=utf-8"
HELLO = [{"role": "user", "content": "hi"}]
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
NO_MEDIA = (
    '{"error":{"code":400,"message":"Multimodal data provided, but model does not support multimodal requests.",'
    '"type":"invalid_request_error"}}'
)
NO_TOOLS = "registry.ollama.ai/library/tiny:latest does not support tools"
NO_EMBEDDING = "This server does not support embeddings. Start it with `--embeddings`"
BAD_FORM = "failed to parse multipart form: request Content-Type isn't multipart/form-data"
BAD_CODING = "Invalid value for 'encoding_format' = hex. Supported values: ['float', 'base64']."


def tiny(**more: Any) -> dict[str, Any]:
    return {"model": "tiny", "messages": HELLO, **more}


HUGE = 10**400
TOO_BIG = f"json: cannot unmarshal number {HUGE} into Go struct field"

REFUSALS: list[tuple[str, Any, int, str, str]] = [
    ("/api/chat", tiny(options={"num_predict": HUGE}), 400, CHARSET, f"{TOO_BIG} ChatRequest.options of type float64"),
    ("/api/chat", tiny(keep_alive=HUGE), 400, CHARSET, f"{TOO_BIG} ChatRequest.keep_alive of type float64"),
    (
        "/v1/chat/completions",
        tiny(max_tokens=HUGE),
        400,
        CHARSET,
        f"{TOO_BIG} ChatCompletionRequest.max_tokens of type int",
    ),
    ("/api/chat", tiny(messages=[{"role": "user", "content": "hi", "images": ["aGk="]}]), 400, PLAIN, NO_MEDIA),
    ("/api/chat", tiny(tools=[TOOL]), 400, CHARSET, NO_TOOLS),
    ("/v1/chat/completions", tiny(tools=[TOOL]), 400, PLAIN, NO_TOOLS),
    (
        "/v1/messages",
        tiny(max_tokens=2, tools=[{"name": "f", "input_schema": {"type": "object"}}]),
        400,
        PLAIN,
        NO_TOOLS,
    ),
    ("/api/chat", tiny(think=True), 400, CHARSET, '"tiny" does not support thinking'),
    ("/v1/messages", tiny(max_tokens=3, messages=[]), 400, CHARSET, "messages is required"),
    ("/v1/messages", tiny(max_tokens=0), 400, CHARSET, "max_tokens is required and must be positive"),
    ("/v1/messages", {"max_tokens": 2, "messages": HELLO}, 400, CHARSET, "model is required"),
    ("/v1/chat/completions", tiny(messages=[]), 400, CHARSET, "[] is too short - 'messages'"),
    ("/v1/chat/completions", {"messages": HELLO}, 400, PLAIN, "model is required"),
    ("/v1/responses", {"input": "x"}, 400, PLAIN, "model is required"),
    ("/v1/completions", {"prompt": "x"}, 404, PLAIN, "model '' not found"),
    (
        "/v1/completions",
        {"model": "tiny", "prompt": ["a"]},
        400,
        CHARSET,
        "json: cannot unmarshal array into Go struct field CompletionRequest.prompt of type string",
    ),
    ("/v1/embeddings", {"model": "minilm", "input": []}, 400, CHARSET, "invalid input"),
    ("/v1/embeddings", {"model": "minilm", "input": 5}, 400, PLAIN, "invalid input type"),
    ("/v1/embeddings", {"model": "minilm", "input": "a", "encoding_format": "hex"}, 400, CHARSET, BAD_CODING),
    ("/v1/embeddings", {"input": "x"}, 404, PLAIN, "model '' not found"),
    ("/api/embed", {"input": "x"}, 404, CHARSET, "model '' not found"),
    ("/api/embed", {"model": "minilm", "input": 5}, 400, CHARSET, "invalid input type"),
    (
        "/api/embed",
        {"model": "minilm", "input": "word " * 800, "truncate": False},
        400,
        CHARSET,
        "the input length exceeds the context length",
    ),
    ("/api/embeddings", {"model": "tiny", "prompt": "x"}, 500, CHARSET, NO_EMBEDDING),
    ("/api/generate", {"prompt": "x"}, 404, CHARSET, "model '' not found"),
    (
        "/api/generate",
        {"model": "tiny", "prompt": "x", "raw": True, "system": "y"},
        400,
        CHARSET,
        "raw mode does not support template, system, or context",
    ),
    ("/api/chat", tiny(top_logprobs=30), 400, CHARSET, "top_logprobs must be between 0 and 20"),
    ("/api/chat", {"model": "bad name!", "messages": []}, 400, CHARSET, "invalid model name"),
    ("/api/chat", tiny(messages=[], keep_alive=True), 400, CHARSET, "Unsupported type: 'bool'"),
    ("/api/chat", tiny(options={"temperature": "x"}), 500, CHARSET, 'option "temperature" must be of type float32'),
    (
        "/api/chat",
        tiny(messages=[1]),
        400,
        CHARSET,
        "json: cannot unmarshal number into Go struct field ChatRequest.messages of type api.Alias",
    ),
    (
        "/api/chat",
        tiny(messages=[{"role": 5}]),
        400,
        CHARSET,
        "json: cannot unmarshal number into Go struct field ChatRequest.messages.role of type string",
    ),
    (
        "/api/chat",
        tiny(messages="x"),
        400,
        CHARSET,
        "json: cannot unmarshal string into Go struct field ChatRequest.messages of type []api.Message",
    ),
    (
        "/api/chat",
        tiny(stream="yes"),
        400,
        CHARSET,
        "json: cannot unmarshal string into Go struct field ChatRequest.stream of type bool",
    ),
    ("/api/chat", [1], 400, CHARSET, "json: cannot unmarshal array into Go value of type api.ChatRequest"),
    ("/api/chat", "[1", 400, CHARSET, "unexpected EOF"),
    ("/api/chat", '{"a":[1 2]}', 400, CHARSET, "invalid character '2' after array element"),
    ("/api/chat", '{"a":1 "b"}', 400, CHARSET, "invalid character '\"' after object key:value pair"),
    ("/api/chat", '{"model" "tiny"}', 400, CHARSET, "invalid character '\"' after object key"),
    ("/api/chat", "{a:1}", 400, CHARSET, "invalid character 'a' looking for beginning of object key string"),
    ("/api/chat", '{"a":"\n"}', 400, CHARSET, "invalid character '\\n' in string literal"),
    ("/api/chat", "hello", 400, CHARSET, "invalid character 'h' looking for beginning of value"),
    ("/v1/audio/transcriptions", {}, 400, CHARSET, BAD_FORM),
    ("/api/create", {"model": "x1"}, 400, PLAIN, "neither 'from' or 'files' was specified"),
    ("/api/create", {"model": "bad name!", "from": "tiny"}, 400, CHARSET, "invalid model name"),
    ("/api/show", {"model": "bad name!"}, 400, CHARSET, "invalid model name"),
    ("/api/show", {"model": ""}, 400, CHARSET, "model is required"),
    ("/api/copy", {"source": "tiny"}, 400, CHARSET, 'destination "" is invalid'),
    ("/api/me", None, 503, CHARSET, "account unavailable"),
    ("/api/blobs/sha256:12", None, 400, CHARSET, "invalid digest format"),
]


@pytest.fixture(scope="module")
async def http() -> AsyncIterator[httpx.AsyncClient]:
    environment = {"OLLAMA_NO_CLOUD": "1", "OLLAMA_SIM_CATALOG": "tiny,minilm,gemma4:e4b", "OLLAMA_SIM_PROFILE": "cpu"}
    async with server(**environment) as url, client(url.replace("127.0.0.1", "localhost")) as found:
        yield found


@pytest.mark.parametrize(("path", "body", "status", "kind", "message"), REFUSALS)
async def test_is_refused_as_ollama_does(
    path: str, body: Any, status: int, kind: str, message: str, http: httpx.AsyncClient
) -> None:
    raw = body if isinstance(body, str) else json.dumps(body) if body is not None else ""

    answer = await http.post(path, content=raw)

    found = answer.json()["error"]
    assert (answer.status_code, found if isinstance(found, str) else found["message"]) == (status, message)
    assert answer.headers["Content-Type"] == kind


@pytest.mark.parametrize(
    ("method", "path", "origin", "status", "headers"),
    [
        ("OPTIONS", "/api/chat", "", 204, {"Allow": "POST"}),
        ("OPTIONS", "/api/none", "", 204, {}),
        ("OPTIONS", "/api/none", "http://localhost:3000", 204, {"Access-Control-Max-Age": "43200"}),
        ("DELETE", "/api/chat", "", 405, {"Allow": "POST", "Content-Type": "text/plain"}),
        ("HEAD", "/api/chat", "", 405, {"Allow": "POST", "Content-Length": "22"}),
        ("POST", "/api/version", "", 405, {"Allow": "HEAD, GET"}),
        ("GET", "/api/none/", "", 404, {"Content-Type": "text/plain"}),
        ("POST", "/api/tags/", "", 404, {}),
        ("POST", "/api/chat/", "", 307, {"Location": "/api/chat", "Content-Length": "0"}),
        ("GET", "/v1/models/tiny/x", "", 404, {}),
        ("GET", "/api/none", "http://localhost:3000", 404, {"Access-Control-Allow-Origin": "http://localhost:3000"}),
        ("GET", "/api/none", "http://evil.example", 403, {"Content-Length": "0"}),
    ],
)
async def test_methods_and_paths_are_treated_as_ollama_does(
    method: str, path: str, origin: str, status: int, headers: dict[str, str], http: httpx.AsyncClient
) -> None:
    answer = await http.request(method, path, headers={"Origin": origin} if origin else {})

    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in headers} == headers


async def test_sound_is_written_down_where_a_model_can_hear(http: httpx.AsyncClient) -> None:
    files = {"file": ("a.wav", b"noise")}

    heard = await http.post("/v1/audio/transcriptions", data={"model": "gemma4:e4b"}, files=files)
    plain = await http.post(
        "/v1/audio/transcriptions", data={"model": "gemma4:e4b", "response_format": "text"}, files=files
    )
    refused = await http.post("/v1/audio/transcriptions", data={"model": "tiny"}, files=files)
    empty = await http.post("/v1/audio/transcriptions", data={"model": "tiny"}, files={"file": ("a.wav", b"")})

    assert heard.json() == {"text": plain.text}
    assert (refused.status_code, refused.json()["error"]["message"]) == (400, NO_MEDIA)
    assert empty.json()["error"]["message"] == "audio file is empty"


async def test_no_limit_of_tokens_is_no_limit(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        "/api/generate", json={"model": "tiny", "prompt": "x", "options": {"num_predict": 0}, "stream": False}
    )

    assert answer.json()["eval_count"] > 50
