"""The page of the doctor in a window, with what it has found."""

import pytest

from ollama_panel.gui.pages.doctor import DoctorPage
from ollama_panel.gui.window import MainWindow
from tests.gui.doctor.records import RECORD
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import snapshot


@pytest.fixture
def page(window: MainWindow, client: FakeClient) -> DoctorPage:
    window.resize(1280, 800)
    window.show_page_named("doctor")
    client.push(snapshot(doctor=RECORD))
    return window.doctor


def calls(client: FakeClient, name: str) -> list[tuple[object, ...]]:
    """Return the arguments of the calls to the doctor of this name."""
    return [arguments for call, arguments in client.calls if call == f"doctor.{name}"]
