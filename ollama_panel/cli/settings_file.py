"""The settings file of a state folder, and what a change of it does to the running panel, as lines.

What asks the machine for its cores and cards is imported when a command asks: it takes longer than all else.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from ollama_panel.core import changes
from ollama_panel.core.launch import Inherited
from ollama_panel.core.notices import Notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.environment import check_pools, require_usable
from ollama_panel.core.settings.edits import Edit
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.engine import configfile
from ollama_panel.engine.host.discovery import home
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.single_instance import is_abandoned


def read(state_dir: Path | None) -> Settings:
    """Return the settings of a state folder, and print their problems on stderr. Changes nothing there."""
    loaded = configfile.look(Paths.of(state_dir).settings)
    _print(loaded.problems)
    return loaded.settings


def edit(state_dir: Path | None, change: Edit) -> configfile.Changed:
    """Change the settings of a state folder, and print the problems of what was there on stderr."""
    changed = configfile.change(Paths.of(state_dir).settings, change)
    _print(changed.problems)
    return changed


def plan(state_dir: Path | None, change: Edit) -> tuple[Settings, Settings]:
    """Return the settings before and after a change that is not made. Raises PanelError as `edit` does."""
    old = read(state_dir)
    new = change(old)
    require_usable(old, new)
    return old, new


def is_readable(state_dir: Path | None) -> bool:
    """Return whether the file is valid, or there is none; a command does not replace one that is not."""
    problems = configfile.look(Paths.of(state_dir).settings).problems
    return not any(problem.notice.code == "settings_file.all_default" for problem in problems)


def tell(effects: Iterable[Notice], *, dry_run: bool = False) -> None:
    """Print what a change does to the running panel."""
    print("Nothing is changed. This would happen:" if dry_run else "The running panel follows:")
    for effect in effects:
        print(f"  {render(effect)}")


def tell_problems(problems: Iterable[Problem]) -> None:
    """Print on stderr what is wrong with new settings that are used all the same."""
    for told in sorted({render(problem.notice) for problem in problems}):
        print(told, file=sys.stderr)


def tell_change(state_dir: Path | None, old: Settings, new: Settings, *, dry_run: bool = False) -> None:
    """Print what a change of the file does: new problems, and the effects on a panel, if one runs or for a plan."""
    known = tuple(check_pools(old))
    tell_problems(problem for problem in check_pools(new) if problem not in known)
    paths = Paths.of(state_dir)
    if dry_run or (paths.panel.exists() and not is_abandoned(paths)):
        from ollama_panel.engine.host.cores import physical_cores
        from ollama_panel.engine.host.gpu import Cards

        here = Inherited(home=home())  # the variables of a panel that does not answer are unknown
        plan = changes.plan(old, new, cores=physical_cores(), gpu=Cards.find().gpu is not None, inherited=here)
        tell(plan.notices(), dry_run=dry_run)


def _print(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        print(render(problem.told), file=sys.stderr)
