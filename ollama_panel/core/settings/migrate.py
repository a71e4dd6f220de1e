"""Migrates raw settings of older versions to the current one, one version at a time, before they are checked."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from ollama_panel.core.settings.tree import VERSION, Problem

Tree: TypeAlias = dict[str, object]

STEPS: Mapping[int, Callable[[Tree], Tree]] = {}
"""Each step migrates from the version that is its key to the next one. Version 1 is the first."""


def migrate(
    tree: Tree, steps: Mapping[int, Callable[[Tree], Tree]] = STEPS, target: int = VERSION
) -> tuple[Tree, tuple[Problem, ...]]:
    """Return `tree` as version `target`, and the problems found; a tree without a version is version 1."""
    written = tree.get("version", 1)
    if not isinstance(written, int) or isinstance(written, bool) or written < 1:
        problem = Problem("version", f"must be a whole number from 1 up, not {written!r}; {target} is assumed.")
        return {**tree, "version": target}, (problem,)
    if written > target:
        message = f"the file is of version {written}, newer than this panel ({target}); unknown settings are ignored."
        return {**tree, "version": target}, (Problem("version", message),)
    for version in range(written, target):
        tree = steps[version](tree)
    return {**tree, "version": target}, ()
