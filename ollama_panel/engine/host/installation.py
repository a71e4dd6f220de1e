"""Chooses the Ollama that the managed instances run: the user's, the installed or the simulated one."""

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.engine.host.discovery import expanded, find_binary
from ollama_panel.engine.overrides import Overrides


class Installation(msgspec.Struct, frozen=True):
    """The chosen Ollama. `command` is the argv before `serve`; `binary` is None in demo mode, `demo_asked` or not."""

    command: tuple[str, ...]
    binary: str | None
    problems: tuple[Problem, ...] = ()
    demo_asked: bool = False

    @property
    def demo(self) -> bool:
        """Whether the instances are simulated."""
        return self.binary is None

    @property
    def missing(self) -> bool:
        """Whether there is no Ollama where it was searched or named, though the user wants one."""
        return bool(self.problems) or (self.demo and not self.demo_asked)


def resolve(settings: Settings, overrides: Overrides, before: str | None = None) -> Installation:
    """Return the Ollama to run. A program that the user named is used even if it is missing; that becomes a problem.

    So is the one that runs now (`before`, None = none): it is missing for a moment while it is updated, and nobody
    wants a demonstration then.
    """
    if overrides.demo:
        return Installation(overrides.demo_command, None, demo_asked=True)
    named = overrides.binary or settings.ollama.binary
    try:
        found = find_binary(named)
    except PanelError as error:
        path = str(expanded(named))
        where = "--ollama" if overrides.binary else "ollama.binary"
        return Installation((path,), path, (Problem(where, error.notice),))
    if found is None and before is not None:
        return Installation((before,), before, (Problem("ollama.binary", notice("program.missing", path=before)),))
    if found is None:
        return Installation(overrides.demo_command, None)
    return Installation((str(found),), str(found))
