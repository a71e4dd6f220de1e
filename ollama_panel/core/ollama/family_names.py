"""What the name of a model tells of its family, where the model itself is not there to be asked."""

import re

from ollama_panel.core.ollama.models import SERIAL_SINCE

_EMBEDDING = re.compile(r"(?i)bert|embed|t5encoder|minilm|paraphrase|^bge|^gte|^e5|arctic")

_FAMILY_OF = {
    "lfm25": "lfm2",
    "llama32vision": "mllama",
    "nemotron3nano": "nemotron_h_moe",
    "nemotron3super": "nemotron_h_moe",
    "nemotronh": "nemotron_h",
    "qwen36": "qwen35",
    "qwen3codernext": "qwen3next",
}
"""Names of Ollama's library that are spelled otherwise than their family."""


def plain(name: str) -> str:
    """Return the name of a model without its registry, its owner and its tag."""
    return name.strip().rsplit("/", 1)[-1].partition(":")[0]


def is_embedding_name(plain: str) -> bool:
    """Return whether a model of that name is for embeddings."""
    return _EMBEDDING.search(plain) is not None


def serial_family(plain: str) -> str | None:
    """Return the family of a name that Ollama runs one request at a time in some version.

    A size, a variant or a format may follow the family's name, as in Qwen3.5-9B-GGUF: the longest beginning counts.
    """
    families = {_squashed(family): family for family in SERIAL_SINCE} | _FAMILY_OF
    words = re.split(r"[-_ ]", plain)
    beginnings = (_squashed("".join(words[:count])) for count in range(len(words), 0, -1))
    return next((families[one] for one in beginnings if one in families), None)


def _squashed(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
