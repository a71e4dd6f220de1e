"""Lines of files, and assignments in them: what all readers make their records of."""

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.sources import editing
from ollama_panel.core.sources.names import NOT_OLLAMAS
from ollama_panel.core.sources.record import Assignment, Fate, Place, TextFile

LATER_WINS = notice("source.later_wins")


def at(file: TextFile, line: int) -> Place:
    """Return the place of a line of a file, by its number from 1; 0 is the whole file."""
    return Place(file.path, line, editing.line_at(file.text, line))


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
