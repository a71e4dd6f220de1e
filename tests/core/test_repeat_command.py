"""The command that repeats a request: a shell reads it back as it was meant."""

import json
import shlex

import msgspec
import pytest

from ollama_panel.core.ids import ClientId, ModelName, RequestId
from ollama_panel.core.ollama.api import _ROUTES, Kind
from ollama_panel.core.records import RequestClass
from ollama_panel.core.repeat_command import repeat_command
from ollama_panel.core.snapshot import RequestRecord, RequestState

URL = "http://127.0.0.1:11435"
CHAT = RequestRecord(
    RequestId("7c1e"),
    ClientId("aider"),
    RequestClass.INTERACTIVE,
    ModelName("llama3.1:8b"),
    "/api/chat",
    True,
    RequestState.DONE,
    arrived=1.0,
)


def words(record: RequestRecord, *, with_key: bool = False) -> list[str]:
    return shlex.split(repeat_command(record, URL, with_key=with_key))


def body(record: RequestRecord) -> dict[str, object]:
    given = words(record)
    found: dict[str, object] = json.loads(given[given.index("-d") + 1])
    return found


def test_a_chat_is_repeated_with_its_model_and_without_its_content() -> None:
    assert words(CHAT)[:3] == ["curl", "--no-buffer", f"{URL}/api/chat"]
    assert body(CHAT) == {"model": "llama3.1:8b", "messages": [{"role": "user", "content": "..."}]}


@pytest.mark.parametrize(
    ("path", "stream", "said"),
    [
        ("/api/chat", True, None),
        ("/api/chat", False, False),
        ("/v1/chat/completions", True, True),
        ("/v1/chat/completions", False, None),
        ("/v1/embeddings", False, None),
    ],
)
def test_whether_it_streams_is_said_where_that_is_not_the_default(path: str, stream: bool, said: bool | None) -> None:
    record = msgspec.structs.replace(CHAT, path=path, stream=stream)
    assert body(record).get("stream") is said
    assert ("--no-buffer" in words(record)) is stream


def test_batch_work_and_the_need_of_a_key_are_said_in_headers() -> None:
    record = msgspec.structs.replace(CHAT, request_class=RequestClass.BATCH, path="/v1/messages")
    assert "X-Queue-Priority: batch" in words(record)
    assert "Authorization: Bearer $OLLAMA_PANEL_KEY" in words(record, with_key=True)
    assert "Content-Type: application/json" in words(record)
    assert '"Authorization: Bearer $OLLAMA_PANEL_KEY"' in repeat_command(record, URL, with_key=True)


def test_no_name_of_a_model_becomes_a_command_of_the_shell() -> None:
    record = msgspec.structs.replace(CHAT, model=ModelName("it's; rm -rf $HOME"))
    assert body(record)["model"] == "it's; rm -rf $HOME"
    upload = msgspec.structs.replace(record, path="/v1/audio/transcriptions", stream=False)
    assert words(upload)[2:] == ["-F", "model=it's; rm -rf $HOME", "-F", "file=@FILE"]


def test_every_path_that_queues_has_a_command() -> None:
    paths = [path for path, routes in _ROUTES.items() for route in routes.values() if route.kind is Kind.INFERENCE]
    assert len(paths) >= 9
    for path in paths:
        given = words(msgspec.structs.replace(CHAT, path=path, stream=False))
        assert f"{URL}{path}" in given
        assert "-d" in given or "-F" in given
