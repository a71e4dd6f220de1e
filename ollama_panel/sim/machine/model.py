"""A model of the simulated store: what Ollama reports about it, and what it needs of a machine."""

import hashlib

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.kvcache import cache_bytes
from ollama_panel.core.ollama.models import ModelFacts, StateSpace, forced_serial
from ollama_panel.sim.machine.service_time import Load

_BLOBS = "/usr/share/ollama/.ollama/models/blobs/sha256-"
_LONG = 1 << 20  # tokens; longer than every sliding window with its batch
_CELLS = 256  # llama.cpp rounds caches up to whole multiples of it


class Model(msgspec.Struct, frozen=True):
    """A model of the store: sizes in bytes, lengths in tokens; `active` is the share of weights that a token reads.

    The fields of the layout (`kv_heads` to `state`) mean what they mean in `ModelFacts`; None or () = the file does
    not say. `key_rope_length` of None stands for the length of a head, as most files write it.
    """

    name: str
    size: int
    family: str
    parameters: int
    quantization: str
    layers: int
    width: int
    heads: int
    kv_heads: tuple[int, ...]
    feed_forward: int
    vocabulary: int
    context: int
    capabilities: tuple[str, ...]
    key_length: int | None = None
    value_length: int | None = None
    sliding_window: int | None = None
    sliding_layers: tuple[bool, ...] = ()
    sliding_pattern: int | None = None
    key_length_sliding: int | None = None
    value_length_sliding: int | None = None
    shared_kv_layers: int | None = None
    full_attention_interval: int | None = None
    kv_lora_rank: int | None = None
    key_rope_length: int | None = None
    state: StateSpace | None = None
    num_ctx: int | None = None
    template: str = "{{ .Prompt }}"
    digest: str = ""
    parent: str = ""
    modified_at: str = "2026-11-23T09:39:42.565677817Z"
    active: float = 1.0
    experts: int = 1
    experts_used: int = 1
    expert_feed_forward: int | None = None
    remote_host: str = ""
    license: str = ""
    system: str = ""

    def facts(self) -> ModelFacts:
        """Return what `/api/tags` and a verbose `/api/show` report about the model."""
        return ModelFacts(
            ModelName(self.name),
            digest=self.id,
            size=self.size,
            family=self.family,
            capabilities=self.capabilities,
            remote=bool(self.remote_host),
            architecture=self.family,
            layers=self.layers,
            embedding_length=self.width,
            heads=self.heads,
            kv_heads=self.kv_heads,
            key_length=self.key_length,
            value_length=self.value_length,
            sliding_window=self.sliding_window,
            context_trained=self.context,
            num_ctx=self.num_ctx,
            parameter_size=self.parameter_size,
            quantization=self.quantization,
            blob=self.blob_path,
            sliding_layers=self.sliding_layers,
            sliding_pattern=self.sliding_pattern,
            full_attention_interval=self.full_attention_interval,
            kv_lora_rank=self.kv_lora_rank,
            key_rope_length=self.rope_length,
            shared_kv_layers=self.shared_kv_layers,
            key_length_sliding=self.key_length_sliding,
            value_length_sliding=self.value_length_sliding,
            state=self.state,
            vocabulary=self.vocabulary,
            feed_forward=self.feed_forward,
            vision="vision" in self.capabilities,
            expert_feed_forward=self.expert_feed_forward,
            experts_used=self.experts_used if self.experts > 1 else None,
            complete=True,
        )

    @property
    def embedding(self) -> bool:
        """Return whether this is an embedding model: no completion, one slot."""
        return "completion" not in self.capabilities

    @property
    def serial(self) -> bool:
        """Return whether Ollama forces one slot."""
        return bool(forced_serial(self.facts()))

    @property
    def head_length(self) -> int:
        """Return the length of a key in a layer that sees the whole context."""
        return self.key_length or self.width // self.heads

    @property
    def rope_length(self) -> int | None:
        """Return how many numbers of a key carry its position; None in the files of embedding models."""
        return None if self.embedding else self.key_rope_length or self.head_length

    @property
    def parameter_size(self) -> str:
        """Return the number of parameters as Ollama prints it."""
        if self.parameters >= 1_000_000_000:
            return f"{self.parameters / 1e9:.1f}B"
        return f"{self.parameters / 1e6:.2f}M"

    def kv_bytes(self, context: int, parallel: int, batch: int, cache_type: str = "") -> int:
        """Return the bytes of the cache of a runner; a `cache_type` of "" is f16 (embedding models keep nothing)."""
        return cache_bytes(self.facts(), context, parallel, batch, cache_type) or 0

    def load(self) -> Load:
        """Return what the service-time model needs to know.

        A step reads the KV cache of every token of a sequence in the layers that see the whole context: what a longer
        context adds to the f16 cache. The layers with a sliding window read at most the window and the recurrent
        layers their state: a constant that is left out, as it is small beside the weights.
        """
        growth = self.kv_bytes(_LONG + _CELLS, 1, 512) - self.kv_bytes(_LONG, 1, 512)
        return Load(self.size, round(self.size * self.active), growth // _CELLS, self.experts, self.experts_used)

    @property
    def blob(self) -> str:
        """Return the digest of the weights' file."""
        return fingerprint("weights of " + (self.parent or self.name))

    @property
    def blob_path(self) -> str:
        """Return the path of the weights' file."""
        return _BLOBS + self.blob

    @property
    def id(self) -> str:
        """Return the digest of the manifest, as `/api/tags` shows it."""
        return self.digest or fingerprint(self.name)


def full_attention(model: Model) -> Model:
    """Return the model with a cache of the whole context in every layer, each with the shape of most of its layers."""
    return msgspec.structs.replace(
        model,
        kv_heads=(max(model.kv_heads),),
        key_length=model.key_length_sliding or model.key_length,
        value_length=model.value_length_sliding or model.value_length,
        sliding_window=None,
        sliding_layers=(),
        sliding_pattern=None,
        key_length_sliding=None,
        value_length_sliding=None,
        shared_kv_layers=None,
        full_attention_interval=None,
        state=None,
    )


def fingerprint(text: str) -> str:
    """Return a SHA-256 in hexadecimal: it stands for the digest of a file that does not exist."""
    return hashlib.sha256(text.encode()).hexdigest()
