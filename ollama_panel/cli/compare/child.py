"""A panel of a comparison: `serve`, which ends when the command that has started it is gone, however that ended."""

import os
import runpy
import signal
import sys
import threading
import time

LOOK_S = 1.0


def main(arguments: list[str]) -> None:
    """Run the command line with the arguments after the first, which is the process id of the one that waits for it."""
    parent, *rest = arguments
    threading.Thread(target=_end_with, args=(int(parent),), daemon=True).start()
    sys.argv = ["ollama-panel", *rest]
    runpy.run_module("ollama_panel", run_name="__main__", alter_sys=True)


def _end_with(parent: int) -> None:
    """End this process when its parent has ended; on Windows the system does that itself, by the job of both."""
    while os.name == "posix":
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
            return
        time.sleep(LOOK_S)  # a thread of its own; no system but Linux tells of the end of a parent


if __name__ == "__main__":
    main(sys.argv[1:])
