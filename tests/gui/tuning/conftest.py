"""The tuning page in a window."""

import pytest
from pytestqt.qtbot import QtBot

from ollama_panel.gui.pages.tuning import TuningPage
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.tuning.states import PREVIEW


@pytest.fixture
def page(window: MainWindow, client: FakeClient) -> TuningPage:
    client.answers["tuning_preview"] = PREVIEW
    window.resize(1280, 800)
    window.show_page_named("tuning")
    return window.tuning


@pytest.fixture
def ready(page: TuningPage, qtbot: QtBot) -> TuningPage:
    """The page when it knows what a tuning would do."""
    qtbot.waitUntil(page.buttons.start.isEnabled)
    return page
