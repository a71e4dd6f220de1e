"""`/panel/v1/profiles`: named, complete settings of a pool, with where they are from."""

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.panel_api import Done, Pool, PoolChanged
from ollama_panel.core.profile_answers import NewProfile, ProfileAnswer, Profiles, ProfileShown
from ollama_panel.core.settings import edits
from ollama_panel.proxy.panel_api.call import Call
from ollama_panel.proxy.panel_api.settings import ChangeQuery
from ollama_panel.proxy.response import Response


class ProfileQuery(ChangeQuery, frozen=True, forbid_unknown_fields=True):
    """How to apply a profile: to which `pool`, None = the one that it was made for; the rest as for other changes."""

    pool: str | None = None


async def show_all(call: Call) -> Response:
    """Answer with all profiles."""
    kept, snapshot = await call.panel.profiles.all(), await call.panel.snapshot()
    return await call.answer(Profiles(tuple(ProfileShown.shown(one, snapshot) for one in kept)))


async def show(call: Call) -> Response:
    """Answer with one profile."""
    profile = await call.panel.profiles.find(call.names[0])
    return await call.answer(ProfileAnswer.of(profile, await call.panel.snapshot()))


async def save(call: Call) -> Response:
    """Save a profile, in the place of one of its name."""
    name, wanted, source = call.names[0], await call.body(NewProfile), call.panel.profiles
    match wanted:
        case NewProfile(tuning=str(tuning), pool=None, profile=None):
            profile = await source.save_tuning(name, tuning)
        case NewProfile(tuning=None, pool=str(pool), profile=None):
            profile = await source.save_pool(name, pool)
        case NewProfile(tuning=None, pool=None):
            profile = await source.keep(wanted.imported(name))
        case _:
            raise PanelError(notice("profiles.from_what"))
    return await call.answer(ProfileAnswer.of(profile, await call.panel.snapshot()))


async def remove(call: Call) -> Response:
    """Forget a profile."""
    await call.panel.profiles.forget(call.names[0])
    return await call.answer(Done("removed"))


async def apply(call: Call) -> Response:
    """Give a pool the settings of a profile."""
    name, query, source = call.names[0], call.query(ProfileQuery), call.panel.profiles
    pool = query.pool or (await source.find(name)).settings.name
    changed = await source.apply(name, pool, wait=query.wait, dry_run=query.dry_run)
    settings = edits.find_pool(changed.settings, pool)
    answer = PoolChanged(Pool.of(settings, await call.panel.snapshot()), changed.effects, changed.problems)
    return await call.answer(answer, tag=settings)
