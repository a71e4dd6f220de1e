"""A parser of Ollama's log: from a line to a fact, for three generations of servers (0.5-0.9, 0.11-0.24, 0.30 on).

Ollama's own lines are slog text (`time=... level=... source=file.go:1 msg="..." key=value`); the runner's lines are raw
text on the same stream. A line without a fact that we use is None. No line raises: the format is not ours.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

import msgspec

from ollama_panel.core.ollama.out_of_memory import RUNNER_TEXTS, says_out_of_memory
from ollama_panel.core.ollama.sizes import parse_size


class LogFact(msgspec.Struct, frozen=True, tag=True):
    """A fact from one line of the log."""


class Configured(LogFact, frozen=True):
    """The environment in effect, as the server logged it at its start."""

    environment: dict[str, str]


class Listening(LogFact, frozen=True):
    """The socket is bound; HTTP answers a little later. `version` is "0.0.0" for a build without one."""

    address: str
    version: str


class ComputeFound(LogFact, frozen=True):
    """A device that models can run on; `library` is `cpu`, `cuda`, `metal`, `rocm`, ...; sizes are in bytes."""

    library: str
    name: str
    total: int | None
    available: int | None


class RunnerStarting(LogFact, frozen=True):
    """A runner process for a model starts. `model` is the path of the blob, `context` that of all slots together."""

    model: str
    parallel: int | None = None
    context: int | None = None
    cache_type: str = ""


class RunnerConfigured(LogFact, frozen=True):
    """The configuration of the last started runner (0.11 to 0.24, whose command line does not contain it)."""

    parallel: int
    context: int
    cache_type: str = ""


class KvCache(LogFact, frozen=True):
    """The key-value cache that the last started runner has allocated on one device, in bytes."""

    size: int


class Offloaded(LogFact, frozen=True):
    """How many of the model's layers are on the GPU."""

    layers: int
    total: int


class RunnerStarted(LogFact, frozen=True):
    """A model is loaded; the load took `seconds`."""

    seconds: float


class ParallelForced(LogFact, frozen=True):
    """Ollama does not run this architecture with more than one slot."""

    architecture: str


class ContextClamped(LogFact, frozen=True):
    """The requested context is longer than the one that the model was trained for; both are in tokens per slot."""

    asked: int
    trained: int


class PromptTruncated(LogFact, frozen=True):
    """A prompt was longer than the context and lost its beginning; the client is not told. All are in tokens.

    `limit` is what a prompt may have: the context of a slot up to 0.30.10, less from 0.30.11 on, which leave room for
    the answer (`llm/llama_server.go contextShiftPromptLimit`). None for what the line does not say: Ollama's server
    drops whole messages of a chat without counting, and logs that only with OLLAMA_DEBUG (`server/prompt.go`).
    """

    limit: int | None = None
    prompt_tokens: int | None = None
    kept: int | None = None


class PortInUse(LogFact, frozen=True):
    """The server ends at once: another process listens at `address`."""

    address: str


class OutOfMemory(LogFact, frozen=True):
    """Memory was insufficient; `message` is the text of Ollama or llama.cpp."""

    message: str


class Failure(LogFact, frozen=True):
    """Another error."""

    message: str


Fact: TypeAlias = (
    Configured
    | Listening
    | ComputeFound
    | RunnerStarting
    | RunnerConfigured
    | KvCache
    | Offloaded
    | RunnerStarted
    | ParallelForced
    | ContextClamped
    | PromptTruncated
    | PortInUse
    | OutOfMemory
    | Failure
)

# The most frequent lines of a busy server; they contain no facts.
_IGNORED = ("slot ", "srv  ", "[GIN", "print_info", "llama_model_loader", "load: ", "\t")

_PAIR = re.compile(r'([\w.]+)=("(?:[^"\\]|\\.)*"|\S*)')
_ESCAPE = re.compile(r"\\(.)")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_ENVIRONMENT = re.compile(r"(?:^|[\s\[])([A-Z][A-Z0-9_]+):")
_LISTENING = re.compile(r"Listening on (\S+) \(version ([^)]*)\)")
_LOAD = re.compile(r"Operation:(\w+).*? Parallel:(\d+) .*?KvSize:(\d+) KvCacheType:(\S*) ")
_KV_SIZE = re.compile(r"(?:KV self size  =|llama_kv_cache\w*: size =)\s*([\d.]+ \wiB)")
_OFFLOADED = re.compile(r"offloaded (\d+)/(\d+) layers to GPU")
_MODEL = re.compile(r"--model (.+?)(?= --?[a-z]|$)")
_STARTED = re.compile(r"started in (\d+(?:\.\d+)?) seconds")
_ADDRESS = re.compile(r"listen tcp (\S+): bind:")
_STATUS_POLL = re.compile(r'\[GIN\] [^|]+\| 200 \|.*\| (?:GET|HEAD) +"/(?:api/(?:ps|version|tags))?"$')


def parse(line: str) -> Fact | None:
    """Return the fact in `line`, or None if there is none that we use."""
    if line.startswith(_IGNORED):
        return None
    for needle, read in _READERS:
        if needle in line:
            return read(line)
    return None


def is_status_poll(line: str) -> bool:
    """Return whether `line` logs an answered poll of the server's state.

    The panel polls every second; in the log of a quiet server users would see nothing else.
    """
    return line.startswith("[GIN]") and _STATUS_POLL.match(line) is not None


def slog_fields(line: str) -> dict[str, str]:
    """Return the `key=value` pairs of a slog line, unquoted."""
    return {key: _unquote(value) for key, value in _PAIR.findall(line)}


def exit_reason(lines: Iterable[str], *, errors_only: bool = False) -> str:
    """Return the line that best explains the exit of a server: its last error, else its last line.

    Lines about answered requests are ignored.
    """
    error = last = ""
    for line in map(str.strip, lines):
        fact = parse(line)
        if isinstance(fact, Failure | OutOfMemory):
            error = fact.message
        elif isinstance(fact, PortInUse):
            error = line
        if line and not line.startswith("[GIN]"):
            last = line
    return error or ("" if errors_only else last)


def runner_arguments(argv: Sequence[str]) -> RunnerStarting | None:
    """Return the facts in a runner's command line, or None if it is not a runner's, or one that only looks for GPUs."""
    if "--model" not in argv:
        return None
    head = argv[: argv.index("--model")]
    if not any(word == "runner" or word.endswith(("llama-server", "llama-server.exe")) for word in head):
        return None
    options = dict(pairwise(argv))
    return RunnerStarting(
        model=options.get("--model", ""),
        parallel=_number(options.get("-np") or options.get("--parallel")),
        context=_number(options.get("-c") or options.get("--ctx-size")),
        cache_type=options.get("--cache-type-k") or options.get("--kv-cache-type") or "",
    )


def _unquote(value: str) -> str:
    if not value.startswith('"'):
        return value
    return _ESCAPE.sub(lambda found: _CONTROLS.get(found[1], found[1]), value[1:-1])


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None


def _configured(line: str) -> Fact | None:
    """Parse Go's `map[A:1 B: C:[x y]]`: a value ends where the next upper-case name begins."""
    printed = slog_fields(line).get("env", "")
    inner = printed.removeprefix("map[").removesuffix("]")
    names = list(_ENVIRONMENT.finditer(inner))
    if not names:
        return None
    ends = [found.start() for found in names[1:]] + [len(inner)]
    values = {found[1]: inner[found.end() : end].strip() for found, end in zip(names, ends, strict=True)}
    return Configured(values)


def _listening(line: str) -> Fact | None:
    found = _LISTENING.search(line)
    return Listening(found[1], found[2]) if found else None


def _compute(line: str) -> Fact | None:
    fields = slog_fields(line)
    name = fields.get("description") or fields.get("name", "")
    total, available = (parse_size(fields.get(key, "")) for key in ("total", "available"))
    return ComputeFound(fields.get("library", "").lower(), name, total, available)


def _starting(line: str) -> Fact | None:
    """Parse the command, which has no quotes: a path with spaces ends where the next option begins."""
    command = slog_fields(line).get("cmd", "")
    runner = runner_arguments(command.split())
    found = _MODEL.search(command)
    return msgspec.structs.replace(runner, model=found[1]) if runner and found else runner


def _load(line: str) -> Fact | None:
    """Parse only commit: of the operations fit, alloc and commit it is the one with the final values."""
    found = _LOAD.search(line)
    if found is None or found[1] != "commit":
        return None
    return RunnerConfigured(int(found[2]), int(found[3]), found[4])


def _kv_child(line: str) -> Fact | None:
    found = _KV_SIZE.search(line)
    size = parse_size(found[1]) if found else None
    return None if size is None else KvCache(size)


def _kv_server(line: str) -> Fact | None:
    size = parse_size(slog_fields(line).get("size", ""))
    return None if size is None else KvCache(size)


def _offloaded(line: str) -> Fact | None:
    found = _OFFLOADED.search(line)
    return Offloaded(int(found[1]), int(found[2])) if found else None


def _started(line: str) -> Fact | None:
    found = _STARTED.search(line)
    return RunnerStarted(float(found[1])) if found else None


def _forced(line: str) -> Fact | None:
    return ParallelForced(slog_fields(line).get("architecture", ""))


def _clamped(line: str) -> Fact | None:
    """Return the context per slot: up to 0.9, `num_ctx` is that of all slots together."""
    fields = slog_fields(line)
    asked, trained = _number(fields.get("num_ctx")), _number(fields.get("n_ctx_train"))
    if asked is None or trained is None:
        return None
    return ContextClamped(asked // (_number(fields.get("num_parallel")) or 1), trained)


def _truncated(line: str) -> Fact | None:
    fields = slog_fields(line)
    return PromptTruncated(*(_number(fields.get(key)) for key in ("limit", "prompt", "new")))


def _bind(line: str) -> Fact | None:
    found = _ADDRESS.search(line)
    if found is None:
        return None
    return PortInUse(found[1]) if "in use" in line or "Only one usage" in line else Failure(line.strip())


def _error(line: str) -> Fact | None:
    """Keep the first line of the message: the rest repeats the output of the runner."""
    fields = slog_fields(line) if "level=" in line else {}
    message = ": ".join(text for text in (fields.get("msg", ""), fields.get("error", "")) if text) or line.strip()
    message = message.split("\n", 1)[0]
    return OutOfMemory(message) if says_out_of_memory(message) else Failure(message)


def _memory(line: str) -> Fact | None:
    """Ignore failed fitting attempts (`common_params_fit_impl`): the load goes on with less memory."""
    return None if line.startswith("common_") else _error(line)


_Reader: TypeAlias = Callable[[str], Fact | None]

# Searched in this order: the first text that a line contains is used.
_READERS: tuple[tuple[str, _Reader], ...] = (
    ('msg="server config"', _configured),
    ('msg="Listening on', _listening),
    ('msg="inference compute"', _compute),
    ('msg="starting llama-server"', _starting),
    ('msg="starting llama server"', _starting),
    ('msg="starting runner"', _starting),
    ("msg=load request=", _load),
    ("KV self size", _kv_child),
    ("llama_kv_cache: size =", _kv_child),
    ("llama_kv_cache_unified: size =", _kv_child),
    ('msg="kv cache"', _kv_server),
    ("layers to GPU", _offloaded),
    ("started in ", _started),
    ('msg="model architecture does not currently support parallel requests"', _forced),
    ('msg="requested context size too large for model"', _clamped),
    ('msg="truncating input prompt"', _truncated),
    ('msg="truncating input messages which exceed context length"', _truncated),
    ('msg="truncating native chat messages which exceed context length"', _truncated),
    ("listen tcp ", _bind),
    ('msg="Load failed"', _error),
    ('msg="NewLlamaServer failed"', _error),
    ("level=ERROR", _error),
    *((text, _memory) for text in RUNNER_TEXTS),
    ("Error: ", _error),
    ("panic: ", _error),
)


def parallel_of(environment: Mapping[str, str]) -> int | None:
    """Return OLLAMA_NUM_PARALLEL, at least 1 (Ollama `server/sched.go`), or None if it is unset or not a number."""
    number = _number(environment.get("OLLAMA_NUM_PARALLEL"))
    return None if number is None else max(1, number)
