"""What the kubelet puts in for `$(NAME)` (Kubernetes 1.32 `third_party/forked/golang/expansion`)."""

import re
from collections.abc import Mapping

_REFERENCE = re.compile(r"\$(?:(\$)|\(([^)]*)\))")


def expanded(text: str, variables: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return a value with the variables before it put in, and the names that are not there, which stay as written."""
    missing = list[str]()

    def put(found: re.Match[str]) -> str:
        if found[1]:
            return "$"
        if found[2] not in variables:
            missing.append(found[2])
        return variables.get(found[2], found[0])

    return _REFERENCE.sub(put, text), tuple(missing)
