"""How late streamed lines are while clients come: `identity.py --against DIR` compares with another checkout.

1,500 local connections are open and idle, 50 new ones a second each send a request, and 8 streams send a line every
20 ms; the panel finds out which program is behind each connection. The delay of a line is that from the backend to the
client. `alone` are the same streams without the others: what the machine itself delays. A round takes about 50 s.
"""

import argparse
import json
import resource
import socket
import statistics
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.contestants import BEFORE, NOW, Contestant, two_checkouts
from tests.bench.proxy import load, spread

IDLE = 1500
NEWCOMERS_PER_S = 50
STREAMS, PAUSE_MS, SECONDS = 8, 20, 15
ALONE = "alone"
LIMIT_US = 3000
"""What the 99th percentile may be at most."""
BODY = json.dumps({"model": "m", "prompt": "hello", "stream": False}).encode()
REQUEST = b"POST /api/generate HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)


def connect(contestant: Contestant) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(contestant.url.rpartition(":")[2])), timeout=10)


@contextmanager
def crowd(contestant: Contestant) -> Iterator[None]:
    """Hold the idle connections open, and send newcomers, one after the other."""
    over = threading.Event()

    def newcomers() -> None:
        while not over.wait(1 / NEWCOMERS_PER_S):
            with connect(contestant) as client:
                client.sendall(REQUEST)
                client.recv(65536)

    with ExitStack() as stack:
        for _ in range(IDLE):
            stack.enter_context(connect(contestant)).sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        coming = threading.Thread(target=newcomers)
        coming.start()
        stack.callback(coming.join)
        stack.callback(over.set)
        yield


def note(delays: dict[str, list[float]], contestant: Contestant) -> None:
    """Add what the streams measure."""
    found = load(contestant, "streams", STREAMS, SECONDS * 1000 // PAUSE_MS, PAUSE_MS)
    for kind in ("p50_us", "p99_us", "max_us"):
        delays[kind].append(found[kind])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--against", type=Path, metavar="DIR", required=True, help="the other checkout")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    delays: dict[str, dict[str, list[float]]] = {name: defaultdict(list) for name in (ALONE, BEFORE, NOW)}
    with tempfile.TemporaryDirectory() as folder, two_checkouts(Path(folder), options.against.resolve()) as versions:
        for _ in range(options.rounds):
            note(delays[ALONE], versions[-1])
            for version in versions:
                with crowd(version):
                    note(delays[version.name], version)
    print(f"{'delay of a line, us':20}{ALONE:>30}{BEFORE:>30}{NOW:>30}{'ratio':>10}")
    for kind, now in delays[NOW].items():
        before = delays[BEFORE][kind]
        ratio = statistics.median(now) / statistics.median(before)
        print(
            f"{kind.removesuffix('_us'):20}{spread(delays[ALONE][kind]):>30}{spread(before):>30}{spread(now):>30}{ratio:>10.2f}"
        )
    p99 = statistics.median(delays[NOW]["p99_us"])
    print(f"p99 {p99:.0f} us, at most {LIMIT_US}: {'kept' if p99 <= LIMIT_US else 'MISSED'}")


if __name__ == "__main__":
    main()
