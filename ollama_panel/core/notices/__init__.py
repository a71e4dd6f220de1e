"""Notices: everything that the panel tells people about its state, as values instead of sentences.

A notice has a code and values; `templates` has the English template of each code. The command line, the proxy and the
log render English (`render`), the window translates the template and formats the numbers by locale.

To add one: a line in `templates.TEMPLATES`, `notice("area.what", name=value)` where it happens, and its Chinese in
`resources/translations` (`packaging/translations.py` puts the template there).
"""

from typing import TypeAlias, Union

import msgspec
from typing_extensions import override

from ollama_panel.core.ids import PoolName
from ollama_panel.core.notices.templates import TEMPLATES, Level
from ollama_panel.core.text import valid_text


class RaiseContext(msgspec.Struct, frozen=True, tag=True):
    """An action that a notice offers: set the `context_length` of these pools to `tokens`."""

    pools: tuple[PoolName, ...]
    tokens: int


class UseStore(msgspec.Struct, frozen=True, tag=True):
    """An action that a notice offers: set `ollama.models_dir` to `path`."""

    path: str


class ChangePools(msgspec.Struct, frozen=True, tag=True):
    """An action that a notice offers: change these settings of these pools; None and variables not named stay.

    `environment` are variables with their new values.
    """

    pools: tuple[PoolName, ...]
    context_length: int | None = None
    parallel: int | None = None
    workers: int | None = None
    environment: tuple[tuple[str, str], ...] = ()


class FollowUpdates(msgspec.Struct, frozen=True, tag=True):
    """An action that a notice offers: switch `ollama.follow_updates` on."""


Offer: TypeAlias = RaiseContext | UseStore | ChangePools | FollowUpdates
"""What a notice can offer; in JSON the field `type` says which."""


Value: TypeAlias = Union[int, float, str, "Notice", tuple[Union[int, float, str, "Notice"], ...]]
"""A number, a name, a path, an id, a word of another program, a notice that is the cause, or several of them."""


class Notice(msgspec.Struct, frozen=True):
    """One notice; make it by `notice`.

    `code` names its template. `action` is what can be done about it at once, None = nothing. `evidence` are lines of
    another program that show it, for example the last of a server's log. `ways` are what people can do about it, any
    one of them; the `ways` of a way are its steps, all of them in turn, such as commands to type.
    """

    code: str
    level: Level = Level.INFO
    values: dict[str, Value] = {}
    action: Offer | None = None
    evidence: tuple[str, ...] = ()
    ways: tuple["Notice", ...] = ()

    @override
    def __hash__(self) -> int:
        return hash((self.code, self.evidence))  # the values are a dictionary, which has no hash

    def offering(self, action: Offer | None) -> "Notice":
        """Return this notice with an action."""
        return msgspec.structs.replace(self, action=action)

    def by(self, *ways: "Notice") -> "Notice":
        """Return this notice with what can be done about it."""
        return msgspec.structs.replace(self, ways=ways)

    def showing(self, *evidence: str) -> "Notice":
        """Return this notice with lines of evidence."""
        return msgspec.structs.replace(self, evidence=evidence)


def joined(first: Notice, *more: Notice | None) -> Notice:
    """Return sentences, one after the other, as one notice with the level of the first."""
    for then in more:
        if then is not None:
            first = msgspec.structs.replace(notice("joined", first=first, then=then), level=first.level)
    return first


def notice(code: str, /, **values: Value) -> Notice:
    """Return a notice with the level of its template.

    Bytes of a name or a path that are not valid text (`os.fsdecode`) become question marks: JSON cannot hold them.
    Raises KeyError if there is no such code, TypeError if the values are not those that the template names: a notice
    that cannot be rendered is an error of the program.
    """
    template = TEMPLATES[code]
    if values.keys() != template.fields:
        raise TypeError(f"{code} needs the values {sorted(template.fields)}, not {sorted(values)}")
    return Notice(code, template.level, {name: _valid(value) for name, value in values.items()})


def _valid(value: Value) -> Value:
    if isinstance(value, tuple):
        return tuple(valid_text(one) if isinstance(one, str) else one for one in value)
    return valid_text(value) if isinstance(value, str) else value
