"""Who sends the requests of all connections, and what the gate is told of it once their processes are known.

A local process is known only some time after its first request. Until then a request without a better name is that of
an address; when its connection ends before, it stays so.
"""

import os
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import msgspec

from ollama_panel.core.clients import Process, Sighting
from ollama_panel.core.ids import ClientId, RequestId
from ollama_panel.core.ollama.api import Dialect
from ollama_panel.core.settings.tree import ApiKey
from ollama_panel.core.text import printable
from ollama_panel.proxy.connection import Connection
from ollama_panel.proxy.exchange import Exchange
from ollama_panel.proxy.gate import Gate
from ollama_panel.proxy.identity import LOOPBACK, Peer, ProcessNames
from ollama_panel.proxy.jobs import MAX_PATH_CHARACTERS, Sender
from ollama_panel.proxy.sender import LOCAL, sender_of, source_of

_AGENT = 200
"""How many characters of `User-Agent` are kept."""
_OWN = os.getpid()
"""The panel itself looks what answers at an address that it has taken over: that is none of its clients."""
_EVERY_S = 1.0
"""How often at most the same is told of a connection whose requests queue: the gate hears of each of these anyway."""
_UNKNOWN = "local"
"""The name of a client whose connection tells no address."""
_Told: TypeAlias = tuple[ClientId, str, ApiKey | None, Process | None, str, Dialect]


class Senders:
    """The senders of a server's requests; `names` are the processes behind its connections, None = nobody knows any.

    `client_headers` returns the headers in which a program in front names its users.
    """

    def __init__(self, gate: Gate, names: ProcessNames | None, client_headers: Callable[[], tuple[str, ...]]) -> None:
        self._gate = gate
        self._names = names
        self._client_headers = client_headers
        self._unidentified: dict[RequestId, tuple[Peer, bool]] = {}
        self._unnamed: dict[Peer, tuple[ClientId | None, Sighting]] = {}
        self._told: dict[Peer, tuple[_Told, float]] = {}

    def of(self, exchange: Exchange, *, queues: bool) -> Sender:
        """Return who sends a request, and tell the gate; `queues`: it is one that the gate admits."""
        peer = _peer(exchange)
        name = self._name(peer)
        sender = sender_of(exchange, name or peer[0] or _UNKNOWN, self._client_headers())
        nameless = name is None and sender.client == peer[0]
        if queues and sender.source == LOCAL and peer[0]:
            self._unidentified[exchange.id] = peer, nameless
        self._tell(exchange, sender, peer, nameless=nameless, queues=queues)
        return sender

    def turned_away(self, exchange: Exchange) -> None:
        """Tell the gate who sent a request without a valid key, whatever it calls itself.

        Its connection ends with the answer, before a process could be looked up.
        """
        peer = _peer(exchange)
        process = self._process(peer)
        sighting = Sighting(
            address=peer[0],
            process=process,
            agent=_agent(exchange.request.headers.get("User-Agent", "")),
            turned_away=True,
        )
        name = self._name(peer) if process is not None else None
        self._gate.seen(ClientId(name or peer[0] or _UNKNOWN), sighting)

    def ended(self, request: RequestId) -> None:
        """Forget a request."""
        self._unidentified.pop(request, None)

    def disconnected(self, peer: Peer) -> None:
        """Forget a connection; a process that was never known is a client by its address."""
        self._told.pop(peer, None)
        _, sighting = self._unnamed.pop(peer, (None, None))
        if self._names is not None:
            self._names.forget(peer)
        if sighting is not None:
            self._gate.seen(ClientId(peer[0]), sighting)

    def found(self) -> None:
        """Tell the gate whose the requests are that came before their processes were known."""
        for peer, (client, sighting) in list(self._unnamed.items()):
            name, process = self._name(peer), self._process(peer)
            if name and process is not None:
                del self._unnamed[peer]
                if process.pid == _OWN:
                    continue
                self._gate.seen(client or ClientId(name), msgspec.structs.replace(sighting, process=process))
        sources: dict[RequestId, str] = {}
        clients: dict[RequestId, ClientId] = {}
        for request, (peer, nameless) in list(self._unidentified.items()):
            name = self._name(peer)
            if name:
                del self._unidentified[request]
                sources[request] = source_of(name)
                if nameless:
                    clients[request] = ClientId(name)
        if sources:
            self._gate.identified(sources, clients)

    def _name(self, peer: Peer) -> str | None:
        return self._names.name(peer) if self._names is not None and peer[0] in LOOPBACK else None

    def _process(self, peer: Peer) -> Process | None:
        return self._names.process(peer) if self._names is not None else None

    def _tell(self, exchange: Exchange, sender: Sender, peer: Peer, *, nameless: bool, queues: bool) -> None:
        """Tell the gate who sends a request, later if the process of its connection is about to be known."""
        process, key = self._process(peer), exchange.key
        agent = exchange.request.headers.get("User-Agent", "")
        is_pending = process is None and self._names is not None and peer[0] in LOOPBACK
        if queues and not is_pending:
            told = sender.client, sender.user, key, process, agent, exchange.dialect
            before = self._told.get(peer)
            if before is not None and before[0] == told and exchange.arrived < before[1] + _EVERY_S:
                return
            self._told[peer] = told, exchange.arrived
        sighting = Sighting(
            address=peer[0],
            process=process,
            key=key.name if key else "",
            user=sender.user,
            agent=_agent(agent),
            path="" if queues else exchange.path.partition("?")[0][:MAX_PATH_CHARACTERS],
            dialect=exchange.dialect,
        )
        if is_pending:
            self._unnamed[peer] = None if nameless else sender.client, sighting
        elif process is not None and process.pid == _OWN:
            return
        if not nameless or peer not in self._unnamed:
            self._gate.seen(sender.client, sighting)


def _peer(exchange: Exchange) -> Peer:
    connection = exchange.request.protocol
    return (connection.client, connection.port) if isinstance(connection, Connection) else ("", 0)


@lru_cache(maxsize=256)
def _agent(text: str) -> str:
    return printable(text[:_AGENT])
