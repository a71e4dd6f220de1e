import asyncio
import json
import threading
from pathlib import Path

import httpx
import pytest
from anyio._backends._asyncio import SocketStream

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.show import facts_from_show
from ollama_panel.engine.instances import probe

ANSWERS = json.loads((Path(__file__).parents[2] / "data" / "ollama" / "api-0.32.json").read_text())
URL = "http://127.0.0.1:1"


class Server:
    """Answers as a real server did; `asked` are the models it was asked to show."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/api/version":
            return httpx.Response(200, json={"version": "0.32.15"})
        if path == "/api/show":
            name = json.loads(request.content)["model"].removesuffix(":latest")
            self.asked.append(name)
            found = ANSWERS.get(f"show_{name}")
            return httpx.Response(200, json=found) if found else httpx.Response(404, json={"error": "no"})
        return httpx.Response(200, json=ANSWERS["ps_two" if path == "/api/ps" else "tags"])


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def client(server) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(server))


async def test_version_and_loaded_models(client):
    assert await probe.version(client, URL) == "0.32.15"
    assert [entry.name for entry in await probe.loaded(client, URL)] == ["minilm:latest", "tiny:latest"]


async def test_the_catalog_has_what_tags_and_show_say_and_survives_a_failing_show(client):
    catalog = {facts.name: facts for facts in await probe.catalog(client, URL)}
    assert catalog[ModelName("tiny:latest")].layers == 4
    small = catalog[ModelName("small:latest")]
    assert (small.size, small.layers) == (387138589, None)


async def test_known_models_are_not_asked_for_again(client, server):
    known = {facts.digest: facts for facts in await probe.catalog(client, URL) if facts.layers}
    server.asked.clear()
    await probe.catalog(client, URL, known)
    assert server.asked == ["small"]


class ByLayer:
    """Has models of one digest each, whose KV heads are null without `verbose`; `asked` is (model, verbose)."""

    def __init__(self, **digests: str) -> None:
        self.digests = digests
        self.asked: list[tuple[str, bool]] = []
        self.verbose_fails = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/tags":
            models = [{"name": f"{name}:1", "digest": digest, "size": 9} for name, digest in self.digests.items()]
            return httpx.Response(200, json={"models": models})
        body = json.loads(request.content)
        verbose = body.get("verbose", False)
        self.asked.append((body["model"], verbose))
        if verbose and self.verbose_fails:
            return httpx.Response(500)
        heads = {"x.attention.head_count": 8, "x.attention.head_count_kv": [0, 2] if verbose else None}
        vocabulary = {"tokenizer.ggml.tokens": ["a", "b", "c"] if verbose else None}
        return httpx.Response(200, json={"model_info": {"general.architecture": "x"} | heads | vocabulary})


async def by_layer(server: ByLayer, known: dict[str, ModelFacts] | None = None) -> dict[str, ModelFacts]:
    """Read the catalog of such a server; return it by digest."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(server)) as client:
        return {facts.digest: facts for facts in await probe.catalog(client, URL, known)}


async def test_numbers_by_layer_are_asked_for_where_they_are_missing_and_once():
    server = ByLayer(hybrid="d1")
    found = await by_layer(server)
    assert (found["d1"].kv_heads, found["d1"].vocabulary) == ((0, 2), 3)
    assert server.asked == [("hybrid:1", False), ("hybrid:1", True)]
    assert await by_layer(server, found) == found
    assert len(server.asked) == 2


async def test_two_names_of_one_file_are_asked_for_once_and_keep_their_names():
    server = ByLayer(one="d", two="d")
    async with httpx.AsyncClient(transport=httpx.MockTransport(server)) as client:
        one, two = await probe.catalog(client, URL)
    assert (one.name, two.name, two.kv_heads) == ("one:1", "two:1", (0, 2))
    assert server.asked == [("one:1", False), ("one:1", True)]


async def test_numbers_that_could_not_be_had_are_unknown_and_asked_for_again():
    server = ByLayer(hybrid="d1")
    server.verbose_fails = True
    found = await by_layer(server)
    assert (found["d1"].architecture, found["d1"].kv_heads, found["d1"].complete) == ("x", (), False)
    server.verbose_fails = False
    assert (await by_layer(server, found))["d1"].kv_heads == (0, 2)


async def test_a_verbose_answer_is_decoded_in_a_thread(monkeypatch: pytest.MonkeyPatch):
    """It has a vocabulary of megabytes, which the loop must not wait for."""
    threads: list[tuple[bool, bool]] = []

    def decode(facts: ModelFacts, body: bytes, *, verbose: bool = False) -> ModelFacts:
        threads.append((verbose, threading.current_thread() is threading.main_thread()))
        return facts_from_show(facts, body, verbose=verbose)

    monkeypatch.setattr(probe, "facts_from_show", decode)
    await by_layer(ByLayer(hybrid="d1"))
    assert threads == [(False, True), (True, False)]


async def test_a_known_file_under_a_new_name_keeps_its_own_name(client):
    known = {facts.digest: facts for facts in await probe.catalog(client, URL)}
    other = {digest: ModelFacts(ModelName("other:latest"), digest) for digest in known}
    assert {facts.name for facts in await probe.catalog(client, URL, other)} == {facts.name for facts in known.values()}


async def test_details_are_asked_for_until_they_are_had(client, server):
    known: dict[str, ModelFacts] = {}
    entries = await probe.loaded(client, URL)
    await probe.add_details(client, URL, entries, known)
    await probe.add_details(client, URL, entries, known)
    assert sorted(server.asked) == ["minilm", "tiny"]
    assert {facts.name for facts in known.values()} == {"minilm:latest", "tiny:latest"}


async def test_an_error_is_an_error_and_not_an_answer():
    broken = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(502, json={"version": "1"})))
    with pytest.raises(httpx.HTTPError):
        await probe.version(broken, URL)


def test_a_process_that_has_gone_has_no_family():
    assert probe.read_processes(2**22) == probe.ProcessTree()


async def test_a_connection_that_is_lost_as_soon_as_it_is_made_is_an_error_of_http(monkeypatch: pytest.MonkeyPatch):
    """So the loop uvloop leaves it: anyio finds no socket, and an AttributeError ended the whole engine."""
    monkeypatch.setattr(SocketStream, "_raw_socket", property(lambda stream: stream._transport.close()))
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, probe.new_client() as client:
        with pytest.raises(httpx.NetworkError):
            await probe.version(client, url)
