"""What is sent to an instance, and how that fails."""

from collections.abc import AsyncIterator
from typing import TypeAlias

from ollama_panel.core.records import FailureKind

Payload: TypeAlias = bytes | AsyncIterator[bytes] | None
"""A request body: in memory (may be sent again), a stream (may not), or none."""


class UpstreamError(Exception):
    """An attempt failed for a reason that is not the client's; `kind` says what may be tried again."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
