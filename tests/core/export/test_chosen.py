"""What of the settings is exported."""

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.chosen import chosen
from ollama_panel.core.ids import PoolName
from ollama_panel.core.tuning import profiles
from ollama_panel.core.tuning.profile import ProfileRecord
from tests.core.export.samples import pools
from tests.fakes.tunings import HERE

SETTINGS = pools()
CHAT, EMBED = SETTINGS.pools
FAST = ProfileRecord.of(profiles.of_pool("fast", msgspec.structs.replace(CHAT, parallel=8, workers=1), HERE))


def test_all_pools_are_exported_unless_some_are_named() -> None:
    assert chosen(SETTINGS) == SETTINGS
    assert chosen(SETTINGS, pools=[EMBED.name]).pools == (EMBED,)
    assert chosen(SETTINGS, pools=[EMBED.name, CHAT.name]) == SETTINGS


def test_a_profile_is_put_on_the_pool_that_it_was_made_for() -> None:
    assert chosen(SETTINGS, profile=FAST).pools == (FAST.settings, EMBED)


def test_a_profile_is_put_on_the_only_pool_that_is_exported() -> None:
    (pool,) = chosen(SETTINGS, pools=[EMBED.name], profile=FAST).pools
    assert (pool.name, pool.role, pool.parallel) == (EMBED.name, EMBED.role, 8)


def test_a_pool_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(PanelError, match="chat and embed"):
        chosen(SETTINGS, pools=[PoolName("code")])
    other = msgspec.structs.replace(FAST, settings=msgspec.structs.replace(CHAT, name=PoolName("code")))
    with pytest.raises(PanelError, match="code"):
        chosen(SETTINGS, profile=other)
