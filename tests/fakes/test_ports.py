"""A port that a test gives to a server is nobody else's until the server has it."""

import itertools
import socket
import sys
from pathlib import Path

import pytest

from tests.fakes import ports
from tests.fakes.ports import free_port


def test_no_port_is_given_twice_nor_one_of_those_that_follow_it() -> None:
    given = sorted(free_port() for _ in range(200))
    assert all(second - first >= ports.STEP for first, second in itertools.pairwise(given))


def test_a_port_that_somebody_has_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, free = free_port(), free_port()
    monkeypatch.setattr(ports, "_order", iter((taken, free)))
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", taken))
        assert free_port() == free


@pytest.mark.skipif(sys.platform != "linux", reason="only there it is a file")
def test_the_system_gives_none_of_them_by_itself() -> None:
    first = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0]
    if int(first) < ports.LAST:
        pytest.skip("this machine gives more ports than Linux does by default")
    assert all(ports.FIRST <= free_port() < ports.LAST for _ in range(20))
