"""The command line `ollama-panel`. An error is one sentence on stderr, never a traceback."""

import os
import sys
from collections.abc import Sequence

from ollama_panel.cli import arguments
from ollama_panel.core.errors import PanelError


def main(argv: Sequence[str], front_ends: arguments.FrontEnds) -> int:
    """Run the command and return the exit status: 0 if it succeeded, 1 if it failed, 2 for a usage error."""
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
    """Redirect stdout to the null device, because its reader has closed (`| head`) and the exit would report that."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
