"""Models that a text names in its comments, and whether Ollama runs one request of them at a time."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ollama_panel.core.ollama import family_names

_COMMENT = re.compile(r"(?:^|\s)(?:#|;|//|<!--|rem\b|::)(?P<text>.*)", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][\w.-]*(?:/[\w.-]+)*(?::[\w.-]+)?")
_WITH_MARK = re.compile(r"[\d:-]")
_FAMILIES = re.compile(
    r"(?i)^(?:llama|qwen|gemma|mistral|mixtral|ministral|phi|deepseek|gpt-oss|granite|command-r|codellama|starcoder"
    r"|falcon|olmo|yi|glm|smollm|vicuna|llava|minicpm|devstral|magistral|codestral|hermes|dolphin|tinyllama|cogito"
    r"|aya|solar|orca|wizard|zephyr|internlm|exaone|nous|kimi|minimax|moondream|bakllava)"
)
"""How the names of generative models begin in Ollama's library (ollama.com/library)."""
_EMBEDDINGS = re.compile(
    r"(?i)^(?:bge-|nomic-embed|mxbai-embed|all-minilm|embeddinggemma|granite-embedding|qwen3-embedding|gte-|e5-"
    r"|(?:snowflake-)?arctic-embed|paraphrase-|jina-embeddings|multilingual-e5|bert-)"
)
"""How the names of models for embeddings begin there: `embed` alone may be the name of anything."""
_ALONE = frozenset(("embeddinggemma",))


@lru_cache(maxsize=4)
def in_comments(text: str) -> tuple[str, ...]:
    """Return the names of models in the comments of a text, which all servers of a source share."""
    return tuple(dict.fromkeys(_in_comments(text)))


def _in_comments(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        found = _COMMENT.search(line)
        for word in _WORD.findall(found["text"]) if found else ():
            name = word.rstrip(".-:")
            if is_model(name):
                yield name


def is_model(word: str) -> bool:
    """Return whether a word is the name of a model: it begins as those of the library, or is known to be serial."""
    plain = family_names.plain(word)
    if "ollama" in plain.lower() or not (_WITH_MARK.search(word) or plain.lower() in _ALONE):
        return False
    serial = _EMBEDDINGS.match(plain) or family_names.serial_family(plain)
    return bool(serial) or _FAMILIES.match(plain) is not None


def is_serial(name: str) -> bool:
    """Return whether the newest Ollama runs one request at a time of a model."""
    plain = family_names.plain(name)
    return family_names.is_embedding_name(plain) or family_names.serial_family(plain) is not None


def all_serial(names: Iterable[str]) -> bool:
    """Return whether there are names, and all of models that run one request at a time."""
    found = list(names)
    return bool(found) and all(map(is_serial, found))
