"""Whether a measurement still holds: what has changed of the machine, of Ollama and of the model since it was made."""

from collections.abc import Iterator

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.tuning.record import Provenance

MEMORY_STEP = GIB // 4
"""Bytes for models that may differ without a change of the hardware: drivers and servers tell rounded sizes."""


def problem(then: Provenance, now: Provenance) -> Notice | None:
    """Return what has changed since a measurement, so that it does not hold any more; None if it holds.

    What is unknown on either side is no reason: a panel that has just started does not know all of it yet.
    """
    changes = tuple(_changes(then, now))
    return notice("validity.changed", changes=changes) if changes else None


def _changes(then: Provenance, now: Provenance) -> Iterator[Notice]:
    """Yield what has changed, as parts of a sentence."""
    if _differ(then.hardware, now.hardware):
        yield notice("validity.hardware", then=then.hardware, now=now.hardware)
    elif then.memory_bytes and now.memory_bytes and abs(then.memory_bytes - now.memory_bytes) > MEMORY_STEP:
        yield notice("validity.memory", then=then.memory_bytes, now=now.memory_bytes)
    if _differ(then.driver, now.driver):
        yield notice("validity.driver", then=then.driver, now=now.driver)
    if _differ(then.ollama, now.ollama):
        yield notice("validity.ollama", then=then.ollama, now=now.ollama)
    if _differ(then.digest, now.digest):
        yield notice("validity.digest", model=then.model)
    if _differ(then.power, now.power):
        yield notice("validity.power", then=then.power, now=now.power)


def _differ(then: str, now: str) -> bool:
    return bool(then and now) and then != now
