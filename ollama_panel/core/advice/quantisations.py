"""How much smaller a model is in another quantisation."""

from ollama_panel.core.ollama.models import ModelFacts

BITS: dict[str, float] = {
    "F32": 32.0,
    "F16": 16.0005,
    "BF16": 16.0005,
    "Q8_0": 8.5008,
    "Q6_K": 6.5633,
    "Q5_K_M": 5.7036,
    "Q5_K_S": 5.5704,
    "Q4_K_M": 4.8944,
    "Q4_K_S": 4.6672,
    "Q4_0": 4.6672,
    "Q3_K_L": 4.2979,
    "Q3_K_S": 3.6429,
}
"""Bits per weight of Llama 3.1 8B (llama.cpp `tools/quantize/README.md`); Q4_0 takes as many as Q4_K_S."""

_STEPS = ("Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "Q3_K_L", "Q3_K_S")
"""What is offered, the best first. Below 3 bits answers get much worse (Q2_K: perplexity of Llama 3 8B + 3.5)."""


def smaller(facts: ModelFacts) -> list[tuple[str, int]]:
    """Return the smaller quantisations of a model with their sizes in bytes, the largest first; [] if its is unknown.

    The sizes are in proportion to the bits per weight.
    """
    bits = BITS.get(facts.quantization.upper())
    if bits is None:
        return []
    return [(name, int(facts.size * BITS[name] / bits)) for name in _STEPS if BITS[name] < bits * 0.97]


def is_unquantised(facts: ModelFacts) -> bool:
    """Return whether a model is as it was trained: half of its bits are hardly missed (Q8_0: perplexity + 0.003)."""
    return BITS.get(facts.quantization.upper(), 0.0) >= BITS["F16"]
