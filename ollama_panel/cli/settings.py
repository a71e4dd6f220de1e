"""`ollama-panel settings get|set`: reads and writes the settings file. A running panel notices the change."""

import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

from ollama_panel.cli import parsers
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core import changes
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.environment import VARIABLES, Variable, check_pools
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.catalog import NAME, SETTINGS, Setting, locate
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.engine import configfile
from ollama_panel.engine.host.cores import physical_cores
from ollama_panel.engine.host.gpu import Cards
from ollama_panel.engine.paths import Paths

_KEYS = "proxy.api_keys"
_EXAMPLES = """\
ollama-panel settings get
ollama-panel settings get --explain pools.chat
ollama-panel settings set pools.chat.parallel 4
ollama-panel settings set pools.chat.environment.OLLAMA_KEEP_ALIVE 1h
ollama-panel settings reset pools.chat.environment.OLLAMA_KEEP_ALIVE"""


def register(commands: Commands) -> None:
    """Add the command with its actions."""
    group = parsers.group(commands, "settings", "read or change the settings; a running panel follows", _EXAMPLES)
    actions = parsers.actions_of(group)
    get = parsers.add(actions, "get", "print a setting, or all of them", _get)
    get.add_argument("key", metavar="KEY", nargs="?", help="for example pools.chat.parallel")
    get.add_argument("--explain", action="store_true", help="with what it does, what it accepts, and its default")
    put = parsers.add(actions, "set", "change a setting", lambda one: change(one.state_dir, str(one.key), one.value))
    put.add_argument("key", metavar="KEY", help="for example pools.chat.parallel")
    put.add_argument("value", metavar="VALUE", help="lists with commas, groups as JSON")
    default = "give a setting its default again; an environment variable is removed"
    back = parsers.add(actions, "reset", default, lambda one: reset(one.state_dir, str(one.key)))
    back.add_argument("key", metavar="KEY", help="for example pools.chat.parallel")


def _get(chosen: PanelArguments) -> int:
    return (explain if chosen.explain else show)(chosen.state_dir, chosen.key)


def read(state_dir: Path | None) -> Settings:
    """Return the settings of a state folder, and print their problems on stderr. Changes nothing there."""
    loaded = configfile.look(Paths.of(state_dir).settings)
    _print(loaded.problems)
    return loaded.settings


def edit(state_dir: Path | None, change: Callable[[Settings], Settings]) -> configfile.Changed:
    """Change the settings of a state folder, and print the problems of what was there on stderr."""
    changed = configfile.change(Paths.of(state_dir).settings, change)
    _print(changed.problems)
    return changed


def _print(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        print(render(problem.told), file=sys.stderr)


def show(state_dir: Path | None, key: str | None) -> int:
    """Print the value of a key, or every key with its value."""
    settings = read(state_dir)
    if key is not None:
        print(codec.get(settings, key))
        return 0
    for name in codec.keys(settings):
        print(f"{name} = {_in_list(settings, name)}")
    return 0


def _in_list(settings: Settings, key: str) -> str:
    """Return the value of a key for the list of all: of the API keys their names, for nobody reads digests."""
    return ",".join(one.name for one in settings.proxy.api_keys) if key == _KEYS else codec.get(settings, key)


def explain(state_dir: Path | None, key: str | None) -> int:
    """Print a setting, a group or every setting with its value, its title, its limits, its default and its meaning."""
    settings = read(state_dir)
    print("\n\n".join(_explained(settings, name) for name in _names(settings, key)))
    return 0


def _names(settings: Settings, key: str | None) -> tuple[str, ...]:
    """Return the keys below `key`, or all, groups included; `key` itself if it is one value."""
    if key is not None:
        codec.get(settings, key)
    every = (name for pattern in SETTINGS for name in _keys_of(settings, pattern))
    below = tuple(name for name in every if key is None or name == key or name.startswith((f"{key}.", f"{key}[]")))
    return below or (str(key),)


def _keys_of(settings: Settings, pattern: str) -> Iterator[str]:
    if f".{NAME}." not in pattern:
        yield pattern
        return
    yield from (pattern.replace(NAME, pool.name, 1) for pool in settings.pools)


def _explained(settings: Settings, key: str) -> str:
    setting, name = locate(key)
    head = key if setting.group or "[]" in key else f"{key} = {codec.get(settings, key)}"
    wrapped = (
        textwrap.fill(line, 100, initial_indent="    ", subsequent_indent="    ") for line in _about(setting, name)
    )
    return "\n".join((head, *wrapped))


def _about(setting: Setting, name: str) -> tuple[str, ...]:
    """Return the paragraphs about a setting, or about the value that it holds by `name`."""
    title = f"{setting.title}, {setting.unit}" if setting.unit else setting.title
    if setting.group:
        return (f"{title}: {setting.description}",)
    if name in VARIABLES:
        return _about_variable(VARIABLES[name])
    if name:
        return f"{title}: {render(setting.values_by_name)}.", setting.description
    return f"{title}: {render(setting.values)}{_default(setting.default)}.", setting.description


def _about_variable(known: Variable) -> tuple[str, ...]:
    whose = f"Variable of Ollama {known.versions}" if known.versions else "Variable"
    useless: tuple[str, ...] = ()
    if known.overruled is not None:
        useless = (render(notice("environment.overruled", name=known.name, advice=known.overruled)),)
    return f"{whose}: {render(known.values)}{_default(known.default or None)}.", known.meaning, *useless


def _default(text: str | None) -> str:
    return "" if text is None else f"; default {text}" if text else "; empty by default"


def change(state_dir: Path | None, key: str, value: str) -> int:
    """Change a setting in the file, and print the effect on a running panel."""
    changed = edit(state_dir, lambda settings: codec.set(settings, key, value))
    old, new = changed.before, changed.settings
    print(f"{key} = {codec.get(new, key)}")
    for problem in sorted(_of_variables(new) - _of_variables(old)):
        print(problem, file=sys.stderr)
    if Paths.of(state_dir).panel.exists():
        _tell_effect(old, new)
    return 0


def reset(state_dir: Path | None, key: str) -> int:
    """Give a setting its default again, and print the effect on a running panel; an entry of a mapping is removed.

    Raises PanelError if there is no such key, or if it has no default: a group, or the name of a pool.
    """
    codec.get(configfile.look(Paths.of(state_dir).settings).settings, key)
    default = _default_text(key)
    if default is None:
        raise PanelError(notice("setting.no_default", key=key))
    return change(state_dir, key, default)


def _default_text(key: str) -> str | None:
    """Return the text that gives a setting its default or removes an entry of a mapping, None if there is none."""
    try:
        setting, name = locate(key)
    except KeyError:  # a pool
        return None
    return "" if name else setting.default


def _of_variables(settings: Settings) -> set[str]:
    """Return what is wrong with the pools' environment variables, which are used all the same."""
    return {render(problem.notice) for problem in check_pools(settings)}


def _tell_effect(old: Settings, new: Settings) -> None:
    plan = changes.plan(old, new, cores=physical_cores(), gpu=Cards.find().gpu is not None)
    print("The running panel follows:")
    for effect in plan.notices():
        print(f"  {render(effect)}")
