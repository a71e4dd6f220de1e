"""Migrates raw settings of older versions to the current one, one version at a time, before they are checked."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import VERSION, Problem, Settings

Tree: TypeAlias = dict[str, object]


def _has_default_off(tree: Tree) -> bool:
    """Return whether a file of version 1 has `heartbeat_plain` off only because that was the default.

    The panel writes every default, and a version; a file without one was written by hand, and its "off" is a choice.
    So is the "off" of `heartbeat`, with which nobody gets any.
    """
    proxy = tree.get("proxy")
    if "version" not in tree or not isinstance(proxy, dict):
        return False
    return proxy.get("heartbeat_plain") is False and proxy.get("heartbeat") is not False


def _without_default_off(tree: Tree) -> Tree:
    proxy = tree.get("proxy")
    if isinstance(proxy, dict) and _has_default_off(tree):
        return {**tree, "proxy": {key: value for key, value in proxy.items() if key != "heartbeat_plain"}}
    return tree


def _note_default_off(tree: Tree) -> tuple[Problem, ...]:
    return (Problem("proxy.heartbeat_plain", notice("setting.heartbeat_on")),) if _has_default_off(tree) else ()


def _with_slo_of_pools(tree: Tree) -> Tree:
    """Return a tree whose pools, but for those of embeddings, have the speed that one setting asked of all of them.

    That was the longest time per token, in milliseconds; 0 = none.
    """
    scheduling = tree.get("scheduling")
    if not isinstance(scheduling, dict) or "token_time_ms" not in scheduling:
        return tree
    longest = scheduling["token_time_ms"]
    tree = {**tree, "scheduling": {key: value for key, value in scheduling.items() if key != "token_time_ms"}}
    speed = _speed(longest)
    if speed is None:
        return tree
    pools = tree.get("pools", msgspec.to_builtins(Settings().pools))
    if isinstance(pools, list | tuple):
        tree["pools"] = [_with_speed(pool, speed) for pool in pools]
    return tree


def _speed(longest: object) -> float | None:
    """Return the tokens per second of a longest time per token in milliseconds, None if there was none."""
    if not isinstance(longest, int | float) or isinstance(longest, bool) or not longest > 0:
        return None
    return round(1000 / longest, 3)


def _note_slo_of_pools(tree: Tree) -> tuple[Problem, ...]:
    scheduling = tree.get("scheduling")
    speed = _speed(scheduling.get("token_time_ms")) if isinstance(scheduling, dict) else None
    if speed is None:
        return ()
    told = notice("setting.token_time_is_slo", key="slo_token_rate", rate=speed)
    return (Problem("scheduling.token_time_ms", told),)


def _with_speed(pool: object, tokens_per_s: float) -> object:
    if not isinstance(pool, dict) or pool.get("role") == Role.EMBEDDING.value:
        return pool
    return {**pool, "slo_token_rate": tokens_per_s}


STEPS: Mapping[int, Callable[[Tree], Tree]] = {1: _without_default_off, 2: _with_slo_of_pools}
"""Each step migrates from the version that is its key to the next one. Version 1 is the first."""
NOTES: Mapping[int, Callable[[Tree], tuple[Problem, ...]]] = {1: _note_default_off, 2: _note_slo_of_pools}
"""What people should know of a step, from the tree before it."""


def migrate(
    tree: Tree, steps: Mapping[int, Callable[[Tree], Tree]] = STEPS, target: int = VERSION
) -> tuple[Tree, tuple[Problem, ...]]:
    """Return `tree` as version `target`, and the problems found; a tree without a version is version 1."""
    written = tree.get("version", 1)
    if not isinstance(written, int) or isinstance(written, bool) or written < 1:
        wrong = notice("setting.not_that", expected=notice("expected.whole_from", low=1), given=str(written))
        problem = Problem("version", notice("setting.version_assumed", wrong=wrong, version=target))
        return {**tree, "version": target}, (problem,)
    if written > target:
        newer = notice("setting.newer", written=written, version=target)
        return {**tree, "version": target}, (Problem("version", newer),)
    problems: list[Problem] = []
    for version in range(written, target):
        problems += NOTES[version](tree) if version in NOTES else ()
        tree = steps[version](tree)
    return {**tree, "version": target}, tuple(problems)
