import msgspec
import pytest

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.load_history import CONTEXTS, DEVICES, MODELS, LoadHistory, decoded
from ollama_panel.core.ollama.measured_load import DeviceBytes, MeasuredLoad
from ollama_panel.core.ollama.models import ModelFacts

FACTS = ModelFacts(ModelName("chat:1"), digest="d1")


def load(context: int = 4096, *, ollama: str = "0.32.15", device: str = "card", full: int = 1) -> MeasuredLoad:
    devices = (DeviceBytes("CUDA0", 10, full, 3),)
    return MeasuredLoad(ollama, device, True, context, 1, 512, "f16", True, devices, full=full)


def history(*loads: MeasuredLoad, digest: str = "d1") -> LoadHistory:
    kept = LoadHistory()
    for one in loads:
        kept = kept.after(digest, one)
    return kept


def contexts(kept: LoadHistory) -> list[int]:
    return [one.context for one in kept.models["d1"]]


def test_the_newest_loads_with_different_contexts_are_kept_newest_first():
    kept = history(*(load(1024 * step) for step in range(1, CONTEXTS + 3)))
    assert contexts(kept) == [1024 * step for step in range(CONTEXTS + 2, 2, -1)]


def test_a_load_with_the_same_context_replaces_the_older_one():
    kept = history(load(4096, full=1), load(8192), load(4096, full=2))
    assert [(one.context, one.full) for one in kept.models["d1"]] == [(4096, 2), (8192, 1)]


def test_what_a_process_takes_beside_its_buffers_is_kept_if_the_next_load_does_not_tell():
    first = msgspec.structs.replace(load(4096, full=1), overhead=7)
    (kept,) = history(first, load(4096, full=2)).models["d1"]
    assert (kept.full, kept.overhead) == (2, 7)


def test_a_model_that_goes_from_device_to_device_has_no_endless_history():
    kept = history(*(load(4096, device=f"card {number}") for number in range(100)))
    assert len(kept.models["d1"]) == DEVICES * CONTEXTS
    assert decoded(kept.encoded()) == kept


def test_another_ollama_on_the_same_device_begins_anew():
    kept = history(load(4096, ollama="0.32.15"), load(4096, device="other"), load(8192, ollama="0.33.0"))
    assert [(one.ollama, one.device) for one in kept.models["d1"]] == [("0.33.0", "card"), ("0.32.15", "other")]


def test_the_models_that_were_loaded_last_are_kept():
    kept = history(load())
    for number in range(MODELS):
        kept = kept.after(f"other-{number}", load())
    assert len(kept.models) == MODELS
    assert "d1" not in kept.models
    assert f"other-{MODELS - 1}" in kept.models


def test_models_get_the_loads_on_the_devices_of_now():
    kept = history(load(4096), load(8192, device="other"))
    (facts,) = kept.applied((FACTS,), ("card",))
    assert facts.loads == (load(4096),)
    assert kept.applied((facts,), ("card",))[0] is facts
    assert kept.applied((facts,), ()) == (FACTS,)


def test_a_history_is_the_same_after_it_was_written_and_read():
    kept = history(load(4096), load(8192), load(4096, device="other"))
    assert decoded(kept.encoded()) == kept


def test_a_load_that_is_nonsense_is_left_out():
    content = msgspec.json.decode(history(load(4096), load(8192)).encoded())
    content["models"]["d1"][0]["batch"] = 0
    content["models"]["d2"] = [{"device": "card"}, "nothing", None]
    assert decoded(msgspec.json.encode(content)) == history(load(4096))


def test_another_format_is_an_empty_history():
    assert decoded(b'{"format": 2, "models": {"d1": [1, 2]}, "more": true}') == LoadHistory()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"format": "x"}', b"\xff\xfe\x00", b'{"format": 1, "models": 3}']
)
def test_garbage_is_no_history(content):
    with pytest.raises(msgspec.DecodeError):
        decoded(content)
