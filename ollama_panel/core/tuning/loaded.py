"""How a model was loaded for a trial: whether all of it is on the GPU, and how many requests it answers at once."""

from collections.abc import Iterable

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.effective_value import ValueName
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource


def spill(models: Iterable[LoadedModel], settings: Notice) -> Notice | None:
    """Return that one of these is partly not on the GPU, None = none is, or no GPU; `settings` names those of the load.

    The log's layers count before the sizes of `/api/ps`, of which a part may be in main memory in any case. Layers that
    somebody wants on the CPU (`num_gpu`) are no spill.
    """
    return next((told for model in models if (told := _spill(model, settings)) is not None), None)


def _spill(model: LoadedModel, settings: Notice) -> Notice | None:
    layers = next((one for one in model.values if one.name is ValueName.LAYERS), None)
    if layers is not None and isinstance(layers.effective, int) and layers.whole is not None:
        asked = layers.why_not is not None and layers.why_not.code == "value.layers_asked"
        if layers.wanted is None or layers.effective >= layers.whole or asked:
            return None
        return notice("tuning.spilled_layers", layers=layers.effective, whole=layers.whole, settings=settings)
    if not 0 < model.size_vram < model.size:
        return None
    return notice("tuning.spilled", gpu=model.size_vram, size=model.size, settings=settings)


def is_spill(told: Notice) -> bool:
    """Return whether a notice is one of `spill`."""
    return told.code in ("tuning.spilled", "tuning.spilled_layers")


def slots_of(models: Iterable[LoadedModel]) -> int | None:
    """Return how many requests each of these answers at once, the fewest of them; None = that is known of none."""
    known = (one.parallel for one in models if one.parallel_source is not ParallelSource.UNKNOWN)
    return min((slots for slots in known if slots is not None), default=None)
