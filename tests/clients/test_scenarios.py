"""Official clients get the same results through the panel as from Ollama."""

import pytest

from tests.clients.scenarios import ABLE, IMITATED, PLAIN, REFUSED, Scenario
from tests.clients.target import Target

SCENARIOS = PLAIN + ABLE + IMITATED + REFUSED


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[scenario.name for scenario in SCENARIOS])
async def test_the_same_through_the_panel_as_direct(scenario: Scenario, direct: Target, through: Target) -> None:
    expected = await scenario.outcome(direct)
    assert scenario.fits(expected), expected
    assert await scenario.outcome(through) == expected
