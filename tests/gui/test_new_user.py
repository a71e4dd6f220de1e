"""Whose window begins with the first run: that of a new user, until it was ended."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ollama_panel import app
from ollama_panel.engine.paths import Paths
from ollama_panel.gui.quit_request import QuitRequest
from ollama_panel.gui.shell import Shell
from ollama_panel.gui.window import FIRST_RUN
from ollama_panel.gui.window_state import WindowState
from tests.core.first_run.machines import of_service
from tests.gui.conftest import delete_now
from tests.gui.fake_client import FakeClient


def shell_of(client: FakeClient, state: WindowState, qapp: QApplication, *, new_user: bool) -> Shell:
    client.snapshot = of_service()
    return Shell(qapp, client, QuitRequest(), state, lambda: None, new_user=new_user)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("new_user", "kept", "begins"),
    [(True, None, True), (False, None, False), (False, True, True), (True, False, False)],
)
def test_the_window_of_a_new_user_begins_with_it_until_it_was_ended(
    client: FakeClient, state: WindowState, qapp: QApplication, new_user: bool, kept: bool | None, begins: bool
) -> None:
    if kept is not None:
        state.set(FIRST_RUN, kept)
    shell = shell_of(client, state, qapp, new_user=new_user)
    assert shell.window.in_first_run is begins
    qapp.may_quit = lambda: True  # type: ignore[attr-defined]
    for gone in (shell.window, shell.theme, shell):
        delete_now(gone)


def test_a_folder_with_settings_or_a_windows_state_is_of_no_new_user(tmp_path: Path) -> None:
    paths = Paths.of(tmp_path)
    assert app.is_new_user(paths)
    for one in (paths.settings, paths.window):
        one.write_text("")
        assert not app.is_new_user(paths)
        one.unlink()
