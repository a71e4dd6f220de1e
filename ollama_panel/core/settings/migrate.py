"""Brings the raw settings of older versions up to today's, one version at a time, before anything is checked."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from ollama_panel.core.settings.tree import VERSION, Problem

Tree: TypeAlias = dict[str, object]

STEPS: Mapping[int, Callable[[Tree], Tree]] = {}
"""From the version that is the key to the one after it. Version 1 is the first."""


def migrate(
    tree: Tree, steps: Mapping[int, Callable[[Tree], Tree]] = STEPS, target: int = VERSION
) -> tuple[Tree, tuple[Problem, ...]]:
    """Return `tree` as version `target`, and what a person should know; a tree without a version is version 1."""
    written = tree.get("version", 1)
    if not isinstance(written, int) or isinstance(written, bool) or written < 1:
        problem = Problem("version", f"must be a whole number from 1 up, not {written!r}; {target} is assumed.")
        return {**tree, "version": target}, (problem,)
    if written > target:
        message = (
            f"the file is of version {written}, newer than this panel ({target}); what it does not know is ignored."
        )
        return {**tree, "version": target}, (Problem("version", message),)
    for version in range(written, target):
        tree = steps[version](tree)
    return {**tree, "version": target}, ()
