"""The programs of tests/e2e/guides against a real Ollama, with the model's name as the guides print it."""

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.e2e.test_guides import GUIDES, OFTEN
from tests.fakes.ollama_process import serving
from tests.fakes.panel_process import PanelProcess
from tests.fakes.programs import answers_of
from tests.real.conftest import CHAT
from tests.real.test_contexts import runners

pytestmark = pytest.mark.timeout(600)

LIMIT_S = 240
NAME = "llama3.1:8b"
ONE_AT_A_TIME = {"OLLAMA_NUM_PARALLEL": "1", "OLLAMA_CONTEXT_LENGTH": "1024"}
"""A model that works on several prompts at once may round differently, and random weights then choose other words."""


def settings(store: dict[str, str], workers: int = 2) -> dict[str, object]:
    chat = {"name": "chat", "role": "chat", "workers": workers, "parallel": 1, "context_length": 1024}
    return {"version": 1, "ollama": {"adopt": False, "models_dir": store["OLLAMA_MODELS"]}, "pools": [chat]}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def direct(ollama: Path, store: dict[str, str]) -> Iterator[str]:
    with serving(ollama, store | ONE_AT_A_TIME) as address:
        environment = os.environ | store | {"OLLAMA_HOST": address}
        subprocess.run([ollama, "cp", CHAT, NAME], env=environment, check=True, capture_output=True)
        yield f"http://{address}"


@pytest.fixture(scope="module")
async def panel(
    ollama: Path, store: dict[str, str], direct: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[PanelProcess]:
    state = tmp_path_factory.mktemp("panel") / "state"
    async with PanelProcess(state, settings(store), ("--ollama", str(ollama)), {"HOME": store["HOME"]}) as panel:
        await panel.ready()
        yield panel


async def test_a_queue_service_of_two_threads_gets_each_job_its_own_answer(direct: str, panel: PanelProcess) -> None:
    answers = await answers_of(GUIDES / "queue_service.py", panel.url, limit_s=LIMIT_S)
    assert len({answer["response"] for answer in answers}) == 12
    assert answers == await answers_of(GUIDES / "queue_service.py", direct, limit_s=LIMIT_S)


async def test_a_cluster_of_two_nodes_that_are_both_the_panel_stays_healthy(direct: str, panel: PanelProcess) -> None:
    answers = await answers_of(GUIDES / "cluster_client.py", panel.url, panel.url, *OFTEN, limit_s=LIMIT_S)
    assert len({answer["response"] for answer in answers}) == 24
    assert answers == await answers_of(GUIDES / "cluster_client.py", direct, direct, limit_s=LIMIT_S)


async def test_a_pooled_and_an_unpooled_client_get_the_same_right_answers(direct: str, panel: PanelProcess) -> None:
    answers = await answers_of(GUIDES / "pooled_client.py", panel.url, limit_s=LIMIT_S)
    pooled, unpooled = answers[:32], answers[32:]
    assert len({answer["response"] for answer in pooled}) == 32
    assert pooled == [answer | {"client": "pooled"} for answer in unpooled]
    assert answers == await answers_of(GUIDES / "pooled_client.py", direct, limit_s=LIMIT_S)


async def test_five_at_once_for_a_cold_model_are_served_by_one_load(
    direct: str, tmp_path: Path, ollama: Path, store: dict[str, str]
) -> None:
    arguments = ("--ollama", str(ollama))
    state = tmp_path / "state"
    async with PanelProcess(state, settings(store, workers=1), arguments, {"HOME": store["HOME"]}) as panel:
        await panel.ready()
        async with runners(panel) as loads:
            answers = await answers_of(GUIDES / "cold_start.py", panel.url, limit_s=LIMIT_S)
    assert [answer["status"] for answer in answers] == [200] * 5
    assert answers == await answers_of(GUIDES / "cold_start.py", direct, limit_s=LIMIT_S)
    assert len(loads) == 1
