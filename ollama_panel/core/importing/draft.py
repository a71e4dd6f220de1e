"""The settings as an import changes them, one value after the other, with what is said of each."""

from collections.abc import Iterable, Sequence

import msgspec

from ollama_panel.core import redact
from ollama_panel.core.errors import PanelError
from ollama_panel.core.importing.groups import Group
from ollama_panel.core.importing.record import NotTaken, Taken, Wrong
from ollama_panel.core.notices import Notice, Value, notice
from ollama_panel.core.records import Role
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.sources.record import Assignment, Place

NO_TEXT = "\ufffd"
"""Stands in a text for bytes that are no UTF-8: what they were is lost."""
REFUSED = "refused"
"""The code of what the panel's settings do not accept."""


class Draft:
    """The settings so far, and what was taken, ignored and wrong; every value is checked as it is set."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.taken: list[Taken] = []
        self.ignored: list[NotTaken] = []
        self.wrong: list[Wrong] = []

    def begin_pool(self, group: Group) -> PoolSettings:
        """Make a pool, unless there is one of its name, and return it."""
        known = next((pool for pool in self.settings.pools if pool.name == group.name), None)
        if known is None:
            known = _new_pool(group)
            self.settings = msgspec.structs.replace(self.settings, pools=(*self.settings.pools, known))
        elif group.said and known.role is not group.role:
            self.put(f"pools.{group.name}.role", group.role.value, notice("import.role", pool=group.name))
        return known

    def put(self, key: str, value: object, told: Notice, places: Iterable[Place] = ()) -> bool:
        """Set a value, and say so; one that is refused is wrong. Return whether it was taken."""
        places = tuple(places)
        if (refused := self._set(key, value)) is not None:
            self.wrong.append(Wrong(REFUSED, "", refused, places[0] if places else Place("")))
            return False
        self.taken.append(Taken(key, told, places))
        return True

    def put_variable(self, key: str, value: object, told: str, given: Sequence[Assignment], **values: Value) -> None:
        """Set the value of a variable; `told` is the code of the sentence, which has the variable and its value."""
        name = given[0].name
        if NO_TEXT in given[0].value:
            self.fault("bad-value", name, notice("import.no_text", name=name), *given)
            return
        if (refused := self._set(key, value)) is not None:
            self.fault(REFUSED, name, refused, *given)
            return
        sentence = notice(told, name=name, value=redact.variable(name, given[0].value), **values)
        self.taken.append(Taken(key, sentence, tuple(one.place for one in given)))

    def _set(self, key: str, value: object) -> Notice | None:
        """Set a value; return why it is refused."""
        try:
            self.settings = codec.change(self.settings, {key: value})
        except PanelError as error:
            return error.notice
        return None

    def ignore(self, given: Iterable[Assignment], why: Notice) -> None:
        """Say why variables become no setting."""
        self.ignored += (NotTaken(one.name, why, one.place) for one in given)

    def fault(self, code: str, name: str, told: Notice, *given: Assignment) -> None:
        """Say what is wrong with a variable that is not taken."""
        self.wrong += (Wrong(code, name, told, one.place) for one in given)


def _new_pool(group: Group) -> PoolSettings:
    """Return a pool with the values that a new one of its role has."""
    usual = next((pool for pool in Settings().pools if pool.role is group.role), PoolSettings(group.name))
    role = group.role if group.said else Role.CHAT
    return msgspec.structs.replace(usual, name=group.name, role=role, models=(), environment={})
