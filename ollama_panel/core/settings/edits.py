"""Edits of the lists in the settings, whose entries are known by their names: the pools and the API keys. Pure."""

from collections.abc import Callable
from typing import TypeAlias

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import ChangePools, notice
from ollama_panel.core.settings import forms
from ollama_panel.core.settings.tree import ApiKey, PoolSettings, Settings

Edit: TypeAlias = Callable[[Settings], Settings]
"""A change of settings. It raises PanelError if it is impossible."""


def find_pool(settings: Settings, name: str) -> PoolSettings:
    """Return a pool. Raises PanelError if there is none of that name."""
    found = next((pool for pool in settings.pools if pool.name == name), None)
    if found is None:
        known = tuple(pool.name for pool in settings.pools)
        raise PanelError(notice("pool.unknown", pool=forms.quoted(name), known=known))
    return found


def with_pool(settings: Settings, pool: PoolSettings) -> Settings:
    """Return settings with one more pool. Raises PanelError if there is one of its name."""
    if any(one.name == pool.name for one in settings.pools):
        raise PanelError(notice("pool.exists", pool=pool.name))
    return msgspec.structs.replace(settings, pools=(*settings.pools, pool))


def without_pool(settings: Settings, name: str) -> Settings:
    """Return settings without a pool. Raises PanelError if there is none of that name."""
    gone = find_pool(settings, name)
    return msgspec.structs.replace(settings, pools=tuple(pool for pool in settings.pools if pool is not gone))


def with_changed_pool(settings: Settings, pool: PoolSettings) -> Settings:
    """Return settings with another pool in the place of that of its name. Raises PanelError if there is none."""
    former = find_pool(settings, pool.name)
    return msgspec.structs.replace(settings, pools=tuple(pool if one is former else one for one in settings.pools))


def changed_pools(settings: Settings, offer: ChangePools) -> Settings:
    """Return the settings after an offer was accepted.

    A variable of the pool's own environment would win over the setting, so it goes.
    """
    pools = (_changed(pool, offer) if pool.name in offer.pools else pool for pool in settings.pools)
    return msgspec.structs.replace(settings, pools=tuple(pools))


def _changed(pool: PoolSettings, offer: ChangePools) -> PoolSettings:
    environment = {**pool.environment, **dict(offer.environment)}
    fields = {"context_length": "OLLAMA_CONTEXT_LENGTH", "parallel": "OLLAMA_NUM_PARALLEL", "workers": ""}
    values = {name: value for name in fields if (value := getattr(offer, name)) is not None}
    for name in values:
        environment.pop(fields[name], None)
    return msgspec.structs.replace(pool, environment=environment, **values)


def with_key(settings: Settings, key: ApiKey) -> Settings:
    """Return settings with one more API key. Raises PanelError if there is one of its name."""
    if key.name in _key_names(settings):
        raise PanelError(notice("keys.exists", name=key.name))
    return _with_keys(settings, (*settings.proxy.api_keys, key))


def without_key(settings: Settings, name: str) -> Settings:
    """Return settings without an API key. Raises PanelError if there is none of that name."""
    known, shown = _key_names(settings), forms.quoted(name)
    if not known:
        raise PanelError(notice("keys.none", name=shown))
    if name not in known:
        raise PanelError(notice("keys.unknown", name=shown, known=known))
    return _with_keys(settings, tuple(key for key in settings.proxy.api_keys if key.name != name))


def _key_names(settings: Settings) -> tuple[str, ...]:
    return tuple(key.name for key in settings.proxy.api_keys)


def _with_keys(settings: Settings, keys: tuple[ApiKey, ...]) -> Settings:
    return msgspec.structs.replace(settings, proxy=msgspec.structs.replace(settings.proxy, api_keys=keys))
