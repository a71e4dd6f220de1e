import ctypes
import subprocess
import sys

import psutil
import pytest

from ollama_panel.engine.garbage_collection import MemoryRelease

CODE = """
import gc
from ollama_panel.engine import garbage_collection
garbage_collection.tune_collector()
class Node: pass
one = Node(); one.self = one; del one
assert gc.get_freeze_count() > 1000, gc.get_freeze_count()
assert gc.collect() > 0
"""


def test_what_was_imported_is_left_alone_and_new_cycles_are_still_found():
    subprocess.run([sys.executable, "-c", CODE], check=True)


MIB = 1 << 20


class Machine:
    """A process whose memory is `used`, of which `kept` stays when it is released."""

    def __init__(self) -> None:
        self.used = self.kept = 60 * MIB
        self.open = 0
        self.released = 0
        self.release_ = MemoryRelease(lambda: self.open, lambda: self.used, self.release)

    def release(self) -> None:
        self.released += 1
        self.used = self.kept

    def look(self) -> int:
        self.release_.look()
        return self.released


def test_memory_is_released_once_a_flood_is_over() -> None:
    machine = Machine()
    assert machine.look() == 0
    machine.used, machine.open = 500 * MIB, 10_000
    assert machine.look() == 0, "those who wait would notice"
    machine.open = 0
    assert machine.look() == 1
    assert machine.used == 60 * MIB
    assert [machine.look() for _ in range(5)] == [2] * 5, "it helped, so once more"


def test_memory_that_cannot_be_released_is_not_tried_again_and_again() -> None:
    machine = Machine()
    machine.used = machine.kept = 200 * MIB
    assert [machine.look() for _ in range(5)] == [1] * 5
    machine.used += 20 * MIB
    assert machine.look() == 2


def test_memory_is_released_again_when_the_flood_was_not_over_at_the_first_time() -> None:
    machine = Machine()
    machine.used = machine.kept = 300 * MIB
    assert machine.look() == 1
    machine.used, machine.kept = 170 * MIB, 60 * MIB
    assert machine.look() == 2
    assert machine.used == 60 * MIB


@pytest.mark.skipif(sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="needs glibc")
def test_freed_memory_goes_back_to_the_system() -> None:
    release = MemoryRelease(lambda: 0)
    process = psutil.Process()
    before = process.memory_info().rss
    pieces = [b"x" * 100_000 for _ in range(3000)]
    last = b"y" * 100_000  # above them all: the heap cannot shrink by itself
    pieces.clear()
    release.look()
    assert process.memory_info().rss < before + 100 * MIB
    assert last
