"""Entry point: the command line, and the two front ends it may start. Each is imported only when it is wanted."""

import os
import sys

from ollama_panel import cli
from ollama_panel.cli.arguments import FrontEnds, PanelArguments
from ollama_panel.core.errors import PanelError

_HEADLESS = "Without a window there is: ollama-panel serve"


def main() -> int:
    """Run the command line and return the exit status."""
    return cli.main(sys.argv[1:], FrontEnds(window=_window, headless=_headless))


def _window(arguments: PanelArguments) -> int:
    _require_display()
    try:
        from ollama_panel import app
    except ImportError as error:
        raise PanelError(f"The window cannot be opened: Qt cannot be loaded ({error}). {_HEADLESS}") from error
    return app.run(
        app.AppOptions(
            demo=arguments.demo,
            state_dir=arguments.state_dir,
            ollama=arguments.ollama or "",
            minimized=arguments.minimized,
        )
    )


def _require_display() -> None:
    """Qt itself would abort the process, with a page of text."""
    known = [os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")]
    if sys.platform.startswith("linux") and not any(known):
        raise PanelError(
            f"The window cannot be opened: there is no display (DISPLAY and WAYLAND_DISPLAY are not set). {_HEADLESS}"
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
