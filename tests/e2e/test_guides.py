"""The programs that guides to Ollama print run against the panel as they are; only the address is another."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.clients.conftest import simulated
from tests.e2e.test_burst import CHAT, FAST, settings
from tests.fakes.panel_process import PanelProcess
from tests.fakes.programs import answers_of

GUIDES = Path(__file__).parent / "guides"
OFTEN = ("--check-interval", "0.01")


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def direct() -> AsyncIterator[str]:
    async with simulated() as url:
        yield url


@pytest.fixture(scope="module")
async def panel(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PanelProcess]:
    state = tmp_path_factory.mktemp("panel") / "state"
    async with PanelProcess(state, settings(), environment=FAST) as panel:
        await panel.ready()
        yield panel


async def test_a_queue_service_of_two_threads_gets_each_job_its_own_answer(direct: str, panel: PanelProcess) -> None:
    answers = await answers_of(GUIDES / "queue_service.py", panel.url)
    assert len({answer["response"] for answer in answers}) == 12
    assert answers == await answers_of(GUIDES / "queue_service.py", direct)


async def test_a_cluster_of_two_nodes_that_are_both_the_panel_stays_healthy(direct: str, panel: PanelProcess) -> None:
    answers = await answers_of(GUIDES / "cluster_client.py", panel.url, panel.url, *OFTEN)
    assert len({answer["response"] for answer in answers}) == 24
    assert answers == await answers_of(GUIDES / "cluster_client.py", direct, direct)


async def test_a_pooled_and_an_unpooled_client_get_the_same_right_answers(direct: str, panel: PanelProcess) -> None:
    answers = await answers_of(GUIDES / "pooled_client.py", panel.url)
    pooled, unpooled = answers[:32], answers[32:]
    assert {answer["client"] for answer in pooled} == {"pooled"}
    assert pooled == [answer | {"client": "pooled"} for answer in unpooled]
    assert answers == await answers_of(GUIDES / "pooled_client.py", direct)


async def test_five_at_once_for_a_cold_model_are_served_by_one_load(direct: str, tmp_path: Path) -> None:
    async with PanelProcess(tmp_path / "state", settings(workers=1), environment=FAST) as panel:
        answers = await answers_of(GUIDES / "cold_start.py", panel.url)
        (stats,) = await panel.stats("chat")
    assert [answer["status"] for answer in answers] == [200] * 5
    assert answers == await answers_of(GUIDES / "cold_start.py", direct)
    assert stats["models"][CHAT]["loads"] == 1
