"""What the panel costs: `python tests/bench/proxy.py [--json FILE]` prints one table, medians of alternating rounds.

`--against DIR` compares the CPU time of the headless panel with that of another checkout instead. Run it on a quiet
machine. CPU time is that of the process between client and backend, so direct is 0. Latencies of a
way are its own minus those of the direct way in the same round.
"""

import argparse
import json
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.contestants import BEFORE, NOW, SLOTS, Contestant, everyone, two_checkouts

HERE = Path(__file__).parent
Row = dict[str, float]
CONCURRENCIES = (1, 16, 64)
BARE, HEADLESS, WINDOW = "bare aiohttp", "panel, headless", "panel, window"
QUEUED = 1000
BODY = json.dumps({"model": "m", "prompt": "hold " + "x" * 2000, "stream": False}).encode()
UNITS = {
    "cpu": "CPU us",
    "p50": "us",
    "p99": "us",
    "chunk": "CPU us",
    "first": "us",
    "kb": "KB",
    "mb": "MB more",
    "idle": "CPU ms/s",
}

TARGETS = (
    *((HEADLESS, f"c={connections} cpu", 200) for connections in CONCURRENCIES),
    (HEADLESS, "c=1 p50", 400),
    (HEADLESS, "8 streams chunk", 60),
    (HEADLESS, "64 streams chunk", 60),
    (HEADLESS, "64 streams slowest first", 10_000),
    (HEADLESS, "1 GB upload mb", 16),
    (HEADLESS, "queued request kb", 16),
    (WINDOW, "8 streams line p99", 3000),
)
"""Way, row, and what it may be at most."""

BARE_THEN = {"c=1 cpu": 312.0, "c=16 cpu": 172.0, "c=64 cpu": 187.0, "64 streams chunk": 54.2}
"""What bare aiohttp took, in us of CPU, on the machine where the targets were set; this one may be slower or faster."""


def load(contestant: Contestant, *arguments: object) -> dict[str, Any]:
    command = [sys.executable, str(HERE / "load.py"), contestant.url, *map(str, arguments)]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    return found


def loaded(contestant: Contestant, *arguments: object) -> tuple[dict[str, Any], float]:
    """Return what the client measured, and the CPU time in us each request or line took, without what idling takes."""
    cpu, begun = contestant.cpu_s(), time.perf_counter()
    found = load(contestant, *arguments)
    used = contestant.cpu_s() - cpu - contestant.idle * (time.perf_counter() - begun)
    return found, used * 1e6 / found["count"]


def requests(contestant: Contestant, connections: int, seconds: float) -> Row:
    found, cpu = loaded(contestant, "requests", connections, seconds)
    name = f"c={connections}"
    return {f"{name} cpu": cpu, f"{name} p50": found["p50_us"], f"{name} p99": found["p99_us"]}


def streams(contestant: Contestant, count: int, lines: int, pause_ms: int) -> Row:
    found, cpu = loaded(contestant, "streams", count, lines, pause_ms)
    name = f"{count} streams"
    delays = {"line p50": found["p50_us"], "line p99": found["p99_us"], "slowest first": found["first_us"]}
    return {f"{name} chunk": cpu} | {f"{name} {kind}": value for kind, value in delays.items()}


def rest(contestant: Contestant, seconds: float) -> float:
    """Measure what the way takes while nothing passes, in CPU seconds a second: a window draws all the time."""
    before = contestant.cpu_s()
    time.sleep(seconds)
    contestant.idle = (contestant.cpu_s() - before) / seconds
    return contestant.idle


def queued(contestant: Contestant) -> float:
    """Return the memory of a request that waits, in KB: all slots are held, then a thousand more come."""
    head = f"POST /api/generate HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(BODY)}\r\n\r\n".encode()
    clients: list[socket.socket] = []
    try:
        for number in range(SLOTS + QUEUED):
            clients.append(client := socket.create_connection(("127.0.0.1", int(contestant.url.rpartition(":")[2]))))
            client.sendall(head + BODY)
            if number == SLOTS - 1:
                time.sleep(1.5)
                before = contestant.rss()
        time.sleep(2)
        return (contestant.rss() - before) / 1024 / QUEUED
    finally:
        for client in clients:
            client.close()


def upload(contestant: Contestant, size: int = 1 << 30) -> float:
    """Return by how many MB the way grows at most while a file of `size` bytes passes through it."""
    before = contestant.rss()
    grown = before
    piece = bytes(1 << 20)
    with socket.create_connection(("127.0.0.1", int(contestant.url.rpartition(":")[2]))) as client:
        head = f"POST /api/blobs/sha256:0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n"
        client.sendall(head.encode())
        for number in range(size // len(piece)):
            client.sendall(piece)
            if number % 16 == 0:
                grown = max(grown, contestant.rss())
        if not client.recv(65536).startswith(b"HTTP/1.1 200"):
            raise SystemExit("the upload failed")
    return (grown - before) / 1e6


TESTS: tuple[Callable[[Contestant], Row], ...] = (
    *(partial(requests, connections=number, seconds=1.0) for number in CONCURRENCIES),
    lambda c: streams(c, 8, 100, 20),
    lambda c: streams(c, 64, 50, 20),
)


def one_round(contestants: list[Contestant], rows: dict[str, dict[str, list[float]]]) -> None:
    for test in TESTS:
        plain: Row = {}
        first, *others = contestants
        random.shuffle(others)
        for contestant in (first, *others):
            row = test(contestant)
            plain = plain or row
            for name, value in row.items():
                measured = value if name.endswith(("cpu", "chunk")) or contestant is first else value - plain[name]
                rows[contestant.name][name].append(measured)


def compared(other: Path, rounds: int) -> str:
    """Return the CPU time that the panels of both checkouts take, and the ratio round by round; the first warms up."""
    rows: dict[str, dict[str, list[float]]] = {BEFORE: defaultdict(list), NOW: defaultdict(list)}
    with tempfile.TemporaryDirectory() as folder, two_checkouts(Path(folder), other) as versions:
        for version in versions:
            rest(version, 4.0)
        for number in range(rounds + 1):
            for test in TESTS:
                for version in random.sample(versions, 2):
                    for name, value in test(version).items():
                        if number and name.endswith(("cpu", "chunk")):
                            rows[version.name][name].append(value)
    lines = [f"{'CPU us, median (range)':28}{BEFORE:>24}{NOW:>24}{'ratio':>28}"]
    for name, now in rows[NOW].items():
        before = rows[BEFORE][name]
        times = sorted(our / their for our, their in zip(now, before, strict=True))
        ratio = f"{statistics.median(times):.3f} ({times[0]:.2f} to {times[-1]:.2f})"
        lines.append(f"{name:28}{spread(before):>24}{spread(now):>24}{ratio:>28}")
    return "\n".join(lines)


def table(rows: dict[str, dict[str, list[float]]], ways: list[str]) -> str:
    names = list(dict.fromkeys(name for way in ways for name in rows[way]))
    lines = [f"{'median (least to most)':28}" + "".join(f"{way:>28}" for way in ways)]
    for name in names:
        values = [f"{spread(rows[way].get(name, [])):>28}" for way in ways]
        lines.append(f"{name + ', ' + UNITS[name.split()[-1]]:28}" + "".join(values))
    return "\n".join(lines)


def spread(values: list[float]) -> str:
    if not values:
        return "—"
    return f"{statistics.median(values):.1f} ({min(values):.0f} to {max(values):.0f})"


def ratios(rows: dict[str, dict[str, list[float]]]) -> str:
    """Return how many times bare aiohttp's CPU time the panel takes, round by round: it holds on any machine."""
    lines = []
    for name, theirs in rows[BARE].items():
        if name.endswith(("cpu", "chunk")):
            times = sorted(our / their for our, their in zip(rows[HEADLESS][name], theirs, strict=True))
            middle, then = statistics.median(times), BARE_THEN.get(name)
            there = "" if then is None else f", {middle * then:.0f} us where that took {then:.0f}"
            lines.append(
                f"{HEADLESS}: {name} {middle:.2f} times bare aiohttp's ({times[0]:.2f} to {times[-1]:.2f}){there}"
            )
    return "\n".join(lines)


def verdicts(medians: dict[str, Row]) -> str:
    lines = []
    for way, name, most in TARGETS:
        value = medians.get(way, {}).get(name)
        if value is not None:
            lines.append(f"{way}: {name} {value:.1f}, at most {most}: {'kept' if value <= most else 'MISSED'}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers, too")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--against", type=Path, metavar="DIR", help="compare with the panel of another checkout")
    parser.add_argument("--no-window", action="store_true", help="leave the panel with its window out")
    options = parser.parse_args()
    if options.against is not None:
        print(compared(options.against.resolve(), options.rounds))
        return
    rows: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with tempfile.TemporaryDirectory() as folder, everyone(Path(folder), window=not options.no_window) as contestants:
        for contestant in contestants[1:]:
            rows[contestant.name]["at rest idle"].append(rest(contestant, 4.0) * 1e3)
        for number in range(options.rounds):
            one_round(contestants, rows)
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
        for contestant in contestants[1:]:
            if contestant.name == BARE:
                continue  # it reads a request whole
            rows[contestant.name]["1 GB upload mb"].append(upload(contestant))
            if contestant.name in (HEADLESS, WINDOW):
                rows[contestant.name]["queued request kb"].append(queued(contestant))
    ways = [contestant.name for contestant in contestants]
    medians = {way: {name: statistics.median(values) for name, values in rows[way].items()} for way in ways}
    print(table(rows, ways), ratios(rows), verdicts(medians), sep="\n\n")
    if options.json is not None:
        options.json.write_text(json.dumps({"medians": medians, "all": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
