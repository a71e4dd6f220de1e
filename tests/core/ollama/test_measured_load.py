import msgspec
import pytest

from ollama_panel.core.ollama.measured_load import DeviceBytes, MeasuredLoad

CARDS = (DeviceBytes("CUDA0", 30, 4, 7), DeviceBytes("CUDA1", 20, 4, 5))
LOAD = MeasuredLoad("0.32.15", "card", True, 4096, 1, 512, "f16", True, CARDS, full=6, state=2, encoder=3)


def test_the_sums_are_over_all_devices():
    assert (LOAD.weights, LOAD.kv, LOAD.compute, LOAD.total) == (50, 8, 15, 73)


def test_a_load_is_the_same_after_it_was_written_and_read():
    assert msgspec.json.decode(msgspec.json.encode(LOAD), type=MeasuredLoad) == LOAD


@pytest.mark.parametrize(
    ("name", "value"), [("context", 0), ("batch", -1), ("parallel", 0), ("full", -5), ("full", 1e30)]
)
def test_nonsense_is_no_load(name, value):
    values = msgspec.to_builtins(LOAD) | {name: value}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(values, MeasuredLoad)
