"""Who a request is from: a key, the user that a trusted front names, its own word, or its connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from types import SimpleNamespace
from typing import cast

import pytest
from aiohttp import web

from ollama_panel.proxy import sender
from ollama_panel.proxy.credentials import new_key
from ollama_panel.proxy.server import ProxyServer
from tests.fakes.rawclient import RawClient
from tests.fakes.small_panel import SmallPanel, Worker
from tests.fakes.upstream import CHAT, FakeUpstream, ReceivedRequest, ScriptConnection, reply
from tests.proxy.conftest import ProxyHarness

USER, FORWARDED = "X-OpenWebUI-User-Id", "X-Forwarded-For"
KEY, ENTRY = new_key("open-webui")
WITH_KEY = f"Authorization: Bearer {KEY}"


async def client_of(harness: ProxyHarness, listed: tuple[str, ...], *headers: str) -> str:
    """Return the client that the gate sees in a request with these headers, if the `listed` ones tell who it is."""
    await harness.server.stop(0)
    harness.configure(api_keys=(ENTRY,))
    harness.server = ProxyServer(harness.gate, harness.options, harness.panel, client_headers=lambda: listed)
    harness.url = await harness.server.start()
    async with harness.client() as client:
        assert (await client.exchange("POST", "/api/chat", CHAT, *headers)).status == 200
    return harness.gate.leases[-1].job.client


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients that come from another machine."""
    monkeypatch.setattr(sender, "local_ends", lambda _: None)


async def test_no_header_is_trusted_by_default(harness: ProxyHarness) -> None:
    assert await client_of(harness, (), f"{USER}: ada", f"{FORWARDED}: 10.0.0.1") == "127.0.0.1"
    assert await client_of(harness, (), f"{USER}: ada", WITH_KEY) == "open-webui"


async def test_a_front_on_this_machine_names_its_users(harness: ProxyHarness) -> None:
    assert await client_of(harness, (USER,), f"{USER}: ada") == "local/ada"
    assert await client_of(harness, (USER.lower(),), f"{USER.upper()}: ada") == "local/ada"


@pytest.mark.usefixtures("elsewhere")
async def test_one_elsewhere_needs_a_key(harness: ProxyHarness) -> None:
    assert await client_of(harness, (USER,), f"{USER}: ada") == "127.0.0.1"
    assert await client_of(harness, (USER,), f"{USER}: ada", "Authorization: Bearer wrong") == "127.0.0.1"
    assert await client_of(harness, (USER,), f"{USER}: ada", WITH_KEY) == "open-webui/ada"


async def test_the_word_of_a_front_counts_more_than_a_clients_own(harness: ProxyHarness) -> None:
    assert await client_of(harness, (USER,), "X-Client-ID: me", f"{USER}: ada") == "local/ada"
    assert await client_of(harness, (USER,), "X-Client-ID: me") == "me"
    assert await client_of(harness, (USER,), "X-Client-ID: me", WITH_KEY) == "open-webui"


async def test_litellm_has_underscores_in_its_headers(harness: ProxyHarness) -> None:
    header = "x-litellm-user_api_key_user_id"
    assert await client_of(harness, (header,), f"{header}: ada", WITH_KEY) == "open-webui/ada"


async def test_the_first_header_that_is_present_counts(harness: ProxyHarness) -> None:
    listed = (USER, "X-User")
    assert await client_of(harness, listed, "X-User: bob", f"{USER}: ada") == "local/ada"
    assert await client_of(harness, listed, "X-User: bob", f"{USER}: ") == "local/bob"
    assert await client_of(harness, listed) == "127.0.0.1"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("a" * 1000, "local/" + "a" * 128, id="long"),
        pytest.param("ad\t\ta", "local/ada", id="control characters"),
        pytest.param("a\xff", "local/a?", id="no text"),
        pytest.param("\xe4da".encode().decode("latin-1"), "local/\xe4da", id="UTF-8"),
        pytest.param("laptop/ada", "local/laptop/ada", id="another key's name before it"),
    ],
)
async def test_a_users_name_is_cut_and_printable(harness: ProxyHarness, value: str, shown: str) -> None:
    assert await client_of(harness, (USER,), f"{USER}: {value}") == shown


@pytest.mark.parametrize(
    ("lines", "client"),
    [
        pytest.param(["10.0.0.1"], "local/10.0.0.1", id="one"),
        pytest.param(["6.6.6.6, 10.0.0.1"], "local/10.0.0.1", id="what the client claimed comes first"),
        pytest.param(["6.6.6.6", "10.0.0.1"], "local/10.0.0.1", id="in two lines"),
        pytest.param(["10.0.0.1, 127.0.0.1"], "local/10.0.0.1", id="two proxies on this machine"),
        pytest.param(["10.0.0.1,::1"], "local/10.0.0.1", id="of which one uses IPv6"),
        pytest.param(["10.0.0.1:4711"], "local/10.0.0.1", id="with a port"),
        pytest.param(["[2001:db8::7]:4711"], "local/2001:db8::7", id="IPv6 with a port"),
        pytest.param(["2001:DB8:0::7"], "local/2001:db8::7", id="IPv6 in another form"),
        pytest.param(["::ffff:10.0.0.1"], "local/10.0.0.1", id="IPv4 in a socket of IPv6"),
        pytest.param(["10.0.0.1, unknown"], "local/10.0.0.1", id="a proxy that hides"),
        pytest.param(["127.0.0.1"], "127.0.0.1", id="this machine's own"),
        pytest.param(["unknown"], "127.0.0.1", id="hidden"),
        pytest.param([","], "127.0.0.1", id="empty"),
    ],
)
async def test_the_last_forwarded_address_of_another_machine_counts(
    harness: ProxyHarness, lines: list[str], client: str
) -> None:
    assert await client_of(harness, (FORWARDED,), *(f"{FORWARDED}: {line}" for line in lines)) == client


@pytest.mark.parametrize("header", [USER, FORWARDED, "X-Client-ID"])
async def test_a_user_behind_a_front_does_not_wait_for_all_that_another_has_asked(header: str) -> None:
    """Two of twelve requests of one user run when another user's only one comes: at most one more goes before it."""
    assert await place_behind_twelve(header, listed=(USER, FORWARDED)) in (3, 4)


async def test_users_that_nobody_may_name_are_one_client() -> None:
    assert await place_behind_twelve(USER, listed=()) == 13


async def place_behind_twelve(header: str, listed: tuple[str, ...]) -> int:
    """Return the place in the order of dispatch of one request, sent after twelve of another user; 13 is the last."""
    go_on = asyncio.Event()

    async def play(request: ReceivedRequest, connection: ScriptConnection) -> None:
        await go_on.wait()
        await reply(b"{}")(request, connection)

    async with FakeUpstream(play) as upstream:
        panel = SmallPanel(Worker(upstream.url, parallel=2), client_headers=listed)
        async with panel, AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(connected(panel)) for _ in range(14)]
            go_on.set()
            await clients.pop().exchange("POST", "/api/chat", CHAT)  # loads the model
            go_on.clear()
            for number, client in enumerate(clients, 1):
                user = "10.0.0.1" if number < 13 else "10.0.0.2"
                body = CHAT.replace(b"hello", b"hello %d" % number)
                await client.send_request("POST", "/api/chat", body, f"{header}: {user}")
                await panel.open_requests(number)
            go_on.set()
            await panel.idle()
        return [request.header(header) for request in upstream.requests].index("10.0.0.2")


@pytest.mark.parametrize(
    ("peer", "server", "local"),
    [
        pytest.param(("127.0.0.1", 5), ("127.0.0.1", 1), True, id="loopback"),
        pytest.param(("::1", 5, 0, 0), ("::1", 1, 0, 0), True, id="of IPv6"),
        pytest.param(("::ffff:127.0.0.1", 5, 0, 0), ("::ffff:127.0.0.1", 1, 0, 0), True, id="in a socket of IPv6"),
        pytest.param(("127.0.0.1", 5), ("127.0.1.1", 1), True, id="the name of the machine on Debian"),
        pytest.param(("192.0.2.2", 5), ("192.0.2.2", 1), True, id="its address in the network"),
        pytest.param(("::ffff:192.0.2.2", 5, 0, 0), ("::ffff:192.0.2.2", 1, 0, 0), True, id="that in a socket of IPv6"),
        pytest.param(("192.0.2.3", 5), ("192.0.2.2", 1), False, id="a neighbour"),
        pytest.param(("fd00::3", 5, 0, 0), ("fd00::2", 1, 0, 0), False, id="a neighbour of IPv6"),
        pytest.param("", "", False, id="no addresses"),
    ],
)
def test_programs_of_this_machine_are_told_by_their_address(peer: object, server: object, local: bool) -> None:
    transport = SimpleNamespace(get_extra_info={"peername": peer, "sockname": server}.get)
    request = cast(web.BaseRequest, SimpleNamespace(transport=transport))
    assert (sender.local_ends(request) is not None) is local


@asynccontextmanager
async def connected(panel: SmallPanel) -> AsyncIterator[RawClient]:
    client = await RawClient.connect(int(panel.url.rpartition(":")[2]))
    yield client
    await client.close()


async def test_the_users_of_a_front_are_not_sources_of_their_own(harness: ProxyHarness) -> None:
    await client_of(harness, (USER,), f"{USER}: ada", WITH_KEY)
    await client_of(harness, (USER,), WITH_KEY)
    await client_of(harness, (), f"{USER}: ada")
    await client_of(harness, (USER,), f"{USER}: ada")
    jobs = [lease.job for lease in harness.gate.leases]
    assert [job.source for job in jobs] == ["open-webui", "open-webui", sender.LOCAL, sender.LOCAL]
    assert [job.user for job in jobs] == ["ada", "", "", "ada"]
