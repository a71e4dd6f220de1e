"""What a load took, from the log of its runner and `/api/ps`; only a load that is told as a whole is measured. Pure."""

from collections import Counter
from collections.abc import Mapping

import msgspec

from ollama_panel.core.ollama.compute import batch_size
from ollama_panel.core.ollama.devices import ROUNDING
from ollama_panel.core.ollama.engines import Engine, engine_of, flash_by_default
from ollama_panel.core.ollama.environment_kinds import switched
from ollama_panel.core.ollama.kvcache import F16, PADDING, cache_parts, has_cache
from ollama_panel.core.ollama.measured_load import DeviceBytes, MeasuredLoad
from ollama_panel.core.ollama.models import LoadedEntry, ModelFacts, is_embedding
from ollama_panel.core.ollama.runners import Runner, is_on_gpu
from ollama_panel.core.ollama.serverlog_facts import BufferKind
from ollama_panel.core.ollama.sizes import MIB

_WEIGHTS = (BufferKind.WEIGHTS, BufferKind.PROJECTOR)
_CACHES = (BufferKind.CACHE, BufferKind.STATE)
_TORN = 0.03
"""By this share two accounts of the same load may differ; more is a line that was lost, or the log of another load."""
_LEAST_WEIGHTS = 0.75
"""A file may have layers that are not loaded, as those that predict further tokens, but not this much of them."""


class Server(msgspec.Struct, frozen=True):
    """The server of a load: Ollama's version, its devices, whether they are GPUs, and its variables as it logged them.

    `device` is `core.ollama.devices.Devices.identity`.
    """

    ollama: str
    device: str
    gpu: bool
    environment: Mapping[str, str] = {}


def measured(facts: ModelFacts, entry: LoadedEntry, runner: Runner, server: Server) -> MeasuredLoad | None:
    """Return what a load took, None if it does not tell enough.

    That is one whose layers are not all on the GPUs, or on the CPU where there are none, a log that lacks a part, and
    one that does not agree with itself, with the size of the file, or with `/api/ps`.
    """
    if not runner.loaded or not runner.parallel or not runner.context or not _is_of(entry, runner):
        return None
    engine, gpu, sizes = engine_of(facts, server.ollama), server.gpu, _by_device(runner)
    if not server.ollama or not server.device or runner.engine not in (engine, None):
        return None
    here = {name: one for name, one in sizes.items() if is_on_gpu(name) == gpu}
    if not _is_whole(facts, runner, sizes) or not _is_in_place(entry, runner, engine, sizes, gpu=gpu):
        return None
    devices = tuple(DeviceBytes(name, **one) for name, one in sorted(here.items()))
    context = runner.context // runner.parallel
    flash = flash_by_default(facts, server.ollama) if runner.flash is None else runner.flash
    batch = batch_size(facts, context, runner.parallel, engine, embedding=is_embedding(facts))
    load = MeasuredLoad(
        ollama=server.ollama,
        device=server.device,
        gpu=gpu,
        context=context,
        parallel=runner.parallel,
        batch=runner.batch or batch,
        cache_type=runner.cache_type or F16,
        flash=flash,
        devices=devices,
        full=runner.kv_bytes or 0,
        encoder=sum(runner.buffers.get(BufferKind.PROJECTOR_COMPUTE, {}).values()),
        asked_flash=switched(server.environment.get("OLLAMA_FLASH_ATTENTION", "")) is True,
        asked_type=_asked_type(server) or runner.cache_type or F16,
    )
    load = _with_split(facts, load, runner, engine)
    agrees = engine is not Engine.LLAMA_SERVER or _is_near(load.total, entry.size_vram if gpu else entry.size)
    return load if agrees else None


def _asked_type(server: Server) -> str:
    """Return the type that the cache was to have, "" if the variables are not known."""
    return server.environment.get("OLLAMA_KV_CACHE_TYPE", "").lower() or (F16 if server.environment else "")


def _is_of(entry: LoadedEntry, runner: Runner) -> bool:
    """Return whether `/api/ps` is about the same load, as far as it tells the context."""
    slot = (runner.context or 0) // (runner.parallel or 1)
    return entry.context is None or abs(entry.context - slot) < PADDING


def _by_device(runner: Runner) -> Mapping[str, Mapping[str, int]]:
    """Return the bytes of weights, caches and compute buffers by device."""
    sizes: dict[str, Counter[str]] = {}
    named = {"weights": _WEIGHTS, "cache": _CACHES, "compute": (BufferKind.COMPUTE,)}
    for purpose, kinds in named.items():
        for kind in kinds:
            for device, size in runner.buffers.get(kind, {}).items():
                sizes.setdefault(device, Counter())[purpose] += size
    return sizes


def _is_whole(facts: ModelFacts, runner: Runner, sizes: Mapping[str, Mapping[str, int]]) -> bool:
    """Return whether every part is told, and what is told twice is the same."""
    weights, cache, compute = (
        sum(one.get(name, 0) for one in sizes.values()) for name in ("weights", "cache", "compute")
    )
    if not weights or not compute or runner.kv_bytes is None or (not runner.own and not runner.complete):
        return False
    if bool(runner.kv_bytes) is not has_cache(facts) or not _is_near(cache, runner.kv_bytes):
        return False
    return weights >= _LEAST_WEIGHTS * facts.size


def _is_in_place(
    entry: LoadedEntry, runner: Runner, engine: Engine, sizes: Mapping[str, Mapping[str, int]], *, gpu: bool
) -> bool:
    """Return whether the model is on GPUs as a whole, or on the CPU where there is none."""
    if not gpu:
        return not any(is_on_gpu(name) for name in sizes)
    whole = entry.size_vram >= entry.size
    if runner.layers_on_gpu is None or runner.layers is None:
        return whole
    cache_elsewhere = sum(one.get("cache", 0) for name, one in sizes.items() if not is_on_gpu(name))
    complete = runner.layers_on_gpu >= runner.layers and not cache_elsewhere
    return complete and (whole or engine is not Engine.LLAMA_SERVER)


def _with_split(facts: ModelFacts, load: MeasuredLoad, runner: Runner, engine: Engine) -> MeasuredLoad:
    """Tell the kinds of caches apart: by the formula if that has the same sum, else by the lines of the log.

    Sizes that Ollama has rounded are those of the formula and of the file, where these are rounded to the same.
    """
    rounding = 0 if runner.own else ROUNDING
    cold = cache_parts(facts, load.context, load.parallel, load.batch, load.cache_type, engine)
    if cold is not None and rounding and abs(cold.total - load.kv) <= rounding:
        return msgspec.structs.replace(load, full=cold.full, sliding=cold.sliding, state=cold.state, split=True)
    lines = runner.cache_lines
    states = sum(one.size for one in lines if not one.cache_type)
    typed = [one.size for one in lines if one.cache_type]
    windows = cold is not None and cold.sliding > 0
    if len(typed) != (2 if windows else 1):
        return load
    return msgspec.structs.replace(load, full=typed[0], sliding=sum(typed[1:]), state=states, split=True)


def _is_near(one: int, other: int) -> bool:
    return abs(one - other) <= _TORN * max(one, other) + MIB
