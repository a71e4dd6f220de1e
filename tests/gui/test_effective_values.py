"""The table of wanted and effective values of a loaded model, on the page of the instances."""

import msgspec
import pytest
from PySide6.QtWidgets import QComboBox, QLabel

from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.effective_value import EffectiveValue, Source, Unit, ValueName
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.gui.window import MainWindow
from tests.gui import snapshots
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named
from tests.gui.snapshots import GIB, snapshot

MIB = 1024**2
TRAINED = notice("value.context_trained", tokens=2048)
VALUES = (
    EffectiveValue(ValueName.CONTEXT, Unit.TOKENS, 4096, 2048, Source.LOG, TRAINED),
    EffectiveValue(ValueName.LAYERS, Unit.LAYERS, 33, 22, Source.LOG, notice("value.layers_memory"), whole=33),
    EffectiveValue(
        ValueName.WEIGHTS, Unit.BYTES, None, 5 * GIB, Source.LOG, parts={"CUDA0": 4 * GIB, "projector": GIB}
    ),
    EffectiveValue(ValueName.FLASH_ATTENTION, Unit.NONE, "on", "on", Source.COMMAND),
    EffectiveValue(ValueName.DEVICES, Unit.NONE, None, ("CUDA0 (Card)", "CPU"), Source.LOG),
    EffectiveValue(ValueName.PROMPT_CACHE, Unit.BYTES, None, "unlimited", Source.ENVIRONMENT),
    EffectiveValue(ValueName.THREADS, Unit.THREADS, why_not=notice("value.log_unread")),
)


def instance(*models: tuple[str, tuple[EffectiveValue, ...]]) -> InstanceRecord:
    loaded = (msgspec.structs.replace(snapshots.loaded(name, 6.1, 2), values=values) for name, values in models)
    return msgspec.structs.replace(snapshots.instances()[0], models=tuple(loaded))


@pytest.fixture(autouse=True)
def _shown(window: MainWindow, client: FakeClient) -> None:
    window.show_page(1)
    client.push(snapshot(instances=(instance((snapshots.LLAMA, VALUES)),)))


def texts(window: MainWindow, name: str) -> tuple[str, ...]:
    return tuple(named(window, QLabel, f"{name}, {what}").text() for what in ("Wanted", "Effective", "Read from"))


def test_each_value_is_there_with_unit_and_source(window: MainWindow) -> None:
    assert texts(window, "Weights") == ("—", "5.0 GiB", "log line: CUDA0 4.0 GiB, pictures 1.0 GiB")
    assert texts(window, "Flash attention") == ("on", "on", "runner command line")
    assert texts(window, "Devices") == ("—", "CUDA0 (Card), CPU", "log line")
    assert texts(window, "Prompt cache, at most") == ("—", "unlimited", "environment")


def test_what_is_not_as_wanted_is_highlighted_and_says_why(window: MainWindow) -> None:
    assert texts(window, "Context per slot") == ("4,096", "2,048", "log line\nThe model was trained for 2,048 tokens.")
    assert texts(window, "Layers on GPU")[:2] == ("33", "22 of 33")
    assert named(window, QLabel, "Layers on GPU, Effective").property("tone") == "warn"
    assert not named(window, QLabel, "Weights, Effective").property("tone")


def test_what_is_unknown_is_a_dash_and_says_why(window: MainWindow) -> None:
    wanted, effective, told = texts(window, "CPU threads")
    assert (wanted, effective) == ("—", "—")
    assert told == "Only the log of the server tells, and the panel does not have these lines of it."


def test_of_several_models_the_chosen_one_is_shown_and_stays(window: MainWindow, client: FakeClient) -> None:
    other = (EffectiveValue(ValueName.CONTEXT, Unit.TOKENS, None, 512, Source.LOG),)
    both = instance((snapshots.LLAMA, VALUES), (snapshots.NOMIC, other))
    client.push(snapshot(instances=(both,)))
    choice = named(window, QComboBox, "Loaded model whose values are shown")
    assert choice.isVisible()
    choice.setCurrentIndex(1)
    assert texts(window, "Context per slot")[1] == "512"
    client.push(snapshot(instances=(msgspec.structs.replace(both, served=413),)))
    assert choice.currentText() == snapshots.NOMIC
    client.push(snapshot(instances=(instance((snapshots.LLAMA, VALUES)),)))
    assert not choice.isVisible()
    assert texts(window, "Context per slot")[1] == "2,048"
