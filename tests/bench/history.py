"""What a day of history costs: `python tests/bench/history.py [--requests-per-s 1] [--rounds 15]`.

A day is simulated: two cards and four instances measured every second, one request a second, an event every ten
minutes. Printed are the size of the file, the time of a question for all series of that day beside a plain SQLite
query of the same rows, as ratios of neighbouring measurements, and what one second costs the engine and the writer.
"""

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import msgspec

from ollama_panel.core.history.questions import RequestsQuestion, SeriesQuestion
from ollama_panel.core.history.records import FinishedRequest
from ollama_panel.core.history.series import FIELDS, Kind, Reading, columns
from ollama_panel.core.history.thinning import Thinner
from ollama_panel.core.settings.tree_history import HistorySettings
from ollama_panel.engine.history.file import HistoryFile, Item
from ollama_panel.engine.history.reader import reading
from ollama_panel.engine.history.tidying import DAY_S, Tidier
from tests.fakes.history import event, request

BEGIN = 1_764_460_800
BATCH_S = 5
MIB_LIMIT = 20.0
SOURCES = (
    *((Kind.PANEL, ""), (Kind.SYSTEM, ""), (Kind.GPU, "0000:01:00.0"), (Kind.GPU, "0000:02:00.0")),
    *((Kind.INSTANCE, f"chat-{number}") for number in range(1, 5)),
)


def main() -> None:
    """Simulate a day and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests-per-s", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=15)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.sqlite"
        thinning, writing = write_day(path, chosen.requests_per_s)
        size = path.stat().st_size / 1024**2
        print(f"file after 24 h: {size:.1f} MiB (limit {MIB_LIMIT:g})")
        engine, writer = (1e6 * seconds / DAY_S for seconds in (thinning, writing))
        print(f"a second costs the engine {engine:.0f} us of CPU and the writer {writer:.0f} us")
        measure(path, chosen.rounds)


def write_day(path: Path, requests_per_s: float) -> tuple[float, float]:
    """Write the day; return the seconds of CPU that the engine's part and the writer's part took."""
    chance, thinner, file = random.Random(7), Thinner(), HistoryFile(path)
    tidier, batch = Tidier(file), list[Item]()
    thinning = writing = 0.0
    due = 0.0
    for second in range(DAY_S):
        now = BEGIN + second
        readings = [measured(chance, *source) for source in SOURCES]
        before = time.process_time()
        batch += thinner.add(now, readings)
        thinning += time.process_time() - before
        due += requests_per_s
        while due >= 1:
            due -= 1
            batch.append(finished(chance, now))
        if second % 600 == 0:
            batch.append(event(now))
        if second % BATCH_S == 0:
            before = time.process_time()
            file.write(batch)
            if second % 300 == 0:
                tidier.tidy(now, HistorySettings())
            writing += time.process_time() - before
            batch.clear()
    file.write([*batch, *thinner.end()])
    file.close()
    return thinning, writing


def measured(chance: random.Random, kind: Kind, source: str) -> Reading:
    """Return readings that differ every second, as real ones do."""
    scale = {"bytes": 2e10, "%": 100, "MHz": 2500, "W": 400}
    values = (scale.get(field.unit, 40) * chance.random() for field in FIELDS[kind])
    return Reading(kind, source, tuple(values))


def finished(chance: random.Random, now: float) -> FinishedRequest:
    """Return a request with times and lengths of its own, and an id as the panel makes them."""
    one = request(now + chance.random(), f"{chance.getrandbits(128):032x}")
    changes = {name: chance.random() * 10 for name in ("queue_s", "first_token_s", "token_s", "total_s")}
    tokens = {"prompt_tokens": chance.randrange(8000), "output_tokens": chance.randrange(2000)}
    return msgspec.structs.replace(one, **changes, **tokens)


def measure(path: Path, rounds: int) -> None:
    """Print the times of questions beside plain queries of the same rows, in turn; a chart should take below 50 ms."""
    day = (float(BEGIN), float(BEGIN + DAY_S))
    questions: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "tokens/s of 24 h, every 10 s": (
            lambda: ask(path, SeriesQuestion(*day, ("panel.tokens_per_s",), 10)),
            lambda: plain(path, ["SELECT at, tokens_per_s, tokens_per_s_high FROM panel_10 ORDER BY at"]),
        ),
        "all series of 24 h, as a chart": (
            lambda: ask(path, SeriesQuestion(*day)),
            lambda: plain(path, list(every_row())),
        ),
        "all series of 24 h, every 10 s": (
            lambda: ask(path, SeriesQuestion(*day, (), 10)),
            lambda: plain(path, list(every_row())),
        ),
        "100 requests, of all": (
            lambda: ask(path, RequestsQuestion(*day)),
            lambda: plain(path, ["SELECT * FROM request ORDER BY at DESC, id DESC LIMIT 100"]),
        ),
    }
    for name, (ours, bare) in questions.items():
        pairs = [(timed(ours), timed(bare)) for _ in range(rounds)]
        ratios = sorted(one / other for one, other in pairs)
        low, middle, high = ratios[len(ratios) // 10], statistics.median(ratios), ratios[-1 - len(ratios) // 10]
        ms = 1e3 * statistics.median(one for one, _ in pairs)
        print(f"{name}: {ms:.1f} ms, {middle:.2f} of the plain query ({low:.2f} to {high:.2f})")


def every_row() -> Iterator[str]:
    """Yield queries of all rows and columns of the day."""
    for kind in Kind:
        yield f"SELECT source, at, {', '.join(columns(kind))} FROM {kind.value}_10 ORDER BY source, at"


def ask(path: Path, question: SeriesQuestion | RequestsQuestion) -> object:
    """Ask as the API does."""
    with reading(path) as reader:
        return reader.series(question) if isinstance(question, SeriesQuestion) else reader.requests(question)


def plain(path: Path, queries: list[str]) -> object:
    """Ask SQLite itself."""
    with closing(sqlite3.connect(path)) as connection:
        return [connection.execute(query).fetchall() for query in queries]


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


if __name__ == "__main__":
    main()
