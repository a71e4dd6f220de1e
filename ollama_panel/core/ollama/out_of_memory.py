"""The out-of-memory texts of Ollama, its runners and the drivers below them.

Sources: `llm/status.go outOfMemorySubstrings` (0.32), Ollama's own two of earlier generations ("more system memory",
"model requires ... but only ... are available"), and recorded texts of CUDA, HIP and MLX (August 2026).
"""

import re

RUNNER_TEXTS = ("insufficient memory", "cudaMalloc failed", "runtime OOM")
"""The texts that a runner logs on a line of their own."""

_TEXT = re.compile(
    "|".join(
        (
            *map(re.escape, RUNNER_TEXTS),
            r"out[ _-]?of[ _-]?(?:device[ _-]?)?memory",
            r"hipMalloc failed",
            r"failed to allocate",
            r"unable to allocate",
            r"allocation failed",
            r"not enough memory",
            r"more system memory",
            r"unable to load full model on GPU",
            r"model requires .* but only .* (?:is|are) available",
        )
    ),
    re.IGNORECASE,
)


def says_out_of_memory(text: str) -> bool:
    """Return whether the text of an error, or a line of the log, reports that memory was insufficient."""
    return _TEXT.search(text) is not None
