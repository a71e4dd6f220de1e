"""Reader of the variables of a running process: what a server really has, however it got it.

The first file is the environment, a `NAME=value` on each line or with NUL between them (`/proc/PID/environ`); a second
one is the command line. Of the session's variables, only those that a server may read are told.
"""

import re
import shlex

from ollama_panel.core.ollama import environment
from ollama_panel.core.sources import containers
from ollama_panel.core.sources.places import at, with_overruled
from ollama_panel.core.sources.record import Assignment, Reading, ServerConfig, Source, SourceKind, TextFile

_START = re.compile(r"[A-Za-z_][A-Za-z0-9_()]*=", re.ASCII)


def read(source: Source) -> Reading:
    """Return the server that a process is; the variables of another program are those of a client."""
    command = _words(source.files[1].text) if len(source.files) > 1 else ()
    assignments = with_overruled(list(_variables(source.files[0])))
    if command and not _is_server(command):
        left, mistakes = containers.of_client(source.path, assignments)
        return Reading(SourceKind.PROCESS, source.path, (), left, mistakes)
    server = ServerConfig(assignments=assignments, command=command)
    return Reading(SourceKind.PROCESS, source.path, (server,))


def _variables(file: TextFile) -> list[Assignment]:
    found = list[Assignment]()
    separator = "\0" if "\0" in file.text else "\n"
    for number, line in enumerate(file.text.split(separator), 1):
        name, equals, value = line.partition("=")
        if equals and _START.match(line) and environment.may_be_read(name):
            found.append(Assignment(name, value, at(file, number if separator == "\n" else 0)))
    return found


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a command line, which has NUL between them (`/proc/PID/cmdline`) or is as people type it."""
    if "\0" in text:
        return tuple(text.removesuffix("\0").split("\0"))
    try:
        return tuple(shlex.split(text.replace("\\", "\\\\")))
    except ValueError:
        return tuple(text.split())


def _is_server(command: tuple[str, ...]) -> bool:
    program = command[0].replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
    return program.startswith("ollama") and any(word in ("serve", "start") for word in command[1:2])
