"""Presets of environment variables: what people mostly want to change, with what it gains and costs in numbers."""

from collections.abc import Mapping

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.environment import VARIABLES, check
from ollama_panel.core.ollama.versions import numbers

_CACHE = "Ollama docs/faq.mdx; llama.cpp ggml-common.h (32 values and their scale)"
_TOKENS = "https://openclawradar.com/article/qwen-kv-cache-quantization-deep-dive (Qwen 3.6 35B-A3B, wikitext-2)"
_TEXTS = "https://inventivehq.com/blog/kv-cache-quantization-quality-benchmark (8192 tokens of context)"


class Preset(msgspec.Struct, frozen=True):
    """Variables that belong together. `asks` is the one of them whose value the user gives, "" = none.

    All texts are for people; `source` is where the numbers in `gain` and `cost` are from.
    """

    id: str
    title: str
    meaning: str
    gain: str
    cost: str
    source: str
    variables: dict[str, str]
    asks: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is shown in the user's language."""
        return self.title, self.meaning, self.gain, self.cost

    @property
    def since(self) -> str:
        """The first version of Ollama that reads all of it, "" if every one does."""
        return max((VARIABLES[name].since for name in self.variables), key=numbers)

    def outside(self, version: tuple[int, ...]) -> Notice | None:
        """Return which versions read it, as `Variable.outside`."""
        found = (VARIABLES[name].outside(version) for name in self.variables)
        return next(filter(None, found), None)


PRESETS: dict[str, Preset] = {
    one.id: one
    for one in (
        Preset(
            "kv-q8_0",
            "Context cache in 8 bits",
            "Stores the context cache as q8_0, and switches on flash attention, which that needs.",
            "The cache takes 53 % of the memory of f16: 34 bytes instead of 64 for every 32 values.",
            "Little: 98.6 % of the tokens stayed the same in one measurement, and answers came 7 % slower in another.",
            f"{_CACHE}; {_TOKENS}; {_TEXTS}",
            {"OLLAMA_KV_CACHE_TYPE": "q8_0", "OLLAMA_FLASH_ATTENTION": "1"},
        ),
        Preset(
            "kv-q4_0",
            "Context cache in 4 bits",
            "Stores the context cache as q4_0, and switches on flash attention, which that needs.",
            "The cache takes 28 % of the memory of f16: 18 bytes instead of 64 for every 32 values.",
            "Other answers: 8 % of the text was that of f16 in one measurement, and 82 % with q8_0.",
            f"{_CACHE}; {_TEXTS}",
            {"OLLAMA_KV_CACHE_TYPE": "q4_0", "OLLAMA_FLASH_ATTENTION": "1"},
        ),
        Preset(
            "flash-attention",
            "Flash attention",
            "Switches flash attention on for every model, also where Ollama would decide against it.",
            "Scores are not stored: for 32,768 tokens, 32 heads and a batch of 512 they take 2 GiB, 4 bytes each.",
            "On a card that lacks it, the processor computes that part, which is slow.",
            "Ollama docs/faq.mdx; the arithmetic of core/ollama/compute.py",
            {"OLLAMA_FLASH_ATTENTION": "1"},
        ),
        Preset(
            "keep-loaded",
            "Models stay loaded",
            "Keeps models in memory until another one needs the room, not only for 5 minutes.",
            "No request waits for a load: 5 GB from a disk with 500 MB/s take 10 s.",
            "The memory is not given back while the server runs.",
            "Ollama envconfig/config.go KeepAlive",
            {"OLLAMA_KEEP_ALIVE": "-1"},
        ),
        Preset(
            "free-soon",
            "Memory is free soon",
            "Unloads a model 1 minute after its last request, instead of 5.",
            "Other programs, or other models, get the memory 4 minutes earlier.",
            "The next request loads the model again: 5 GB from a disk with 500 MB/s take 10 s.",
            "Ollama envconfig/config.go KeepAlive",
            {"OLLAMA_KEEP_ALIVE": "1m"},
        ),
        Preset(
            "gpu-nvidia",
            "Only some NVIDIA cards",
            "Lets the pool use the cards that you name, by the numbers that nvidia-smi shows, such as 0 or 0,1.",
            "Pools on cards of their own do not take memory from each other.",
            "The memory of the other cards is not used by the pool.",
            "NVIDIA CUDA C++ Programming Guide, environment variables",
            {"CUDA_DEVICE_ORDER": "PCI_BUS_ID", "CUDA_VISIBLE_DEVICES": ""},
            asks="CUDA_VISIBLE_DEVICES",
        ),
        Preset(
            "gpu-amd",
            "Only some AMD cards",
            "Lets the pool use the cards that you name, by the numbers of rocminfo, such as 0 or 0,1; on Linux.",
            "Pools on cards of their own do not take memory from each other.",
            "The memory of the other cards is not used by the pool.",
            "Ollama docs/gpu.mdx",
            {"ROCR_VISIBLE_DEVICES": ""},
            asks="ROCR_VISIBLE_DEVICES",
        ),
        Preset(
            "cpu",
            "No graphics card",
            "Computes on the processor alone; Apple's graphics are used all the same.",
            "All memory of the cards is left to other pools and programs.",
            "Slower as the memory is: 90 GB/s with two channels of DDR5-5600, 1008 GB/s on an RTX 4090, say.",
            "Ollama discover/runner.go; JEDEC DDR5 (2 x 8 bytes x 5600 MT/s), NVIDIA's data sheet",
            {"OLLAMA_LLM_LIBRARY": "cpu"},
        ),
        Preset(
            "all-gpus",
            "Every model on all cards",
            "Spreads each model over all cards, even if one has room for it.",
            "Each of two cards holds about half of a model, so that larger contexts fit.",
            "The cards compute one after the other: slower than one card that holds it all.",
            "Ollama server/sched.go",
            {"OLLAMA_SCHED_SPREAD": "1"},
        ),
        Preset(
            "small-prompt-cache",
            "Less memory for earlier prompts",
            "Lets each loaded model keep 2048 MiB of earlier prompts in main memory, instead of 8192.",
            "Up to 6 GiB less of main memory for each loaded model of each worker.",
            "Conversations that come back are more often read anew.",
            "llama.cpp tools/server/README.md, --cache-ram",
            {"LLAMA_ARG_CACHE_RAM": "2048"},
        ),
        Preset(
            "gpu-room",
            "Room on the card for other programs",
            "Leaves 2048 MiB of each card free when layers are placed there, instead of 1024.",
            "Other programs get 1 GiB more of each card.",
            "Models get 1 GiB less: perhaps fewer layers on the card.",
            "llama.cpp tools/server/README.md, --fit-target",
            {"LLAMA_ARG_FIT_TARGET": "2048"},
        ),
    )
}
"""By their names, the ones that most people want first."""


def find(name: str) -> Preset:
    """Return a preset by its name. Raises PanelError if there is none of it."""
    if name not in PRESETS:
        raise PanelError(notice("preset.unknown", name=name, known=tuple(PRESETS)))
    return PRESETS[name]


def applied(preset: Preset, environment: Mapping[str, str], value: str = "") -> dict[str, str]:
    """Return an environment with the variables of a preset; `value` is that of the variable that it asks for.

    Raises PanelError if it asks for none and gets one, if it gets none, or if Ollama would misread that.
    """
    value = value.strip()
    if preset.asks and not value:
        raise PanelError(notice("preset.asks", name=preset.id, variable=preset.asks))
    if value and not preset.asks:
        raise PanelError(notice("preset.asks_nothing", name=preset.id))
    if preset.asks and (problem := check(preset.asks, value)) is not None:
        raise PanelError(problem.notice)
    asked = {preset.asks: value} if preset.asks else {}
    return {**environment, **preset.variables, **asked}
