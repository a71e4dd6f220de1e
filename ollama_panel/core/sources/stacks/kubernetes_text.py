"""What the kubelet puts in for `$(NAME)` (Kubernetes 1.32 `third_party/forked/golang/expansion`)."""

import re
from collections.abc import Mapping

from ollama_panel.core.sources.filling import Room

_REFERENCE = re.compile(r"\$(?:(\$)|\(([^)]*)\))")


def expanded(text: str, variables: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return a value with the variables before it put in, and the names that are not there, which stay as written."""
    missing, room = list[str](), Room()

    def put(found: re.Match[str]) -> str:
        if found[1]:
            return "$"
        value = variables.get(found[2])
        if value is None:
            missing.append(found[2])
        return value if value is not None and room.has(value) else found[0]

    return _REFERENCE.sub(put, text), tuple(missing)
