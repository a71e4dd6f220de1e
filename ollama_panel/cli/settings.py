"""`ollama-panel settings get|set|reset`: reads the settings file; a running panel changes it, else the command."""

import contextlib
import textwrap
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ollama_panel.cli import panel_client, parsers, settings_file
from ollama_panel.cli.panel_client import Panel
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.environment import VARIABLES, Variable
from ollama_panel.core.panel_api import V1, SettingsChanged
from ollama_panel.core.settings import codec, json_text
from ollama_panel.core.settings.catalog import NAME, SETTINGS, Setting, locate
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine import configfile
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


def show(state_dir: Path | None, key: str | None) -> int:
    """Print the value of a key, or every key with its value."""
    settings = settings_file.read(state_dir)
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
    settings = settings_file.read(state_dir)
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
    """Change a setting, and print the effect on a running panel: it makes the change, or notices that of the file."""
    if settings_file.is_readable(state_dir):
        settings = configfile.look(Paths.of(state_dir).settings).settings
        if panel_client.if_running(state_dir, lambda panel: _change_by_panel(panel, settings, key, value)):
            return 0
    changed = settings_file.edit(state_dir, lambda settings: codec.set(settings, key, value))
    print(f"{key} = {codec.get(changed.settings, key)}")
    settings_file.tell_change(state_dir, changed.before, changed.settings)
    return 0


def _change_by_panel(panel: Panel, settings: Settings, key: str, text: str) -> bool:
    new = codec.set(settings, key, text)
    changed = panel.change("PATCH", f"{V1}/settings", SettingsChanged, {key: _for_json(new, key, text)})
    print(f"{key} = {codec.get(new, key)}")
    settings_file.tell_problems(changed.problems)
    settings_file.tell(changed.effects)
    return True


def _for_json(new: Settings, key: str, text: str) -> object:
    """Return what the API takes for a text: of a group only what that names, None for an entry that it removes."""
    tree, entry = msgspec.to_builtins(new), ""
    with contextlib.suppress(KeyError):  # a pool
        _, entry = locate(key)
    for name in key.removesuffix(f".{entry}").split("."):
        tree = tree[name] if isinstance(tree, dict) else next(one for one in tree if one["name"] == name)
    if entry:
        return tree.get(entry)
    in_json = isinstance(tree, dict | list | tuple) and text.lstrip().startswith(("{", "["))
    return json_text.decode(text.encode()) if in_json else tree


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
