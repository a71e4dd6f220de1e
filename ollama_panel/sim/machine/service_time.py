"""The service-time model: how long one step of a runner takes, and the machines for which it was fitted.

A step of llama-server gives every decoding sequence one token and also processes some prompt tokens. With n =
decoding sequences + prompt tokens, D = decoding sequences and K = tokens of context that the step reads:

    step = F(n) + sequence_s * D + kv_s * K
    F(n) = weights_s + batched_s * [n > 1] + expert_s * (1 - (1 - used / experts) ** n) + (n - 1) / rate

On Metal F is a step function instead: `weights_s * (1 + narrow * (n - 1))` up to 8 tokens (the matrix-vector kernels),
above that a tile that costs the same however full it is, up to `tile_to` tokens, and `1 / rate` for each token
beyond.

The form is the usual roofline model (weights are read once a step, contexts once a sequence); the expert term is the
expected share of experts touched by n tokens; `batched_s` is the cost of leaving the matrix-vector kernel, without
which mixture-of-experts tables cannot be fitted at their small end (9 to 15 % mean error against 1 to 2 % with it).
Tables and sources: `ollama_panel.sim.machine.published`.
"""

import msgspec

GIB = 1024**3


class ServiceTimeModel(msgspec.Struct, frozen=True):
    """The coefficients of a step: seconds, and tokens per second for `rate` (0 = no cost per token).

    `tile_s` makes it a step function; `tile_from` is the last size of the narrow kernels, `tile_to` the last that one
    tile holds.
    """

    weights_s: float
    rate: float
    sequence_s: float = 0.0
    kv_s: float = 0.0
    batched_s: float = 0.0
    experts: int = 1
    experts_used: int = 1
    expert_s: float = 0.0
    narrow: float = 0.0
    tile_s: float = 0.0
    tile_from: int = 8
    tile_to: int = 32

    def compute(self, tokens: int) -> float:
        """Return F(n): the seconds to process `tokens` tokens without attention."""
        if self.tile_s:
            return self._staircase(tokens)
        return self._weights(tokens) + (tokens - 1) * self._per_token()

    def step(self, decoding: int, prompt: int, context: float) -> float:
        """Return the seconds of a step: `decoding` sequences, `prompt` tokens, `context` tokens of KV cache read."""
        tokens = decoding + prompt
        return self.compute(tokens) + self.sequence_s * decoding + self.kv_s * context if tokens else 0.0

    def throughput(self, sequences: int, context: int = 0) -> float:
        """Return the tokens per second of `sequences` sequences that decode together with `context` tokens each."""
        return sequences / self.step(sequences, 0, sequences * context)

    def _weights(self, tokens: int) -> float:
        touched = 1 - (1 - self.experts_used / self.experts) ** tokens if self.expert_s else 0.0
        return self.weights_s + self.expert_s * touched + (self.batched_s if tokens > 1 else 0.0)

    def _per_token(self) -> float:
        return 1 / self.rate if self.rate else 0.0

    def _staircase(self, tokens: int) -> float:
        weights = self._weights(tokens)
        if tokens <= self.tile_from:
            return weights * (1 + self.narrow * (tokens - 1))
        return max(self.tile_s, weights) + max(0, tokens - self.tile_to) * self._per_token()


class Load(msgspec.Struct, frozen=True):
    """What a model needs of a machine: bytes of weights, how many of them a token reads, and its experts.

    `kv_bytes` is what a step reads of the KV cache for each token of context (how it is reckoned: `Model.load`).
    """

    total_bytes: int
    active_bytes: int
    kv_bytes: int
    experts: int = 1
    experts_used: int = 1


REFERENCE = Load(total_bytes=4_661_211_424, active_bytes=4_661_211_424, kv_bytes=131_072)
"""Llama 3.1 8B in Q4_0 (KV: 32 layers x 8 heads x 2 x 128 x 2 bytes), for which the profiles give their times."""


class Profile(msgspec.Struct, frozen=True):
    """A simulated machine: its service-time model for `REFERENCE`, its memory and its disk.

    `gpu_bytes` is what models may use (video memory, or Metal's recommended working set); 0 means there is no GPU.
    `unified`: Ollama does not know what other processes use (it never refreshes Metal's free memory).
    `recovery_s`: from an unload until a discrete GPU reports the memory as free. `spin`: factor on a step when two
    runners that both take all cores run at once. `item_s`: host time of one embedding item. `source` says where the
    numbers come from.
    """

    name: str
    title: str
    service_time: ServiceTimeModel
    gpu_bytes: int
    host_bytes: int
    source: str
    unified: bool = False
    library: str = "CUDA"
    device: str = "CUDA0"
    disk_bytes_s: float = 3e9
    load_s: float = 1.5
    unload_s: float = 0.3
    recovery_s: tuple[float, float] = (0.5, 1.5)
    overhead_s: float = 0.004
    item_s: float = 0.0045
    spin: float = 1.0

    def service_time_for(self, model: Load) -> ServiceTimeModel:
        """Return a model's times: weights scaled by bytes read, arithmetic by active bytes, attention by KV bytes."""
        compute = model.active_bytes / REFERENCE.active_bytes
        dense, experts = _split(model)
        service_time = self.service_time
        return msgspec.structs.replace(
            service_time,
            weights_s=max(service_time.weights_s * dense / REFERENCE.total_bytes, 0.0004),
            expert_s=service_time.weights_s * experts / REFERENCE.total_bytes,
            batched_s=service_time.batched_s * compute,
            experts=model.experts,
            experts_used=model.experts_used,
            rate=service_time.rate / compute,
            tile_s=service_time.tile_s * compute,
            kv_s=service_time.kv_s * model.kv_bytes / REFERENCE.kv_bytes,
        )


def _split(model: Load) -> tuple[float, float]:
    """Return the bytes that every token reads and those of all experts (active = dense + experts * used / all)."""
    if model.experts <= 1:
        return model.active_bytes, 0.0
    experts = (model.total_bytes - model.active_bytes) / (1 - model.experts_used / model.experts)
    return max(model.total_bytes - experts, 0.0), experts


_CUDA_4090 = ServiceTimeModel(weights_s=0.0066, rate=11_600, sequence_s=0.00035, kv_s=1.46e-7)

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(
            "rtx-4090",
            "NVIDIA GeForce RTX 4090",
            _CUDA_4090,
            gpu_bytes=24 * GIB - 400 * 1024**2,
            host_bytes=64 * GIB,
            source="llama.cpp PR 15131 and 7676 (8B Q4_0 micro-batch ladder); 0.35 ms per sequence is an estimate",
        ),
        Profile(
            "rtx-3090",
            "NVIDIA GeForce RTX 3090",
            ServiceTimeModel(weights_s=0.0072, rate=5_200, sequence_s=0.00035, kv_s=1.6e-7),
            gpu_bytes=24 * GIB - 400 * 1024**2,
            host_bytes=64 * GIB,
            source="rtx-4090 scaled by memory bandwidth (936 of 1008 GB/s) and the slope in llama.cpp PR 29152",
        ),
        Profile(
            "gb10",
            "NVIDIA GB10",
            ServiceTimeModel(weights_s=0.0205, rate=3_500, sequence_s=0.00025, kv_s=6.3e-7, batched_s=0.0016),
            gpu_bytes=119 * GIB,
            host_bytes=16 * GIB,
            source="llama.cpp benches/dgx-spark.md, Qwen2.5-7B Q8 fit scaled by bytes (Q4_0) and KV bytes",
        ),
        Profile(
            "m2-ultra",
            "Apple M2 Ultra",
            ServiceTimeModel(weights_s=0.0106, rate=1_240, sequence_s=0.0001, kv_s=1.6e-7, narrow=0.19, tile_s=0.0401),
            gpu_bytes=144 * GIB,
            host_bytes=48 * GIB,
            unified=True,
            library="Metal",
            device="MTL0",
            disk_bytes_s=5e9,
            recovery_s=(0.0, 0.0),
            source="llama.cpp PR 10581 (narrow 0.19), discussion 4167 (94 tokens/s, prompt 1238 for 7B Q4_0)",
        ),
        Profile(
            "m4-max",
            "Apple M4 Max",
            ServiceTimeModel(weights_s=0.0156, rate=690, sequence_s=0.0001, kv_s=2.9e-7, narrow=0.166, tile_s=0.062),
            gpu_bytes=48 * GIB,
            host_bytes=16 * GIB,
            unified=True,
            library="Metal",
            device="MTL0",
            disk_bytes_s=5e9,
            recovery_s=(0.0, 0.0),
            source="llama.cpp discussion 4167; staircase of M2 Ultra and M3 Max (MLX)",
        ),
        Profile(
            "m4-pro",
            "Apple M4 Pro",
            ServiceTimeModel(weights_s=0.026, rate=370, sequence_s=0.0001, kv_s=5.6e-7, narrow=0.9, tile_s=0.195),
            gpu_bytes=36 * GIB,
            host_bytes=12 * GIB,
            unified=True,
            library="Metal",
            device="MTL0",
            disk_bytes_s=4e9,
            recovery_s=(0.0, 0.0),
            source="llama.cpp issues 25250 and 25377 (no gain up to 8), discussion 4167 scaled",
        ),
        Profile(
            "m1",
            "Apple M1",
            ServiceTimeModel(weights_s=0.084, rate=98, sequence_s=0.0001, kv_s=1.9e-6, narrow=0.6, tile_s=0.44),
            gpu_bytes=10 * GIB + 700 * 1024**2,
            host_bytes=5 * GIB,
            unified=True,
            library="Metal",
            device="MTL0",
            disk_bytes_s=3e9,
            recovery_s=(0.0, 0.0),
            source="llama.cpp discussion 4167 (14.15 tokens/s, prompt 118 for 7B Q4_0); narrow is an estimate",
        ),
        Profile(
            "cpu",
            "two cores without a GPU",
            ServiceTimeModel(weights_s=0.135, rate=36, sequence_s=0.0002, kv_s=6e-6, batched_s=0.11),
            gpu_bytes=0,
            host_bytes=int(22.6 * GIB),
            unified=True,
            library="cpu",
            device="CPU",
            load_s=0.25,
            recovery_s=(0.0, 0.0),
            item_s=0.0075,
            spin=8.0,
            source="Ollama 0.32.15 on 2 cores, 387 MB F16: 89, 87, 146, 199 tokens/s at 1, 2, 4, 6",
        ),
    )
}
"""The machines that can be simulated, by name; `rtx-4090` is the default."""
