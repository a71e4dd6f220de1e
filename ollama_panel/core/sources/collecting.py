"""The assignments of a server, collected in the order in which they are read."""

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.sources.places import at
from ollama_panel.core.sources.record import Assignment, Fate, Mistake, Place, TextFile


class Collected:
    """What is set so far. A later assignment overrules an earlier one of the same name."""

    def __init__(self) -> None:
        self._all = list[Assignment]()
        self._taken = dict[str, int]()

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """All of them, in their order."""
        return tuple(self._all)

    @property
    def variables(self) -> dict[str, str]:
        """Those that are in force."""
        return {name: self._all[at].value for name, at in self._taken.items()}

    def take(self, name: str, value: str, place: Place) -> None:
        """Set a variable."""
        self.drop(overruled_by(place), names={name}, fate=Fate.OVERRULED)
        self._taken[name] = len(self._all)
        self._all.append(Assignment(name, value, place))

    def leave(self, name: str, value: str, place: Place, why: Notice, fate: Fate = Fate.IGNORED) -> None:
        """Keep one that the server does not get, and why."""
        self._all.append(Assignment(name, value, place, fate, why))

    def drop(self, why: Notice, names: set[str] | None = None, fate: Fate = Fate.IGNORED) -> None:
        """Take variables away again, all or those of some names."""
        for name in list(self._taken) if names is None else names & self._taken.keys():
            at = self._taken.pop(name)
            self._all[at] = msgspec.structs.replace(self._all[at], fate=fate, why=why)

    def add(self, others: tuple[Assignment, ...]) -> None:
        """Let the assignments of another follow."""
        for one in others:
            if one.fate is Fate.TAKEN:
                self.take(one.name, one.value, one.place)
            else:
                self._all.append(one)


def overruled_by(place: Place) -> Notice:
    """Return why an assignment is overruled: by another at a place."""
    return notice("source.overruled", path=place.path, line=place.line)


def mistake(
    code: str, told: Notice, file: TextFile, line: int = 0, *, name: str = "", mended: str | None = None
) -> Mistake:
    """Return a mistake in a line of a file; `mended` as the record has it, None where it would change nothing."""
    return Mistake(code, told, at(file, line), name, mended if mended != file.text else None)
