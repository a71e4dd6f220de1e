"""`ollama-panel keys`: the API keys of the panel. A key is shown once; the settings keep only its digest."""

import sys
from pathlib import Path

import msgspec

from ollama_panel.cli import parsers
from ollama_panel.cli import settings as settings_command
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings import forms
from ollama_panel.core.settings.tree import ApiKey, Label, Settings
from ollama_panel.proxy.credentials import new_key


def register(commands: Commands) -> None:
    """Add the command with its actions."""
    actions = parsers.actions_of(parsers.group(commands, "keys", "make and remove API keys; a running panel follows"))
    parsers.add(actions, "list", "list the names of the keys", lambda one: show(one.state_dir))
    new = parsers.add(actions, "add", "make a key and show it once", _add)
    new.add_argument("name", metavar="NAME", help="for whom or what the key is")
    classes = [request_class.value for request_class in RequestClass]
    new.add_argument("--class", dest="request_class", choices=classes, help="the class of all its requests")
    old = parsers.add(actions, "remove", "revoke a key", lambda one: remove(one.state_dir, one.name))
    old.add_argument("name", metavar="NAME", help="whose key")


def _add(chosen: PanelArguments) -> int:
    request_class = None if chosen.request_class is None else RequestClass(chosen.request_class)
    return add(chosen.state_dir, chosen.name, request_class)


def add(state_dir: Path | None, name: str, request_class: RequestClass | None) -> int:
    """Create a key and print it; `request_class` is the class of every request with it, None = each its own."""
    if forms.problem(Label, name):
        raise PanelError(notice("keys.no_name"))
    key, entry = new_key(name)
    entry = msgspec.structs.replace(entry, request_class=request_class)
    settings_command.edit(state_dir, lambda settings: _with(settings, entry))
    print(key)
    print(f"This is the key for {name}. It cannot be shown again.", file=sys.stderr)
    return 0


def remove(state_dir: Path | None, name: str) -> int:
    """Revoke a key."""
    settings_command.edit(state_dir, lambda settings: _without(settings, name))
    return 0


def show(state_dir: Path | None) -> int:
    """Print the name of every key, and the class of its requests where one is fixed."""
    for entry in settings_command.read(state_dir).proxy.api_keys:
        print(entry.name if entry.request_class is None else f"{entry.name} ({entry.request_class.value})")
    return 0


def _with(settings: Settings, entry: ApiKey) -> Settings:
    if entry.name in _names(settings):
        raise PanelError(notice("keys.exists", name=entry.name))
    return _with_keys(settings, (*settings.proxy.api_keys, entry))


def _without(settings: Settings, name: str) -> Settings:
    known = _names(settings)
    if name not in known:
        raise PanelError(notice("keys.unknown", name=name, known=known) if known else notice("keys.none", name=name))
    return _with_keys(settings, tuple(entry for entry in settings.proxy.api_keys if entry.name != name))


def _names(settings: Settings) -> tuple[str, ...]:
    return tuple(entry.name for entry in settings.proxy.api_keys)


def _with_keys(settings: Settings, keys: tuple[ApiKey, ...]) -> Settings:
    return msgspec.structs.replace(settings, proxy=msgspec.structs.replace(settings.proxy, api_keys=keys))
