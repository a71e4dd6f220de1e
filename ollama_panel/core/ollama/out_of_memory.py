"""The out-of-memory texts of Ollama, its runners and the drivers below them.

Sources: `llm/status.go outOfMemorySubstrings` (0.32), Ollama's own two of earlier generations ("more system memory",
"model requires ... but only ... are available"), ggml's backends as of Ollama 0.24 (`ml/backend/ggml/ggml/src`: CUDA
and HIP, Vulkan, Metal, CPU), the Go runtime, and recorded texts of CUDA, HIP and MLX (August 2026).
"""

import re

_TEXT = re.compile(
    "|".join(
        (
            r"insufficient memory",
            r"out[ _-]?of[ _-]?(?:(?:device|host)[ _-]?)?memory",
            r"(?:cuda|hip)Malloc failed",
            r"cudaErrorMemoryAllocation",
            r"BLAS_STATUS_ALLOC_FAILED",
            r"runtime OOM",
            r"failed to allocate",
            r"unable to allocate",
            r"can(?:not|'t) allocate (?:memory|\d+ bytes)",
            r"allocation failed",
            r"allocation of size \d+ failed",
            r"std::bad_alloc",
            r"not enough memory",
            r"paging file is too small",
            r"VirtualAlloc of \d+ bytes failed",
            r"more system memory",
            r"unable to load full model on GPU",
            r"model requires .* but only .* (?:is|are) available",
        )
    ),
    re.IGNORECASE,
)

_HARMLESS = re.compile(
    "|".join(
        (
            r"pinned memory",  # ordinary memory is taken instead
            r"\bmlock\b",  # the memory may be swapped then
            r"retrying without pipeline parallelism",
            r"^\s*common_",  # trials of fitting: the load goes on with less memory
        )
    ),
    re.IGNORECASE,
)


def says_out_of_memory(text: str) -> bool:
    """Return whether the text of an error, or a line of the log, reports that memory was insufficient.

    That a program was killed does not: Linux frees memory so, but anybody can (`core.ollama.crashes.says_killed`).
    """
    lines = text.splitlines()
    return any(_TEXT.search(line) and not _HARMLESS.search(line) for line in lines)
