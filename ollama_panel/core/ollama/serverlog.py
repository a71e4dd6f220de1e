"""A parser of Ollama's log: from a line to a fact, for three generations of servers (0.5-0.9, 0.11-0.24, 0.30 on).

Ollama's own lines are slog text (`time=... level=... source=file.go:1 msg="..." key=value`, `serverlog_server`); the
runner's lines are raw text on the same stream (`serverlog_runner`, `serverlog_failures`). systemd and docker put their
own words before a line, and lines of other programs between. A line without a fact that we use is None. No line raises:
the format is not ours.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from ollama_panel.core.ollama import serverlog_failures, serverlog_runner, serverlog_server
from ollama_panel.core.ollama.serverlog_facts import (
    Fact,
    Failure,
    Listening,
    OutOfMemory,
    PortInUse,
    RunnerStarted,
    RunnerStarting,
)
from ollama_panel.core.ollama.slog import is_slog, number

# The most frequent lines of a busy server; they contain no facts, but for a few of a load.
_IGNORED = ("slot ", "srv  ", "[GIN", "print_info", "llama_model_loader", "load: ", "\t")

# journald's "Mar 02 08:15:00 host program[1]: " or "2026-03-02T08:15:00+0100 host program[1]: ", docker's "name-1  | "
_JOURNAL = re.compile(
    r"(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]+[+-][\d:]+) \S+ ([^\s\[:]+)(?:\[\d+\])?: "
)
_COMPOSE = re.compile(r"([\w.-]+) +\| ")
_STATUS_POLL = re.compile(r'\[GIN\] [^|]+\| 200 \|.*\| (?:GET|HEAD) +"/(?:api/(?:ps|version|tags))?"$')
_BARE = re.compile(r"terminated: exit status \d+$")
_REFUSED = re.compile(r"\[GIN\] [^|]+\| [45]\d\d \|")


def parse(line: str) -> Fact | None:
    """Return the fact in `line`, or None if there is none that we use."""
    line, program = _without_prefix(line)
    if program == "kernel":
        return serverlog_failures.of_kernel(line)
    fact = _parse(line)
    foreign = bool(program) and "ollama" not in program.lower() and "llama-server" not in program.lower()
    return None if foreign and isinstance(fact, Failure | OutOfMemory | PortInUse) else fact


def _parse(line: str) -> Fact | None:
    if line.startswith(_IGNORED):
        return next((read(line) for needle, read in _FACTS_AMONG_IGNORED if needle in line), None)
    slog = is_slog(line)
    for needle, read in _SLOG_READERS if slog else _RAW_READERS:
        if needle in line:
            return read(line)
    return None if slog else serverlog_failures.of_runner(line)


def _without_prefix(line: str) -> tuple[str, str]:
    """Return the line as its program wrote it, and the name of that program, "" if the log does not say."""
    found = _JOURNAL.match(line) or _COMPOSE.match(line)
    return (line[found.end() :], found[1]) if found else (line, "")


def is_status_poll(line: str) -> bool:
    """Return whether `line` logs an answered poll of the server's state.

    The panel polls every second; in the log of a quiet server users would see nothing else.
    """
    return line.startswith("[GIN]") and _STATUS_POLL.match(line) is not None


class Told(NamedTuple):
    """An error in a log: its line and the fact in it."""

    line: str
    fact: Failure | OutOfMemory | PortInUse


def last_told(lines: Iterable[str], *, answered_ends: bool = False) -> list[Told]:
    """Return the errors of the last failure that the lines tell of, the first one first.

    Errors before a successful start are of an earlier time; so are those before another start, or before a request
    that was answered with an error, if one follows it. `answered_ends`: those before any answered request are, too.
    """
    found, over = list[Told](), False
    for line in map(str.strip, lines):
        fact = parse(line)
        answered = _REFUSED.match(line) is not None
        if isinstance(fact, Listening | RunnerStarted) or (answered_ends and line.startswith("[GIN]")):
            found.clear()
        over = over or isinstance(fact, RunnerStarting) or answered
        if isinstance(fact, Failure | OutOfMemory | PortInUse):
            if over:
                found.clear()
                over = False
            found.append(Told(line, fact))
    return found


def exit_reason(lines: Iterable[str], *, errors_only: bool = False) -> str:
    """Return the line that best explains the end of a server or a runner: its first error, else its last line.

    What follows the first error is its consequence, and what is of an earlier time explains nothing (`last_told`).
    What a program says itself comes before Ollama's words about it, of which a bare exit status explains least. Lines
    about answered requests are no last words.
    """
    lines = [line.strip() for line in lines]
    cause = told = ""
    for one in last_told(lines):
        cause, told = _explained(one.line, one.fact, cause, told)
    if cause or told or errors_only:
        return cause or told
    return next((line for line in reversed(lines) if line and not line.startswith("[GIN]")), "")


def _explained(line: str, fact: Failure | OutOfMemory | PortInUse, cause: str, told: str) -> tuple[str, str]:
    """Return the cause that a program itself names and the one that Ollama tells, with what one more line says."""
    message = line if isinstance(fact, PortInUse) else fact.message
    if not is_slog(line):
        return cause or message, told
    return cause, message if not told or _BARE.search(told) else told


_Reader: TypeAlias = Callable[[str], Fact | None]

# Searched in this order: the first text that a line contains is used.
_SLOG_READERS: tuple[tuple[str, _Reader], ...] = (
    ('msg="server config"', serverlog_server.configured),
    ('msg="Listening on', serverlog_server.listening),
    ('msg="inference compute"', serverlog_server.compute),
    ('msg="starting llama-server"', serverlog_server.starting),
    ('msg="starting llama server"', serverlog_server.starting),
    ('msg="starting runner"', serverlog_server.starting),
    ('msg="starting mlx runner subprocess"', serverlog_server.starting_mlx),
    ('msg="model weights"', serverlog_server.buffer),
    ('msg="kv cache"', serverlog_server.buffer),
    ('msg="compute graph"', serverlog_server.buffer),
    ('msg="total memory"', serverlog_server.buffers_listed),
    ('msg="offloaded ', serverlog_runner.offloaded),
    ('msg="llama runner started in ', serverlog_server.started),
    ('msg="llama-server started in ', serverlog_server.started),
    ('msg="mlx runner is ready"', serverlog_server.mlx_ready),
    ('msg="model architecture does not currently support parallel requests"', serverlog_server.forced),
    ('msg="requested context size too large for model"', serverlog_server.clamped),
    ('msg="truncating input prompt"', serverlog_server.truncated),
    ('msg="truncating input messages which exceed context length"', serverlog_server.truncated),
    ('msg="truncating native chat messages which exceed context length"', serverlog_server.truncated),
    ('msg="invalid option provided"', serverlog_server.option),
    ("msg=load request=", serverlog_server.load),
    ('msg="kv cache type not supported by model"', serverlog_server.cache_type),
    ('msg="quantized kv cache requested but flash attention disabled"', serverlog_server.flash_attention_off),
    (
        'msg="OLLAMA_FLASH_ATTENTION must be enabled to use a quantized OLLAMA_KV_CACHE_TYPE"',
        serverlog_server.flash_attention_off,
    ),
    ('msg="llama-server load failed; reducing automatic context', serverlog_failures.reduced),
    (", evicting a model to make space", serverlog_server.evicting),
    ('msg="llama-server model predicted to exceed available memory, evicting"', serverlog_server.evicting),
    ('msg="gpu VRAM usage didn\'t recover within timeout"', serverlog_server.not_recovered),
    ('msg="experimental Vulkan support disabled', serverlog_server.vulkan_disabled),
    ('msg="dropping integrated GPU', serverlog_server.integrated_dropped),
    ('msg="user overrode visible devices"', serverlog_server.restricted),
    ('msg="Load failed"', serverlog_failures.of_server),
    ('msg="NewLlamaServer failed"', serverlog_failures.of_server),
    ('msg="llama-server load failed; ', serverlog_failures.of_server),
    ('process no longer running"', serverlog_failures.of_server),
    ("level=ERROR", serverlog_failures.of_error),
)

_RAW_READERS: tuple[tuple[str, _Reader], ...] = (
    ("INFO server config env=", serverlog_server.configured),
    ("KV self size", serverlog_runner.cache),
    ("llama_kv_cache: size =", serverlog_runner.cache),
    ("llama_kv_cache_unified: size =", serverlog_runner.cache),
    ("llama_memory_recurrent: size =", serverlog_runner.cache),
    (" buffer size", serverlog_runner.buffer),
    ("load_hparams: model size:", serverlog_runner.projector),
    ("CLIP using ", serverlog_runner.projector_device),
    ("projected to use ", serverlog_runner.projected),
    ("free memory target of ", serverlog_runner.target_missed),
    (": n_ctx_", serverlog_runner.context),
    (": n_seq_max ", serverlog_runner.slots),
    (": n_ubatch ", serverlog_runner.batch),
    (": flash_attn ", serverlog_runner.flash),
    (": Flash Attention ", serverlog_runner.flash),
    ("system_info: n_threads", serverlog_runner.threads),
    ("layers to GPU", serverlog_runner.offloaded),
    (" MiB free)", serverlog_runner.device),
    (": using device ", serverlog_runner.device_used),
    ("  Device ", serverlog_runner.device_named),
)


_FACTS_AMONG_IGNORED: tuple[tuple[str, _Reader], ...] = (
    ("print_info: file size", serverlog_runner.file_size),
    (": prompt cache is ", serverlog_runner.prompt_cache),
)


def parallel_of(environment: Mapping[str, str]) -> int | None:
    """Return OLLAMA_NUM_PARALLEL, at least 1 (Ollama `server/sched.go`), or None if it is unset or not a number."""
    asked = number(environment.get("OLLAMA_NUM_PARALLEL"))
    return None if asked is None else max(1, asked)
