"""What keeping the last minutes costs: `python -m tests.bench.recording [--rounds 9]`.

The step is the cheapest and most frequent one: tokens of one of 64 answers that stream, told ten times a second each.
Rounds with and without alternate; times are CPU microseconds of one step, medians over the rounds; the ratio is that of
each round with the one before it, its median and quartiles.
"""

import argparse
import gc
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from ollama_panel.core.ids import ClientId, InstanceId, ModelName, PoolName, RequestId
from ollama_panel.core.records import Job, RequestClass, Role
from ollama_panel.core.scheduling import messages as m
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.engine.garbage_collection import tune_collector
from ollama_panel.engine.recorder import Recorder

STREAMS, PER_S, STEPS = 64, 10, 120_000
MODEL = ModelName("a:8b")


def requests() -> list[RequestId]:
    return [RequestId(f"request {number}") for number in range(STREAMS)]


def ready(step: Callable[[m.Event, int], list[m.Action]], timeline: Timeline) -> Callable[[m.Event], None]:
    """Return what takes a step, once all answers stream."""
    now = 0

    def take(event: m.Event) -> None:
        nonlocal now
        now += 1_000_000 // (STREAMS * PER_S)
        timeline.fold(event, step(event, now), now)

    take(m.MemoryMeasured(64 << 30, 64 << 30))
    take(m.InstanceUp(InstanceId("chat-1"), PoolName("chat"), Role.CHAT, "http://127.0.0.1:1", STREAMS))
    for request in requests():
        path = "/api/chat"
        take(m.Arrived(Job(request, ClientId("one"), RequestClass.INTERACTIVE, Role.CHAT, MODEL, path, stream=True)))
        take(m.FirstByte(request))
    return take


def measure(folder: Path, *, kept: bool) -> float:
    dispatcher, timeline = Dispatcher(Policy()), Timeline()
    recorder = Recorder(dispatcher, timeline, folder)
    take, streams = ready(recorder.step if kept else dispatcher.step, timeline), requests()
    gc.collect()
    began = time.process_time()
    for number in range(STEPS):
        take(m.Progressed(streams[number % STREAMS], 7))
    return (time.process_time() - began) / STEPS * 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time of one step with and without the last minutes.")
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    tune_collector()
    with TemporaryDirectory() as folder:
        pairs = [[measure(Path(folder), kept=kept) for kept in (False, True)] for _ in range(rounds)]
    without, kept = (median(one) for one in zip(*pairs, strict=True))
    low, middle, high = (100 * (one - 1) for one in quantiles((after / before for before, after in pairs), n=4))
    print(f"without {without:.2f} us, with {kept:.2f} us: {middle:+.1f} % ({low:+.1f} to {high:+.1f})")


if __name__ == "__main__":
    main()
