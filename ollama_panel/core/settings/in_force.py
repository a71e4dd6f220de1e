"""What a mistake in the settings file costs while the panel runs: nothing, the value that is in force stays."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices import notice
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import Problem, Settings

_BY_DEFAULTS = ("setting.replaced", "setting.default_used", "setting.pair_used")
"""What `codec` says where it has put a default in the place of what is no value."""


def keeping(loaded: Settings, problems: Sequence[Problem], in_force: Settings) -> tuple[Settings, tuple[Problem, ...]]:
    """Return settings that `codec.load` has read, with what is in force in the place of what was none.

    The problems say so. A default stays where nothing is in force, as in a new pool, and all do if the settings would
    not fit together.
    """
    settings, told = loaded, list[Problem]()
    for problem in problems:
        what = problem.notice
        if what.code in _BY_DEFAULTS:
            with suppress(KeyError):
                settings = _taken(settings, in_force, problem.where.split("."))
                what = notice("setting.kept", wrong=what.values["wrong"])
        told.append(Problem(problem.where, what))
    return (loaded, tuple(problems)) if codec.check(settings) else (settings, tuple(told))


def _taken(to: Any, source: Any, path: Sequence[str]) -> Any:
    """Return a part of the settings with the value at a path of another one. Raises KeyError if that has none."""
    if not path:
        return source
    name, *rest = path
    if isinstance(to, tuple):
        in_force = {pool.name: pool for pool in source}[PoolName(name)]
        return tuple(_taken(pool, in_force, rest) if pool.name == name else pool for pool in to)
    return msgspec.structs.replace(to, **{name: _taken(getattr(to, name), getattr(source, name), rest)})
