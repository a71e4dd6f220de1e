"""What people are told of a hung instance. Pure."""

from collections.abc import Sequence

import msgspec

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.notices import Notice, Value, notice
from ollama_panel.core.restart_budget import PAUSES_S
from ollama_panel.core.watchdog import MISSES, Watch
from ollama_panel.core.watchdog_record import WatchdogState


class Doubt(msgspec.Struct, frozen=True):
    """What the sentence depends on: whose doubt it is, and what may be done.

    `managed`: the panel may restart it. `restarts`: it is to do so when it hangs; `exhausted`: it was restarted too
    often.
    """

    instance: InstanceId
    model: ModelName
    managed: bool
    restarts: bool
    exhausted: bool


def told(doubt: Doubt, watch: Watch) -> Notice | None:
    """Return the sentence about a watch, None if there is no doubt."""
    values: dict[str, Value] = {"instance": doubt.instance, "model": doubt.model, "silent": round(watch.silent_s)}
    if watch.state is WatchdogState.QUIET:
        return None
    if watch.state is WatchdogState.ASKING:
        return notice("watchdog.asking", **values, missed=watch.missed, all=MISSES)
    if not doubt.managed:
        return notice("watchdog.hung_adopted", **values)
    if not doubt.restarts:
        return notice("watchdog.hung_left", **values)
    if doubt.exhausted:
        return notice("watchdog.exhausted", instance=doubt.instance, model=doubt.model, times=len(PAUSES_S))
    return notice("watchdog.hung", **values)


def left(instance: InstanceId, model: ModelName, silent_s: float) -> Notice:
    """Return the sentence that a process hangs whose place was taken already: nobody waits for its requests."""
    return notice("watchdog.left", instance=instance, model=model, silent=round(silent_s))


def answered_nothing(instance: InstanceId, evidence: str) -> Notice:
    """Return the sentence that a server was restarted that answered nothing; `evidence` as in `restarted`."""
    if evidence:
        return notice("watchdog.silent", instance=instance, folder=evidence)
    return notice("watchdog.silent_bare", instance=instance)


def broken_off(instance: InstanceId, models: Sequence[ModelName]) -> Notice:
    """Return the sentence that ends an answer of a process that hung in the middle of it."""
    return notice("watchdog.broken_off", instance=instance, models=tuple(models))


def restarted(instance: InstanceId, models: Sequence[ModelName], silent_s: float, evidence: str) -> Notice:
    """Return the sentence that an instance is restarted as models of it hang; `evidence` is a folder, "" = none."""
    values: dict[str, Value] = {"instance": instance, "models": tuple(models), "silent": round(silent_s)}
    if evidence:
        return notice("watchdog.restarted", **values, folder=evidence)
    return notice("watchdog.restarted_bare", **values)
