"""`ollama-panel connect`: the settings that point a program at the panel.

The rules of the proxy are imported when they are asked: they take longer than all else.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ollama_panel.cli import keys, output, panel_client, parsers, settings_file
from ollama_panel.cli.parsers import PanelArguments, UsageError
from ollama_panel.core.columns import aligned
from ollama_panel.core.connect import guides
from ollama_panel.core.connect.endpoint import KEY_TO_FILL_IN, endpoint_of
from ollama_panel.core.connect.records import ClientSystem, Endpoint, Guide, Place, Way
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render, with_texts
from ollama_panel.core.panel_api import NewKey, Status
from ollama_panel.core.settings.tree import Scope
from ollama_panel.core.snapshot import Snapshot

_EXAMPLES = """\
ollama-panel connect
ollama-panel connect open-webui
ollama-panel connect aider --key laptop
ollama-panel connect codex --way profile > ~/.codex/ollama-panel.config.toml"""


class _Answer(msgspec.Struct, frozen=True):
    """What `--json` prints."""

    endpoint: Endpoint
    guides: tuple[Guide, ...]


def register(commands: parsers.Commands) -> None:
    """Add the command."""
    parser = parsers.add(commands, "connect", "print the settings that point a program at the panel", _run, _EXAMPLES)
    parser.add_argument("target", metavar="PROGRAM", nargs="?", help="none: list the programs")
    parser.add_argument("--way", metavar="WAY", default="", help="print the text of this way alone, for a file")
    parser.add_argument("--key", metavar="NAME", help="make a key of this name and put it in")
    systems = [system.value for system in ClientSystem]
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--elsewhere", action="store_true", help="the program runs on another machine")
    place.add_argument("--container", action="store_true", help="the program runs in a container on this machine")
    parser.add_argument("--system", choices=systems, help="that of the program's machine, if it is another one")
    parsers.add_json(parser)


def _run(chosen: PanelArguments) -> int:
    from ollama_panel.core.settings.exposure import requires_key

    snapshot = _snapshot(chosen.state_dir)
    system = ClientSystem(chosen.system) if chosen.system else ClientSystem.of(sys.platform)
    place = Place.ELSEWHERE if chosen.elsewhere else Place.CONTAINER if chosen.container else Place.HERE
    _find(guides(endpoint_of(snapshot, place=place)), chosen)  # what is asked wrongly makes no key
    needed = requires_key(snapshot.settings.proxy)
    key = _new_key(chosen) or (KEY_TO_FILL_IN if needed else "")
    endpoint = endpoint_of(snapshot, key=key, system=system, place=place)
    found = _find(guides(endpoint), chosen)
    if chosen.json:
        output.print_json(msgspec.json.encode(with_texts(msgspec.to_builtins(_Answer(endpoint, found)))))
    elif chosen.way:
        _print_alone(found[0], chosen.way)
    else:
        print("\n".join(_list(endpoint, found) if chosen.target is None else _shown(endpoint, found[0])))
    if key == KEY_TO_FILL_IN:
        print(render(notice("connect.key_missing", key=KEY_TO_FILL_IN, option="--key NAME")), file=sys.stderr)
    return 0


def _snapshot(state_dir: Path | None) -> Snapshot:
    """Return the state of the running panel, or one with the settings alone if none runs."""
    running = panel_client.if_running(state_dir, lambda panel: panel.get("/panel/status", Status))
    return running or Snapshot(at=0.0, settings=settings_file.read(state_dir))


def _new_key(chosen: PanelArguments) -> str:
    return keys.made(chosen.state_dir, NewKey(chosen.key, scopes=(Scope.USE,))) if chosen.key else ""


def _find(known: tuple[Guide, ...], chosen: PanelArguments) -> tuple[Guide, ...]:
    """Return the guides that are asked for. Raises UsageError if there is no such program, or no such way."""
    if chosen.target is None:
        if chosen.way:
            raise UsageError("--way needs the program")
        return known
    found = tuple(guide for guide in known if guide.id == chosen.target)
    if not found:
        raise UsageError(f"there is no guide for {chosen.target!r}; there are: {', '.join(one.id for one in known)}")
    ways = [way.id for way in found[0].ways]
    if chosen.way and chosen.way not in ways:
        raise UsageError(f"{found[0].name} has no way {chosen.way!r}; there are: {', '.join(ways)}")
    return found


def _print_alone(guide: Guide, name: str) -> None:
    way = next(one for one in guide.ways if one.id == name)
    output.be_for_programs()
    print(way.text, end="")
    if way.file:
        print(render(notice("connect.belongs_into", file=way.file)), file=sys.stderr)


def _list(endpoint: Endpoint, known: tuple[Guide, ...]) -> Iterator[str]:
    yield render(notice("connect.address", url=endpoint.url, openai=f"{endpoint.url}/v1"))
    yield render(endpoint.timeout.why)
    yield ""
    rows = ((one.id, one.name, ",".join(way.id for way in one.ways)) for one in known)
    yield from aligned([("PROGRAM", "NAME", "WAYS"), *rows])


def _shown(endpoint: Endpoint, guide: Guide) -> Iterator[str]:
    yield render(notice("connect.follows", name=guide.name, version=guide.version, source=guide.source))
    if endpoint.note is not None:
        yield render(endpoint.note)
    for way in guide.ways:
        yield ""
        yield f"{_title(way)} ({way.file})" if way.file else _title(way)
        yield ""
        yield from (f"    {line}" for line in way.text.splitlines())
        if way.note is not None:
            yield ""
            yield render(way.note)
    yield ""
    yield from (render(one) for one in (guide.running, guide.timeout))
    if endpoint.key or not guide.sends_key:
        yield render(guide.key)


def _title(way: Way) -> str:
    return way.title if isinstance(way.title, str) else render(way.title)
