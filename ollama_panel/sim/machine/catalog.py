"""The models that the simulated store can hold.

Shapes (layers, heads, widths, context) are those of the published GGUF files, but for `qwen3-vl:8b` and `gemma4:e4b`,
whose sizes are estimates; `tiny`, `small` and `minilm` are the models of Ollama 0.32.15's recorded answers. Who may
not run in parallel: Ollama `server/sched.go` (families) and embedding models.
"""

import hashlib

import msgspec

from ollama_panel.sim.machine.service_time import Load

_QWEN, _OTHERS = (
    "qwen3vl qwen3vlmoe qwen35 qwen35moe qwen3next",
    "lfm2 lfm2moe nemotron_h nemotron_h_moe nemotron_h_omni",
)
SERIAL_FAMILIES = frozenset(("mllama " + _QWEN + " " + _OTHERS).split(" "))
"""Families that Ollama forces to one slot."""
KV_FACTORS = {"": 1.0, "f16": 1.0, "bf16": 1.0, "f32": 2.0, "q8_0": 34 / 64, "q4_0": 18 / 64}
"""Bytes of a KV element relative to f16 (llama.cpp block sizes)."""


class Model(msgspec.Struct, frozen=True):
    """A model of the store: sizes in bytes, lengths in tokens; `active` is the share of weights that a token reads."""

    name: str
    size: int
    family: str
    parameters: int
    quantization: str
    layers: int
    width: int
    heads: int
    kv_heads: int
    feed_forward: int
    vocabulary: int
    context: int
    capabilities: tuple[str, ...]
    head_width: int = 0
    num_ctx: int | None = None
    template: str = "{{ .Prompt }}"
    digest: str = ""
    parent: str = ""
    modified_at: str = "2026-11-23T09:39:42.565677817Z"
    active: float = 1.0
    experts: int = 1
    experts_used: int = 1
    remote_host: str = ""
    license: str = ""
    system: str = ""

    @property
    def embedding(self) -> bool:
        """Whether this is an embedding model: no completion, one slot."""
        return "completion" not in self.capabilities

    @property
    def serial(self) -> bool:
        """Whether Ollama forces one slot."""
        return self.embedding or self.family in SERIAL_FAMILIES

    @property
    def key_length(self) -> int:
        """Width of one head."""
        return self.head_width or self.width // self.heads

    def kv_bytes(self, kv_type: str = "f16") -> int:
        """Bytes of KV cache for one token of context (an embedding model keeps none)."""
        if "embedding" in self.capabilities:
            return 0
        return round(self.layers * self.kv_heads * self.key_length * 2 * 2 * KV_FACTORS.get(kv_type, 1.0))

    def load(self) -> Load:
        """Say what the service-time model needs to know."""
        return Load(self.size, round(self.size * self.active), self.kv_bytes(), self.experts, self.experts_used)

    @property
    def blob(self) -> str:
        """Digest of the weights' file."""
        return fingerprint("weights of " + (self.parent or self.name))

    @property
    def id(self) -> str:
        """Digest of the manifest, as `/api/tags` shows it."""
        return self.digest or fingerprint(self.name)


def fingerprint(text: str) -> str:
    """SHA-256 in hexadecimal: stands for a digest of a file that is not there."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(name: str) -> str:
    """Ollama's full name of a model: lower case, `:latest` where no tag is given, without the default registry."""
    short = name.strip().lower().removeprefix("registry.ollama.ai/").removeprefix("library/")
    return short if ":" in short.rsplit("/", 1)[-1] else short + ":latest"


_TINY_TEMPLATE = "{{ range .Messages }}<|{{ .Role }}|>{{ .Content }}<|end|>{{ end }}<|assistant|>"
_CHAT = ("completion", "tools")

KNOWN: dict[str, Model] = {
    model.name: model
    for model in (
        Model(
            "llama3.1:8b", 4_920_753_328, "llama", 8_030_261_312, "Q4_K_M", 32, 4096, 32, 8, 14336, 128_256, 131_072,
            _CHAT, digest="46e0c10c039e019119339687c3c1757cc81b9da49709a3b3924863ba87ca666e",
        ),
        Model(
            "nomic-embed-text:latest", 274_302_450, "nomic-bert", 136_727_040, "F16", 12, 768, 12, 12, 3072, 30_522,
            2048, ("embedding",), digest="0a109f422b47e3a30ba2b10eca18548e944e8a23073ee3f3e947efcf3c45e59f",
        ),
        Model(
            "llama3.2:3b", 2_019_393_189, "llama", 3_212_749_888, "Q4_K_M", 28, 3072, 24, 8, 8192, 128_256, 131_072,
            _CHAT,
        ),
        Model(
            "qwen2.5:7b", 4_683_087_332, "qwen2", 7_615_616_512, "Q4_K_M", 28, 3584, 28, 4, 18_944, 152_064, 32_768,
            _CHAT,
        ),
        Model(
            "qwen2.5-coder:7b", 4_683_087_561, "qwen2", 7_615_616_512, "Q4_K_M", 28, 3584, 28, 4, 18_944, 152_064,
            32_768, ("completion", "tools", "insert"),
        ),
        Model(
            "gemma3:4b", 3_338_801_804, "gemma3", 4_299_915_632, "Q4_K_M", 34, 2560, 8, 4, 10_240, 262_145, 131_072,
            ("completion", "vision"), head_width=256,
        ),
        Model(
            "qwen3:30b-a3b", 18_556_685_824, "qwen3moe", 30_532_122_624, "Q4_K_M", 48, 2048, 32, 4, 6144, 151_936,
            262_144, ("completion", "tools", "thinking"), head_width=128, active=0.108, experts=128, experts_used=8,
        ),
        Model(
            "gpt-oss:20b", 13_793_441_244, "gptoss", 20_914_757_184, "MXFP4", 24, 2880, 64, 8, 2880, 201_088, 131_072,
            ("completion", "tools", "thinking"), head_width=64, active=0.21, experts=32, experts_used=4,
        ),
        Model(
            "qwen3-vl:8b", 6_140_000_000, "qwen3vl", 8_770_000_000, "Q4_K_M", 36, 4096, 32, 8, 12_288, 151_936, 262_144,
            ("completion", "vision", "tools"), head_width=128,
        ),
        Model(
            "gemma4:e4b", 9_600_000_000, "gemma4", 8_000_000_000, "Q4_K_M", 42, 2560, 8, 2, 10_240, 262_144, 131_072,
            ("completion", "vision", "audio", "tools", "thinking"), head_width=256,
        ),
        Model(
            "all-minilm:latest", 45_960_996, "bert", 22_565_376, "F16", 6, 384, 12, 12, 1536, 30_522, 512,
            ("embedding",),
        ),
        Model(
            "gpt-oss:120b-cloud", 384, "gptoss", 116_829_156_672, "MXFP4", 36, 2880, 64, 8, 2880, 201_088, 131_072,
            ("completion", "tools", "thinking"), head_width=64, remote_host="https://ollama.com:443",
        ),
        Model(
            "minilm:latest", 45_949_702, "bert", 22_565_376, "F16", 6, 384, 12, 12, 1536, 30_522, 512, ("embedding",),
            modified_at="2026-11-23T09:40:20.876756479Z",
        ),
        Model(
            "small:latest", 387_138_589, "llama", 193_495_040, "F16", 16, 1024, 16, 8, 2816, 2308, 8192,
            ("completion",), num_ctx=2048, template=_TINY_TEMPLATE, parent="small.gguf",
            modified_at="2026-11-23T09:39:51.721270018Z",
        ),
        Model(
            "tiny:latest", 8_228_635, "llama", 4_083_968, "F16", 4, 256, 8, 4, 688, 2308, 8192, ("completion",),
            num_ctx=2048, template=_TINY_TEMPLATE, parent="tiny.gguf",
        ),
    )
}  # fmt: skip
"""What `pull` can bring, by canonical name."""

DEMO = ("llama3.1:8b", "nomic-embed-text")


def store(names: str = "") -> dict[str, Model]:
    """Return the models named in a comma-separated list (`all` = every known one, empty = the demo models).

    Raises ValueError with a sentence when a name is not known.
    """
    wanted = [canonical(name) for name in names.split(",") if name.strip()] or [canonical(name) for name in DEMO]
    if wanted == ["all:latest"]:
        return dict(KNOWN)
    for name in wanted:
        if name not in KNOWN:
            raise ValueError(f"The simulated store has no model {name!r}; it knows {', '.join(sorted(KNOWN))}.")
    return {name: KNOWN[name] for name in wanted}
