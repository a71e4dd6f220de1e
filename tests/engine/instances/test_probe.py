import json
from pathlib import Path

import httpx
import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import ModelFacts
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
