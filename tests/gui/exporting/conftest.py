"""The export page in a window."""

import pytest

from ollama_panel.gui.pages.export import ExportPage
from ollama_panel.gui.window import MainWindow


@pytest.fixture
def page(window: MainWindow) -> ExportPage:
    window.resize(1280, 800)
    window.show_page_named("export")
    return window.export
