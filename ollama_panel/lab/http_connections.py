"""`ollama-panel bench http`: what a kept connection saves against a new one for every request.

Both ways take turns, round by round, so that whatever else the machine does meets both alike. The standard library's
client is used because it does nothing but the request.
"""

import argparse
import http.client
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

ROUNDS = 5


class Measured(msgspec.Struct, frozen=True):
    """One way's times of a request in milliseconds: medians of the rounds' medians and of their 99th percentiles."""

    median_ms: float
    p99_ms: float


class Comparison(msgspec.Struct, frozen=True):
    """Both ways, over so many requests each."""

    requests: int
    new: Measured
    kept: Measured

    @property
    def saved_ms(self) -> float:
        """The median time that keeping the connection saves a request."""
        return self.new.median_ms - self.kept.median_ms


def compare(host: str, port: int, path: str, requests: int) -> Comparison:
    """Measure both ways; raises OSError when nobody answers."""
    share = max(requests // ROUNDS, 1)
    new: list[list[float]] = []
    kept: list[list[float]] = []
    for _ in range(ROUNDS):
        new.append(_round(share, lambda: _ask_anew(host, port, path)))
        connection = http.client.HTTPConnection(host, port, timeout=30)
        kept.append(_round(share, lambda: _ask(connection, path)))  # noqa: B023 - called within the same turn
        connection.close()
    return Comparison(share * ROUNDS, _measured(new), _measured(kept))


def _round(count: int, ask: Callable[[], None]) -> list[float]:
    times = []
    for _ in range(count):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1e3)
    return sorted(times)


def _ask_anew(host: str, port: int, path: str) -> None:
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        _ask(connection, path)
    finally:
        connection.close()


def _ask(connection: http.client.HTTPConnection, path: str) -> None:
    connection.request("GET", path)
    connection.getresponse().read()


def _measured(rounds: list[list[float]]) -> Measured:
    medians = [statistics.median(times) for times in rounds]
    tails = [times[int(len(times) * 0.99)] if len(times) > 1 else times[-1] for times in rounds]
    return Measured(statistics.median(medians), statistics.median(tails))


def table(comparison: Comparison) -> str:
    """Return the comparison for people."""
    rows = [f"{'':22}{'median':>12}{'99 %':>12}"]
    for name, way in (("new connection", comparison.new), ("kept connection", comparison.kept)):
        rows.append(f"{name:22}{way.median_ms:>9.3f} ms{way.p99_ms:>9.3f} ms")
    share = comparison.saved_ms / comparison.new.median_ms * 100 if comparison.new.median_ms else 0.0
    rows.append(f"A kept connection saves {comparison.saved_ms:.3f} ms a request ({share:.0f} %).")
    return "\n".join(rows)


def main(arguments: Sequence[str]) -> int:
    """Run the comparison from the command line; 1 when nobody answers."""
    options = _parser().parse_args(arguments)
    address = urlsplit(options.url)
    host, port = address.hostname or "127.0.0.1", address.port or 80
    try:
        comparison = compare(host, port, options.path, options.requests)
    except OSError as error:
        sys.stderr.write(f"Nobody answers at {options.url} ({error}). Start the panel, or name another --url.\n")
        return 1
    sys.stdout.write(f"{comparison.requests} requests each way to {options.url}{options.path}\n{table(comparison)}\n")
    if options.json is not None:
        options.json.write_text(json.dumps(msgspec.to_builtins(comparison), indent=1) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ollama-panel bench http", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url", default="http://127.0.0.1:11435", help="where to ask (default: the panel)")
    parser.add_argument("--path", default="/api/version", help="what to ask for")
    parser.add_argument("--requests", type=int, default=1000, metavar="N", help="how many each way")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers, too")
    return parser
