"""The command line of a service: whether it starts Ollama, and with which variables."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec

from ollama_panel.core.sources.machine.commands import Command, unwrapped
from ollama_panel.core.sources.machine.shell_script import Happens, Runner, Step, exported_by, through
from ollama_panel.core.sources.record import TextFile

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


def _script(words: Sequence[str], files: Mapping[str, TextFile]) -> TextFile | None:
    return next((files[word] for word in words[:2] if word in files), None)
