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


def _window(arguments: PanelArguments) -> int:
    if problem := display.problem():
        raise PanelError(joined(problem, notice("advice.serve")))
    try:
        from ollama_panel import app
    except ImportError as error:
        raise PanelError(joined(notice("window.no_qt", reason=str(error)), notice("advice.serve"))) from error
    return app.run(
        app.AppOptions(
            demo=arguments.demo,
            state_dir=arguments.state_dir,
            ollama=arguments.ollama or "",
            minimized=arguments.minimized,
        )
    )


def _headless(arguments: PanelArguments) -> int:
    from ollama_panel import headless

    return headless.run(
        headless.ServeOptions(
            listen=arguments.listen, state_dir=arguments.state_dir, ollama=arguments.ollama, demo=arguments.demo
        )
    )


if __name__ == "__main__":
    sys.exit(main())
