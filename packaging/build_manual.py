"""The manual pages, made from the parser of the command line: one of the program and one of each command.

argparse-manpage and help2man leave out the examples, or print the help as it is; so this is code of our own.
"""

import argparse
from collections.abc import Iterator

PROGRAM = "ollama-panel"
HOME = "~/.local/share/ollama-panel"


def manual(parser: argparse.ArgumentParser, version: str, date: str) -> Iterator[tuple[str, str]]:
    """Yield the pages: their names without the section, and their text for man(7); `date` is like 2026-11-29."""
    heading = f'"{date}" "Ollama Panel {version}" "User Commands"'
    commands = list(_commands(parser))
    yield PROGRAM, "\n".join(_program_page(parser, commands, heading)) + "\n"
    for name, purpose, command in commands:
        yield f"{PROGRAM}-{name}", "\n".join(_command_page(name, purpose, command, heading)) + "\n"


def escaped(text: str) -> str:
    """Return text that troff prints as it is: with its backslashes, and with hyphens that can be copied."""
    lines = text.replace("\\", "\\e").replace("-", "\\-").splitlines()
    return "\n".join(f"\\&{line}" if line[:1] in (".", "'") else line for line in lines)


def _program_page(
    parser: argparse.ArgumentParser, commands: list[tuple[str, str, argparse.ArgumentParser]], heading: str
) -> Iterator[str]:
    yield from _title(PROGRAM, "queue and control panel for local Ollama servers", heading)
    yield from _synopsis(parser)
    yield from (".SH DESCRIPTION", escaped(parser.description or ""))
    yield escaped(f"Without a command, {PROGRAM} opens its window.")
    yield ".SH COMMANDS"
    for name, purpose, _ in commands:
        yield from (".TP", f".BR {escaped(PROGRAM)}\\-{escaped(name)} (1)", escaped(_sentence(purpose)))
    yield ".SH OPTIONS"
    yield from _arguments(parser)
    yield ".SH FILES"
    yield from (".TP", f".I {escaped(HOME)}", "Everything that the panel writes: settings, logs, recorded runs.")
    yield from (".TP", ".I /usr/lib/systemd/user/ollama\\-panel.service")
    yield "A service of the user that runs the panel without a window."
    yield from (".SH EXIT STATUS", "0 if it is done, 1 if it failed, 2 if the arguments are wrong.")


def _command_page(name: str, purpose: str, command: argparse.ArgumentParser, heading: str) -> Iterator[str]:
    yield from _title(f"{PROGRAM}-{name}", purpose, heading)
    actions = list(_commands(command))
    yield from _synopsis(*((action for _, _, action in actions) if actions else (command,)))
    yield from (".SH DESCRIPTION", escaped(command.description or _sentence(purpose)))
    if options := list(_arguments(command, without="help")):
        yield from (".SH OPTIONS", *options)
    for action_name, action_purpose, action in actions:
        yield from (f".SH {escaped(action_name.upper())}", escaped(action.description or _sentence(action_purpose)))
        yield from _arguments(action, without="help")
    for text in (command.epilog, *(action.epilog for _, _, action in actions)):
        if text:
            yield from _examples(text)
    yield from (".SH SEE ALSO", f".BR {escaped(PROGRAM)} (1)")


def _title(name: str, purpose: str, heading: str) -> Iterator[str]:
    yield f".TH {escaped(name.upper())} 1 {heading}"
    yield from (".SH NAME", f"{escaped(name)} \\- {escaped(purpose)}")


def _synopsis(*parsers: argparse.ArgumentParser) -> Iterator[str]:
    yield ".SH SYNOPSIS"
    for parser in parsers:
        usage = " ".join(parser.format_usage().split()[1:])
        program = parser.prog
        yield from (".HP", f"\\fB{escaped(program)}\\fR {escaped(usage.removeprefix(program).strip())}")


def _arguments(parser: argparse.ArgumentParser, without: str = "") -> Iterator[str]:
    for action in _actions(parser):
        if action.dest != without and not isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 it has no public name
            yield from (".TP", _invocation(action), escaped(_help(parser, action)))


def _invocation(action: argparse.Action) -> str:
    value = f"\\fI{escaped(_value(action))}\\fR"
    if not action.option_strings:
        return value
    names = ", ".join(f"\\fB{escaped(option)}\\fR" for option in action.option_strings)
    return names if action.nargs == 0 else f"{names} {value}"


def _value(action: argparse.Action) -> str:
    if action.metavar is None and action.choices is not None:
        return "|".join(map(str, action.choices))
    return str(action.metavar or action.dest.upper())


def _help(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    values = {**vars(action), "prog": parser.prog}
    return (action.help or "") % values


def _examples(epilog: str) -> Iterator[str]:
    title, _, lines = epilog.partition(":\n")
    yield f".SH {escaped(title.upper())}"
    yield from (".nf", escaped(lines), ".fi")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text and not text.endswith(".") else text


def _commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Yield the names of the commands with their purposes and their parsers."""
    for action in _actions(parser):
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 it has no public name
            purposes = {choice.dest: choice.help or "" for choice in action._get_subactions()}  # noqa: SLF001 only there
            for name, command in action.choices.items():
                yield name, purposes[name], command


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return parser._actions  # noqa: SLF001 argparse has no public way to them
