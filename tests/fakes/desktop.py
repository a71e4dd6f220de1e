"""A desktop without files: whether the program starts at login is a field."""

from typing_extensions import override

from ollama_panel.core.errors import PanelError
from ollama_panel.desktop.files import Change, Outcome
from ollama_panel.desktop.systems import Desktop

LOGIN = "/home/me/.config/autostart/ollama-panel.desktop"


class FakeDesktop(Desktop):
    """`at_login` is what the system has, `in_menu` what a package has put there; `error` is raised by all methods."""

    def __init__(self, at_login: bool = False, in_menu: str | None = None) -> None:
        self.at_login = at_login
        self.in_menu = in_menu
        self.error: PanelError | None = None

    @override
    def provided(self) -> str | None:
        self._check()
        return self.in_menu

    @override
    def install(self, login: bool) -> list[Change]:
        return self.set_login(True) if login else []

    @override
    def uninstall(self) -> list[Change]:
        return self.set_login(False)

    @override
    def login(self) -> bool:
        self._check()
        return self.at_login

    @override
    def set_login(self, on: bool) -> list[Change]:
        self._check()
        was, self.at_login = self.at_login, on
        if on:
            return [Change(Outcome.WRITTEN, LOGIN)]
        return [Change(Outcome.REMOVED, LOGIN)] if was else []

    def _check(self) -> None:
        if self.error is not None:
            raise self.error
