"""`ollama-panel import`: takes over what is set where Ollama's variables are set on this machine.

The sources are read by this command, with the rights and from the folder of whoever types it, and sent to the running
panel; without one the settings file is changed.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from ollama_panel.cli import output, panel_client, parsers, settings_file
from ollama_panel.cli.confirm import agreed
from ollama_panel.cli.parsers import Commands, PanelArguments
from ollama_panel.core.errors import PanelError
from ollama_panel.core.importing.record import (
    AUTO,
    Here,
    Imported,
    ImportPlan,
    ImportRequest,
    LastImport,
    OfferId,
    SourceRead,
)
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.panel_api import V1, SettingsChanged
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.sources.record import Place, Source, TextFile
from ollama_panel.core.text import printable
from ollama_panel.engine.paths import Paths

_PATH = f"{V1}/imports"
_STDIN = "-"
_EXAMPLES = """\
ollama-panel import --dry-run                       # looks at all of this machine, changes nothing
ollama-panel import ollama.service                  # a unit with its drop-ins and environment files
ollama-panel import ~/stack/docker-compose.yml
ollama-panel import my-container --accept network   # and listen for other machines, as it does
docker inspect my-container | ollama-panel import -
ollama-panel import --undo"""


def register(commands: Commands) -> None:
    """Add the command."""
    purpose = "take over the settings of the Ollama that is here: units, plists, compose files, containers, profiles"
    parser = parsers.add(commands, "import", purpose, _run, _EXAMPLES)
    told = "a file, a folder, a unit, a container, - for stdin, or auto: all that is found"
    parser.add_argument("what", metavar="WHAT", nargs="?", default=AUTO, help=told)
    told = "what is only taken if you say so, with commas: network, origins"
    parser.add_argument("--accept", metavar="OFFERS", type=parsers.choices(OfferId), default=(), help=told)
    parser.add_argument("--dry-run", action="store_true", help="change nothing, show what would be taken")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument(
        "--undo", action="store_true", help="take the last import back, then the one before it; later changes stay"
    )
    told = "the preview for programs; with --yes, what was imported"
    parser.add_argument("--json", action="store_true", help=told)


class _Answered(NamedTuple):
    """An answer, and how it is printed for programs."""

    plan: ImportPlan
    json: bytes


def _run(chosen: PanelArguments) -> int:
    if chosen.undo:
        return _undo(chosen)
    sources = _sources(chosen.what)
    request = ImportRequest(sources=sources, accept=tuple(chosen.accept))
    planned = _planned(chosen, request)
    if chosen.json and not chosen.yes:
        output.print_json(planned.json)
        return 0
    plan = planned.plan
    if not chosen.json:
        print("\n".join(map(printable, told(plan))))
    if not plan.taken:
        return 1
    if chosen.dry_run or not plan.changes or not agreed("Import this?", yes=chosen.yes):
        return 0
    done = _applied(chosen, msgspec.structs.replace(request, plan=plan.id))
    if chosen.json:
        output.print_json(done.json)
    return 0


def _sources(what: str) -> tuple[Source, ...]:
    """Return the sources, with the rights of the user. Raises PanelError if there are none."""
    if what == _STDIN:
        return (_given(sys.stdin.read()),)
    import asyncio

    from ollama_panel.engine.importing import sources_for

    return asyncio.run(sources_for(ImportRequest(what)))


def _given(text: str) -> Source:
    """Return what is given on stdin. Raises PanelError if its format is not known."""
    from ollama_panel.core.sources.kinds import kind_of

    kind = kind_of(_STDIN, text)
    if kind is None:
        raise PanelError(notice("looking.no_kind", path=_STDIN))
    return Source(kind, (TextFile(_STDIN, text),))


def _planned(chosen: PanelArguments, request: ImportRequest) -> _Answered:
    """Return what an import would do: to the settings of the running panel, else to those in the file."""
    answer = panel_client.if_running(chosen.state_dir, lambda panel: panel.ask("POST", f"{_PATH}/plan", request))
    if answer is not None:
        return _Answered(panel_client.decoded(answer, ImportPlan), answer.content)
    from ollama_panel.core.importing.plan import planned
    from ollama_panel.engine.importing import readings_of
    from ollama_panel.proxy.panel_api.encoding import encode

    settings = settings_file.read(chosen.state_dir)
    plan = planned(readings_of(request.sources), settings, request.accept, _here(settings)).plan
    return _Answered(plan, encode(plan))


def _applied(chosen: PanelArguments, request: ImportRequest) -> _Answered:
    """Put an import into force, and print what that does."""
    answer = panel_client.if_running(
        chosen.state_dir, lambda panel: panel.ask("POST", _PATH, request, patient=True, query={"wait": "true"})
    )
    if answer is None:
        return _in_file(chosen, request)
    done = panel_client.decoded(answer, Imported)
    if not chosen.json:
        settings_file.tell_problems(done.problems)
        settings_file.tell(done.effects)
        _tell_undo()
    return _Answered(done.plan, answer.content)


def _in_file(chosen: PanelArguments, request: ImportRequest) -> _Answered:
    """Carry out an import in the settings file."""
    from ollama_panel.core.importing.record import Import
    from ollama_panel.engine import clock, imported_file
    from ollama_panel.engine.importing import readings_of, to_apply
    from ollama_panel.proxy.panel_api.encoding import encode

    readings, made = readings_of(request.sources), list[Import]()

    def edit(before: Settings) -> Settings:
        made.append(to_apply(readings, request, before, _here(before)))
        return made[-1].settings

    changed = settings_file.edit(chosen.state_dir, edit)
    plan, at = made[-1].plan, clock.wall()
    imported_file.keep(Paths.of(chosen.state_dir).imported, at, plan, changed.before, changed.settings)
    if not chosen.json:
        settings_file.tell_change(chosen.state_dir, changed.before, changed.settings)
        _tell_undo()
    return _Answered(plan, encode(Imported(at, plan)))


def _here(settings: Settings) -> Here:
    """Return what is known of this machine without a panel."""
    from ollama_panel.engine.host.cores import physical_cores
    from ollama_panel.engine.host.gpu import Cards

    url = f"http://{settings.proxy.host}:{settings.proxy.port}"
    return Here(physical_cores(), Cards.find().gpu is not None, url=url)


def _undo(chosen: PanelArguments) -> int:
    """Take the last import back."""
    changed = panel_client.if_running(
        chosen.state_dir,
        lambda panel: panel.change("POST", f"{_PATH}/undo", SettingsChanged, query={"wait": "true"}),
    )
    if changed is not None:
        settings_file.tell_problems(changed.problems)
        settings_file.tell(changed.effects)
        _tell_next(panel_client.if_running(chosen.state_dir, lambda panel: panel.get(_PATH, LastImport)))
        return 0
    from ollama_panel.engine import imported_file

    path = Paths.of(chosen.state_dir).imported
    done = settings_file.edit(chosen.state_dir, lambda now: imported_file.undone(path, now))
    imported_file.forget(path)
    print("The import is taken back; what was changed since stays.")
    settings_file.tell_change(chosen.state_dir, done.before, done.settings)
    _tell_next(imported_file.last(path))
    return 0


def _tell_next(left: LastImport | None) -> None:
    """Say which import is the last one now, if there is one."""
    if left is not None and left.at:
        print(printable(f"`ollama-panel import --undo` now takes back the one before it: {', '.join(left.sources)}."))


def _tell_undo() -> None:
    print("`ollama-panel import --undo` takes it back.")


def told(plan: ImportPlan) -> Iterator[str]:
    """Yield what an import would do: its sources, what is taken, ignored and wrong, and what would change."""
    yield "Sources:"
    yield from (f"  {_source(one)}" for one in plan.sources)
    yield from _part("Taken", [(one.places, one.told) for one in plan.taken])
    yield from _part("Ignored", [((one.place,), _named(one.name, one.told)) for one in plan.ignored])
    yield from _part("Wrong", [((one.place,), one.told) for one in plan.wrong])
    if plan.offers:
        yield "Only if you say so:"
    for offer in plan.offers:
        yield f"  {'[x]' if offer.accepted else '[ ]'} {render(offer.told)}: --accept {offer.id.value}"
        yield f"      {render(offer.why)}"
    if not plan.taken:
        yield "Nothing could be taken."
    elif not plan.changes:
        yield "The settings are so already: nothing would change."
    else:
        yield "This changes:"
        yield from (f"  {render(one)}" for one in plan.changes)


def _source(one: SourceRead) -> str:
    return f"{one.path}: {output.counted(one.servers, 'server') if one.servers else 'no server'}"


def _named(name: str, why: Notice) -> str:
    return f"{name}: {render(why)}" if name else render(why)


def _part(title: str, lines: Sequence[tuple[Sequence[Place], Notice | str]]) -> Iterator[str]:
    if lines:
        yield f"{title}:"
    for places, what in lines:
        sentence = what if isinstance(what, str) else render(what)
        where = ", ".join(dict.fromkeys(f"{one.path}:{one.line}" if one.line else one.path for one in places))
        yield f"  {where}: {sentence}" if where else f"  {sentence}"
