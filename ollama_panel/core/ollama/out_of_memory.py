"""The texts by which Ollama, its runners and the drivers below them say that memory did not suffice.

Sources: `llm/status.go outOfMemorySubstrings` (0.32), Ollama's own two of earlier generations ("more system memory",
"model requires ... but only ... are available"), and what was recorded of CUDA, HIP and MLX (August 2026).
"""

import re

RUNNER_TEXTS = ("insufficient memory", "cudaMalloc failed", "runtime OOM")
"""What a runner writes into the log on a line of its own."""

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
    """Return whether an error's text, or a line of the log, says that memory did not suffice."""
    return _TEXT.search(text) is not None
