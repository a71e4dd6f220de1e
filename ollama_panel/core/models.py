"""What `/api/tags`, `/api/show` and `/api/ps` say about a model; who may run in parallel."""

import msgspec

from ollama_panel.core.ids import ModelName


class ModelFacts(msgspec.Struct, frozen=True):
    """A model of the store. Numbers come from `/api/show` `model_info`; None = the server did not say.

    `size` is bytes on disk (weights). `context_trained` and `num_ctx` (Modelfile parameter) are tokens.
    """

    name: ModelName
    digest: str = ""
    size: int = 0
    family: str = ""
    format: str = "gguf"
    capabilities: tuple[str, ...] = ()
    remote: bool = False
    architecture: str = ""
    layers: int | None = None
    embedding_length: int | None = None
    heads: int | None = None
    kv_heads: tuple[int, ...] = ()
    key_length: int | None = None
    value_length: int | None = None
    sliding_window: int | None = None
    context_trained: int | None = None
    num_ctx: int | None = None
