"""The models that the simulated store can hold.

Shapes (layers, heads, lengths, windows, context) are those of the published GGUF files. Sizes and parameters of
`qwen3-vl:8b`, `gemma3:27b`, `gemma4:e4b`, `qwen3.5:27b`, `granite4:tiny-h` and `deepseek-coder-v2:16b` are rounded;
`tiny`, `small` and `minilm` are the models of Ollama 0.32.15's recorded answers.

Kinds of cache in the catalogue: every layer sees the whole context (llama, qwen2, qwen3moe); sliding windows whose
layers the file does not name (gemma3:4b, gpt-oss), names by their period (gemma3:27b) or one by one (gemma4, which
also shares caches between layers); recurrent layers at an interval (qwen3.5, one slot only) or where a layer has no
KV heads (granite4, which may run in parallel); keys longer than values (deepseek2).
"""

from ollama_panel.core.ollama.models import StateSpace, canonical
from ollama_panel.sim.machine.model import Model, full_attention

_TINY_TEMPLATE = "{{ range .Messages }}<|{{ .Role }}|>{{ .Content }}<|end|>{{ end }}<|assistant|>"
_CHAT = ("completion", "tools")
_THINKS = ("completion", "tools", "thinking")


def _period(layers: int, period: int) -> tuple[bool, ...]:
    """Return which layers have a sliding window where every `period`-th sees the whole context."""
    return tuple((layer + 1) % period != 0 for layer in range(layers))


KNOWN: dict[str, Model] = {
    model.name: model
    for model in (
        Model(
            "llama3.1:8b", 4_920_753_328, "llama", 8_030_261_312, "Q4_K_M", 32, 4096, 32, (8,), 14_336, 128_256,
            131_072, _CHAT, digest="46e0c10c039e019119339687c3c1757cc81b9da49709a3b3924863ba87ca666e",
        ),
        Model(
            "nomic-embed-text:latest", 274_302_450, "nomic-bert", 136_727_040, "F16", 12, 768, 12, (12,), 3072, 30_522,
            2048, ("embedding",), digest="0a109f422b47e3a30ba2b10eca18548e944e8a23073ee3f3e947efcf3c45e59f",
        ),
        Model(
            "llama3.2:3b", 2_019_393_189, "llama", 3_212_749_888, "Q4_K_M", 28, 3072, 24, (8,), 8192, 128_256, 131_072,
            _CHAT,
        ),
        Model(
            "qwen2.5:7b", 4_683_087_332, "qwen2", 7_615_616_512, "Q4_K_M", 28, 3584, 28, (4,), 18_944, 152_064, 32_768,
            _CHAT,
        ),
        Model(
            "qwen2.5-coder:7b", 4_683_087_561, "qwen2", 7_615_616_512, "Q4_K_M", 28, 3584, 28, (4,), 18_944, 152_064,
            32_768, ("completion", "tools", "insert"),
        ),
        Model(
            "gemma3:4b", 3_338_801_804, "gemma3", 4_299_915_632, "Q4_K_M", 34, 2560, 8, (4,), 10_240, 262_145, 131_072,
            ("completion", "vision"), key_length=256, value_length=256, sliding_window=1024,
        ),
        Model(
            "gemma3:27b", 17_400_000_000, "gemma3", 27_432_406_640, "Q4_K_M", 62, 5376, 32, (16,), 21_504, 262_145,
            131_072, ("completion", "vision"), key_length=128, value_length=128, sliding_window=1024, sliding_pattern=6,
        ),
        Model(
            "qwen3:30b-a3b", 18_556_685_824, "qwen3moe", 30_532_122_624, "Q4_K_M", 48, 2048, 32, (4,), 6144, 151_936,
            262_144, _THINKS, key_length=128, value_length=128, active=0.108, experts=128, experts_used=8,
            expert_feed_forward=768,
        ),
        Model(
            "gpt-oss:20b", 13_793_441_244, "gptoss", 20_914_757_184, "MXFP4", 24, 2880, 64, (8,), 2880, 201_088,
            131_072, _THINKS, key_length=64, value_length=64, sliding_window=128,
            active=0.21, experts=32, experts_used=4, expert_feed_forward=2880,
        ),
        Model(
            "qwen3-vl:8b", 6_140_000_000, "qwen3vl", 8_770_000_000, "Q4_K_M", 36, 4096, 32, (8,), 12_288, 151_936,
            262_144, ("completion", "vision", "tools"), key_length=128, value_length=128,
        ),
        Model(
            "gemma4:e4b", 9_600_000_000, "gemma4", 8_000_000_000, "Q4_K_M", 42, 2560, 8, (2,), 10_240, 262_144, 131_072,
            ("completion", "vision", "audio", "tools", "thinking"), key_length=512, value_length=512,
            sliding_window=512, sliding_layers=_period(42, 6), key_length_sliding=256, value_length_sliding=256,
            shared_kv_layers=18,
        ),
        Model(
            "qwen3.5:27b", 17_400_000_000, "qwen35", 27_800_000_000, "Q4_K_M", 64, 5120, 24,
            tuple(4 if (layer + 1) % 4 == 0 else 0 for layer in range(64)), 17_408, 248_320, 262_144,
            ("completion", "vision", "tools", "thinking"), key_length=256, value_length=256,
            key_rope_length=64, full_attention_interval=4,
            state=StateSpace(conv_kernel=4, inner_size=6144, state_size=128, group_count=16),
        ),
        Model(
            "granite4:tiny-h", 4_200_000_000, "granitehybrid", 6_940_000_000, "Q4_K_M", 40, 1536, 12,
            tuple(4 if layer in (5, 15, 25, 35) else 0 for layer in range(40)), 512, 100_352, 1_048_576, _CHAT,
            state=StateSpace(conv_kernel=4, inner_size=3072, state_size=128, group_count=1),
            active=0.15, experts=64, experts_used=6, expert_feed_forward=512,
        ),
        Model(
            "deepseek-coder-v2:16b", 8_900_000_000, "deepseek2", 15_706_484_224, "Q4_0", 27, 2048, 16, (16,), 10_944,
            102_400, 163_840, ("completion", "insert"), key_length=192, value_length=128, kv_lora_rank=512,
            key_rope_length=64, active=0.15, experts=64, experts_used=6, expert_feed_forward=1408,
        ),
        Model(
            "all-minilm:latest", 45_960_996, "bert", 22_565_376, "F16", 6, 384, 12, (12,), 1536, 30_522, 512,
            ("embedding",),
        ),
        Model(
            "gpt-oss:120b-cloud", 384, "gptoss", 116_829_156_672, "MXFP4", 36, 2880, 64, (8,), 2880, 201_088, 131_072,
            _THINKS, key_length=64, value_length=64, sliding_window=128, remote_host="https://ollama.com:443",
        ),
        Model(
            "minilm:latest", 45_949_702, "bert", 22_565_376, "F16", 6, 384, 12, (12,), 1536, 30_522, 512,
            ("embedding",), modified_at="2026-11-23T09:40:20.876756479Z",
        ),
        Model(
            "small:latest", 387_138_589, "llama", 193_495_040, "F16", 16, 1024, 16, (8,), 2816, 2308, 8192,
            ("completion",), num_ctx=2048, template=_TINY_TEMPLATE, parent="small.gguf",
            modified_at="2026-11-23T09:39:51.721270018Z",
        ),
        Model(
            "tiny:latest", 8_228_635, "llama", 4_083_968, "F16", 4, 256, 8, (4,), 688, 2308, 8192, ("completion",),
            num_ctx=2048, template=_TINY_TEMPLATE, parent="tiny.gguf",
        ),
    )
}  # fmt: skip  # a table; the columns are the fields of `Model` up to `capabilities`
"""The models that `pull` can load into the store, by canonical name."""

CATALOGS: dict[str, dict[str, Model]] = {
    "known": KNOWN,
    "full-attention": {name: full_attention(model) for name, model in KNOWN.items()},
}
"""The catalogues that experiments can use; `full-attention` is for comparison with results of former versions."""

DEMO = ("llama3.1:8b", "nomic-embed-text")


def store(names: str = "") -> dict[str, Model]:
    """Return the models named in a comma-separated list (`all` = every known one, empty = the demo models).

    Raises ValueError with a sentence if a name is not known.
    """
    wanted = [canonical(name) for name in names.split(",") if name.strip()] or [canonical(name) for name in DEMO]
    if wanted == ["all:latest"]:
        return dict(KNOWN)
    for name in wanted:
        if name not in KNOWN:
            raise ValueError(f"The simulated store has no model {name!r}; it knows {', '.join(sorted(KNOWN))}.")
    return {name: KNOWN[name] for name in wanted}
