"""The Qt binding keeps the reference counts of `True` and `None`.

PySide6 6.12.0 on Python 3.11 and older drops a reference to `True` with every `emit` and one to `None` with every call
that returns nothing: after some hundred emits, or some thousand calls, the interpreter aborts. Lift the cap in
`pyproject.toml` only if this passes on every supported Python.
"""

import subprocess
import sys

EMITS = """
from PySide6.QtCore import QCoreApplication, QObject, Signal

class Bell(QObject):
    rung = Signal(int)

app = QCoreApplication([])
bell = Bell()
for _ in range(20_000):
    bell.rung.emit(1)
print("survived")
"""

VOID_CALLS = """
from PySide6.QtCore import QCoreApplication, QTimer

app = QCoreApplication([])
timer = QTimer()
for _ in range(20_000):
    timer.setInterval(5)
print("survived")
"""


def _run(script: str) -> tuple[int, str, str]:
    child = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    return child.returncode, child.stdout.strip(), child.stderr


def test_twenty_thousand_signals_do_not_abort_the_interpreter() -> None:
    assert _run(EMITS) == (0, "survived", "")


def test_twenty_thousand_void_calls_do_not_abort_the_interpreter() -> None:
    assert _run(VOID_CALLS) == (0, "survived", "")
