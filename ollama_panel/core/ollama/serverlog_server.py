"""The facts in the lines of Ollama's server, which are slog.

Texts and keys are those of Ollama's sources, 0.5 to 0.33: `server/sched.go`, `server/prompt.go`, `llm/server.go`,
`llm/llama_server.go`, `ml/device.go`, `ml/backend/ggml/ggml.go` (buffers up to 0.11), `discover/runner.go`,
`api/types.go`, `x/mlxrunner/client.go`.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec

from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.serverlog_facts import (
    BackendDisabled,
    Buffer,
    BufferKind,
    BuffersListed,
    CacheTypeIgnored,
    ComputeFound,
    Configured,
    ContextClamped,
    DevicesRestricted,
    Evicting,
    Fact,
    FlashAttentionMissing,
    IntegratedDropped,
    Listening,
    MemoryNotRecovered,
    OptionUnknown,
    ParallelForced,
    PromptTruncated,
    RunnerConfigured,
    RunnerStarted,
    RunnerStarting,
)
from ollama_panel.core.ollama.sizes import parse_size
from ollama_panel.core.ollama.slog import number, slog_fields

# Go prints the proxies, which may be lower case, like the other variables
_ENVIRONMENT = re.compile(r"(?:^|[\s\[])([A-Z][A-Z0-9_]+|(?:https?|all|no)_proxy):")
_LISTENING = re.compile(r"Listening on (\S+) \(version ([^)]*)\)")
_LOAD_FIELD = re.compile(r"\b(Operation|Parallel|KvSize|KvCacheType|FlashAttention|NumThreads):(\S*)")
_MODEL = re.compile(r"--model (.+?)(?= --?[a-z]|$)")
_STARTED = re.compile(r"llama[- ](?:runner|server) started in (\d+(?:\.\d+)?) seconds")
_OVERRODE = re.compile(r"(\w+)=(\S+)$")
_SERVERS = ("llama-server", "llama-server.exe")
_FLASH = {"on": True, "off": False, "true": True, "false": False, "enabled": True, "disabled": False}
_KINDS = {
    "model weights": BufferKind.WEIGHTS,
    "kv cache": BufferKind.CACHE,
    "compute graph": BufferKind.COMPUTE,
}


def configured(line: str) -> Fact | None:
    """Parse Go's `map[A:1 B: C:[x y]]`: a value ends where the next name begins."""
    printed = slog_fields(line).get("env", "")
    inner = printed.removeprefix("map[").removesuffix("]")
    names = list(_ENVIRONMENT.finditer(inner))
    if not names:
        return None
    ends = [found.start() for found in names[1:]] + [len(inner)]
    values = {found[1]: inner[found.end() : end].strip() for found, end in zip(names, ends, strict=True)}
    return Configured(values)


def listening(line: str) -> Fact | None:
    """Parse the address and the version."""
    found = _LISTENING.search(line)
    return Listening(found[1], found[2]) if found else None


def compute(line: str) -> Fact | None:
    """Parse a device."""
    fields = slog_fields(line)
    name = fields.get("description") or fields.get("name", "")
    total, available = (parse_size(fields.get(key, "")) for key in ("total", "available"))
    address, integrated = fields.get("pci_id", "").lower(), fields.get("type") == "iGPU"
    return ComputeFound(fields.get("library", "").lower(), name, total, available, address, integrated)


def runner_arguments(argv: Sequence[str]) -> RunnerStarting | None:
    """Return the facts in a runner's command line, or None if it is not a runner's, or one that only looks for GPUs."""
    if "--model" not in argv:
        return None
    head = argv[: argv.index("--model")]
    if not any(word == "runner" or word.endswith(_SERVERS) for word in head):
        return None
    options = dict(pairwise(argv))
    engine = _engine(head)
    return RunnerStarting(
        model=options.get("--model", ""),
        parallel=1 if engine is Engine.MLX else number(options.get("-np") or options.get("--parallel")),
        context=number(options.get("-c") or options.get("--ctx-size")),
        cache_type=options.get("--cache-type-k") or options.get("--kv-cache-type") or "",
        engine=engine,
        flash=_flash(options, engine),
        threads=number(options.get("-t") or options.get("--threads")),
        gpu_layers=number(options.get("-ngl") or options.get("--n-gpu-layers")),
    )


def _engine(head: Sequence[str]) -> Engine:
    if any(word.endswith(_SERVERS) for word in head):
        return Engine.LLAMA_SERVER
    if "--mlx-engine" in head:
        return Engine.MLX
    return Engine.OLLAMA if "--ollama-engine" in head else Engine.LLAMA_RUNNER


def _flash(options: Mapping[str, str], engine: Engine) -> bool | None:
    """Return what a command line says of flash attention: up to 0.11.4 it is an option without a value."""
    if engine is Engine.LLAMA_SERVER:
        return _FLASH.get(options.get("--flash-attn", ""))
    return "--flash-attn" in options if "--ctx-size" in options else None


def runner_port(argv: Sequence[str]) -> int | None:
    """Return the port in a runner's command line, on which it listens on 127.0.0.1; None if there is none."""
    return number(dict(pairwise(argv)).get("--port"))


def starting(line: str) -> Fact | None:
    """Parse the command, which has no quotes: a path with spaces ends where the next option begins."""
    command = slog_fields(line).get("cmd", "")
    runner = runner_arguments(command.split())
    found = _MODEL.search(command)
    return msgspec.structs.replace(runner, model=found[1]) if runner and found else runner


def starting_mlx(line: str) -> Fact | None:
    """Parse the start of a runner of MLX models, which are named, not paths, and have one slot (0.19 on)."""
    return RunnerStarting(slog_fields(line).get("model", ""), 1, engine=Engine.MLX)


def load(line: str) -> Fact | None:
    """Parse only commit: of the operations fit, alloc and commit it is the one with the final values.

    The message has no quotes, so that a client can name an option like the whole line: only its own fields count.
    """
    fields = slog_fields(line)
    asked = dict(_LOAD_FIELD.findall(fields.get("request", "")))
    parallel, context = number(asked.get("Parallel")), number(asked.get("KvSize"))
    if fields.get("msg") != "load" or asked.get("Operation") != "commit" or parallel is None or context is None:
        return None
    flash, threads = _FLASH.get(asked.get("FlashAttention", "").lower()), number(asked.get("NumThreads"))
    return RunnerConfigured(parallel, context, asked.get("KvCacheType", ""), flash, threads)


def buffer(line: str) -> Fact | None:
    """Parse a buffer; those that are logged for debugging are trials of a layout."""
    fields = slog_fields(line)
    device = fields.get("device") or fields.get("buffer_type") or fields.get("buffer")
    size = parse_size(fields.get("size", ""))
    if size is None or not device or fields.get("level", "") != "INFO":
        return None
    return Buffer(_KINDS[fields["msg"]], device, size, by_server=True)


def buffers_listed(line: str) -> Fact | None:
    """Parse the end of a list of buffers."""
    return BuffersListed() if slog_fields(line).get("level") == "INFO" else None


def started(line: str) -> Fact | None:
    """Parse how long a load took."""
    found = _STARTED.search(line)
    return RunnerStarted(float(found[1])) if found else None


def forced(line: str) -> Fact | None:
    """Parse the architecture that has one slot."""
    return ParallelForced(slog_fields(line).get("architecture", ""))


def clamped(line: str) -> Fact | None:
    """Return the context per slot: up to 0.9, `num_ctx` is that of all slots together."""
    fields = slog_fields(line)
    asked, trained = number(fields.get("num_ctx")), number(fields.get("n_ctx_train"))
    if asked is None or trained is None:
        return None
    return ContextClamped(asked // (number(fields.get("num_parallel")) or 1), trained)


def truncated(line: str) -> Fact | None:
    """Parse how much of a prompt is left."""
    fields = slog_fields(line)
    return PromptTruncated(*(number(fields.get(key)) for key in ("limit", "prompt", "new")))


def option(line: str) -> Fact | None:
    """Parse the name of an option."""
    return OptionUnknown(slog_fields(line).get("option", ""))


def cache_type(line: str) -> Fact | None:
    """Ignore an empty type, which 0.11 logs at each load of its own engine: nobody asked for one."""
    asked = slog_fields(line).get("type", "")
    return CacheTypeIgnored(asked) if asked else None


def flash_attention_off(line: str) -> Fact | None:
    """Parse the cache type that needs it."""
    asked = slog_fields(line).get("type", "")
    return FlashAttentionMissing(asked) if asked else None


def evicting(line: str) -> Fact | None:
    """Take the message, which is all that the line says."""
    return Evicting() if "evicting" in slog_fields(line).get("msg", "") else None


def not_recovered(line: str) -> Fact | None:
    """Parse how long Ollama has waited."""
    fields = slog_fields(line)
    try:
        return MemoryNotRecovered(float(fields.get("seconds", "")))
    except ValueError:
        return None


def vulkan_disabled(_line: str) -> Fact | None:
    """Name the variable; 0.12 to 0.24 log this at each start, whether a card was found or not."""
    return BackendDisabled("OLLAMA_VULKAN")


def integrated_dropped(line: str) -> Fact | None:
    """Parse the name of the GPU."""
    fields = slog_fields(line)
    return IntegratedDropped(fields.get("description") or fields.get("name", ""), "OLLAMA_IGPU_ENABLE")


def restricted(line: str) -> Fact | None:
    """Parse the last pair, whose key is the variable."""
    found = _OVERRODE.search(line.rstrip())
    return DevicesRestricted(found[1], found[2]) if found else None


def mlx_ready(_line: str) -> Fact | None:
    """Take no duration: the line has only a port."""
    return RunnerStarted(None)
