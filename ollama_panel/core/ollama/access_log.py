"""The lines of Ollama's log about answered requests, which gin writes (`gin.Logger`, the same from 0.5 to 0.32)."""

import re

from ollama_panel.core.ollama.api import Kind, classify

_ANSWERED = re.compile(
    r'\[GIN\] [^|]+\| *\d{3} \|[^|]+\| *(?P<address>[^ |]+) \| (?P<method>[A-Z]+) +"(?P<path>[^"]*)"'
)


def asks_a_model(line: str, *, from_elsewhere: bool = False) -> bool:
    """Return whether a line tells of a request to a model; `from_elsewhere`: only if it came from another address.

    Addresses of this machine other than those of loopback count as others: a log does not tell whose they are.
    """
    found = _ANSWERED.search(line)
    if found is None or classify(found["method"], found["path"]).kind is not Kind.INFERENCE:
        return False
    return not from_elsewhere or not (found["address"].startswith("127.") or found["address"] == "::1")
