"""What the panel exports and imports again are the same pools, for every target that carries all workers."""

import pytest

from ollama_panel.core.export import targets
from ollama_panel.core.export.deployment import Aspect, Target
from ollama_panel.core.ids import PoolName
from ollama_panel.core.importing.plan import planned
from ollama_panel.core.importing.record import Here
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings, Settings
from tests.core.export.samples import exported
from tests.core.sources.test_exports import SOURCES, readings

CHAT = PoolSettings(
    PoolName("chat"),
    workers=2,
    parallel=4,
    context_length=8192,
    environment={"OLLAMA_KEEP_ALIVE": "24h", "OLLAMA_FLASH_ATTENTION": "1"},
)
CODE = PoolSettings(PoolName("code"), Role.CODE, 1, 2, 16384, environment={"OLLAMA_KEEP_ALIVE": "1h"})
OTHER = Settings(pools=(PoolSettings(PoolName("other"), Role.BATCH, 0),))
WHOLE = [one for one in targets() if one.id in SOURCES and Aspect.WORKERS in one.carries]
NAMELESS = ("env", "shell", "fish", "windows")
"""Targets whose files have variables and commands, and no names of servers."""


@pytest.mark.parametrize("target", WHOLE, ids=lambda target: target.id)
def test_all_workers_come_back_as_pools(target: Target) -> None:
    made = planned(readings(exported(target.id, Settings(pools=(CHAT, CODE)))), OTHER, here=Here(cores=8, gpu=True))
    first, second = made.settings.pools[1:]
    assert first == CHAT
    values = (second.workers, second.parallel, second.context_length, second.environment)
    assert values == (CODE.workers, CODE.parallel, CODE.context_length, CODE.environment)
    if target.id not in NAMELESS:
        assert (second.name, second.role) == (CODE.name, CODE.role)
