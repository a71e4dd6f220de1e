"""How models were loaded for a trial: partly not on the GPU, or with fewer slots than were asked for."""

import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.effective_value import EffectiveValue, Source, Unit, ValueName
from ollama_panel.core.ollama.runners import LoadedModel, ParallelSource
from ollama_panel.core.ollama.sizes import GIB
from ollama_panel.core.tuning.loaded import is_spill, slots_of, spill

SIXTEEN = notice("tuning_report.slots", slots=16)
TOO_LITTLE = notice("value.layers_memory")


def loaded(vram: int = 8, layers: int | None = None, why: Notice = TOO_LITTLE, slots: int | None = 16) -> LoadedModel:
    """Return a model of 8 GiB of which so many are on the GPU, and so many of its 33 layers as the log says."""
    value = EffectiveValue(ValueName.LAYERS, Unit.LAYERS, 33, layers, Source.LOG, why, whole=33)
    source = ParallelSource.UNKNOWN if slots is None else ParallelSource.LOG
    values = () if layers is None else (value,)
    return LoadedModel(ModelName("llama3.1:8b"), 8 * GIB, vram * GIB, 4096, slots, source, values)


def test_layers_on_the_cpu_are_told() -> None:
    told = spill([loaded(vram=8, layers=33), loaded(vram=4, layers=14)], SIXTEEN)
    assert told is not None
    assert render(told) == "14 of 33 layers are on the GPU: the model does not fit with 16 slots."
    assert is_spill(told)


def test_without_the_log_the_sizes_tell() -> None:
    told = spill([loaded(vram=6)], SIXTEEN)
    assert told is not None
    assert render(told) == "6.0 GiB of 8.0 GiB are on the GPU: the model does not fit with 16 slots."
    assert is_spill(told)


@pytest.mark.parametrize(
    "model",
    [
        loaded(),
        loaded(vram=0),  # on a CPU alone, nothing is known of a GPU
        loaded(vram=7, layers=33),  # what is in main memory is no layer
        loaded(vram=4, layers=14, why=notice("value.layers_asked", layers=14)),
    ],
)
def test_what_is_no_spill(model: LoadedModel) -> None:
    assert spill([model], SIXTEEN) is None
    assert not is_spill(SIXTEEN)


def test_the_fewest_slots_of_all_workers_count() -> None:
    assert slots_of([loaded(slots=16), loaded(slots=4)]) == 4
    assert slots_of([loaded(slots=None), loaded(slots=4)]) == 4
    assert slots_of([loaded(slots=None)]) is None
    assert slots_of([]) is None
