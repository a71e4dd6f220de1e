"""A request with many inputs, in parts through the panel and whole at one Ollama: the same answer."""

import base64
import os
import struct
from typing import Any

import httpx
import pytest

from tests.fakes.panel_process import PanelProcess
from tests.real.conftest import EMBEDDING

pytestmark = pytest.mark.timeout(600)
TEXTS = [" ".join(f"word{(number * 7 + at) % 50}" for at in range(1 + number % 40)) for number in range(64)]


def settings(store: dict[str, str]) -> dict[str, object]:
    return {
        "version": 1,
        "ollama": {"adopt": False, "models_dir": store["OLLAMA_MODELS"]},
        "pools": [{"name": "embedding", "role": "embedding", "workers": 2, "parallel": 1, "context_length": 512}],
    }


@pytest.fixture
async def panel(tmp_path, ollama, store):
    arguments = ("--ollama", str(ollama))
    async with PanelProcess(tmp_path / "state", settings(store), arguments, {"HOME": store["HOME"]}) as panel:
        await panel.ready()
        yield panel


async def ask(panel: PanelProcess, path: str, url: str = "", **more: object) -> httpx.Response:
    return await panel.client.post(url + path, json={"model": EMBEDDING, "input": TEXTS, **more}, timeout=300)


async def direct(panel: PanelProcess, path: str, **more: object) -> httpx.Response:
    return await ask(panel, path, (await panel.instances("embedding"))[0]["url"], **more)


def assert_alike(found: list[list[float]], wanted: list[list[float]]) -> None:
    assert len(found) == len(wanted) == len(TEXTS)
    for one, other in zip(found, wanted, strict=True):
        assert one == pytest.approx(other, abs=1e-5)


def vectors(answer: dict[str, Any]) -> list[list[float]]:
    """Return the embeddings of an answer; in base64 they are little-endian floats (Ollama `openai/openai.go`)."""
    if "embeddings" in answer:
        return list(answer["embeddings"])
    raw = [base64.b64decode(one["embedding"]) for one in answer["data"]]
    return [list(struct.unpack(f"<{len(one) // 4}f", one)) for one in raw]


@pytest.mark.parametrize("path", ["/api/embed", "/v1/embeddings"])
async def test_the_answer_is_that_of_one_server(panel, path, record_testsuite_property):
    record_testsuite_property("cores", os.cpu_count())
    alone = await direct(panel, path)
    parted = await ask(panel, path)
    assert (alone.status_code, parted.status_code) == (200, 200), parted.text
    assert "X-Panel-Parts" in parted.headers
    one, other = parted.json(), alone.json()
    assert one.keys() == other.keys()
    assert one["model"] == other["model"]
    if path == "/api/embed":
        assert_alike(one["embeddings"], other["embeddings"])
        assert one["prompt_eval_count"] == other["prompt_eval_count"]
    else:
        assert_alike([item["embedding"] for item in one["data"]], [item["embedding"] for item in other["data"]])
        assert [item["index"] for item in one["data"]] == list(range(len(TEXTS)))
        assert one["usage"] == other["usage"]
    assert parted.headers["content-type"] == alone.headers["content-type"]


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/api/embed", {"input": [*TEXTS[:40], "word " * 2000], "truncate": False}),
        ("/api/embed", {"input": [*TEXTS[:40], 7]}),
        ("/api/embed", {"model": "missing"}),
        ("/api/embed", {"input": []}),
        ("/v1/embeddings", {"input": []}),
        ("/v1/embeddings", {"encoding_format": "octal"}),
        ("/v1/embeddings", {"input": [[1, 2, 3], [4, 5]]}),
    ],
)
async def test_errors_are_those_of_one_server(panel, path, more):
    alone, parted = await direct(panel, path, **more), await ask(panel, path, **more)
    assert (parted.status_code, parted.json()) == (alone.status_code, alone.json())


async def test_short_dimensions_and_base64_are_those_of_one_server(panel):
    for path, more in (("/api/embed", {"dimensions": 8}), ("/v1/embeddings", {"encoding_format": "base64"})):
        alone, parted = (await direct(panel, path, **more)).json(), (await ask(panel, path, **more)).json()
        assert_alike(vectors(parted), vectors(alone))
