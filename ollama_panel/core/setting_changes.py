"""What has been changed in the settings, in words: for the result of an Apply, after it."""

from ollama_panel.core import redact
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.catalog import Setting, locate
from ollama_panel.core.settings.differences import changed_keys
from ollama_panel.core.settings.tree import Settings

UNSET = "—"
"""Stands for a value that there is not."""
_NAMES = ("proxy.port", "ollama.first_port")
"""Numbers that are names, without separators."""
_LONGEST = 24
"""Characters of a value that is told; of a longer one only the setting."""


def told(old: Settings, new: Settings) -> tuple[Notice, ...]:
    """Return what was changed from `old` to `new`, one notice for each setting, pool, variable or client."""
    before, after = ({pool.name for pool in one.pools} for one in (old, new))
    pools = [
        *(notice("changed.pool_added", pool=pool.name) for pool in new.pools if pool.name not in before),
        *(notice("changed.pool_removed", pool=pool.name) for pool in old.pools if pool.name not in after),
    ]
    whole = {f"pools.{name}" for name in before ^ after}
    keys = [key for key in changed_keys(old, new) if ".".join(key.split(".")[:2]) not in whole]
    return (*pools, *(_changed(old, new, key) for key in keys))


def _changed(old: Settings, new: Settings, key: str) -> Notice:
    """Return what was changed of one key, with its pool or the name of its entry."""
    setting, name = locate(key)
    before, after = (_value(one, key) for one in (old, new))
    values = {"before": number_of(before), "after": number_of(after)}
    if setting.key.startswith("pools."):
        pool = key.split(".")[1]
        return notice("changed.of_pool", pool=pool, change=_of_pool(setting, name, before, after))
    if name:
        return notice("changed.named", name=name, setting=setting.title, **values)
    return _one(setting, before, after)


def _of_pool(setting: Setting, name: str, before: str, after: str) -> Notice:
    if not name:
        return _one(setting, before, after)
    shown = [redact.variable(name, one) if one else UNSET for one in (before, after)]
    return notice("change.variable", name=name, before=shown[0], after=shown[1])


def _one(setting: Setting, before: str, after: str) -> Notice:
    if setting.switch:
        return notice("changed.on" if after == "true" else "changed.off", setting=setting.title)
    if setting.key == "proxy.api_keys" or max(len(before), len(after)) > _LONGEST:
        return notice("changed.other", setting=setting.title)
    if setting.key in _NAMES:
        return notice("change.setting", setting=setting.title, before=before, after=after)
    return notice("change.setting", setting=setting.title, before=number_of(before), after=number_of(after))


def _value(settings: Settings, key: str) -> str:
    """Return a value as text, "" if there is none, as of a variable."""
    try:
        return codec.get(settings, key)
    except PanelError:
        return ""


def number_of(value: str | None) -> int | str:
    """Return a number to be written in the user's language, another value unchanged."""
    return int(value) if value and value.isdecimal() and value.isascii() else value or UNSET
