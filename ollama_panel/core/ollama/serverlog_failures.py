"""The failures in a log: of the server, which are slog, and of its runners, which are raw text of many libraries.

Sources: `llm/status.go errorPrefixes` (Ollama 0.32), ggml's backends (`ml/backend/ggml/ggml/src`, 0.24), the Go
runtime, ROCm's HSA runtime, CUDA's error strings (`cudaGetErrorString`), Linux' amdgpu driver and NVIDIA's kernel
module ("Xid Errors", docs.nvidia.com/deploy/xid-errors).
"""

import re

import msgspec

from ollama_panel.core.ollama.out_of_memory import says_out_of_memory
from ollama_panel.core.ollama.serverlog_facts import (
    BufferKind,
    Fact,
    Failure,
    FlashAttentionNeeded,
    FolderUnusable,
    GpuCrashed,
    GpuUnsupported,
    OutOfMemory,
    PortInUse,
)
from ollama_panel.core.ollama.slog import number, slog_fields

_BUFFER = re.compile(r"failed to allocate (\w+) buffer of size (\d+)")
_PURPOSES = (
    ("buffer for kv cache", BufferKind.CACHE),
    ("buffer for rs cache", BufferKind.STATE),
    ("failed to allocate compute", BufferKind.COMPUTE),
    ("error loading model: unable to allocate", BufferKind.WEIGHTS),
)
_ADDRESS = re.compile(r"listen tcp (\S+): bind:")
_FOLDER = re.compile(r"(?:mkdir|stat|lstat|open) (.+?): ")
_KILLED_BY_KERNEL = re.compile(r"Killed process \d+ \((?:ollama|llama-server)\)")

# How a line of a runner, or the last of a server, begins if it says why it ends
_BEGINNINGS = (
    "Error: ",
    "error: ",
    "panic: ",
    "fatal error: ",
    "SIGSEGV: ",
    "SIGABRT: ",
    "SIGBUS: ",
    "SIGFPE: ",
    "SIGILL: ",
    "SIGTRAP: ",
    "Exception 0x",
    "terminate called ",
    "libc++abi: ",
)
_TEXTS = (
    "GGML_ASSERT(",
    "CUDA error",
    "ROCm error",
    "rocBLAS error",
    "error loading model",
    "kIOGPUCommandBufferCallbackError",
    "ErrorDeviceLost",
    "signal arrived during cgo execution",
    "symbol lookup error",
    "cannot open shared object file",
    "Library not loaded: ",
    "gguf_init_from_",
    "HW Exception by GPU",
    "no space left on device",
    "Deepseek2 does not support K-shift",
)
# After these a process has lost its card: CUDA's context, or Vulkan's device, is gone
_LOST = (
    "unspecified launch failure",
    "CUDA error: unknown error",
    "the launch timed out and was terminated",
    "uncorrectable ECC error encountered",
    "no CUDA-capable device is detected",
    "CUDA-capable device(s) is/are busy or unavailable",
    "GPU is lost",
)
_LOST_BY_VULKAN = ("ErrorDeviceLost", "DeviceLostError")
# NVIDIA's Xids: 48 a memory error that cannot be corrected, 62 and 79 the card has stopped or left the bus, 119 and 120
# its firmware has; 154 a reset is needed. Others, as 13 and 31, are faults of a program
_XID = re.compile(r"NVRM: Xid \(PCI:[\w:.]+\): (?:48|62|79|119|120|154)\b")
_NO_CODE = ("hipErrorInvalidDeviceFunction", "invalid device function", "no kernel image is available")
# Other lines of this function only inform
_INIT = re.compile(r"llama_init_from_model: (?:failed|.*(?:requires|does not divide|cannot))")
# GGML_ABORT: the source file, its line and what is wrong
_ABORT = re.compile(r"^\S+\.(?:c|cc|cpp|cu|cuh|h|hpp|m|mm):\d+: ")


def failure(message: str) -> Failure | OutOfMemory:
    """Return what the text of an error says."""
    if not says_out_of_memory(message):
        return Failure(message)
    found = _BUFFER.search(message)
    device, size = (found[1], int(found[2])) if found else ("", None)
    purpose = next((kind for text, kind in _PURPOSES if text in message), None)
    return OutOfMemory(message, device, size, purpose)


def of_server(line: str) -> Fact | None:
    """Parse a slog line about an error.

    Keep the first line of the message: the rest repeats the output of the runner. A client that has left is no error.
    """
    fields = slog_fields(line)
    texts = (fields.get("msg", ""), fields.get("error", "") or fields.get("string", ""))
    message = ": ".join(text for text in texts if text) or line.strip()
    message = message.split("\n", 1)[0]
    if message.endswith("context canceled"):
        return None
    fact, model = failure(message), fields.get("model", "")
    return msgspec.structs.replace(fact, model=model) if isinstance(fact, OutOfMemory) and model else fact


def reduced(line: str) -> Fact | None:
    """Parse a load that did not fit, and is tried again with a shorter context."""
    fact, fields = of_server(line), slog_fields(line)
    if not isinstance(fact, OutOfMemory):
        return fact
    asked = number(fields.get("effective_num_ctx") or fields.get("old_num_ctx") or fields.get("num_ctx"))
    return msgspec.structs.replace(fact, asked=asked, given=number(fields.get("new_num_ctx")))


def of_error(line: str) -> Fact | None:
    """Parse a slog line whose level is ERROR: the text of another may contain these words."""
    return of_server(line) if slog_fields(line).get("level") == "ERROR" else None


def of_runner(line: str) -> Fact | None:
    """Parse a raw line, None if it says of no failure."""
    if "listen tcp " in line:
        return _bind(line)
    message = line.strip()
    cause = _of_card(line, message) or _of_settings(line, message)
    if cause is not None:
        return cause
    fails = line.startswith(_BEGINNINGS) or any(text in line for text in _TEXTS)
    fails = fails or _ABORT.match(line) is not None or _INIT.match(line) is not None
    return failure(message) if fails or says_out_of_memory(line) else None


def _of_card(line: str, message: str) -> Failure | None:
    if "Memory access fault by GPU" in line or "HW Exception by GPU" in line:
        return GpuCrashed(message, "amd")
    if any(text in line for text in _LOST_BY_VULKAN):
        return GpuCrashed(message)
    if line.startswith(("CUDA error", "ROCm error", "ggml_cuda")) and any(text in line for text in _LOST):
        return GpuCrashed(message, "amd" if line.startswith("ROCm") else "nvidia")
    if any(text in line for text in _NO_CODE):
        return GpuUnsupported(message, "CUDA" if "CUDA" in line or "kernel image" in line else "ROCm")
    return None


def _of_settings(line: str, message: str) -> Failure | None:
    if "ensure path elements are traversable" in line:
        found = _FOLDER.search(line)
        return FolderUnusable(message, found[1] if found else "")
    if "requires flash_attn" in line and _INIT.match(line):
        return FlashAttentionNeeded(message)
    return None


def of_kernel(line: str) -> Fact | None:
    """Parse a line of Linux itself: it has killed Ollama or reset a card."""
    if "amdgpu" in line and "GPU reset begin" in line:
        return GpuCrashed(line.strip(), "amd", reset=True)
    if _XID.search(line):
        return GpuCrashed(line.strip(), "nvidia")
    return OutOfMemory(line.strip()) if _KILLED_BY_KERNEL.search(line) else None


def _bind(line: str) -> Fact | None:
    found = _ADDRESS.search(line)
    if found is None:
        return None
    return PortInUse(found[1]) if "in use" in line or "Only one usage" in line else Failure(line.strip())
