"""A check of the doctor: facts in, findings out."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

import msgspec

from ollama_panel.core.doctor.facts import Facts
from ollama_panel.core.findings import Area, Finding
from ollama_panel.core.notices import Notice

Look: TypeAlias = Callable[[Facts], Iterable[Finding]]
Blind: TypeAlias = Callable[[Facts], Notice | None]


def _sees(_: Facts) -> Notice | None:
    return None


class Check(msgspec.Struct, frozen=True):
    """One check: its `id`, as `settings.outside-service`, what it looks at (`title`), and how.

    `look` returns findings whose `check` is the id. `blind` returns why it cannot look with these facts, None = it can.
    """

    id: str
    area: Area
    title: Notice
    look: Look
    blind: Blind = _sees
