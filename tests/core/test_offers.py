"""What settings become when an offer is accepted."""

import pytest

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import ChangePools, FollowUpdates, Offer, RaiseContext, UseStore
from ollama_panel.core.offers import accepted
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import PoolSettings, Settings

BEFORE = Settings(pools=(PoolSettings(PoolName("chat"), context_length=4096),))


@pytest.mark.parametrize(
    ("offer", "context", "parallel", "store"),
    [
        (RaiseContext(("chat",), 8192), 8192, BEFORE.pools[0].parallel, None),
        (ChangePools(("chat",), parallel=7), 4096, 7, None),
        (UseStore("/srv/models"), 4096, BEFORE.pools[0].parallel, "/srv/models"),
    ],
)
def test_each_offer_changes_what_it_says(offer: Offer, context: int, parallel: int, store: str | None) -> None:
    after = accepted(BEFORE, offer)
    (pool,) = after.pools
    assert (pool.context_length, pool.parallel) == (context, parallel)
    assert after.ollama.models_dir == (store or BEFORE.ollama.models_dir)


def test_updates_are_followed_once_that_is_accepted() -> None:
    before = codec.set(BEFORE, "ollama.follow_updates", "off")
    assert accepted(before, FollowUpdates()).ollama.follow_updates
