"""`ollama-panel export`: the settings as files for wherever Ollama runs."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ollama_panel.cli import apply_arguments, exported, output, parsers
from ollama_panel.cli.parsers import PanelArguments
from ollama_panel.core.columns import aligned
from ollama_panel.core.errors import PanelError, not_written
from ollama_panel.core.export import Export, targets
from ollama_panel.core.export.deployment import ExportFile, Group
from ollama_panel.core.export.judges import Outcome, Verdict, all_told, remedy, told
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render

_GROUPS = {
    Group.MACHINE: "This machine",
    Group.CONTAINER: "Containers",
    Group.CLUSTER: "Several machines",
    Group.PROXY: "In front of Ollama",
    Group.PROGRAM: "Programs, and Ollama itself",
}
_EXAMPLES = """\
ollama-panel export                            # the targets
ollama-panel export systemd
ollama-panel export systemd-units --user --out units/
ollama-panel export compose --gpu rocm --pool chat --profile night
ollama-panel export haproxy --check
ollama-panel export systemd --apply --host ann@box   # shows the difference, asks, restarts when idle, proves it
ollama-panel export systemd --undo --host ann@box
ollama-panel export --check                    # all targets"""


def register(commands: parsers.Commands) -> None:
    """Add the command."""
    purpose = "print the settings for where Ollama runs without the panel"
    parser = parsers.add(commands, "export", purpose, write, _EXAMPLES)
    parser.add_argument("target", metavar="TARGET", nargs="?", help="none: list the targets")
    exported.add_options(parser)
    told = "write it instead of printing: a file, or a folder if it ends with / or the export has several files"
    parser.add_argument("--out", dest="place", metavar="PATH", help=told)
    apply_arguments.add_arguments(parser)
    told = "ask the tools of this machine for the target's files, such as systemd-analyze, what they think of it"
    parser.add_argument("--check", action="store_true", help=told)


def write(chosen: PanelArguments) -> int:
    """Print or save the export for a target; without a target, list them, or check all."""
    apply_arguments.require(chosen)
    if chosen.undo or chosen.apply:
        from ollama_panel.cli import export_apply

        return export_apply.undo(chosen) if chosen.undo else export_apply.apply(chosen, exported.maker(chosen))
    options = exported.Options.of(chosen)
    if chosen.target is None:
        if chosen.check:
            return _check_all(exported.Exporter(chosen.state_dir, options))
        print("\n".join(_listed()))
        return 0
    export = exported.exported(chosen.state_dir, chosen.target, options)
    verdicts = _judged(chosen.target, export) if chosen.check else ()
    if not chosen.place:
        output.be_for_programs()
        print("\n".join(_printed(export)), end="")
    else:
        print(f"Written to {_save(export, chosen.place)}.", file=sys.stderr)
    print(*_steps(export), sep="\n", file=sys.stderr)
    if chosen.check:
        print(*_checked(verdicts), sep="\n", file=sys.stderr)
    return 1 if _is_refused(verdicts) else 0


def _listed() -> Iterator[str]:
    """Yield the targets, by where they are for."""
    width = max(len(known.id) for known in targets())
    for group in Group:
        members = [known for known in targets() if known.group is group]
        if members:
            yield f"{_GROUPS[group]}:"
            yield from (f"  {known.id:{width}}  {render(known.summary)}" for known in members)


def _printed(export: Export) -> Iterator[str]:
    """Yield the texts of the files, under their names if there are several."""
    for file in export.files:
        yield f"==> {file.name} <==\n{file.text}" if len(export.files) > 1 else file.text


def _steps(export: Export) -> Iterator[str]:
    """Yield the steps that follow, numbered if there are several, and the notes."""
    for number, step in enumerate(export.steps, 1):
        yield (f"{number}. " if len(export.steps) > 1 else "") + render(step.told)
        if step.command:
            yield from (f"   {line}" for line in step.command.splitlines())
    yield from map(render, export.notes)


def _judged(target: str, export: Export) -> tuple[Verdict, ...]:
    from ollama_panel.engine import judging

    return judging.judge(target, export)


def _is_refused(verdicts: Sequence[Verdict]) -> bool:
    return any(verdict.outcome is Outcome.REFUSED for verdict in verdicts)


def _checked(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Yield what the tools say, with their own words below a refusal."""
    if not verdicts:
        yield from map(render, all_told(()))
    for verdict in verdicts:
        yield render(told(verdict))
        yield from (f"   {line}" for line in verdict.said.splitlines())
        if (way := remedy(verdict)) is not None:
            yield f"   {render(way)}"


def _check_all(exporter: exported.Exporter) -> int:
    """Print what the tools say of every target, in a table, and on stderr the words of those that refuse."""
    rows, refused = [("TARGET", "TOOLS")], list[str]()
    for known in targets():
        try:
            verdicts = _judged(known.id, exporter.export(known.id))
        except PanelError as error:
            rows.append((known.id, render(error.notice)))
            continue
        rows.append((known.id, "; ".join(map(render, all_told(verdicts)))))
        refused += [f"{known.id}: {verdict.tool}: {verdict.said}" for verdict in verdicts if _is_refused([verdict])]
    print("\n".join(aligned(rows)))
    print(*refused, sep="\n", end="\n" if refused else "", file=sys.stderr)
    return 1 if refused else 0


def _save(export: Export, place: str) -> Path:
    """Write a file, or a folder if the export has several or the path is one; return what was written."""
    out = Path(place)
    if len(export.files) == 1 and not out.is_dir() and not place.endswith(("/", os.sep)):
        _write(export.files[0], out)
        return out
    for file in export.files:
        path = out / file.name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PanelError(not_written(str(path.parent), error, notice("advice.another_place"))) from error
        _write(file, path)
    return out / export.files[0].name if len(export.files) == 1 else out


def _write(file: ExportFile, path: Path) -> None:
    try:
        path.write_text(file.text, encoding="utf-8", newline="\n")
        if file.executable:
            path.chmod(0o755)
    except OSError as error:
        raise PanelError(not_written(str(path), error, notice("advice.another_place"))) from error
