"""Loading models by empty requests."""

import asyncio
import json

import httpx
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.records import LoadOptions
from ollama_panel.engine.instances.model_loader import ModelLoader, load_request

CHAT, EMBED = ModelName("llama3.1:8b"), ModelName("nomic-embed-text:latest")
FACTS = {
    CHAT: ModelFacts(CHAT, capabilities=("completion",), size=2_000_000_000),
    EMBED: ModelFacts(EMBED, capabilities=("embedding",)),
}
URL = "http://127.0.0.1:1"


class Server:
    """An Ollama that answers when `go` is set; `asked` is every request, `most` how many were open at once."""

    def __init__(self, answer: httpx.Response | Exception | None = None) -> None:
        self.answer = answer or httpx.Response(200, json={"done": True, "done_reason": "load"})
        self.asked: list[tuple[str, object]] = []
        self.timeouts: list[float] = []
        self.go = asyncio.Event()
        self.go.set()
        self.open = self.most = 0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.url.path, json.loads(request.content)))
        self.timeouts.append(request.extensions["timeout"]["read"])
        self.open += 1
        self.most = max(self.most, self.open)
        await self.go.wait()
        await asyncio.sleep(0)
        self.open -= 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def loader(server: Server) -> ModelLoader:
    """Return one whose turn comes once the load before has ended."""
    lock = asyncio.Lock()
    return ModelLoader(httpx.AsyncClient(transport=httpx.MockTransport(server)), FACTS.get, lambda: lock)


async def test_a_model_is_loaded_by_an_empty_request_and_an_embedding_model_by_no_input() -> None:
    server = Server()
    await loader(server).load(URL, CHAT)
    await loader(server).load(URL, EMBED)
    assert server.asked == [
        ("/api/generate", {"model": CHAT, "stream": False}),
        ("/api/embed", {"model": EMBED, "input": []}),
    ]


async def test_the_slowest_disk_has_the_time_to_read_the_weights() -> None:
    server = Server()
    await loader(server).load(URL, CHAT)
    await loader(server).load(URL, ModelName("unknown:latest"))
    assert server.timeouts == [50.0, 30.0]


@pytest.mark.parametrize(("text", "sent"), [("30m", "30m"), ("0", "0"), ("-1", -1), ("90", 90), ("-1s", "-1s")])
def test_seconds_without_a_unit_go_out_as_a_number(text: str, sent: object) -> None:
    assert load_request(CHAT, FACTS[CHAT], text)[1]["keep_alive"] == sent


def test_only_the_options_that_are_given_go_out() -> None:
    _, body = load_request(CHAT, FACTS[CHAT], options=LoadOptions(num_batch=1024))
    assert body == {"model": CHAT, "stream": False, "options": {"num_batch": 1024}}


async def test_each_load_waits_for_its_turn_whichever_the_server() -> None:
    server = Server()
    server.go.clear()
    loading = loader(server)
    async with asyncio.TaskGroup() as group:
        for number in range(3):
            group.create_task(loading.load(f"http://127.0.0.1:{number + 1}", CHAT))
        await asyncio.sleep(0)
        server.go.set()
    assert len(server.asked) == 3
    assert server.most == 1


async def test_a_load_that_is_cancelled_makes_way_for_the_next() -> None:
    server = Server()
    server.go.clear()
    loading = loader(server)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(loading.load(URL, CHAT))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        server.go.set()
        await loading.load(URL, EMBED)
    assert server.asked[-1][0] == "/api/embed"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            httpx.Response(404, json={"error": "model 'llama3.1:8b' not found."}),
            "llama3.1:8b cannot be loaded: model 'llama3.1:8b' not found.",
        ),
        (httpx.Response(500, json={"error": {"code": 1}}), "llama3.1:8b cannot be loaded: {'code': 1}."),
        (httpx.Response(502, text="<html>"), "llama3.1:8b cannot be loaded: status 502."),
        (httpx.Response(500, json={}), "llama3.1:8b cannot be loaded: status 500."),
        (httpx.ConnectError("refused"), "llama3.1:8b cannot be loaded: refused."),
        (httpx.ReadError(""), "llama3.1:8b cannot be loaded: ReadError."),
        (
            httpx.ReadTimeout("late"),
            "llama3.1:8b was not loaded within 50 seconds. Look at the log of its worker.",
        ),
    ],
)
async def test_a_failed_load_says_what_ollama_said(answer: httpx.Response | Exception, told: str) -> None:
    with pytest.raises(PanelError) as failed:
        await loader(Server(answer)).load(URL, CHAT)
    assert str(failed.value) == told
