import msgspec

from ollama_panel.core.advice.quantisations import is_unquantised, smaller
from tests.core.advice.golden import GPT_OSS, LLAMA_8B, LLAMA_F16


def test_sizes_are_in_proportion_to_the_bits_of_a_weight() -> None:
    """The files of Llama 3.1 8B in Ollama's library: 16.1 GB, 8.5, 6.6, 5.7, 4.9."""
    sizes = {name: round(size / 10**9, 1) for name, size in smaller(LLAMA_F16)}
    assert sizes == {"Q8_0": 8.6, "Q6_K": 6.6, "Q5_K_M": 5.7, "Q4_K_M": 4.9, "Q3_K_L": 4.3, "Q3_K_S": 3.7}


def test_only_smaller_ones_are_offered_and_none_where_its_own_is_unknown() -> None:
    assert [name for name, _ in smaller(LLAMA_8B)] == ["Q3_K_L", "Q3_K_S"]
    assert smaller(GPT_OSS) == []
    assert smaller(msgspec.structs.replace(LLAMA_8B, quantization="")) == []


def test_a_model_as_it_was_trained_is_unquantised() -> None:
    assert is_unquantised(LLAMA_F16)
    assert not is_unquantised(LLAMA_8B)
    assert not is_unquantised(GPT_OSS)
