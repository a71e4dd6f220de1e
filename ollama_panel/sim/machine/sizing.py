"""The size of a runner and its context, batch and slots, by the rules of Ollama 0.32 (`server/sched.go`)."""

import msgspec

from ollama_panel.core.records import LoadOptions
from ollama_panel.sim.machine.model import Model
from ollama_panel.sim.machine.service_time import GIB, Profile
from ollama_panel.sim.machine.work import InstanceOptions

MIB = 1024**2
_MINIMUM = 512 * MIB
_BATCH_SURCHARGE = {512: 0, 1024: 768 * MIB, 2048: 2 * GIB}
_SMALL_CTX, _MIDDLE_CTX = 4096, 32_768


class Size(msgspec.Struct, frozen=True):
    """A planned runner: tokens of context per slot, slots, batch, and bytes."""

    num_ctx: int
    wanted_ctx: int
    parallel: int
    batch: int
    weights: int
    kv_bytes: int
    compute: int

    @property
    def bytes(self) -> int:
        """Return the sum of all parts."""
        return self.weights + self.kv_bytes + self.compute

    def cached_tokens(self, cache_bytes: int) -> int:
        """Return how many tokens a prompt cache of `cache_bytes` holds.

        A token is reckoned with its share of a full slot. That is exact where every layer sees the whole context; a
        real prompt cache of a model with sliding windows or recurrent layers takes more for short prompts.
        """
        return cache_bytes * self.num_ctx * self.parallel // self.kv_bytes if self.kv_bytes else 0


def default_context(profile: Profile) -> int:
    """Return the context that Ollama chooses by video memory where none is set (0.32 `server/routes.go`)."""
    if profile.gpu_bytes >= 47 * GIB:
        return 262_144
    return _MIDDLE_CTX if profile.gpu_bytes >= 23 * GIB else _SMALL_CTX


def wanted_context(model: Model, options: LoadOptions, instance: InstanceOptions, profile: Profile) -> int:
    """Return the context of a request: its own, the Modelfile's, OLLAMA_CONTEXT_LENGTH, or the one by video memory."""
    return options.num_ctx or model.num_ctx or instance.context_length or default_context(profile)


def context(model: Model, options: LoadOptions, instance: InstanceOptions, profile: Profile) -> int:
    """Return the tokens of context of a slot: those wanted, within what the model was trained for."""
    return max(4, min(wanted_context(model, options, instance, profile), model.context))


def size(model: Model, options: LoadOptions, instance: InstanceOptions, profile: Profile) -> Size:
    """Return a runner's size; compute buffers are Ollama's minimum and surcharge by batch, less for small models."""
    wanted = wanted_context(model, options, instance, profile)
    num_ctx = context(model, options, instance, profile)
    parallel = 1 if model.serial else max(1, instance.parallel)
    batch = options.num_batch or _batch(num_ctx * parallel)
    scale = min(1.0, model.size / (2 * GIB))
    compute = round((_MINIMUM + _BATCH_SURCHARGE.get(batch, 0)) * scale)
    kv_bytes = model.kv_bytes(num_ctx, parallel, batch, instance.kv_type)
    return Size(num_ctx, wanted, parallel, batch, model.size, kv_bytes, compute)


def _batch(total_context: int) -> int:
    if total_context > _MIDDLE_CTX:
        return 2048
    return 1024 if total_context > _SMALL_CTX else 512


def same_options(old: LoadOptions, new: LoadOptions) -> bool:
    """Return whether a loaded runner can serve a request (`needsReload`); the context is compared elsewhere."""
    return (
        old.main_gpu == new.main_gpu
        and old.use_mmap == new.use_mmap
        and old.num_thread == new.num_thread
        and old.draft_num_predict == new.draft_num_predict
        and (old.num_batch or 0) == (new.num_batch or 0)
        and ((new.num_gpu if new.num_gpu is not None else -1) < 0 or old.num_gpu == new.num_gpu)
    )
