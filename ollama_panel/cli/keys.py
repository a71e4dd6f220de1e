"""`ollama-panel keys`: the API keys of the panel. A key is shown once; the settings keep only its digest."""

import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import msgspec

from ollama_panel.cli import output, panel_client, parsers, settings_file
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core.columns import aligned
from ollama_panel.core.panel_api import V1, CreatedKey, Done, Key, Keys, NewKey
from ollama_panel.core.records import RequestClass
from ollama_panel.core.settings import edits
from ollama_panel.core.settings.tree import SCOPES, Scope
from ollama_panel.proxy.credentials import made_key

_PATH = f"{V1}/keys"
_EXAMPLES = """\
ollama-panel keys add laptop
ollama-panel keys add indexer --class batch
ollama-panel keys add dashboard --scope see
ollama-panel keys remove laptop"""


def register(commands: Commands) -> None:
    """Add the command with its actions."""
    purpose = "make and remove API keys; a running panel follows"
    actions = parsers.actions_of(parsers.group(commands, "keys", purpose, _EXAMPLES))
    listed = parsers.add(
        actions, "list", "list the keys, with what they open", lambda one: show(one.state_dir, as_json=one.json)
    )
    parsers.add_json(listed)
    new = parsers.add(actions, "add", "make a key and show it once", _add)
    new.add_argument("name", metavar="NAME", help="for whom or what the key is")
    classes = [request_class.value for request_class in RequestClass]
    new.add_argument("--class", dest="request_class", choices=classes, help="the class of all its requests")
    new.add_argument(
        "--scope",
        type=parsers.choices(Scope),
        default=SCOPES,
        metavar="A,B",
        help="what it opens: use the models, see the state of the panel, control the panel (use,see)",
    )
    old = parsers.add(actions, "remove", "revoke a key", lambda one: remove(one.state_dir, one.name))
    old.add_argument("name", metavar="NAME", help="whose key")


def _add(chosen: PanelArguments) -> int:
    request_class = None if chosen.request_class is None else RequestClass(chosen.request_class)
    return add(chosen.state_dir, chosen.name, request_class, chosen.scope)


def add(state_dir: Path | None, name: str, request_class: RequestClass | None, scopes: Sequence[Scope]) -> int:
    """Create a key and print it; `request_class` is the class of every request with it, None = each its own."""
    print(made(state_dir, NewKey(name, request_class, tuple(scopes))))
    print(f"This is the key for {name}. It cannot be shown again.", file=sys.stderr)
    return 0


def made(state_dir: Path | None, wanted: NewKey) -> str:
    """Return a new key. Raises PanelError if there is one of its name, or the name is none."""
    created = panel_client.if_running(state_dir, lambda panel: panel.change("POST", _PATH, CreatedKey, wanted))
    return _add_to_file(state_dir, wanted) if created is None else created.key


def _add_to_file(state_dir: Path | None, wanted: NewKey) -> str:
    """Make a key, keep its digest in the settings file, and return it."""
    key, entry = made_key(wanted)
    settings_file.edit(state_dir, lambda settings: edits.with_key(settings, entry))
    return key


def remove(state_dir: Path | None, name: str) -> int:
    """Revoke a key."""
    path = f"{_PATH}/{quote(name, safe='')}"
    if panel_client.if_running(state_dir, lambda panel: panel.change("DELETE", path, Done)) is None:
        settings_file.edit(state_dir, lambda settings: edits.without_key(settings, name))
    return 0


def show(state_dir: Path | None, *, as_json: bool) -> int:
    """Print the keys: for whom they are, the class of their requests where one is fixed, and what they open."""
    keys = tuple(map(Key.of, settings_file.read(state_dir).proxy.api_keys))
    if as_json:
        output.print_json(msgspec.json.encode(Keys(keys)))
    elif keys:
        print("\n".join(aligned([("NAME", "CLASS", "SCOPES"), *map(_row, keys)])))
    return 0


def _row(key: Key) -> tuple[str, ...]:
    request_class = output.UNKNOWN if key.request_class is None else key.request_class.value
    return (key.name, request_class, ",".join(scope.value for scope in key.scopes))
