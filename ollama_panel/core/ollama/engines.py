"""Which program runs a model: Ollama changed it twice, and each lays out caches and scratch memory in its own way.

Models that are safetensors run in the MLX runner, on Macs (from 0.16 on); the forecasts do not know that.
From 0.30 on every GGUF model runs in llama.cpp's `llama-server`. Before, Ollama's own engine ran the architectures that
`fs/ggml/ggml.go OllamaEngineRequired` names, except models whose picture encoder is a file of its own
(`llm/server.go NewLlamaServer`), and llama.cpp inside Ollama's runner all others. The versions below are the first
releases in which a name is in that list, and in the list of `FlashAttention()` beside it (v0.6.0 to v0.24.0).
"""

from enum import Enum

from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.versions import LLAMA_SERVER_SINCE, NO_VERSION, numbers


class Engine(Enum):
    """The program that loads a model."""

    LLAMA_SERVER = "llama-server"
    LLAMA_RUNNER = "llama.cpp in Ollama's runner"
    OLLAMA = "Ollama's own engine"
    MLX = "MLX runner"


_FLASH_ON_CPU_SINCE = (0, 10)
_OWN_CELLS_SINCE = (0, 11, 5)
_AUTOMATIC_FLASH_SINCE = (0, 13, 4)  # `llama/llama.go` knows FlashAttentionAuto

_Version = tuple[int, ...]
_NEVER: _Version = LLAMA_SERVER_SINCE

# Architecture: the first version with Ollama's own engine, and the first that switches flash attention on by itself.
_OWN_ENGINE: dict[str, tuple[_Version, _Version]] = {
    "bert": ((0, 13, 5), (0, 13, 5)),
    "deepseek2": ((0, 13), _NEVER),
    "deepseekocr": ((0, 13), _NEVER),
    "gemma3": ((0, 6), (0, 12, 6)),
    "gemma3n": ((0, 9, 3), _NEVER),
    "gemma4": ((0, 20), (0, 20, 4)),
    "glm4moelite": ((0, 14, 3), (0, 14, 3)),
    "glmocr": ((0, 15, 5), (0, 15, 5)),
    "gpt-oss": ((0, 11, 5), (0, 11, 8)),
    "gptoss": ((0, 11), (0, 11, 8)),
    "laguna": ((0, 22), _NEVER),
    "lfm2": ((0, 14, 3), (0, 14, 3)),
    "lfm2moe": ((0, 17, 1), (0, 17, 1)),
    "llama4": ((0, 6, 7), _NEVER),
    "mistral3": ((0, 6, 5), (0, 13, 2)),
    "mllama": ((0, 7), _NEVER),
    "nemotron_h": ((0, 17, 1), (0, 17, 1)),
    "nemotron_h_moe": ((0, 17, 1), (0, 17, 1)),
    "nemotron_h_omni": ((0, 22), (0, 22)),
    "nomic-bert": ((0, 13, 1), _NEVER),
    "olmo3": ((0, 13, 4), (0, 13, 4)),
    "qwen25vl": ((0, 7), _NEVER),
    "qwen3": ((0, 12, 6), (0, 12, 6)),
    "qwen35": ((0, 17, 1), (0, 17, 1)),
    "qwen35moe": ((0, 17, 1), (0, 17, 1)),
    "qwen3moe": ((0, 12, 2), (0, 12, 4)),
    "qwen3next": ((0, 15, 5), (0, 15, 5)),
    "qwen3vl": ((0, 12, 7), (0, 12, 8)),
    "qwen3vlmoe": ((0, 12, 7), (0, 12, 8)),
}


def engine_of(facts: ModelFacts, version: str) -> Engine:
    """Return the engine that an Ollama of `version` loads a model with; an unknown version counts as the newest."""
    found = numbers(version)
    if found <= NO_VERSION or found >= LLAMA_SERVER_SINCE:
        return Engine.LLAMA_SERVER
    own, _ = _OWN_ENGINE.get(facts.architecture, (_NEVER, _NEVER))
    return Engine.OLLAMA if found >= own and not facts.split_projector else Engine.LLAMA_RUNNER


def shares_cells(engine: Engine, version: str) -> bool:
    """Return whether the slots of a model share one cache, so that each token is compared with the cells of all.

    Ollama's own engine has one for all. llama.cpp had, too, until each slot got its own (`n_stream`, llama.cpp #14363),
    which is in Ollama's copy from v0.11.5 on; measured with 0.9.6 and 0.24.0.
    """
    return engine is Engine.OLLAMA or (engine is Engine.LLAMA_RUNNER and numbers(version) < _OWN_CELLS_SINCE)


def flash_on_cpu(version: str) -> bool:
    """Return whether flash attention can be on without a GPU.

    Sources: v0.9.6 `discover/types.go FlashAttentionSupported`, which lacks the CPU, v0.24.0 `ml/device.go`, which has
    it; the releases between were not looked at.
    """
    found = numbers(version)
    return found <= NO_VERSION or found >= _FLASH_ON_CPU_SINCE


def flash_by_default(facts: ModelFacts, version: str) -> bool:
    """Return whether flash attention is on where `OLLAMA_FLASH_ATTENTION` is not set, on a GPU that has it."""
    engine = engine_of(facts, version)
    if engine is Engine.LLAMA_SERVER:
        return True
    if engine is Engine.LLAMA_RUNNER:
        return numbers(version) >= _AUTOMATIC_FLASH_SINCE
    return numbers(version) >= _OWN_ENGINE[facts.architecture][1]
