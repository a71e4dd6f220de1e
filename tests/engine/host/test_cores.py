import os

import psutil

from ollama_panel.engine.host.cores import physical_cores


def test_two_threads_of_one_core_are_one_core(monkeypatch):
    monkeypatch.setattr(psutil, "cpu_count", lambda logical=True: 16 if logical else 8)
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    assert physical_cores() == 8


def test_where_the_system_does_not_tell_every_thread_counts(monkeypatch):
    monkeypatch.setattr(psutil, "cpu_count", lambda logical=True: None)
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert physical_cores() == 6
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert physical_cores() == 1
