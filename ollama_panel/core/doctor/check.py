"""A check of the doctor: facts in, findings out."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

import msgspec

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.doctor.subjects import always
from ollama_panel.core.findings import Area, Finding
from ollama_panel.core.notices import Notice

Look: TypeAlias = Callable[[Facts], Iterable[Finding]]
Blind: TypeAlias = Callable[[Facts], Notice | None]
Applies: TypeAlias = Callable[[Facts], bool]


def _sees(_: Facts) -> Notice | None:
    return None


class Check(msgspec.Struct, frozen=True):
    """One check: its `id`, as `settings.outside-service`, what it looks at (`title`), and how.

    `look` returns findings whose `check` is the id. `blind` returns why it cannot look with these facts, None = it can.
    `applies` returns whether there is anything to look at (`core.doctor.subjects`): without that a check is left out of
    the report, as neither well nor unknown.
    """

    id: str
    area: Area
    title: Notice
    look: Look
    applies: Applies = always
    blind: Blind = _sees
