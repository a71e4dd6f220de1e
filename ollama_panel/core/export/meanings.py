"""What the variables in an exported file mean, as comments beside them, and what the file lacks without the panel."""

from ollama_panel.core.export.deployment import Provenance
from ollama_panel.core.launch import THREADS

_MEANINGS = {
    "OLLAMA_NUM_PARALLEL": "export.means.parallel",
    "OLLAMA_CONTEXT_LENGTH": "export.means.context",
    "OLLAMA_MAX_LOADED_MODELS": "export.means.loaded",
    "OLLAMA_KEEP_ALIVE": "export.means.keep_alive",
    "OLLAMA_MAX_QUEUE": "export.means.queue",
    "OLLAMA_NOPRUNE": "export.means.no_prune",
    "OLLAMA_FLASH_ATTENTION": "export.means.flash",
    "OLLAMA_KV_CACHE_TYPE": "export.means.cache",
    "OLLAMA_MODELS": "export.means.models",
    "OLLAMA_HOST": "export.means.host",
    THREADS: "export.means.threads",
}


def meaning(name: str, provenance: Provenance) -> str:
    """Return the comment line before a variable, for files in which `#` begins one; "" if nothing is told of it."""
    code = _MEANINGS.get(name)
    return "" if code is None else f"# {provenance.line(code)}\n"


def without_panel(provenance: Provenance) -> str:
    """Return the comment line on what nothing does where the panel does not run."""
    return f"# {provenance.line('export.without_panel')}\n"
