"""Every setting with its title, its meaning, its unit, its limits and its default, as the settings tree declares them.

The window, the command line, the plan of a change and the reference page take their words from here.
"""

import re
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import msgspec

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import Notice
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.expectation import bare, expectation
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.settings.values import as_text

NAME = "NAME"
"""Stands in keys for the name of a pool."""

_DEFAULTS = Settings(pools=(PoolSettings(PoolName(NAME)),))


class Setting(msgspec.Struct, frozen=True):
    """A setting, or a group of them. `key` is that of `codec`, with `NAME` for the name of a pool.

    The fields of a list's entries have keys such as `proxy.api_keys[].name`, which `codec` does not know. `unit` is ""
    for counts, names and switches. `default` is a text for `codec.set`, None for a group and for what must be given.
    `low` and `high` are the limits of a number.
    """

    key: str
    kind: Any
    title: str
    description: str
    unit: str = ""
    default: str | None = None
    low: int | None = None
    high: int | None = None

    @property
    def group(self) -> bool:
        """Whether it consists of settings that have keys of their own."""
        return _is_struct(bare(self.kind)) or _entry(self.kind) is PoolSettings

    @property
    def named(self) -> bool:
        """Whether it holds values by names, which have keys of their own."""
        return get_origin(bare(self.kind)) is dict

    @property
    def switch(self) -> bool:
        """Whether it is on or off."""
        return bare(self.kind) is bool

    @property
    def values(self) -> Notice:
        """The values that it accepts, to follow "must be"."""
        return expectation(self.kind)

    @property
    def values_by_name(self) -> Notice:
        """The values that it accepts for one name, to follow "must be", if it holds values by names."""
        return expectation(get_args(bare(self.kind))[1])


def find(key: str) -> Setting:
    """Return the setting of a key, for a key within `pools` that of any pool. Raises KeyError if there is none.

    A value by name, such as `scheduling.weights.ann`, is described by the setting that holds it.
    """
    return locate(key)[0]


def locate(key: str) -> tuple[Setting, str]:
    """Return the setting that `find` returns, and the name of the value in it, "" if the key is the setting's own."""
    key = re.sub(r"^pools\.[^.]+", f"pools.{NAME}", key)
    for one in SETTINGS.values():
        if one.named and key.startswith(f"{one.key}."):
            return one, key.removeprefix(f"{one.key}.")
    return SETTINGS[key], ""


def texts() -> tuple[str, ...]:
    """Return every text that the window translates: titles, descriptions and units."""
    every = (text for one in SETTINGS.values() for text in (one.title, one.description, one.unit))
    return tuple(dict.fromkeys(filter(None, every)))


def _walk(kind: Any, prefix: str) -> Iterator[Setting]:
    for field in msgspec.structs.fields(kind):
        one = _setting(f"{prefix}{field.name}", field)
        yield one
        entry = _entry(field.type)
        if entry is not None:
            yield from _walk(entry, f"{one.key}.{NAME}." if one.group else f"{one.key}[].")
        elif one.group:
            yield from _walk(bare(field.type), f"{one.key}.")


def _setting(key: str, field: msgspec.structs.FieldInfo) -> Setting:
    info = msgspec.inspect.type_info(field.type)
    assert isinstance(info, msgspec.inspect.Metadata), f"{key} has no title and no description"
    about = info.extra_json_schema or {}
    limits = info.type if isinstance(info.type, msgspec.inspect.IntType) else msgspec.inspect.IntType()
    one = Setting(key, field.type, about["title"], about["description"], about.get("unit", ""))
    return msgspec.structs.replace(
        one, default=None if one.group else _default(key, field), low=limits.ge, high=limits.le
    )


def _default(key: str, field: msgspec.structs.FieldInfo) -> str | None:
    if field.required:
        return None
    if field.default is None:
        return "null"
    return as_text(field.default) if "[]" in key else codec.get(_DEFAULTS, key)


def _entry(kind: Any) -> Any:
    """Return the kind of the entries of a list, if they consist of settings; else None."""
    plain = bare(kind)
    entry = get_args(plain)[0] if get_origin(plain) is tuple else None
    return entry if _is_struct(entry) else None


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


SETTINGS = {one.key: one for one in _walk(Settings, "")}
"""Every setting by its key, groups before their settings."""
