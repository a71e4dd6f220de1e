"""`ollama-panel`: arguments in, a front end or an answer out. Errors are one sentence on stderr, never a traceback."""

import os
import sys
from collections.abc import Sequence

from ollama_panel.cli import arguments
from ollama_panel.core.errors import PanelError


def main(argv: Sequence[str], front_ends: arguments.FrontEnds) -> int:
    """Do what the command line says; 0 when done, 1 when it could not be done, 2 when it was not understood."""
    try:
        chosen = arguments.parse(argv)
        status = chosen.command(chosen, front_ends)
        print(end="", flush=True)
        return status
    except PanelError as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _forget_output()
    return 1


def _forget_output() -> None:
    """Whoever read the output has left (`| head`): keep the interpreter from complaining about that at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
