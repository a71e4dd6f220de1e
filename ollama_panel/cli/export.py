"""`ollama-panel export`: the settings as text for systemd, a shell or a program.

What asks the machine for its cores, cards and services is imported when an export is made: it takes longer than all
else.
"""

import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ollama_panel import __version__
from ollama_panel.cli import output, parsers, settings_file
from ollama_panel.core.errors import PanelError, not_written
from ollama_panel.core.export import Export, render, targets
from ollama_panel.core.export.deployment import ExportFile, Site
from ollama_panel.core.launch import Inherited, plan_instances
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render as english
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.tuning.profile import ProfileRecord
from ollama_panel.engine import clock, profiles_file
from ollama_panel.engine.host.discovery import candidates, expanded, find_binary, home
from ollama_panel.engine.paths import Paths

_DEFAULT_PROGRAM = "/usr/local/bin/ollama"
"""Where Ollama's installer for Linux puts the program, for an export made on a machine without Ollama."""


def register(commands: parsers.Commands) -> None:
    """Add the command."""
    purpose = "print the settings for where Ollama runs without the panel"
    parser = parsers.add(commands, "export", purpose, lambda one: write(one.state_dir, one.target, one.out, one.ollama))
    parser.add_argument("target", metavar="TARGET", nargs="?", help="none: list the targets")
    parser.add_argument("--out", metavar="FILE", type=Path, help="write a file instead of printing")
    parsers.add_ollama(parser)


def write(state_dir: Path | None, target: str | None, out: Path | None, ollama: str | None) -> int:
    """Print or save the export for a target; without a target, list them."""
    if target is None:
        for known in targets():
            print(f"{known.id:15}{english(known.summary)}")
        return 0
    export = _render(target, settings_file.read(state_dir), ollama, _profiles(state_dir))
    if out is None:
        output.be_for_programs()
        print(export.text, end="")
    else:
        _save(export, out)
        print(f"Written to {out}.", file=sys.stderr)
    print(*_told(export), sep="\n", file=sys.stderr)
    return 0


def _told(export: Export) -> Iterator[str]:
    """Yield the steps that follow, numbered if there are several, and the notes."""
    for number, step in enumerate(export.steps, 1):
        yield (f"{number}. " if len(export.steps) > 1 else "") + english(step.told)
        if step.command:
            yield from (f"   {line}" for line in step.command.splitlines())
    yield from map(english, export.notes)


def _profiles(state_dir: Path | None) -> tuple[ProfileRecord, ...]:
    """Return the profiles; what is wrong with their file is printed on stderr, and no reason to export nothing."""
    try:
        return tuple(map(ProfileRecord.of, profiles_file.read(Paths.of(state_dir).profiles)))
    except PanelError as error:
        print(error, file=sys.stderr)
        return ()


def _render(target: str, settings: Settings, ollama: str | None, profiles: tuple[ProfileRecord, ...]) -> Export:
    from ollama_panel.engine.host.cores import physical_cores
    from ollama_panel.engine.host.gpu import Cards

    named = ollama or settings.ollama.binary
    program = str(expanded(named) if named else find_binary() or _DEFAULT_PROGRAM)
    gpu, inherited = Cards.find().gpu is not None, Inherited.of(os.environ, home())
    planned = plan_instances(settings, (program,), physical_cores(), gpu, inherited=inherited)
    instances = tuple(map(inherited.whole, planned))
    today = date.fromtimestamp(clock.wall()).isoformat()
    return render(
        target,
        settings,
        instances,
        version=__version__,
        date=today,
        site=_site(),
        profiles=profiles,
    )


def _site() -> Site:
    """Return this machine, with the service that runs Ollama on it and its store, if there is one."""
    from ollama_panel.engine.host import model_stores, services

    for server in services.of_ports(candidates(os.environ)):
        if server.service.of_system:
            return Site(server.service, model_stores.of_server(server)[0])
    return Site()


def _save(export: Export, out: Path) -> None:
    """Write a file, or a folder if the export has several."""
    if len(export.files) == 1:
        _write(export.files[0], out)
        return
    try:
        for path in {(out / file.name).parent for file in export.files}:
            path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PanelError(not_written(str(out), error, notice("advice.another_place"))) from error
    for file in export.files:
        _write(file, out / file.name)


def _write(file: ExportFile, path: Path) -> None:
    try:
        path.write_text(file.text, encoding="utf-8")
        if file.executable:
            path.chmod(0o755)
    except OSError as error:
        raise PanelError(not_written(str(path), error, notice("advice.another_place"))) from error
