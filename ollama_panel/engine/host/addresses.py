"""The addresses at which other machines reach this one."""

import contextlib
import socket
from collections.abc import Iterable

_ELSEWHERE = {int(socket.AF_INET): "192.0.2.1", int(socket.AF_INET6): "2001:db8::1"}
"""Addresses for documentation (RFC 5737, RFC 3849), which are routed like those of any other machine."""


def urls_for_others(port: int, families: Iterable[int]) -> tuple[str, ...]:
    """Return the URLs of a port for other machines: with the addresses that this one uses in the network, and its name.

    `families` are those of which a server listens on all addresses. No packet is sent. Empty without a network.
    """
    found = tuple(filter(None, map(_own_address, families)))
    if not found:
        return ()
    hosts = [f"[{one}]" if ":" in one else one for one in found]
    name = socket.gethostname().lower()
    if name and name.partition(".")[0] != "localhost":
        hosts.append(name)
    return tuple(f"http://{host}:{port}" for host in hosts)


def _own_address(family: int) -> str:
    """Return the address with which this machine would reach another one; "" if it has no way there."""
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((_ELSEWHERE[family], 9))
        return str(probe.getsockname()[0])
    return ""
