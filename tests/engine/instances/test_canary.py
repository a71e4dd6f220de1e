"""What a runner that may hang is asked, and what its answers mean."""

import httpx
import msgspec
import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.records import LoadOptions
from ollama_panel.core.watchdog import Event
from ollama_panel.engine.instances import canary
from ollama_panel.engine.instances.canary import Slots
from ollama_panel.engine.instances.probe import RunnerProcess

TINY, URL, NO_OPTIONS = ModelName("tiny:latest"), "http://server", LoadOptions()
LOADED = {"models": [{"name": "tiny:latest", "model": "tiny:latest", "size": 1, "size_vram": 1, "digest": "d"}]}


class Server:
    """Answers as told, and keeps what it was asked."""

    def __init__(self, answers: dict[str, httpx.Response | httpx.HTTPError]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, bytes]] = []
        self.held = 0
        self.client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.url.path, request.content))
        answer = self.answers[request.url.path]
        if isinstance(answer, httpx.HTTPError):
            raise answer
        return answer

    def hold(self) -> None:
        self.held += 1

    async def tiny_answer(self, options: LoadOptions = NO_OPTIONS, *, embeds: bool = False) -> Event:
        async with self.client as client:
            return await canary.tiny_answer(client, URL, TINY, options, embeds=embeds, holding=self.hold)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (
            httpx.Response(200, json=[{"id": 0, "is_processing": False}, {"id": 1, "is_processing": True}]),
            Slots.AT_WORK,
        ),
        (httpx.Response(200, json=[{"id": 0, "is_processing": False}]), Slots.AT_REST),
        (httpx.Response(501, json={"error": "no slots"}), Slots.UNTOLD),
        (httpx.Response(200, text="<html>"), Slots.UNTOLD),
        (httpx.ConnectError("refused"), Slots.UNTOLD),
    ],
)
async def test_what_its_slots_do(answer: httpx.Response | httpx.HTTPError, found: Slots) -> None:
    async with Server({"/slots": answer}).client as client:
        assert await canary.slots(client, RunnerProcess(None, "blob", 1)) is found  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [200, 400, 500])
async def test_any_answer_is_a_sign_of_life(status: int) -> None:
    server = Server({"/api/ps": httpx.Response(200, json=LOADED), "/api/generate": httpx.Response(status)})
    assert await server.tiny_answer(LoadOptions(num_ctx=2048)) is Event.ANSWERED
    assert server.held == 1
    path, body = server.asked[-1]
    asked = msgspec.json.decode(body)
    assert (path, asked["options"]) == ("/api/generate", {"num_ctx": 2048, "num_predict": 1})
    assert "keep_alive" not in asked


async def test_an_embedding_model_is_asked_for_an_embedding() -> None:
    server = Server({"/api/ps": httpx.Response(200, json=LOADED), "/api/embed": httpx.Response(200)})
    assert await server.tiny_answer(embeds=True) is Event.ANSWERED
    assert server.asked[-1][0] == "/api/embed"


async def test_a_model_that_is_not_loaded_is_not_asked() -> None:
    server = Server({"/api/ps": httpx.Response(200, json={"models": []})})
    assert await server.tiny_answer() is Event.WITHDRAWN
    assert (server.held, len(server.asked)) == (0, 1)


@pytest.mark.parametrize("path", ["/api/ps", "/api/generate"])
async def test_a_server_that_is_gone_says_nothing_of_its_runner(path: str) -> None:
    answers: dict[str, httpx.Response | httpx.HTTPError] = {"/api/ps": httpx.Response(200, json=LOADED)}
    assert await Server(answers | {path: httpx.ConnectError("gone")}).tiny_answer() is Event.WITHDRAWN
