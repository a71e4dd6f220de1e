"""What a measurement of now would be valid for: the hardware, Ollama and the model, as a snapshot shows them."""

from ollama_panel import __version__
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning.record import Provenance

_BATTERY, _MAINS = "battery", "mains"


def provenance_of(snapshot: Snapshot, model: str, at: float) -> Provenance:
    """Return what a measurement of a model is valid for that is made at `at`, in Unix time; a model "" = none."""
    sample, telemetry = snapshot.sample, snapshot.telemetry
    cards = [gpu for gpu in telemetry.gpus if not gpu.lost] if telemetry is not None else []
    names = sorted(gpu.name for gpu in cards if gpu.name) or ([sample.memory_name] if sample is not None else [])
    facts = next((one for one in snapshot.models if one.name == model), None)
    budget = sample.budget if sample is not None else None
    return Provenance(
        at=at,
        hardware=" + ".join(filter(None, names)) if snapshot.gpu else f"CPU, {snapshot.cores} cores",
        memory_bytes=budget.total if budget is not None else None,
        driver=next((gpu.driver for gpu in cards if gpu.driver), ""),
        ollama=snapshot.ollama_version or "",
        model=model,
        digest=facts.digest if facts is not None else "",
        power=_power(snapshot),
        panel=__version__,
    )


def _power(snapshot: Snapshot) -> str:
    """Return where the machine has its power from, and how much its cards may have: "mains 450 W"; "" = unknown."""
    telemetry = snapshot.telemetry
    if telemetry is None:
        return ""
    on_battery = telemetry.system.on_battery
    source = "" if on_battery is None else _BATTERY if on_battery else _MAINS
    limits = [gpu.power_limit_w for gpu in telemetry.gpus if gpu.power_limit_w]
    return " ".join(filter(None, (source, f"{sum(limits):.0f} W" if limits else "")))
