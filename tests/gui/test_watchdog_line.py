"""What the details of an instance say about the watchdog, its log file and its successor."""

from typing import Any

import msgspec
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.watchdog_record import WatchdogRecord, WatchdogState
from ollama_panel.gui.models import instances as table
from ollama_panel.gui.phases import instance_label
from ollama_panel.gui.widgets.instance_detail import InstanceDetail
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named, shown
from tests.gui.snapshots import instances, snapshot

TOLD = notice("instance.gone", url="http://127.0.0.1:11500")


@pytest.fixture
def detail(window: MainWindow) -> InstanceDetail:
    window.show_page_named("instances")
    return window.instances.detail


def push(client: FakeClient, **changes: Any) -> None:
    first, *others = instances()
    client.push(snapshot(instances=(msgspec.structs.replace(first, **changes), *others)))


def test_before_there_is_an_instance_nothing_is_said_of_one(window: MainWindow, client: FakeClient) -> None:
    client.push(snapshot(instances=(), starting=True))
    window.show_page_named("instances")
    detail = window.instances.detail
    assert not detail.watchdog.isVisible()
    assert not detail.values.model.isVisible()


@pytest.mark.parametrize(
    ("state", "label", "banner"),
    [
        (WatchdogState.ASKING, ("Silent", "warn"), "warn"),
        (WatchdogState.HUNG, ("Hung", "danger"), "danger"),
        (WatchdogState.EXHAUSTED, ("Hung", "danger"), "danger"),
    ],
)
def test_a_doubt_is_the_state_of_the_instance_with_its_sentence(
    detail: InstanceDetail, client: FakeClient, state: WatchdogState, label: tuple[str, str], banner: str
) -> None:
    push(client, watchdog=WatchdogRecord(state, TOLD))
    assert instance_label(client.snapshot.instances[0]) == label
    assert detail.watchdog.isVisible()
    assert "Nothing answers at" in detail.watchdog.text.text()
    assert detail.watchdog.property("banner") == banner
    assert not detail.watchdog.evidence.isEnabled()


def test_an_instance_that_does_not_run_is_not_silent() -> None:
    halted = msgspec.structs.replace(
        instances()[0], phase=Phase.STOPPED, watchdog=WatchdogRecord(WatchdogState.ASKING, TOLD)
    )
    assert instance_label(halted)[0] == "Stopped"


def test_without_a_doubt_there_is_no_line_until_it_was_restarted(
    detail: InstanceDetail, client: FakeClient, opened: list[str]
) -> None:
    assert not detail.watchdog.isVisible()
    push(client, watchdog=WatchdogRecord(restarts=1, evidence="/state/evidence/chat-1"))
    assert "Restarted by the watchdog: 1 time" in shown(detail.watchdog)
    detail.watchdog.evidence.click()
    assert opened == ["/state/evidence/chat-1"]
    assert detail.watchdog.evidence.toolTip() == "/state/evidence/chat-1"


def test_the_log_file_is_opened_and_its_path_copied(
    detail: InstanceDetail, client: FakeClient, opened: list[str]
) -> None:
    assert not detail.open_log.isEnabled()
    assert detail.open_log.toolTip() == "No file has the log of this instance"
    push(client, log="/state/logs/chat-1.log")
    detail.open_log.click()
    assert opened == ["/state/logs/chat-1.log"]
    named(detail, QPushButton, "Copy the path of the log file").click()
    assert QGuiApplication.clipboard().text() == "/state/logs/chat-1.log"


def test_a_successor_is_told_in_the_list_and_in_the_details(detail: InstanceDetail, client: FakeClient) -> None:
    push(client, successor=True)
    assert table.caption_text(client.snapshot.instances[0]) == ":11500 · successor is starting"
    assert "Its successor is starting; this one serves until that is ready." in shown(detail)
