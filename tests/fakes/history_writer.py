"""A process that writes history until it is killed: `history_writer.py FILE [BYTES]`.

Each batch is one request and one row, with the number of the batch as their time. Prints that number when the batch is
committed. With BYTES no file of the process may become larger, as on a full disk; then it ends with what SQLite says.
"""
# ruff: noqa: T201 (its output is its interface)

import itertools
import sqlite3
import sys
from pathlib import Path

from ollama_panel.engine.history.file import HistoryFile
from tests.fakes.history import instance_row, request

if len(sys.argv) > 2:
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails instead, as ENOSPC would let it
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))

file = HistoryFile(Path(sys.argv[1]))
for number in itertools.count(1):
    try:
        file.write([request(number, f"r{number}"), instance_row(10 * number)])
    except sqlite3.Error as error:
        print(f"failed: {error}", flush=True)
        break
    print(number, flush=True)
