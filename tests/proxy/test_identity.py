"""Which local process is behind a connection."""

import pytest

from ollama_panel.core.clients import Process
from ollama_panel.core.settings.tree import KeyRule
from ollama_panel.proxy.credentials import new_key
from ollama_panel.proxy.identity import Found, LocalConnection, Peer, ProcessNames
from ollama_panel.proxy.sender import source_of
from ollama_panel.proxy.server import ProxyServer
from tests.fakes.lookups import FakeLookUp, connection
from tests.fakes.rawclient import RawClient
from tests.fakes.virtual import advance
from tests.proxy.conftest import FakePanel, ProxyHarness

ONE_TO_OPEN_ONE_FOR_ITS_NAME = 2
ONE, TWO = ("127.0.0.1", 1), ("127.0.0.1", 2)


class ManualClock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


class Names(ProcessNames):
    """The names of the clients of a server on port 11435, with what they ask and the clock they live by."""

    def __init__(self) -> None:
        self.look_up, self.clock, self.found = FakeLookUp(), ManualClock(), 0
        super().__init__(self.clock, self.look_up, lambda: 11435, self._count)

    def _count(self) -> None:
        self.found += 1


async def test_a_process_is_known_after_a_look_up_and_nobody_waits_for_it() -> None:
    names = Names()
    assert names.name(ONE) is None
    assert names.name(TWO) is None
    assert names.look_up.asked == [([1], [11435])], "the second waits for the next look-up"
    await names.look_up.answer(Found((connection(ONE),)))
    assert names.name(ONE) == "python (pid 7)"
    assert names.name(TWO) is None
    assert len(names.look_up.asked) == 1, "the next one is not due yet"
    names.clock.at = 1.1
    assert names.name(TWO) is None
    assert names.look_up.asked[1:] == [([2], [11435])], "what is known is not asked again"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("a\nb\x1b[31m", "ab[31m (pid 7)", id="commands for a terminal"),
        pytest.param("\r\x07", "pid 7", id="nothing to show"),
        pytest.param("x (pid 1)", "x (pid 1) (pid 7)", id="another's number"),
        pytest.param("\udcff\xe9", "?\xe9 (pid 7)", id="no text"),
    ],
)
async def test_a_process_may_call_itself_anything(name: str, shown: str) -> None:
    names = Names()
    names.name(ONE)
    await names.look_up.answer(Found((connection(ONE, name=name),)))
    assert names.name(ONE) == shown
    assert source_of(shown) == "pid 7"


async def test_who_came_during_a_look_up_is_looked_up_soon_although_nobody_asks_again() -> None:
    names = Names()
    names.name(ONE)
    names.name(TWO)
    await names.look_up.answer(Found((connection(ONE),)))
    names.clock.at = 1.1
    await advance(1.1)
    assert names.look_up.asked[1:] == [([2], [11435])]
    await names.look_up.answer(Found((connection(TWO, name="curl", pid=8),)))
    assert names.name(TWO) == "curl (pid 8)"
    assert names.found == 2


async def test_one_look_up_serves_all_that_came_meanwhile() -> None:
    names = Names()
    names.name(ONE)
    await names.look_up.answer(Found())
    for port in (2, 3, 4):
        names.name(("127.0.0.1", port))
    names.clock.at = 1.1
    names.name(("127.0.0.1", 5))
    assert names.look_up.asked[1:] == [([2, 3, 4, 5], [11435])]


async def test_look_ups_that_take_much_are_rare() -> None:
    names = Names()
    names.name(ONE)
    await names.look_up.answer(Found((), 0.2))
    names.clock.at = 9.9
    names.name(TWO)
    assert len(names.look_up.asked) == 1
    names.clock.at = 10.1
    names.name(TWO)
    assert len(names.look_up.asked) == 2


async def test_a_port_that_somebody_else_has_now_is_looked_up_anew() -> None:
    names = Names()
    names.name(ONE)
    await names.look_up.answer(Found((connection(ONE, name="curl"), connection(TWO, name="ollama", pid=8))))
    names.forget(ONE)
    names.clock.at = 2.0
    assert names.name(ONE) is None
    await names.look_up.answer(Found((connection(ONE, pid=9),)))
    assert names.name(ONE) == "python (pid 9)"
    assert names.name(TWO) is None, "it was not connected here when others were looked up"


async def test_a_script_is_named_instead_of_its_interpreter() -> None:
    names = Names()
    names.name(ONE)
    script = connection(
        ONE, name="python3", program="/usr/bin/python3.11", arguments=("python3", "/srv/rag_indexer.py")
    )
    await names.look_up.answer(Found((script,)))
    assert names.name(ONE) == "rag_indexer.py (pid 7)"
    assert names.process(ONE) == Process(7, "rag_indexer.py", "/usr/bin/python3.11")
    names.forget(ONE)
    assert names.process(ONE) is None


async def test_a_process_without_a_name_is_told_by_its_number() -> None:
    names = Names()
    names.name(ONE)
    await names.look_up.answer(Found((connection(ONE, name="", program=""),)))
    assert names.name(ONE) == "pid 7"


async def test_what_a_failed_look_up_asked_is_asked_again() -> None:
    names = Names()
    names.name(ONE)
    names.name(TWO)
    names.clock.at = 1.1
    await names.look_up.answer(None)
    assert names.found == 0
    names.forget(TWO)
    names.clock.at = 61.0
    assert names.name(ONE) is None
    assert len(names.look_up.asked) == 1, "for a minute nothing is asked"
    names.clock.at = 61.2
    assert names.name(ONE) is None
    assert names.look_up.asked[1:] == [([1], [11435])]


async def test_a_connection_that_has_ended_is_forgotten(harness: ProxyHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[Peer] = []
    monkeypatch.setattr(ProcessNames, "forget", lambda _, peer: left.append(peer))
    await serve_with(harness, FakeLookUp())
    async with harness.client() as client:
        await client.exchange("GET", "/")
        peer = client.writer.get_extra_info("sockname")
    await harness.wait_all_disconnected()
    assert left == [peer]


# The `ollama` command sends no key


async def serve_with(harness: ProxyHarness, look_up: FakeLookUp) -> None:
    await harness.server.stop(0)
    harness.server = ProxyServer(harness.gate, harness.options, FakePanel(), look_up=look_up)
    harness.url = await harness.server.start()


async def asked_by(
    harness: ProxyHarness,
    *,
    agent: str = "ollama/0.32.15 (amd64 linux) Go/go1.24.1",
    headers: tuple[str, ...] = (),
    path: str = "/api/tags",
    silent: bool = False,
    **process: object,
) -> tuple[int, int]:
    """Return the status of a request to a panel that needs a key, and how many look-ups it took.

    `process` is what the look-up finds at the client's end; `silent`: the look-up finds nothing.
    """
    harness.configure(require_key=KeyRule.ALWAYS, api_keys=(new_key("laptop")[1],))
    look_up = FakeLookUp(Found())
    await serve_with(harness, look_up)
    async with harness.client() as client:
        if not silent:
            look_up.always = Found((command(client, **process),))
        reply = await client.exchange("GET", path, None, f"User-Agent: {agent}", *headers)
    return reply.status, len(look_up.asked)


def command(client: RawClient, **changes: object) -> LocalConnection:
    facts: dict[str, object] = {
        "local": client.writer.get_extra_info("sockname"),
        "remote": client.writer.get_extra_info("peername"),
        "name": "ollama",
        "program": "/usr/local/bin/ollama",
        "arguments": ("ollama", "list"),
    }
    return connection(**(facts | changes))  # type: ignore[arg-type] # facts of several types, each of its field's


async def test_the_ollama_command_of_the_same_user_needs_no_key(harness: ProxyHarness) -> None:
    assert await asked_by(harness) == (200, ONE_TO_OPEN_ONE_FOR_ITS_NAME)


@pytest.mark.parametrize("program", ["/home/ada/bin/ollama", "/opt/ollama.exe"])
async def test_wherever_it_is_installed(harness: ProxyHarness, program: str) -> None:
    assert await asked_by(harness, program=program) == (200, ONE_TO_OPEN_ONE_FOR_ITS_NAME)


@pytest.mark.parametrize(
    "process",
    [
        pytest.param({"own": False}, id="another user's"),
        pytest.param({"program": "/usr/sbin/nginx"}, id="another program of the name"),
        pytest.param({"program": ""}, id="a program that the system does not tell"),
        pytest.param({"program": "/usr/bin/ollama-bridge"}, id="a longer name"),
        pytest.param({"arguments": ("ollama", "serve")}, id="a server, which relays to others' models"),
        pytest.param({"arguments": ("ollama", "start")}, id="a server by its other name"),
        pytest.param({"remote": ("127.0.0.1", 11434)}, id="connected to another server"),
        pytest.param({"remote": ("127.0.0.2", 11435)}, id="connected to another address"),
        pytest.param({"local": ("127.0.0.1", 9)}, id="another connection"),
    ],
)
async def test_whoever_else_it_is_needs_one(harness: ProxyHarness, process: dict[str, object]) -> None:
    assert await asked_by(harness, **process) == (401, 1)


async def test_one_that_is_not_found_needs_one(harness: ProxyHarness) -> None:
    assert await asked_by(harness, silent=True) == (401, 1)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(("Authorization: Bearer wrong",), id="a wrong key"),
        pytest.param(("X-API-Key: wrong",), id="a wrong key of Anthropic's kind"),
    ],
)
async def test_a_wrong_key_stays_wrong(harness: ProxyHarness, headers: tuple[str, ...]) -> None:
    assert await asked_by(harness, headers=headers) == (401, 0)


async def test_no_other_program_makes_the_panel_look(harness: ProxyHarness) -> None:
    assert await asked_by(harness, agent="python-httpx/0.28") == (401, 0)


async def test_a_page_in_a_browser_is_still_refused(harness: ProxyHarness) -> None:
    assert await asked_by(harness, headers=("Origin: https://evil.example",)) == (403, 0)


async def test_what_is_open_to_all_takes_no_look_up(harness: ProxyHarness) -> None:
    assert await asked_by(harness, path="/") == (200, 0)


async def test_a_panel_that_cannot_look_wants_a_key(harness: ProxyHarness) -> None:
    harness.configure(require_key=KeyRule.ALWAYS)
    async with harness.client() as client:
        reply = await client.exchange("GET", "/api/tags", None, "User-Agent: ollama/0.32.15")
    assert reply.status == 401
