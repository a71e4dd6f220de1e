"""The addresses at which other machines reach this one."""

import contextlib
import socket

_ELSEWHERE = (
    (socket.AF_INET, "192.0.2.1"),
    (socket.AF_INET6, "2001:db8::1"),
)
"""Addresses for documentation (RFC 5737, RFC 3849), which are routed like those of any other machine."""


def urls_for_others(port: int) -> tuple[str, ...]:
    """Return the URLs of a port for other machines: with the address that this one uses in the network, and its name.

    No packet is sent. Empty without a network.
    """
    found = tuple(filter(None, (_own_address(family, elsewhere) for family, elsewhere in _ELSEWHERE)))
    if not found:
        return ()
    hosts = [f"[{one}]" if ":" in one else one for one in found]
    name = socket.gethostname().lower()
    if name and name.partition(".")[0] != "localhost":
        hosts.append(name)
    return tuple(f"http://{host}:{port}" for host in hosts)


def _own_address(family: socket.AddressFamily, elsewhere: str) -> str:
    """Return the address with which this machine would reach another one; "" if it has no way there."""
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((elsewhere, 9))
        return str(probe.getsockname()[0])
    return ""
