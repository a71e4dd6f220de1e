"""`ollama-panel keys`: the API keys of the panel. A key is shown once; the settings keep only its digest."""

import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from ollama_panel.cli import settings as settings_command
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings.tree import ApiKey, Settings
from ollama_panel.engine import configfile
from ollama_panel.engine.paths import Paths
from ollama_panel.proxy.access_rules import new_key


def add(state_dir: Path | None, name: str, request_class: RequestClass | None) -> int:
    """Create a key and print it; `request_class` is the class of every request with it, None = each its own."""
    settings = settings_command.read(state_dir)
    if not name.strip() or not name.isprintable():
        raise PanelError(notice("keys.no_name"))
    if name in _names(settings):
        raise PanelError(notice("keys.exists", name=name))
    key, entry = new_key(name)
    _save(state_dir, settings, (*settings.proxy.api_keys, msgspec.structs.replace(entry, request_class=request_class)))
    print(key)
    print(f"This is the key for {name}. It cannot be shown again.", file=sys.stderr)
    return 0


def remove(state_dir: Path | None, name: str) -> int:
    """Revoke a key."""
    settings = settings_command.read(state_dir)
    if name not in _names(settings):
        known = tuple(_names(settings))
        raise PanelError(notice("keys.unknown", name=name, known=known) if known else notice("keys.none", name=name))
    _save(state_dir, settings, (entry for entry in settings.proxy.api_keys if entry.name != name))
    return 0


def show(state_dir: Path | None) -> int:
    """Print the name of every key, and the class of its requests where one is fixed."""
    for entry in settings_command.read(state_dir).proxy.api_keys:
        print(entry.name if entry.request_class is None else f"{entry.name} ({entry.request_class.value})")
    return 0


def _names(settings: Settings) -> list[str]:
    return [entry.name for entry in settings.proxy.api_keys]


def _save(state_dir: Path | None, settings: Settings, keys: Iterable[ApiKey]) -> None:
    proxy = msgspec.structs.replace(settings.proxy, api_keys=tuple(keys))
    configfile.write(Paths.of(state_dir).settings, msgspec.structs.replace(settings, proxy=proxy))
