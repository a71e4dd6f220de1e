"""What one load of a model really took, in bytes, by device and by purpose: of what a forecast can be learned."""

from typing import Annotated

import msgspec

Bytes = Annotated[int, msgspec.Meta(ge=0, le=1 << 60)]
Count = Annotated[int, msgspec.Meta(ge=1, le=1 << 40)]


class DeviceBytes(msgspec.Struct, frozen=True):
    """What a runner allocated on one device, named as in its log; `weights` include those of a picture encoder."""

    name: str
    weights: Bytes = 0
    cache: Bytes = 0
    compute: Bytes = 0


class MeasuredLoad(msgspec.Struct, frozen=True):
    """One load that was whole where it ran: on the CPU alone, or with every layer on GPUs (`gpu`).

    `ollama` is the version and `device` names the devices: what was measured on others does not hold. `context` are
    tokens per slot, `batch` tokens. `devices` are those that a forecast is about: GPUs if the model is on them, without
    the main memory beside them. The caches together are `full` (of layers that see the whole context), `sliding` (of
    those with a window) and `state` (of recurrent ones); where only their sum is known it is in `full`, and `split` is
    false. `encoder` is for computing pictures, `overhead` what the process took beside all that; None = unknown.

    `asked_flash`: flash attention was to be on, `asked_type` was to be the type of the cache; Ollama may do otherwise.
    """

    ollama: str
    device: str
    gpu: bool
    context: Count
    parallel: Count
    batch: Count
    cache_type: str
    flash: bool
    devices: tuple[DeviceBytes, ...]
    full: Bytes = 0
    sliding: Bytes = 0
    state: Bytes = 0
    split: bool = False
    encoder: Bytes = 0
    overhead: Bytes | None = None
    asked_flash: bool = False
    asked_type: str = "f16"

    @property
    def weights(self) -> int:
        """All weights where the model runs."""
        return sum(one.weights for one in self.devices)

    @property
    def kv(self) -> int:
        """All caches and states."""
        return self.full + self.sliding + self.state

    @property
    def compute(self) -> int:
        """All compute buffers where the model runs."""
        return sum(one.compute for one in self.devices) + self.encoder

    @property
    def total(self) -> int:
        """All that the log has named."""
        return self.weights + self.kv + self.compute
