"""What the buttons of findings say."""

import pytest

from ollama_panel.core.doctor.remedy_labels import label_of
from ollama_panel.core.findings import Remedy
from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import ChangePools, FollowUpdates, Offer, RaiseContext, UseStore
from ollama_panel.core.notices.render import render

POOLS = (PoolName("chat"),)


@pytest.mark.parametrize(
    ("offer", "text"),
    [
        (RaiseContext(POOLS, 8192), "Context 8,192"),
        (UseStore("/srv/models"), "Use /srv/models"),
        (FollowUpdates(), "Follow updates from now on"),
        (ChangePools(POOLS, parallel=1, workers=2), "Parallel 1, workers 2"),
        (ChangePools(POOLS, parallel=4), "Parallel 4"),
        (ChangePools(POOLS, workers=2), "Workers 2"),
        (ChangePools(POOLS, context_length=4096), "Context 4,096"),
        (ChangePools(POOLS, environment=(("OLLAMA_VULKAN", "1"),)), "Set OLLAMA_VULKAN=1"),
    ],
)
def test_an_offer_says_what_it_changes(offer: Offer, text: str) -> None:
    assert render(label_of(offer)) == text


@pytest.mark.parametrize("remedy", list(Remedy))
def test_every_remedy_has_words(remedy: Remedy) -> None:
    assert render(label_of(remedy))
