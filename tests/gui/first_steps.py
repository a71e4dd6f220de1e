"""What tests of the first run share: the programs that use Ollama, and what the window shows and has asked for."""

from PySide6.QtWidgets import QPushButton

from ollama_panel.core.bypass import BypassRecord, Origin
from ollama_panel.gui.first_run.view import FirstRun
from tests.gui.fake_client import FakeClient

URL = "http://127.0.0.1:11434"
SEEN = (
    BypassRecord(Origin.PROGRAM, URL, "rag_indexer.py", 4121, connections=24, requests=812),
    BypassRecord(Origin.CONTAINER, URL, "open-webui", 2210, connections=2),
)


def calls(client: FakeClient) -> list[str]:
    return [name for name, _ in client.calls if name not in ("watch", "samples")]


def row(first_run: FirstRun, item: str) -> QPushButton:
    return first_run.found.advised.rows[item].tick
