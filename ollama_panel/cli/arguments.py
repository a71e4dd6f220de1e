"""The arguments that `ollama-panel` understands: the commands, each told by its own module.

The panel itself starts sooner without the modules of the other commands: they are imported for any of these.
"""

import argparse
from collections.abc import Sequence

from ollama_panel import __version__
from ollama_panel.cli import front_ends, parsers
from ollama_panel.cli.parsers import PanelArguments

_DEFAULT_ACTIONS = {
    "pools": "list",
    "environment": "list",
    "requests": "list",
    "machine": "show",
    "clients": "list",
    "profiles": "list",
    "tune": "start",
    "record": "status",
    "gpu": "status",
}
"""What commands do without an action."""


def parse(argv: Sequence[str]) -> PanelArguments:
    """Return the parsed arguments; no command means the window. Exits with status 2 if an argument is unknown."""
    words = _completed(argv)
    return parser(words[0]).parse_args(words, namespace=PanelArguments())


def _completed(argv: Sequence[str]) -> list[str]:
    """Return the arguments with the command or the action that they leave out."""
    if not argv or _is_option(argv[0], "--version"):
        return ["gui", *argv]
    if argv[0] in _DEFAULT_ACTIONS and (len(argv) == 1 or _is_option(argv[1])):
        return [argv[0], _DEFAULT_ACTIONS[argv[0]], *argv[1:]]
    return list(argv)


def _is_option(word: str, *others: str) -> bool:
    """Return whether it is an option of what is left out: it is neither help nor one of `others`."""
    return word.startswith("-") and word not in ("-h", "--help", *others)


def parser(command: str = "") -> argparse.ArgumentParser:
    """Return the parser of the command line: of the front ends alone if `command` is one of them, else of all."""
    made = argparse.ArgumentParser(
        prog="ollama-panel", description="Makes local Ollama models serve many clients at once."
    )
    made.add_argument("--version", action="version", version=f"Ollama Panel {__version__}")
    commands: parsers.Commands = made.add_subparsers(metavar="COMMAND", required=True)
    front_ends.register(commands)
    if command not in commands.choices:
        _register_others(commands)
    return made


def _register_others(commands: parsers.Commands) -> None:
    """Add all other commands, in the order of the help."""
    from ollama_panel.cli import (
        advise,
        bench,
        clients,
        connect,
        doctor,
        drill,
        environment,
        export,
        gpu,
        history,
        import_sources,
        install,
        instance_log,
        instances,
        keys,
        loaded,
        machine,
        models,
        pins,
        pools,
        profiles,
        record,
        requests,
        settings,
        status,
        take_over,
        tune,
        verify,
    )

    modules = (
        *(
            install,
            status,
            doctor,
            machine,
            take_over,
            advise,
            pools,
            tune,
            profiles,
            instances,
            gpu,
            loaded,
            instance_log,
            drill,
            models,
            pins,
        ),
        *(
            requests,
            clients,
            history,
            settings,
            environment,
            keys,
            connect,
            import_sources,
            export,
            verify,
            record,
            bench,
        ),
    )
    for module in modules:
        module.register(commands)
