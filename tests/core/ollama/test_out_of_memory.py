import pytest

from ollama_panel.core.ollama.api import failure_of
from ollama_panel.core.ollama.out_of_memory import says_out_of_memory
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import OutOfMemory
from ollama_panel.core.records import FailureKind

TEXTS = (
    "insufficient memory",
    "cudaMalloc failed",
    "runtime OOM",
    "CUDA error: out of memory",
    "terminate called after throwing an instance of 'std::bad_alloc'",
    "ggml_vulkan: Device memory allocation of size 4096 failed.",
    "mmap failed: Cannot allocate memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDA_ERROR_OUT_OF_MEMORY",
    "vk::OutOfDeviceMemoryError",
    "hipMalloc failed: out of memory",
    "failed to allocate CUDA0 buffer of size 1073741824",
    "unable to allocate CPU buffer",
    "[metal::malloc] allocation failed",
    "not enough memory resources are available",
    "model requires more system memory (8.1 GiB) than is available (3.2 GiB)",
    "unable to load full model on GPU",
    "model requires 8.1 GiB but only 3.2 GiB are available (after 1 GiB overhead)",
)


@pytest.mark.parametrize("text", TEXTS)
def test_an_error_and_a_line_of_the_log_are_judged_alike(text):
    assert says_out_of_memory(text)
    assert failure_of(500, text) is FailureKind.OUT_OF_MEMORY
    assert isinstance(parse(f'time=2026 level=ERROR source=sched.go:1 msg="{text}"'), OutOfMemory)


@pytest.mark.parametrize(
    "text",
    [
        "llama runner process has terminated",
        "memory mapped",
        "memory: 8 GiB free",
        "",
        "ggml_cuda_host_malloc: failed to allocate 5.00 MiB of pinned memory: out of memory",
        "warning: failed to mlock 4096-byte buffer: Cannot allocate memory",
        "llama runner process has terminated: signal: killed",
        "llama-server process no longer running: signal: killed",
        "llama-server process has terminated: signal: killed: error loading model",
        "llama-server process has terminated: signal: aborted",
    ],
)
def test_other_texts_say_nothing_of_the_kind(text):
    assert not says_out_of_memory(text)
