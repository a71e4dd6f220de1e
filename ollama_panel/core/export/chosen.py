"""What of the settings is exported: some of the pools, one of them perhaps as a profile has it."""

from collections.abc import Collection

import msgspec

from ollama_panel.core.ids import PoolName
from ollama_panel.core.settings import edits
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.tuning import profiles
from ollama_panel.core.tuning.profile import Profile, ProfileRecord


def chosen(
    settings: Settings, *, pools: Collection[PoolName] = (), profile: Profile | ProfileRecord | None = None
) -> Settings:
    """Return settings with some of their pools, none named = all, in the order that they have.

    A profile is put on the only chosen pool, else on the pool that it was made for. Raises PanelError if there is no
    such pool.
    """
    kept = tuple(edits.find_pool(settings, name) for name in pools) or settings.pools
    found = msgspec.structs.replace(settings, pools=tuple(pool for pool in settings.pools if pool in kept))
    if profile is None:
        return found
    only = found.pools[0].name if len(found.pools) == 1 else profile.settings.name
    return edits.with_changed_pool(found, profiles.applied(profile, edits.find_pool(found, only)))
