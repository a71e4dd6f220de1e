"""Unites two changes of the same settings: by key, so that one program's change does not undo another's."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

S = TypeVar("S", bound=msgspec.Struct)


def merged(base: S, mine: S, theirs: S) -> S:
    """Return `theirs` with everything that `mine` changed from `base`, which both began with.

    Where both changed one key, `mine` wins. Pools, API keys, variables and weights are keys by their names; what `mine`
    removed is gone, what `theirs` removed is, too, unless `mine` changed it.
    """
    result: S = _merged(base, mine, theirs)
    return result


def taken_back(before: S, after: S, now: S) -> S:
    """Return `now` without the change from `before` to `after`. What has been changed since stays, also of its keys."""
    return merged(after, now, before)


def _merged(base: Any, mine: Any, theirs: Any) -> Any:
    if mine == base:
        return theirs
    if theirs == base:
        return mine
    if isinstance(mine, msgspec.Struct) and type(base) is type(mine) is type(theirs):
        parts = {name: tuple(getattr(one, name) for one in (base, mine, theirs)) for name in mine.__struct_fields__}
        return type(mine)(**{name: _merged(*three) for name, three in parts.items()})
    if isinstance(mine, dict):
        return _by_name(base, mine, theirs)
    if isinstance(mine, tuple) and all(hasattr(item, "name") for item in (*base, *mine, *theirs)):
        return tuple(_by_name(*({item.name: item for item in items} for items in (base, mine, theirs))).values())
    return mine


def _by_name(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    united = dict[str, Any]()
    for name in dict.fromkeys((*mine, *theirs)):
        if name in mine and name in theirs:
            united[name] = _merged(base.get(name), mine[name], theirs[name])
        elif name in mine and mine[name] != base.get(name):
            united[name] = mine[name]
        elif name in theirs and name not in base:
            united[name] = theirs[name]
    return united
