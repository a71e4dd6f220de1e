"""The body of an upstream request, and the error of a failed one."""

from collections.abc import AsyncIterator
from typing import TypeAlias

from typing_extensions import override

from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.records import FailureKind

Payload: TypeAlias = bytes | AsyncIterator[bytes] | None
"""A request body: in memory (can be sent again), a stream (cannot), or none."""


class UpstreamError(Exception):
    """A failure of an instance, not of the client; whether the request may be retried depends on `kind`."""

    def __init__(self, kind: FailureKind, why: Notice) -> None:
        super().__init__(kind, why)
        self.kind = kind
        self.notice = why

    @override
    def __str__(self) -> str:
        return render(self.notice)


def error_of(text: str) -> Notice:
    """Return the notice about an error that an instance answered, in its words."""
    return notice("attempt.error", error=text)
