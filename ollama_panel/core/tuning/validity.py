"""Whether a measurement still holds: what has changed of the machine, of Ollama and of the model since it was made."""

import re
from collections.abc import Iterator

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.tuning.record import Provenance

_BATTERY, _MAINS = "battery", "mains"
_POWER = re.compile(rf"({_BATTERY}|{_MAINS})? ?(?:(\d{{1,6}}) W)?")
MEMORY_STEP = GIB // 4
"""Bytes for models that may differ without a change of the hardware: drivers and servers tell rounded sizes."""


def problem(then: Provenance, now: Provenance, *, measured: bool = True) -> Notice | None:
    """Return what has changed since a measurement, so that it does not hold any more; None if it holds.

    Without `measured` it is of settings that somebody has chosen. What is unknown on either side is no reason: a panel
    that has just started does not know all of it yet.
    """
    changes = tuple(_changes(then, now))
    if not changes:
        return None
    return notice("validity.changed", changes=changes) if measured else notice("validity.made", changes=changes)


def _changes(then: Provenance, now: Provenance) -> Iterator[Notice]:
    """Yield what has changed, as parts of a sentence."""
    if differ(then.hardware, now.hardware):
        yield notice("validity.hardware", then=then.hardware, now=now.hardware)
    elif then.memory_bytes and now.memory_bytes and abs(then.memory_bytes - now.memory_bytes) > MEMORY_STEP:
        yield notice("validity.memory", then=then.memory_bytes, now=now.memory_bytes)
    if differ(then.driver, now.driver):
        yield notice("validity.driver", then=then.driver, now=now.driver)
    if differ(then.ollama, now.ollama):
        yield notice("validity.ollama", then=then.ollama, now=now.ollama)
    if differ(then.digest, now.digest):
        yield notice("validity.digest", model=then.model)
    yield from _of_power(then.power, now.power)


def power(on_battery: bool | None, watts: float | None) -> str:
    """Return how `Provenance.power` is written: "mains 450 W"; None = unknown. The watts are those of all cards."""
    source = "" if on_battery is None else _BATTERY if on_battery else _MAINS
    return " ".join(filter(None, (source, f"{watts:.0f} W" if watts else "")))


def _of_power(then: str, now: str) -> Iterator[Notice]:
    """Yield what has changed of the power. Another source has another limit, which needs no word of its own."""
    (source, watts), (source_now, watts_now) = (_parts(one) for one in (then, now))
    if differ(source, source_now):
        yield notice("validity.mains" if source == _MAINS else "validity.battery")
    elif differ(watts, watts_now):
        yield notice("validity.power", then=int(watts), now=int(watts_now))


def _parts(written: str) -> tuple[str, str]:
    """Return the source and the watts of a power that is written by `power`, "" for what it does not tell."""
    found = _POWER.fullmatch(written)
    return (found[1] or "", found[2] or "") if found else ("", "")


def differ(then: str, now: str) -> bool:
    """Return whether two facts are known to differ; "" = unknown."""
    return bool(then and now) and then != now
