"""The command line of a service: whether it starts Ollama, and with which variables."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec

from ollama_panel.core.notices import notice
from ollama_panel.core.sources import codes
from ollama_panel.core.sources.collecting import Collected, mistake
from ollama_panel.core.sources.machine.commands import Command, unwrapped
from ollama_panel.core.sources.machine.shell_script import Happens, Runner, Step, exported_by, through
from ollama_panel.core.sources.names import is_ollamas, is_setting
from ollama_panel.core.sources.places import at
from ollama_panel.core.sources.record import Mistake, TextFile

_NO_FILES: Mapping[str, TextFile] = MappingProxyType({})


class Started(msgspec.Struct, frozen=True):
    """What a command line comes to: the `command` inside all shells and wrappers, and the `steps` of its script."""

    command: Command
    steps: tuple[Step, ...] = ()


def started(words: Sequence[str], files: Mapping[str, TextFile] = _NO_FILES) -> Started:
    """Return what a command line starts. `files` are scripts that it may name, by their paths."""
    outer = unwrapped(words)
    script = TextFile("", outer.script)
    if not outer.script and outer.words and (named := _script(outer.words, files)):
        script = named
    if not script.text:
        return Started(outer)
    steps = Runner(files).run(script, outer.parameters or tuple(outer.words) or ("sh",))
    start = next((step for step in steps if step.kind is Happens.STARTS), None)
    if start is None:
        return Started(outer, steps)
    own = (*exported_by(steps, start).items(), *start.own)
    return Started(through(outer, start.command, (*outer.sets, *own)), steps)


def step_inside(command: Command, collected: Collected, file: TextFile, line: int) -> tuple[Mistake, ...]:
    """Turn what a service sets into what the server inside its command gets; return what is lost on that way.

    The command stands in a line of a file.
    """
    given = {name for name, _ in command.sets}
    lost = [
        name for name in collected.variables if is_setting(name) and not command.reaches(name) and name not in given
    ]
    if lost:
        collected.drop(notice("source.held_back", program=command.by), set(lost))
    for name, value in command.sets:
        if is_setting(name):
            collected.take(name, value, at(file, line))
    names = tuple(name for name in lost if is_ollamas(name))
    told = notice("source.wrapper_without_variable", names=names, program=command.by)
    return tuple(mistake(codes.WRAPPER_WITHOUT_VARIABLE, told, file, line, name=name) for name in names[:1])


def _script(words: Sequence[str], files: Mapping[str, TextFile]) -> TextFile | None:
    return next((files[word] for word in words[:2] if word in files), None)
