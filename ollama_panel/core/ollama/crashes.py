"""Why a server or a runner has ended: from its exit code, its last lines and what the system tells, to a cause. Pure.

Sources: the exit codes of Linux and macOS (`signal(7)`; 128 + n where a shell or a container is between) and Windows
(`ntstatus.h`), the Go runtime's words for signals, Ollama 0.32 (`llm/exit_status_windows.go` writes `exit status
0xc000001d: ...`, `llm/llama_server.go` "llama-server process has terminated: ..."), ggml (`GGML_ASSERT`, `GGML_ABORT`),
CUDA's errors 719 and 999, NVIDIA's Xids, the loaders of glibc (`ld.so`), macOS (`dyld`) and Windows, and llama.cpp's
`gguf.cpp` and `llama-model-loader.cpp` for files of models.
"""

import re
import signal
from collections.abc import Iterable, Sequence

import msgspec

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.crash_causes import Cause
from ollama_panel.core.ollama.out_of_memory import says_out_of_memory
from ollama_panel.core.ollama.serverlog import last_told
from ollama_panel.core.ollama.serverlog_facts import Crashed, Failure, PortInUse

EVIDENCE_LINES = 3

_TOGETHER_S = 5.0
"""The lines about one end come within this time."""

_LAST_WORDS = 30
"""Lines. Whoever is killed says nothing of it: an error before these is of an earlier time."""

_SIGILL, _SIGABRT, _SIGBUS, _SIGFPE, _SIGKILL, _SIGSEGV, _SIGTERM = 4, 6, 7, 8, 9, 11, 15
_SIGBUS_MACOS = 10
_BY_SIGNAL = {
    _SIGILL: Cause.ILLEGAL_INSTRUCTION,
    _SIGABRT: Cause.PANIC,
    _SIGBUS: Cause.FAULT,
    _SIGBUS_MACOS: Cause.FAULT,
    _SIGFPE: Cause.FAULT,
    _SIGSEGV: Cause.FAULT,
    _SIGKILL: Cause.KILLED,
    _SIGTERM: Cause.TERMINATED,
    1: Cause.TERMINATED,
    2: Cause.TERMINATED,
}
_BY_STATUS = {
    0xC0000005: Cause.FAULT,
    0xC0000006: Cause.FAULT,  # a page of a file could not be read
    0xC0000017: Cause.MEMORY,
    0xC000001D: Cause.ILLEGAL_INSTRUCTION,
    0xC000007F: Cause.DISK_FULL,
    0xC00000FD: Cause.FAULT,  # its stack is full
    0xC000012D: Cause.MEMORY,  # the limit of committed memory
    0xC0000135: Cause.LIBRARY_MISSING,
    0xC0000139: Cause.LIBRARY_MISSING,  # a library of another version
    0xC000013A: Cause.TERMINATED,
    0xC0000142: Cause.LIBRARY_MISSING,
    0xC0000374: Cause.FAULT,
    0xC0000409: Cause.PANIC,
}
"""Windows' status codes, which a process ends with."""

_ON_CARD = re.compile(r"cuda|rocm|hip|vulkan|metal|kIOGPU|vram|device[ _]?memory|GPU", re.IGNORECASE)
_KILLED = re.compile(r"(?:terminated|no longer running): signal: killed\s*\Z")
"""A runner that Ollama itself stops is not reported so. A cause would follow the words."""
_STATUS = re.compile(r"0x(c0[0-9a-f]{6})\b", re.IGNORECASE)
_ENDED = re.compile(r"process (?:has terminated|no longer running)|(?:llama-server|runner) terminated")
_EXIT = re.compile(r"\bexit status (\d+)\b")

_LIBRARY = re.compile(
    r"([\w.+-]+\.(?:so[\w.]*|dylib|dll)): cannot open shared object file"
    r"|Library not loaded: (\S+)|symbol lookup error: (\S+?):|version `([\w.]+)' not found"
)

_WORDS: tuple[tuple[Cause, re.Pattern[str]], ...] = tuple(
    (cause, re.compile(pattern, re.IGNORECASE))
    for cause, pattern in (
        (
            Cause.DRIVER_LOST,
            r"unspecified launch failure|launch timed out and was terminated|CUDA error: unknown error"
            r"|(?:CUDA|hip|ROCm) error:? (?:719|999)\b|device ?lost|GPU is lost|NVRM: Xid|GPU Hang|HW Exception by GPU"
            r"|Memory access fault by GPU|hipErrorLaunchFailure|uncorrectable ECC|no CUDA-capable device",
        ),
        (Cause.DISK_FULL, r"no space left on device|not enough space on the disk|disk quota exceeded"),
        (Cause.ILLEGAL_INSTRUCTION, r"SIGILL|illegal instruction"),
        (
            Cause.LIBRARY_MISSING,
            r"cannot open shared object file|symbol lookup error|Library not loaded|version `[\w.]+' not found",
        ),
        (
            Cause.MODEL_UNKNOWN,
            r"unknown model architecture|unknown pre-tokenizer type|unsupported model architecture"
            r"|unsupported (?:GGUF|file) version",
        ),
        (
            Cause.MODEL_BROKEN,
            r"invalid magic|failed to read magic|data is not within the file bounds|corrupted or incomplete"
            r"|invalid file magic|wrong number of tensors|missing tensor|tensor '[^']+' has (?:wrong|invalid)"
            r"|failed to open GGUF file|gguf_init_from_\w+: failed|failed to read (?:tensor|key|header)",
        ),
        (Cause.FAULT, r"SIGSEGV|SIGBUS|SIGFPE|segmentation (?:fault|violation)|bus error|access violation"),
        (
            Cause.PANIC,
            r"panic: |fatal error: |GGML_ASSERT\(|GGML_ABORT|terminate called|libc\+\+abi: |signal: aborted|SIGABRT"
            r"|SIGTRAP",
        ),
    )
)
"""Searched in this order: the first that any line has is the cause, what follows from it comes later."""


class SystemSigns(msgspec.Struct, frozen=True):
    """What the system tells of the time of an end.

    `oom_kills`: so many processes were killed for memory since the process was started. `short`: the system says that
    memory is short. `kernel` are lines of its log about the process.
    """

    oom_kills: int = 0
    short: bool = False
    kernel: tuple[str, ...] = ()


NO_SIGNS = SystemSigns()


def says_killed(text: str) -> bool:
    """Return whether the text of an error says that a runner was killed: by the system for memory, or by anybody."""
    return _KILLED.search(text) is not None


def of_server(code: int, lines: Iterable[str], signs: SystemSigns = NO_SIGNS) -> Crashed:
    """Return why a server has ended by itself, with `code`, negative for a signal, after `lines` of its log."""
    number = _signal_of(code)
    words = _said(lines, killed=number in (_SIGKILL, _SIGTERM))
    named = _SIGNALS.get(number, "") if number else ""
    by_kernel = _first((one, one) for one in signs.kernel)
    if number == _SIGKILL and (signs.oom_kills or signs.short or by_kernel[0] in (Cause.MEMORY, Cause.GPU_MEMORY)):
        return Crashed(Cause.MEMORY, _evidence((*signs.kernel, *(one for _, one in words))), signal=named)
    cause, line = _first(words)
    if cause is None and by_kernel[0] is Cause.DRIVER_LOST:
        cause, line = by_kernel
    if cause is None:
        cause, line = _of_code(code, number), words[0][1] if words else ""
    library = _library(line) if cause is Cause.LIBRARY_MISSING else ""
    return Crashed(cause, _evidence((line, *(one for _, one in words))), signal=named, library=library)


class RunnerEnds:
    """Puts together what the lines about the end of one runner say."""

    def __init__(self) -> None:
        self._said = list[tuple[str, float]]()

    def heard(self, fact: Failure, now: float) -> Crashed | None:
        """Take an error of the log; return why a runner has ended, None if this line does not say that one has."""
        self._said = [one for one in self._said if now - one[1] < _TOGETHER_S]
        self._said.append((fact.message, now))
        if not _ENDED.search(fact.message):
            return None
        cause, line = _first((message, message) for message, _ in self._said)
        status = _EXIT.search(fact.message)
        number = _signal_of(int(status[1])) if status else _SIGKILL if says_killed(fact.message) else None
        if cause is None:
            cause = _BY_SIGNAL.get(number, Cause.UNKNOWN) if number else Cause.UNKNOWN
        library = _library(line) if cause is Cause.LIBRARY_MISSING else ""
        shown = _evidence((line, *(message for message, _ in self._said)))
        return Crashed(cause, shown, signal=_SIGNALS.get(number or 0, ""), library=library, runner=True)


def told(crash: Crashed, otherwise: Notice) -> Notice:
    """Return the sentence about a crash with the next step; `otherwise` is that about one without a known cause."""
    code = f"crash.{crash.cause}"
    match crash.cause:
        case Cause.UNKNOWN:
            return otherwise
        case Cause.LIBRARY_MISSING:
            said = notice(code, library=crash.library or notice("crash.some_library"))
        case Cause.TERMINATED if not crash.signal:
            said = notice("crash.ended")
        case Cause.KILLED | Cause.TERMINATED:
            said = notice(code, signal=crash.signal)
        case _:
            said = notice(code)
    return said.showing(*crash.evidence) if crash.evidence else said


def _of_code(code: int, number: int | None) -> Cause:
    if number is not None:
        return _BY_SIGNAL.get(number, Cause.UNKNOWN)
    if code == 0:
        return Cause.TERMINATED
    return _BY_STATUS.get(code & 0xFFFFFFFF, Cause.UNKNOWN)


_SIGNALS = {one.value: one.name for one in signal.Signals if one.value < 64}


def _signal_of(code: int) -> int | None:
    """Return the signal that an exit code stands for, None if it is an ordinary one, or a status of Windows."""
    if -64 < code < 0:
        return -code
    return code - 128 if 128 < code < 160 else None


def _said(lines: Iterable[str], *, killed: bool) -> Sequence[tuple[str, str]]:
    """Return the errors of the last lines as their message and the line of the log, the first one first."""
    lines = list(lines)
    found = last_told(lines[-_LAST_WORDS:] if killed else lines, answered_ends=killed)
    return [(one.fact.message, one.line) for one in found if not isinstance(one.fact, PortInUse)]


def _first(said: Iterable[tuple[str, str]]) -> tuple[Cause | None, str]:
    """Return the cause that explains most, and its line."""
    said = list(said)
    for message, line in said:
        if says_out_of_memory(message):
            return Cause.GPU_MEMORY if _ON_CARD.search(message) else Cause.MEMORY, line
    for cause, pattern in _WORDS:
        for message, line in said:
            status = _STATUS.search(message)
            if pattern.search(message) or (status and _BY_STATUS.get(int(status[1], 16)) is cause):
                return cause, line
    for message, line in said:
        status = _STATUS.search(message)
        if status and int(status[1], 16) in _BY_STATUS:
            return _BY_STATUS[int(status[1], 16)], line
    return None, ""


def _library(line: str) -> str:
    found = _LIBRARY.search(line)
    return next((part for part in found.groups() if part), "") if found else ""


def _evidence(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for line in lines if line))[:EVIDENCE_LINES]
