"""All scenarios of all clients as one table."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from tests.clients import with_anthropic, with_langchain, with_ollama, with_openai
from tests.clients.normal import Failure, failure, plain
from tests.clients.target import Target


class Scenario(msgspec.Struct, frozen=True):
    """One call of one client, both in `name`; `refused`: the server refuses it, and the client raises."""

    name: str
    run: Callable[[Target], Awaitable[Any]]
    refused: bool = False

    async def outcome(self, target: Target) -> Any:
        """Return what the client got, or what it raised, without names and times."""
        try:
            return plain(await self.run(target))
        except Exception as error:  # noqa: BLE001 - what a client raises is an outcome, and it is compared
            return failure(error)

    def fits(self, outcome: Any) -> bool:
        """Return whether the outcome is of the expected kind: a result or a failure."""
        return isinstance(outcome, Failure) == self.refused


CLIENTS: dict[str, tuple[Any, Callable[..., Awaitable[Any]]]] = {
    "ollama": (with_ollama, with_ollama.asynchronously),
    "ollama-sync": (with_ollama, with_ollama.synchronously),
    "openai": (with_openai, with_openai.called),
    "anthropic": (with_anthropic, with_anthropic.called),
    "langchain": (with_langchain, with_langchain.called),
}


def _bound(call: Any, caller: Callable[..., Awaitable[Any]]) -> Callable[[Target], Awaitable[Any]]:
    return lambda target: caller(call, target)


def table(kind: str) -> tuple[Scenario, ...]:
    """Return the scenarios of one kind: PLAIN, ABLE, IMITATED or REFUSED."""
    return tuple(
        Scenario(f"{client}-{call.__name__}", _bound(call, caller), refused=kind == "REFUSED")
        for client, (module, caller) in CLIENTS.items()
        for call in getattr(module, kind, ())
    )


PLAIN, ABLE, IMITATED, REFUSED = table("PLAIN"), table("ABLE"), table("IMITATED"), table("REFUSED")
