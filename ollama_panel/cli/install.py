"""`ollama-panel install`: the program's entry in the menu, its icon, and its start at login."""

from collections.abc import Iterable

from ollama_panel.cli import parsers
from ollama_panel.cli.parsers import Commands
from ollama_panel.desktop.files import Change
from ollama_panel.desktop.systems import Desktop, this_desktop
from ollama_panel.engine.paths import Paths

_EXAMPLES = """\
ollama-panel install                       an icon in the menu of applications
ollama-panel install --login               and start at login, hidden in the tray
ollama-panel install --uninstall --login   start at login no longer
ollama-panel install --uninstall           remove both; settings stay"""


def register(commands: Commands) -> None:
    """Add the command."""
    purpose = "add Ollama Panel to the menu of applications of this user"
    parser = parsers.group(commands, "install", purpose, _EXAMPLES)
    parser.add_argument("--login", action="store_true", help="also start at login, hidden in the tray")
    parser.add_argument("--uninstall", action="store_true", help="remove what this command wrote")
    parser.set_defaults(command=lambda chosen, _: install(this_desktop(), chosen.login, chosen.uninstall))


def install(desktop: Desktop, login: bool, uninstall: bool) -> int:
    """Install or uninstall, and print what was changed and what the user may do next."""
    if uninstall:
        changes = desktop.set_login(False) if login else desktop.uninstall()
        _print(changes)
        if not changes:
            print("There was nothing to remove.")
        elif not login:
            print(f"Your settings stay in {Paths.of().state_dir}.")
        return 0
    _print(desktop.install(login))
    if provided := desktop.provided():
        print(f"The menu of applications had Ollama Panel already: {provided}")
    else:
        print("Ollama Panel is in the menu of applications now.")
    if desktop.login():
        print("It starts at login, hidden in the tray: ollama-panel install --uninstall --login ends that.")
    else:
        print("To start it at login, too: ollama-panel install --login")
    return 0


def _print(changes: Iterable[Change]) -> None:
    for outcome, where in changes:
        print(f"{outcome.value:10}{where}")
