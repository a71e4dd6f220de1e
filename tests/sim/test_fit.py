import pytest

from ollama_panel.sim.catalog import KNOWN
from ollama_panel.sim.fit import Level, fit, measure, table
from ollama_panel.sim.law import PROFILES, Law
from tests.sim.serving import CHAT, client, server


@pytest.mark.parametrize(
    "law",
    [
        Law(weights_s=0.01, rate=0, batched_s=0.004, sequence_s=0.0005),
        Law(weights_s=0.02, rate=0, sequence_s=0.001),
        Law(weights_s=0.02, rate=0),
    ],
)
def test_a_fit_finds_the_law_that_made_the_points(law: Law) -> None:
    found = fit({count: law.step(count, 0, 0) for count in (1, 2, 4, 8, 16)})

    assert [found.weights_s, found.batched_s, found.sequence_s] == pytest.approx(
        [law.weights_s, law.batched_s, law.sequence_s], abs=1e-9
    )


def test_no_term_is_negative_even_if_that_would_fit_better() -> None:
    found = fit({1: 0.01, 2: 0.0099, 4: 0.0098, 8: 0.0095})

    assert min(found.weights_s, found.batched_s, found.sequence_s) >= 0


async def test_a_simulated_server_is_measured_as_the_law_it_runs_on() -> None:
    async with server(OLLAMA_NUM_PARALLEL="8", OLLAMA_CONTEXT_LENGTH="4096") as url, client(url) as http:
        levels = await measure(http, CHAT, [1, 2, 4, 8], tokens=40, waves=1)
    law = PROFILES["rtx-4090"].law_for(KNOWN[CHAT].load())

    for level in levels:
        assert level.step_s * 100 == pytest.approx(law.step(level.sequences, 0, 30 * level.sequences), rel=0.05)
    assert fit({level.sequences: level.step_s for level in levels}).throughput(4) > 0


def test_the_table_compares_measured_and_fitted() -> None:
    printed = table([Level(1, 0.010, 95.0), Level(2, 0.011, 170.0), Level(4, 0.012, 310.0), Level(8, 0.014, 540.0)])

    assert "mean error" in printed
    assert printed.splitlines()[4].split()[:2] == ["8", "571.4"]
