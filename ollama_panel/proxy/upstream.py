"""The body of an upstream request, and the error of a failed one."""

from collections.abc import AsyncIterator
from typing import TypeAlias

from ollama_panel.core.records import FailureKind

Payload: TypeAlias = bytes | AsyncIterator[bytes] | None
"""A request body: in memory (can be sent again), a stream (cannot), or none."""


class UpstreamError(Exception):
    """A failure of an instance, not of the client; whether the request may be retried depends on `kind`."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
