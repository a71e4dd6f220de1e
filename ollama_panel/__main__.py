"""The entry point: the command line and the two front ends, each imported only when it is started."""

import sys

from ollama_panel import cli
from ollama_panel.cli import display
from ollama_panel.cli.parsers import FrontEnds, PanelArguments
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import joined, notice


def main() -> int:
    """Run the command line and return the exit status."""
    return cli.main(sys.argv[1:], FrontEnds(window=_window, headless=_headless))


def open_window() -> int:
    """Run `ollama-panel gui` with the arguments; on Windows this is the program without a console."""
    return cli.main(["gui", *sys.argv[1:]], FrontEnds(window=_window, headless=_headless))


def _window(arguments: PanelArguments) -> int:
    try:
        _check_display()
        from ollama_panel import app

        return app.run(
            app.AppOptions(
                demo=arguments.demo,
                state_dir=arguments.state_dir,
                ollama=arguments.ollama or "",
                minimized=arguments.minimized,
            )
        )
    except (PanelError, ImportError) as error:
        raise _refused(error, arguments) from error


def _check_display() -> None:
    """Raise PanelError if no window can be opened."""
    if problem := display.problem():
        raise PanelError(problem if problem.code in display.LACKING else joined(problem, notice("advice.serve")))


def _refused(error: PanelError | ImportError, arguments: PanelArguments) -> PanelError:
    """Return the error to print; somebody who started the program from an icon is shown it, too."""
    if isinstance(error, ImportError):
        error = PanelError(joined(notice("window.no_qt", reason=str(error)), notice("advice.serve")))
    from ollama_panel.cli import without_terminal

    if not without_terminal.has_terminal():
        without_terminal.tell(str(error), arguments.state_dir)
    return error


def _headless(arguments: PanelArguments) -> int:
    from ollama_panel import headless

    return headless.run(
        headless.ServeOptions(
            listen=arguments.listen, state_dir=arguments.state_dir, ollama=arguments.ollama, demo=arguments.demo
        )
    )


if __name__ == "__main__":
    sys.exit(main())
