import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.environment import VARIABLES, check_pool
from ollama_panel.core.ollama.environment_presets import PRESETS, Preset, applied, find
from ollama_panel.core.ollama.kvcache import CACHE_TYPES
from ollama_panel.core.ollama.sizes import GIB, MIB
from ollama_panel.core.ollama.versions import numbers


def refusal(preset: str, value: str = "") -> str:
    with pytest.raises(PanelError) as caught:
        applied(find(preset), {}, value)
    return render(caught.value.notice)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_what_a_preset_sets_is_right_for_every_version_that_reads_it(preset: Preset) -> None:
    environment = applied(preset, {}, "0" if preset.asks else "")
    assert environment.keys() == preset.variables.keys()
    for version in (preset.since, "0.32.15"):
        assert check_pool(environment, numbers(version)) == ()
        assert preset.outside(numbers(version)) is None


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_a_preset_tells_everything_in_sentences(preset: Preset) -> None:
    assert preset.source
    for text in (preset.meaning, preset.gain, preset.cost):
        assert text[0].isupper()
        assert text.endswith(".")
    assert not preset.title.endswith(".")


def test_the_numbers_of_the_cache_are_those_of_its_blocks() -> None:
    for name in ("q8_0", "q4_0"):
        gain = find(f"kv-{name}").gain
        assert f"takes {CACHE_TYPES[name] / CACHE_TYPES['f16']:.0%}".replace("%", " %") in gain
        assert f"{CACHE_TYPES[name]} bytes instead of {CACHE_TYPES['f16']} for every 32" in gain


def test_the_arithmetic_of_the_other_numbers() -> None:
    tokens, heads, batch, size = 32_768, 32, 512, 4
    assert tokens * heads * batch * size == 2 * GIB
    assert "2 GiB" in find("flash-attention").gain
    prompts, room = find("small-prompt-cache"), find("gpu-room")
    default, wanted = VARIABLES["LLAMA_ARG_CACHE_RAM"].default, prompts.variables["LLAMA_ARG_CACHE_RAM"]
    assert (int(default) - int(wanted)) * MIB == 6 * GIB
    default, wanted = VARIABLES["LLAMA_ARG_FIT_TARGET"].default, room.variables["LLAMA_ARG_FIT_TARGET"]
    assert (int(wanted) - int(default)) * MIB == GIB
    assert 5_000 / 500 == 10
    assert round(2 * 8 * 5600 / 1000) == 90


def test_the_other_variables_of_a_pool_stay() -> None:
    before = {"OLLAMA_KEEP_ALIVE": "1h", "OLLAMA_KV_CACHE_TYPE": "f16"}
    assert applied(find("kv-q8_0"), before) == {
        "OLLAMA_KEEP_ALIVE": "1h",
        "OLLAMA_KV_CACHE_TYPE": "q8_0",
        "OLLAMA_FLASH_ATTENTION": "1",
    }


def test_a_preset_that_asks_for_a_value_checks_it() -> None:
    cards = applied(find("gpu-nvidia"), {}, " 0,1 ")
    assert cards == {"CUDA_DEVICE_ORDER": "PCI_BUS_ID", "CUDA_VISIBLE_DEVICES": "0,1"}
    assert refusal("gpu-nvidia") == "The preset gpu-nvidia needs a value for CUDA_VISIBLE_DEVICES: name it."
    assert "must be the numbers or identifiers" in refusal("gpu-nvidia", "RTX 4090")
    assert refusal("kv-q8_0", "1") == "The preset kv-q8_0 takes no value: leave it out."
    assert 'no preset "fast"' in refusal("fast")


def test_a_preset_of_the_runner_is_nothing_for_an_older_version() -> None:
    outside = find("gpu-room").outside(numbers("0.24.0"))
    assert outside is not None
    assert render(outside) == "only Ollama 0.30.0 and later reads it"
    assert find("gpu-room").outside(()) is None
