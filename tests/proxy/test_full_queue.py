"""A full queue, from outside: who is refused, with which answer, and whom the panel takes for one client."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from ollama_panel.core.notices.render import render
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.settings.tree import KeyRule, ProxySettings
from ollama_panel.core.snapshot import RequestState
from ollama_panel.proxy.credentials import new_key
from ollama_panel.proxy.identity import Peer, ProcessNames
from ollama_panel.proxy.relay import HEARTBEAT_S
from ollama_panel.proxy.sender import LOCAL, source_of
from tests.fakes.rawclient import RawClient
from tests.fakes.small_panel import SlotHolder, SmallPanel, Worker
from tests.fakes.upstream import CHAT, FakeUpstream, chat_lines, stream

DROPPED = "The queue is full: {} waiting. This client has the most requests in it"
KEYS = {name: new_key(name) for name in ("hog", "light")}
LOCKED = ProxySettings(port=0, require_key=KeyRule.ALWAYS, api_keys=tuple(key for _, key in KEYS.values()))
STREAM = CHAT[:-1] + b',"stream":true}'
PATHS = ["/api/chat", "/v1/chat/completions", "/v1/messages"]


class Crowd:
    """Clients of a panel whose only slot is taken; each has one request that waits."""

    def __init__(self, panel: SmallPanel, stack: AsyncExitStack) -> None:
        self.panel = panel
        self._stack = stack
        self._port = int(panel.url.rpartition(":")[2])

    async def ask(self, name: str, *headers: str, path: str = "/api/chat", waiting: int | None = None) -> RawClient:
        """Send a request with this id; return once so many wait (one more than before if nobody is pushed out)."""
        client = await RawClient.connect(self._port)
        self._stack.push_async_callback(client.close)
        waits = self.panel.scheduler.queued() + 1 if waiting is None else waiting
        await client.send_request("POST", path, STREAM, f"X-Request-ID: {name}", *headers)
        await self.panel.scheduler.until(lambda: self.panel.scheduler.queued() == waits and self._has_arrived(name))
        return client

    def _has_arrived(self, name: str) -> bool:
        records = (
            *self.panel.timeline.finished_records(),
            *self.panel.timeline.open_records(self.panel.scheduler.waiting()),
        )
        return any(one.id == name for one in records)

    def waiting(self) -> list[str]:
        return [one.id for one in self.panel.scheduler.waiting()]

    def sources(self) -> list[str]:
        return [ticket.source for ticket in self.panel.scheduler.state.queue.tickets.values()]


@asynccontextmanager
async def crowd(
    limit: int, options: ProxySettings | None = None, *, identify: bool = False, listed: tuple[str, ...] = ()
) -> AsyncIterator[Crowd]:
    async with (
        FakeUpstream(stream(chat_lines(2))) as upstream,
        SmallPanel(
            Worker(upstream.url, parallel=1),
            policy=Policy(queue_limit=limit),
            options=options,
            identify=identify,
            client_headers=listed,
        ) as panel,
        SlotHolder(panel, "tiny:latest"),
        AsyncExitStack() as stack,
    ):
        yield Crowd(panel, stack)


def key(name: str) -> str:
    return f"Authorization: Bearer {KEYS[name][0]}"


async def test_a_light_client_gets_in_and_the_newest_request_of_the_heaviest_is_refused() -> None:
    async with crowd(3, LOCKED) as clients:
        hog = [await clients.ask(f"hog{number}", key("hog"), f"X-Client-ID: {number}") for number in range(3)]
        await clients.ask("light", key("light"), waiting=3)
        got = await hog[2].get()
        assert (got.status, got.header("Retry-After")) == (503, "4")  # a tenth of three requests of 10 s
        assert got.json["code"] == "queue.dropped"
        assert str(got.json["error"]).startswith(DROPPED.format(3))
        assert clients.waiting() == ["hog0", "hog1", "light"]
        record = clients.panel.timeline.finished_records()[-1]
        assert (record.id, record.state) == ("hog2", RequestState.REFUSED)
        assert record.why is not None
        assert render(record.why).startswith(DROPPED.format(3))


async def test_who_has_most_waiting_is_refused_whatever_names_it_invents() -> None:
    async with crowd(2, LOCKED) as clients:
        for number in range(2):
            await clients.ask(f"hog{number}", key("hog"), f"X-Client-ID: {number}")
        more = await clients.ask("more", key("hog"), "X-Client-ID: somebody else", waiting=2)
        got = await more.get()
        assert (got.status, got.json["code"]) == (503, "queue.full")
        assert clients.waiting() == ["hog0", "hog1"]


async def test_a_key_that_names_many_users_shuts_nobody_out() -> None:
    async with crowd(3, LOCKED, listed=("X-User",)) as clients:
        for number in range(3):
            await clients.ask(f"hog{number}", key("hog"), f"X-User: {number}")
        for number in range(2):
            more = await clients.ask(f"more{number}", key("hog"), f"X-User: more {number}", waiting=3)
            assert (await more.get()).json["code"] == "queue.full"
        await clients.ask("light", key("light"), waiting=3)
        assert clients.waiting() == ["hog0", "hog1", "light"]


@pytest.mark.parametrize("path", PATHS)
async def test_who_has_had_a_heartbeat_is_told_in_its_stream(path: str) -> None:
    async with crowd(2, LOCKED) as clients:
        await clients.ask("hog0", key("hog"))
        hog = await clients.ask("hog1", key("hog"), path=path)
        await clients.panel.later(HEARTBEAT_S)
        got = await hog.head()
        assert got.status == 200
        await clients.ask("light", key("light"), waiting=2)
        await hog.rest(got)
        assert got.complete
        assert DROPPED.format(2).encode() in got.body
        assert b'"queue.dropped"' in got.body


async def test_a_victim_that_reads_no_answer_does_not_keep_its_place() -> None:
    async with crowd(2, LOCKED) as clients:
        for number in range(2):
            await clients.ask(f"hog{number}", key("hog"))
        await clients.ask("light", key("light"), waiting=2)
        assert clients.waiting() == ["hog0", "light"]


# Local programs


class Names:
    """What a look-up has found so far: the processes behind connections."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.known: dict[Peer, str] = {}
        patch.setattr(ProcessNames, "name", lambda _, peer: self.known.get(peer))

    def found(self, clients: Crowd, name: str, *connections: RawClient) -> None:
        for one in connections:
            self.known[one.writer.get_extra_info("sockname")] = name
        clients.panel._server.senders.found()


async def test_a_local_program_is_one_client_although_it_was_unknown_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch)
    async with crowd(4, identify=True) as clients:
        early = [await clients.ask(f"early{number}") for number in range(2)]
        assert clients.sources() == [LOCAL, LOCAL]
        names.found(clients, "python (pid 7)", *early)
        assert clients.sources() == ["pid 7", "pid 7"]
        later = [await clients.ask(f"later{number}", f"X-Client-ID: {number}") for number in range(2)]
        names.found(clients, "renamed (pid 7)", *later)
        await clients.ask("light", waiting=4)
        assert clients.waiting() == ["early0", "early1", "later0", "light"]
        assert (await later[1].get()).status == 503


async def test_a_request_of_a_known_process_is_counted_for_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch)
    async with crowd(9, identify=True) as clients:
        client = await clients.ask("first")
        names.found(clients, "curl (pid 8)", client)
        clients.panel.gate.cancel(clients.panel.scheduler.waiting()[0].id)
        assert (await client.get()).status == 499
        await client.send_request("POST", "/api/chat", STREAM)
        await clients.panel.queued(1)
        assert clients.sources() == ["pid 8"]


async def test_a_request_that_has_ended_needs_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch)
    async with crowd(9, identify=True) as clients:
        client = await clients.ask("first")
        client.abort()
        await clients.panel.queued(0)
        names.found(clients, "curl (pid 8)", client)
        assert clients.panel._server.senders._unidentified == {}


@pytest.mark.parametrize(
    ("peer", "source"),
    [
        ("python (pid 7)", "pid 7"),
        ("pid 7", "pid 7"),
        ("cheat (pid 8) (pid 7)", "pid 7"),
        ("127.0.0.1", LOCAL),
        ("127.9.9.9", LOCAL),
        ("::1", LOCAL),
        ("192.168.1.5", "192.168.1.5"),
        ("fd00::1", "fd00::1"),
    ],
)
def test_a_source_is_what_a_client_cannot_choose(peer: str, source: str) -> None:
    assert source_of(peer) == source
