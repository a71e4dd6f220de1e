"""Which local process is behind a connection."""

import pytest

from ollama_panel.proxy.identity import Found, Peer, ProcessNames
from ollama_panel.proxy.server import ProxyServer
from tests.fakes.lookups import FakeLookUp, connection
from tests.fakes.virtual import advance
from tests.proxy.conftest import FakePanel, ProxyHarness

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
    assert len(names.look_up.asked) == 1, "at most one a second"
    names.clock.at = 1.1
    assert names.name(TWO) is None
    assert names.look_up.asked[1:] == [([2], [11435])], "what is known is not asked again"


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


async def test_a_process_without_a_name_is_told_by_its_number() -> None:
    names = Names()
    names.name(ONE)
    await names.look_up.answer(Found((connection(ONE, name=""),)))
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


async def serve_with(harness: ProxyHarness, look_up: FakeLookUp) -> None:
    await harness.server.stop(0)
    harness.server = ProxyServer(harness.gate, harness.options, FakePanel(), look_up=look_up)
    harness.url = await harness.server.start()
