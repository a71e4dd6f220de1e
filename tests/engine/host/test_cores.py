import os
from pathlib import Path

import psutil
import pytest

from ollama_panel.engine.host.cores import physical_cores


def test_two_threads_of_one_core_are_one_core(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(psutil, "cpu_count", lambda logical=True: 16 if logical else 8)
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    assert physical_cores(tmp_path, allowed=()) == 8


def test_where_the_system_does_not_tell_every_thread_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(psutil, "cpu_count", lambda logical=True: None)
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert physical_cores(tmp_path, allowed=()) == 6
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert physical_cores(tmp_path, allowed=()) == 1


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux lets a process choose its processors")
def test_this_machine_has_one_core_for_a_process_that_may_run_on_one(tmp_path: Path) -> None:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        assert physical_cores() == 1
    finally:
        os.sched_setaffinity(0, before)
