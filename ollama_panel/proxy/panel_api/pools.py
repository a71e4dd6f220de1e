"""`/panel/v1/pools`: the pools, with their settings and their load."""

from ollama_panel.core.panel_api import Effects, Pool, PoolChanged, Pools, pools_of
from ollama_panel.core.settings import codec, edits
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.settings.tree import Settings
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.panel_api.settings import ChangeQuery, changed, require_real
from ollama_panel.proxy.response import Response


async def show_all(call: Call) -> Response:
    """Answer with all pools."""
    return await call.answer(Pools(pools_of(await call.panel.snapshot())))


async def show(call: Call) -> Response:
    """Answer with one pool."""
    name, snapshot = call.names[0], await call.panel.snapshot()
    settings = edits.find_pool(snapshot.settings, name)
    pool = next(one for one in pools_of(snapshot) if one.name == name)
    return await call.answer(pool, tag=settings)


async def create(call: Call) -> Response:
    """Make a pool."""
    pool = codec.pool(await call.object())

    def edit(settings: Settings) -> Settings:
        return require_real(settings, edits.with_pool(settings, pool))

    return await _apply(call, edit, pool.name, 201)


async def change(call: Call) -> Response:
    """Change settings of a pool; their keys are those of the settings without the pool's."""
    name, values = call.names[0], await call.object()

    def edit(settings: Settings) -> Settings:
        call.require_unchanged(edits.find_pool(settings, name))
        return changed(settings, {f"pools.{name}.{key}": value for key, value in _name_last(values).items()})

    renamed = values.get("name")
    return await _apply(call, edit, renamed if isinstance(renamed, str) else name)


async def remove(call: Call) -> Response:
    """Remove a pool."""
    name, query = call.names[0], call.query(ChangeQuery)

    def edit(settings: Settings) -> Settings:
        call.require_unchanged(edits.find_pool(settings, name))
        return edits.without_pool(settings, name)

    applied = await call.panel.change(edit, wait=query.wait, dry_run=query.dry_run)
    return await call.answer(Effects(applied.effects, applied.problems))


async def _apply(call: Call, edit: Edit, name: str, status: int = 200) -> Response:
    query = call.query(ChangeQuery)
    applied = await call.panel.change(edit, wait=query.wait, dry_run=query.dry_run)
    settings = edits.find_pool(applied.settings, name)
    pool = Pool.of(settings, await call.panel.snapshot())
    return await call.answer(PoolChanged(pool, applied.effects, applied.problems), status, tag=settings)


def _name_last(values: dict[str, object]) -> dict[str, object]:
    """Return values with the name last: those after it would not find the pool."""
    return {
        **{key: value for key, value in values.items() if key != "name"},
        **{k: v for k, v in values.items() if k == "name"},
    }
