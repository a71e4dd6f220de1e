"""`ollama-panel pin|unpin MODEL`: which models a pool keeps in memory (`pools.*.preload`), with a panel or without."""

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import msgspec

from ollama_panel.cli import panel_client, parsers, settings_file
from ollama_panel.cli.panel_client import Panel, RefusedError
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import ENGLISH
from ollama_panel.core.ollama.models import ModelFacts, canonical, is_embedding
from ollama_panel.core.ollama.show import facts_from_show
from ollama_panel.core.panel_api import V1, PoolChanged, Pools
from ollama_panel.core.records import Role
from ollama_panel.core.settings import codec, edits
from ollama_panel.core.settings.tree import PoolSettings, Settings

_PATH = f"{V1}/pools"


def register(commands: Commands) -> None:
    """Add the commands."""
    purposes = (
        ("pin", "keep a model in memory: it is loaded when a worker of its pool starts, and never leaves for others"),
        ("unpin", "let a pinned model go: it leaves the memory as others do"),
    )
    for name, purpose in purposes:
        examples = f"ollama-panel {name} llama3.2:1b\nollama-panel {name} bge-m3 --pool embedding"
        parser = parsers.add(commands, name, purpose, unpin if name == "unpin" else pin, examples)
        parser.add_argument("name", metavar="MODEL", help="for example llama3.2:1b")
        parser.add_argument("--pool", metavar="POOL", help="the pool, if it is not clear which")


def pin(chosen: PanelArguments) -> int:
    """Pin a model in a pool, and print what that does."""
    model, pools = canonical(chosen.name), _pools(chosen.state_dir)
    pool = edits_pool(pools, chosen.pool) if chosen.pool else _pool_for(chosen.state_dir, pools, model)
    if model in map(canonical, pool.preload):
        print(f"{model} is pinned in the pool {pool.name} already.")
        return 0
    if panel_client.if_running(chosen.state_dir, lambda panel: _is_missing(panel, model)):
        raise PanelError(notice("models.not_here", model=model))
    _change(chosen.state_dir, pool, (*pool.preload, model))
    print(f"{model} is pinned in the pool {pool.name}.")
    return 0


def unpin(chosen: PanelArguments) -> int:
    """Let a pinned model go, in one pool or in all, and print what that does."""
    model, pools = canonical(chosen.name), _pools(chosen.state_dir)
    among = [edits_pool(pools, chosen.pool)] if chosen.pool else pools
    having = [pool for pool in among if model in map(canonical, pool.preload)]
    if not having:
        names = ENGLISH.list(tuple(pool.name for pool in among))
        raise PanelError(notice("models.not_pinned", model=model, pool=names))
    for pool in having:
        _change(chosen.state_dir, pool, tuple(one for one in pool.preload if canonical(one) != model))
        print(f"{model} is not pinned in the pool {pool.name} any more.")
    return 0


def edits_pool(pools: Sequence[PoolSettings], name: str) -> PoolSettings:
    """Return a pool. Raises PanelError if there is none of that name."""
    return edits.find_pool(Settings(pools=tuple(pools)), name)


def _pools(state_dir: Path | None) -> tuple[PoolSettings, ...]:
    found = panel_client.if_running(state_dir, lambda panel: panel.get(_PATH, Pools).pools)
    return settings_file.read(state_dir).pools if found is None else tuple(found)


def _pool_for(state_dir: Path | None, pools: Sequence[PoolSettings], model: ModelName) -> PoolSettings:
    """Return the pool that a model is meant for: that which names it, the only one, or the first for its kind.

    Raises PanelError if its kind is unknown, because no panel runs.
    """
    named = [pool for pool in pools if model in map(canonical, pool.models)]
    if len(named) == 1 or len(pools) == 1:
        return (named or pools)[0]
    embedding = panel_client.if_running(state_dir, lambda panel: _embeds(panel, model))
    fitting = [pool for pool in pools if embedding is not None and (pool.role is Role.EMBEDDING) is embedding]
    if not fitting:
        raise PanelError(notice("models.which_pool", model=model, pools=tuple(pool.name for pool in pools)))
    return fitting[0]


def _embeds(panel: Panel, model: ModelName) -> bool:
    try:
        shown = panel.ask("POST", "/api/show", {"model": model}, patient=True)
    except RefusedError as error:
        raise PanelError(notice("models.not_here", model=model)) from error
    return is_embedding(facts_from_show(ModelFacts(model), shown.content))


def _is_missing(panel: Panel, model: ModelName) -> bool:
    """Return whether the panel says that no worker has a model, not merely that it cannot ask one."""
    try:
        panel.ask("POST", "/api/show", {"model": model}, patient=True)
    except RefusedError as error:
        return error.status in (HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST)  # the latter for what is no name
    return False


def _change(state_dir: Path | None, pool: PoolSettings, pinned: tuple[str, ...]) -> None:
    """Change the pins of a pool, by the running panel or else in the file."""
    path = f"{_PATH}/{quote(pool.name, safe='')}"

    def by_panel(panel: Panel) -> PoolChanged:
        return panel.change("PATCH", path, PoolChanged, {"preload": pinned})

    def edit(settings: Settings) -> Settings:
        found = edits.find_pool(settings, pool.name)
        changed = edits.with_changed_pool(settings, msgspec.structs.replace(found, preload=pinned))
        codec.require_valid(changed)
        return changed

    if panel_client.if_running(state_dir, by_panel) is None:
        settings_file.edit(state_dir, edit)
