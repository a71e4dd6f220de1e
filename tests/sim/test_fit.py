import asyncio
import json

import httpx
import pytest

from ollama_panel.sim.fit import Level, fit, measure, table
from ollama_panel.sim.machine.service_time import ServiceTimeModel


@pytest.mark.parametrize(
    "service_time",
    [
        ServiceTimeModel(weights_s=0.01, rate=0, batched_s=0.004, sequence_s=0.0005),
        ServiceTimeModel(weights_s=0.02, rate=0, sequence_s=0.001),
        ServiceTimeModel(weights_s=0.02, rate=0),
    ],
)
def test_a_fit_finds_the_law_that_made_the_points(service_time: ServiceTimeModel) -> None:
    found = fit({count: service_time.step(count, 0, 0) for count in (1, 2, 4, 8, 16)})

    assert [found.weights_s, found.batched_s, found.sequence_s] == pytest.approx(
        [service_time.weights_s, service_time.batched_s, service_time.sequence_s], abs=1e-9
    )


def test_no_term_is_negative_even_if_that_would_fit_better() -> None:
    found = fit({1: 0.01, 2: 0.0099, 4: 0.0098, 8: 0.0095})

    assert min(found.weights_s, found.batched_s, found.sequence_s) >= 0


@pytest.mark.parametrize("sequences", [1, 2, 6])
async def test_a_level_is_measured_with_as_many_requests_at_once_as_it_says(sequences: int) -> None:
    service_time = ServiceTimeModel(weights_s=0.02, rate=0, sequence_s=0.001)
    together = {count: asyncio.Barrier(count) for count in (1, sequences)}
    asked = 0

    async def answer(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        await together[1 if asked == 1 else sequences].wait()
        tokens = json.loads(request.content)["options"]["num_predict"]
        step = round(service_time.step(sequences, 0, 0) * 1e9)
        return httpx.Response(200, json={"eval_count": tokens, "eval_duration": step * (tokens - 1)})

    async with httpx.AsyncClient(base_url="http://ollama", transport=httpx.MockTransport(answer)) as http:
        (level,) = await measure(http, "small", [sequences], tokens=40, waves=2)

    assert asked == 1 + 3 * sequences
    assert level.step_s == pytest.approx(service_time.step(sequences, 0, 0))


def test_the_table_compares_measured_and_fitted() -> None:
    printed = table([Level(1, 0.010, 95.0), Level(2, 0.011, 170.0), Level(4, 0.012, 310.0), Level(8, 0.014, 540.0)])

    assert "mean error" in printed
    assert printed.splitlines()[4].split()[:2] == ["8", "571.4"]
