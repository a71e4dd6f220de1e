"""Lines of files, and assignments in them: what all readers make their records of."""

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.sources.record import Assignment, Fate, Place, TextFile

NOT_OLLAMAS = frozenset(
    (
        *("HOME", "LANG", "LD_LIBRARY_PATH", "LOGNAME", "PATH", "PWD", "SHELL", "TERM", "TZ", "USER"),
        *("NVIDIA_DRIVER_CAPABILITIES", "NVIDIA_VISIBLE_DEVICES"),
        *("GID", "PGID", "PUID", "UID", "UMASK"),
    )
)
"""Names that often stand beside Ollama's variables and say nothing of it: the session's, and those that the NVIDIA
runtime of containers and the scripts of images read."""

LATER_WINS = notice("source.later_wins")


def at(file: TextFile, line: int) -> Place:
    """Return the place of a line of a file, by its number from 1; 0 is the whole file."""
    lines = file.text.split("\n")
    text = lines[line - 1].removesuffix("\r") if 0 < line <= len(lines) else ""
    return Place(file.path, line, text)


def assigned(name: str, value: str, place: Place) -> Assignment:
    """Return an assignment of a server's variables: TAKEN, or IGNORED where the name says nothing of Ollama."""
    if name in NOT_OLLAMAS:
        return Assignment(name, value, place, Fate.IGNORED, notice("source.not_ollamas", name=name))
    return Assignment(name, value, place)


def with_overruled(assignments: list[Assignment], why: Notice = LATER_WINS) -> tuple[Assignment, ...]:
    """Return assignments in the order in which they count, the last of a name TAKEN and the others OVERRULED."""
    last = {one.name: index for index, one in enumerate(assignments) if one.fate is Fate.TAKEN}
    return tuple(
        Assignment(one.name, one.value, one.place, Fate.OVERRULED, why)
        if one.fate is Fate.TAKEN and last[one.name] != index
        else one
        for index, one in enumerate(assignments)
    )


def with_line(text: str, line: int, new: str | None) -> str:
    """Return a text with a line, by its number from 1, replaced; None takes the line out."""
    lines = text.split("\n")
    ending = "\r" if lines[line - 1].endswith("\r") else ""
    lines[line - 1 : line] = [] if new is None else [new + ending]
    return "\n".join(lines)
