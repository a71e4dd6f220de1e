"""The command line `ollama-panel`. An error is one sentence on stderr, never a traceback."""

import os
import sys
from collections.abc import Sequence

from ollama_panel.cli import arguments, output
from ollama_panel.cli.parsers import FrontEnds
from ollama_panel.core.errors import PanelError, reason_of
from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render


def main(argv: Sequence[str], front_ends: FrontEnds) -> int:
    """Run the command and return the exit status: 0 if it succeeded, 1 if it failed, 2 for a usage error."""
    output.lose_nothing()
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
    except OSError as error:
        if _prints():
            raise
        print(render(notice("cli.output", reason=reason_of(error))), file=sys.stderr)
        _forget_output()
    return 1


def _prints() -> bool:
    """Return whether what was printed so far can be written, or nothing is to be."""
    try:
        print(end="", flush=True)
    except OSError:
        return False
    return True


def _forget_output() -> None:
    """Redirect stdout, which takes no more (`| head`, a full disk), because the exit would report that."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
