"""The TCP ports on which programs of a machine listen."""

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping

from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.facts import Listener

LISTENERS = r"""
if command -v ss >/dev/null; then limit 3 $as ss -H -l -t -n -p 2>/dev/null | say ss
elif [ -r /proc/net/tcp ]; then cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | say tcp
elif command -v lsof >/dev/null; then limit 5 lsof -nP -iTCP -sTCP:LISTEN -F pcn 2>/dev/null | say lsof
fi
"""
_PID = re.compile(r'\(\("([^"]*)",pid=(\d+)')
_SOCKET = re.compile(r"(?P<address>[0-9A-F]{8}(?:[0-9A-F]{24})?):(?P<port>[0-9A-F]{4})")
_LISTENS = "0A"
"""The state of a socket that listens, in `/proc/net/tcp` (kernel documentation `networking/proc_net_tcp`)."""


def listeners_of(found: Iterable[Block], names: Mapping[int, str]) -> tuple[Listener, ...]:
    """Return what the script `LISTENERS` has printed; `names` are those of programs by their processes."""
    readers = {"ss": _of_ss, "tcp": _of_proc, "lsof": _of_lsof}
    told = (one for block in found if block.name in readers for one in readers[block.name](block.text))
    unique = {(one.address, one.port): one for one in told}
    return tuple(
        one if one.program or one.pid is None else Listener(one.address, one.port, one.pid, names.get(one.pid, ""))
        for one in sorted(unique.values(), key=lambda one: (one.port, one.address))
    )


def _place(text: str) -> tuple[str, int] | None:
    host, _, port = text.rpartition(":")
    if not port.isdecimal():
        return None
    host = host.strip("[]").partition("%")[0]
    return {"*": "0.0.0.0"}.get(host, host), int(port)


def _of_ss(text: str) -> Iterator[Listener]:
    for line in text.split("\n"):
        columns = line.split()
        place = _place(columns[3]) if len(columns) > 3 else None
        if place is not None:
            owner = _PID.search(line)
            yield Listener(*place, int(owner[2]) if owner else None, owner[1] if owner else "")


def _of_proc(text: str) -> Iterator[Listener]:
    for line in text.split("\n"):
        columns = line.split()
        place = _SOCKET.fullmatch(columns[1]) if len(columns) > 3 and columns[3] == _LISTENS else None
        if place is not None:
            yield Listener(_address(place["address"]), int(place["port"], 16))


def _address(text: str) -> str:
    """Return an address that the kernel writes in words of four bytes, the last byte first."""
    raw = bytes.fromhex(text)
    turned = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    return str(ipaddress.ip_address(turned))


def _of_lsof(text: str) -> Iterator[Listener]:
    pid, program = None, ""
    for line in text.split("\n"):
        if line.startswith("p") and line[1:].isdecimal():
            pid = int(line[1:])
        elif line.startswith("c"):
            program = line[1:]
        elif line.startswith("n") and (place := _place(line[1:])) is not None:
            yield Listener(*place, pid, program)
