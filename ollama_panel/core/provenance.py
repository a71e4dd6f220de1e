"""What a measurement of now would be valid for: the hardware, Ollama and the model, as a snapshot shows them."""

from ollama_panel import __version__
from ollama_panel.core.notices import Notice
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning import validity
from ollama_panel.core.tuning.profile import ProfileRecord
from ollama_panel.core.tuning.record import Provenance


def provenance_of(snapshot: Snapshot, model: str, at: float) -> Provenance:
    """Return what a measurement of a model is valid for that is made at `at`, in Unix time; a model "" = none."""
    sample, telemetry = snapshot.sample, snapshot.telemetry
    cards = [gpu for gpu in telemetry.gpus if not gpu.lost] if telemetry is not None else []
    names = [gpu.name for gpu in cards if gpu.name] or ([sample.memory_name] if sample is not None else [])
    watts = sum(gpu.power_limit_w or 0.0 for gpu in cards)
    facts = next((one for one in snapshot.models if one.name == model), None)
    budget = sample.budget if sample is not None else None
    return Provenance(
        at=at,
        hardware=" + ".join(sorted(filter(None, names))) if snapshot.gpu else f"CPU, {snapshot.cores} cores",
        memory_bytes=budget.total if budget is not None else None,
        driver=next((gpu.driver for gpu in cards if gpu.driver), ""),
        ollama=snapshot.ollama_version or "",
        model=model,
        digest=facts.digest if facts is not None else "",
        power=validity.power(telemetry.system.on_battery, watts) if telemetry is not None else "",
        panel=__version__,
    )


def problem_of(snapshot: Snapshot, then: Provenance, *, measured: bool = True) -> Notice | None:
    """Return what has changed since a measurement, so that it does not hold on this machine now; None if it holds."""
    return validity.problem(then, provenance_of(snapshot, then.model, then.at), measured=measured)


def problem_of_profile(snapshot: Snapshot, profile: ProfileRecord) -> Notice | None:
    """Return what has changed since a profile was measured or made, None if it holds."""
    return problem_of(snapshot, profile.provenance, measured=profile.measured is not None)
