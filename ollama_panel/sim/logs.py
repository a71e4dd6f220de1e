"""The log of Ollama 0.32: slog and llama-server lines on standard error, gin's access lines on standard output.

Only lines that people and programs look for are written; their order and wording are those of recorded servers.
"""

import os
import sys
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from ollama_panel.core.ollama.kvcache import cache_bytes, is_sliding
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.ollama.recurrent import is_recurrent
from ollama_panel.sim.config import Config
from ollama_panel.sim.durations import show
from ollama_panel.sim.machine.model import Model
from ollama_panel.sim.machine.service_time import GIB, Profile
from ollama_panel.sim.machine.sizing import default_context
from ollama_panel.sim.machine.work import Event, InstanceOptions, Left, Loaded, LoadFailed, Loading, Unloaded

MIB = 1024**2
_CELLS = 256  # the smallest cache, and what every other is a multiple of


class Log:
    """Writes lines to the process's streams unless it is `quiet`, and keeps the last ones (`kept`)."""

    def __init__(self, *, quiet: bool) -> None:
        self.kept: deque[str] = deque(maxlen=2000)
        self._quiet = quiet

    def err(self, line: str) -> None:
        """Write a line to standard error."""
        self._write(sys.stderr.write, line)

    def out(self, line: str) -> None:
        """Write a line to standard output."""
        self._write(sys.stdout.write, line)

    def _write(self, write: Callable[[str], object], line: str) -> None:
        self.kept.append(line)
        if not self._quiet:
            write(line + "\n")
            (sys.stderr if write == sys.stderr.write else sys.stdout).flush()


def slog(level: str, source: str, message: str, **fields: object) -> str:
    """Return a line as Go's text handler formats it."""
    now = datetime.now().astimezone()
    stamp = now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}" + _zone(now)
    pairs = {"msg": message, **fields}
    shown = " ".join(f"{key}={_quoted(str(value))}" for key, value in pairs.items())
    return f"time={stamp} level={level} source={source} {shown}"


def _zone(now: datetime) -> str:
    zone = now.strftime("%z")
    return "Z" if zone == "+0000" else zone[:3] + ":" + zone[3:]


def _quoted(value: str) -> str:
    if value and not any(letter in ' ="\n\\' for letter in value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def size(count: float) -> str:
    """Return bytes as Ollama prints them (`format.HumanBytes2`)."""
    for unit, name in ((GIB, "GiB"), (MIB, "MiB"), (1024, "KiB")):
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count:.0f} B"


def access(status: int, took_us: int, client: str, method: str, path: str) -> str:
    """Return gin's line of a finished request; times above a minute are cut to seconds."""
    took_us = took_us // 1_000_000 * 1_000_000 if took_us > 60_000_000 else took_us
    stamp = datetime.now().astimezone().strftime("%Y/%m/%d - %H:%M:%S")
    return f'[GIN] {stamp} | {status:3d} | {show(took_us / 1e6):>13} | {client:>15} | {method:<7}  "{path}"'


def bad_environment(config: Config) -> list[str]:
    """Return a warning for every invalid variable."""
    return [
        slog(
            "WARN",
            "config.go:263",
            "invalid environment variable, using default",
            key=key,
            value=value,
            default=default,
        )
        for key, value, default in config.warnings
    ]


def starting(config: Config) -> list[str]:
    """Return the first lines of a server."""
    return [
        *bad_environment(config),
        slog("INFO", "routes.go:1951", "server config", env=config.shown),
        slog("INFO", "routes.go:1953", f"Ollama cloud disabled: {str(config.cloud_disabled).lower()}"),
        slog("INFO", "images.go:919", "total blobs: 5"),
        slog("INFO", "images.go:926", "total unused blobs removed: 0"),
    ]


def own_gpu(folder: str, error: OSError) -> str:
    """Return the line, which Ollama does not have, that the simulated GPU cannot be shared."""
    return slog("WARN", "sim", "the GPU is not shared", folder=folder, error=error.strerror or error)


def listening(address: str, version: str) -> list[str]:
    """Return the lines that follow when the socket is bound; no request is answered yet."""
    return [
        slog("INFO", "routes.go:2008", f"Listening on {address} (version {version})"),
        slog("INFO", "runner.go:60", "discovering available GPUs..."),
    ]


def ready(profile: Profile) -> list[str]:
    """Return the lines that follow when requests are answered."""
    compute = {
        "id": "cpu"
        if not profile.gpu_bytes
        else "0"
        if profile.unified
        else "GPU-51a00000-0000-0000-0000-000000000000",
        "library": profile.library,
        "compute": "" if profile.unified else "8.9",
        "name": profile.device if profile.gpu_bytes else "cpu",
        "description": profile.title if profile.gpu_bytes else "cpu",
        "libdirs": "ollama",
        "driver": "" if profile.unified else "12.8",
        "pci_id": "" if profile.unified else "0000:01:00.0",
        "type": "" if not profile.gpu_bytes else "iGPU" if profile.unified else "discrete",
        "total": size(profile.gpu_bytes or profile.host_bytes + GIB),
        "available": size(profile.gpu_bytes or profile.host_bytes),
    }
    return [
        slog("INFO", "types.go:50", "inference compute", **compute),
        slog(
            "INFO",
            "routes.go:2058",
            "vram-based default context",
            total_vram=size(profile.gpu_bytes),
            default_num_ctx=default_context(profile),
        ),
    ]


def describe(event: Event, model: Model, profile: Profile, options: InstanceOptions, port: int) -> list[str]:
    """Return Ollama's lines for an event of the machine."""
    if isinstance(event, Loading):
        return _loading(event, model, profile, options, port)
    path = model.blob_path
    if isinstance(event, Loaded):
        took = f"llama-server started in {event.took_us / 1e6:.2f} seconds"
        return [
            *_child_lines(event, model, profile, options),
            slog("INFO", "llama_server.go:1362", took),
            slog("INFO", "sched.go:728", "loaded runners", count=event.count),
        ]
    if isinstance(event, LoadFailed):
        return [
            slog("ERROR", "llama_server.go:1023", "llama-server terminated", error="exit status 1", exit=1),
            slog("INFO", "sched.go:641", "Load failed", model=path, error=event.message),
        ]
    return _end(event)


def _end(event: Event) -> list[str]:
    """Return the lines for the end of a runner, or of a client's connection."""
    if isinstance(event, Left) and event.where == "waiting":
        aborting = "aborting completion request due to client closing the connection"
        return [slog("INFO", "llama_server.go:1538", aborting)]
    why = event.why if isinstance(event, Unloaded) else ""
    if why == "crashed":
        killed = {"sys": 9, "string": "signal: killed"}
        return [slog("WARN", "llama_server.go:1196", "llama-server process no longer running", **killed)]
    if why == "aborted":
        gone = "client connection closed before llama-server finished loading, aborting load"
        return [slog("WARN", "llama_server.go:1288", gone)]
    return []


def _loading(event: Loading, model: Model, profile: Profile, options: InstanceOptions, port: int) -> list[str]:
    path, kv_type, flash = model.blob_path, options.kv_type, options.flash_attention
    lines = []
    if event.forced_serial and not model.embedding:
        text = "model architecture does not currently support parallel requests"
        lines.append(slog("WARN", "sched.go:509", text, architecture=model.family))
    if not profile.gpu_bytes:
        reason = "disabling mmap for llama-server load by default"
        lines.append(slog("INFO", "sched.go:1147", reason, model=path, reason="cpu"))
    lines.append(slog("INFO", "server.go:109", "using llama-server for model", model=path))
    if event.wanted_ctx > event.num_ctx:
        fields = {"num_ctx": event.wanted_ctx, "n_ctx_train": model.context}
        lines.append(slog("WARN", "server.go:114", "requested context size too large for model", **fields))
    command = [
        f"/usr/local/lib/ollama/llama-server --model {path} --port {port} --host 127.0.0.1 --no-webui --offline",
        f"-c {event.num_ctx * event.parallel} -np {event.parallel}",
        "--log-verbosity 4 --no-log-prefix --no-log-timestamps",
        *([f"--cache-type-k {kv_type} --cache-type-v {kv_type}"] if kv_type else []),
        f"--flash-attn {'auto' if flash is None else 'on' if flash else 'off'} -b {event.batch} -ub {event.batch}",
        "--embedding" if model.embedding else "--context-shift --keep 4",
    ]
    return [
        *lines,
        slog("INFO", "llama_server.go:433", "starting llama-server", cmd=" ".join(command)),
        slog("INFO", "llama_server.go:1048", "loading model via llama-server", model=path),
        slog("INFO", "llama_server.go:1295", "waiting for llama-server to start responding"),
        slog(
            "INFO",
            "llama_server.go:1350",
            "waiting for llama-server to become available",
            status="llm server loading model",
        ),
    ]


def _child_lines(event: Loaded, model: Model, profile: Profile, options: InstanceOptions) -> list[str]:
    """Return the lines that llama-server itself prints about its buffers and slots."""
    device, total, seqs = profile.device, event.num_ctx * event.parallel, event.parallel
    flash, kv_type = options.flash_attention, options.kv_type or "f16"
    threads = options.threads or os.cpu_count() or 1
    kept = model.kv_bytes(event.num_ctx, event.parallel, event.batch, options.kv_type)
    return [
        f"cmn  common_param: system_info: n_threads = {threads} (n_threads_batch = {threads}) / {os.cpu_count()} | ",
        f"print_info: file size   = {model.size / GIB:.2f} GiB (4.50 BPW) ",
        *_weights_lines(event, model, profile),
        f"llama_context: n_seq_max             = {seqs}",
        f"llama_context: n_ctx                 = {total}",
        f"llama_context: n_ctx_seq             = {event.num_ctx}",
        f"llama_context: flash_attn            = {'auto' if flash is None else 'enabled' if flash else 'disabled'}",
        "llama_context: kv_unified            = false",
        *_cache_lines(event, model, device, kv_type),
        *(["sched_reserve: Flash Attention was auto, set to enabled"] if flash is None else []),
        f"sched_reserve: {device:>10} compute buffer size = {(event.bytes - model.size - kept) / MIB:8.2f} MiB",
        f"srv    load_model: initializing, n_slots = {seqs}, n_ctx_slot = {event.num_ctx}, kv_unified = 'false'",
        _prompt_cache_line(options.cache_bytes // MIB),
        "srv  llama_server: model loaded",
        "srv  update_slots: all slots are idle",
    ]


def _weights_lines(event: Loaded, model: Model, profile: Profile) -> list[str]:
    """Return where the weights are: on the device, or as many layers of them as fit."""
    if not profile.gpu_bytes:
        return [_weights_line(profile.device, model.size)]
    layers = model.layers + 1
    there = layers * event.vram // max(1, event.bytes)
    on_device = model.size * there // layers
    lines = [f"load_tensors: offloaded {there}/{layers} layers to GPU", _weights_line(profile.device, on_device)]
    return lines if there == layers else [*lines, _weights_line("CPU", model.size - on_device)]


def _weights_line(device: str, size: int) -> str:
    return f"load_tensors: {device:>12} model buffer size = {size / MIB:8.2f} MiB"


def _prompt_cache_line(mebibytes: int) -> str:
    if not mebibytes:
        return "srv    load_model: prompt cache is disabled - use `--cache-ram N` to enable it"
    return f"srv    load_model: prompt cache is enabled, size limit: {mebibytes} MiB"


def _cache_lines(event: Loaded, model: Model, device: str, kv_type: str) -> list[str]:
    """Return llama.cpp's lines of the caches: whole context, sliding window, and the state of recurrent layers."""
    facts = model.facts()
    layers = range(model.layers - (model.shared_kv_layers or 0))
    recurrent = [layer for layer in layers if is_recurrent(facts, layer)]
    sliding = [layer for layer in layers if is_sliding(facts, layer)]
    full = [layer for layer in layers if layer not in recurrent and layer not in sliding]
    lines: list[str] = []
    kept = 0
    for name, group in (("non-SWA", full), ("    SWA", sliding)):
        size, cells = _cache_of(facts, group, event, kv_type)
        if not size:
            continue
        kept += size
        if sliding:
            lines.append(f"llama_kv_cache_iswa: creating {name} KV cache, size = {cells} cells")
        lines += _kv_lines(size / MIB, cells, len(group), event.parallel, device, kv_type, _share_of_keys(facts, group))
    state = (model.kv_bytes(event.num_ctx, event.parallel, event.batch, kv_type) - kept) / MIB
    if recurrent and state:
        shape = f"{event.parallel:6d} cells, {model.layers:3d} layers, {event.parallel:2d} seqs"
        lines.append(f"llama_memory_recurrent: size = {state:7.2f} MiB ({shape})")
    return lines


def _cache_of(facts: ModelFacts, layers: Sequence[int], event: Loaded, kv_type: str) -> tuple[int, int]:
    """Return the bytes of the caches of some layers, and the cells that each slot has in them."""
    heads = facts.kv_heads if len(facts.kv_heads) > 1 else facts.kv_heads * (facts.layers or 0)
    only = msgspec.structs.replace(
        facts,
        kv_heads=tuple(count if layer in layers else 0 for layer, count in enumerate(heads)),
        full_attention_interval=None,
        state=None,
    )
    size = cache_bytes(only, event.num_ctx, event.parallel, event.batch, kv_type) or 0
    smallest = cache_bytes(only, _CELLS, event.parallel, event.batch, kv_type) or 1
    return size, _CELLS * size // smallest


def _share_of_keys(facts: ModelFacts, layers: Sequence[int]) -> float:
    """Return which part of a cache is keys; the rest is values."""
    sliding = is_sliding(facts, layers[0])
    key = (facts.key_length_sliding if sliding else None) or facts.key_length
    value = (facts.value_length_sliding if sliding else None) or facts.value_length
    return key / (key + value) if key and value else 0.5


def _kv_lines(
    size: float, cells: int, layers: int, seqs: int, device: str, kv_type: str, keys: float
) -> tuple[str, str]:
    return (
        f"llama_kv_cache: {device:>10} KV buffer size = {size:8.2f} MiB",
        f"llama_kv_cache: size = {size:7.2f} MiB ({cells:6d} cells, {layers:3d} layers, {seqs:2d}/{seqs} seqs), "
        f"K ({kv_type}): {size * keys:7.2f} MiB, V ({kv_type}): {size * (1 - keys):7.2f} MiB",
    )
