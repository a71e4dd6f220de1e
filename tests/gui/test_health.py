"""The health of the panel, as the tray and the sidebar show it."""

from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QLabel, QSystemTrayIcon

from ollama_panel.core.alerts import Health, health
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.gui.actions import Actions
from ollama_panel.gui.summary import summary
from ollama_panel.gui.tray import Tray, state_icon
from ollama_panel.gui.window import MainWindow
from tests.gui import snapshots
from tests.gui.conftest import delete_now
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import snapshot


@pytest.fixture
def tray(actions: Actions) -> Iterator[Tray]:
    """A tray with an icon, which is not shown: the offscreen platform has no place for it."""
    made = Tray(actions)
    made._icon = made._make_icon()
    yield made
    delete_now(made)


@pytest.mark.parametrize(
    ("changes", "tone"),
    [
        ({"instances": snapshots.instances()[:2]}, "ok"),
        ({"instances": snapshots.instances()[:2], "paused": True}, "warn"),
        ({"instances": snapshots.instances()[:2], "proxy": ProxyRecord()}, "warn"),
        ({"instances": snapshots.instances()[:3]}, "warn"),
        ({"instances": ()}, "warn"),
        ({}, "danger"),
        ({"fatal": notice("engine.stopped", error="gone")}, "danger"),
        ({"proxy": ProxyRecord(problem=notice("proxy.no_host", host="x", port=1))}, "danger"),
        ({"instances": (), "proxy": ProxyRecord(), "starting": True}, "muted"),
    ],
)
def test_the_icon_and_the_dot_of_the_sidebar_show_the_health_of_the_panel(
    tray: Tray, window: MainWindow, client: FakeClient, changes: dict[str, object], tone: str
) -> None:
    client.push(snapshot(**changes))
    tray.show_snapshot(client.snapshot)
    assert picture(tray.findChild(QSystemTrayIcon).icon()) == picture(state_icon(tone))
    (dot,) = [one for one in window.sidebar.findChildren(QLabel) if one.text() == "●"]
    assert dot.property("tone") == tone
    assert summary(client.snapshot) in dot.accessibleName()


def picture(icon: QIcon) -> QImage:
    return icon.pixmap(32).toImage()


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("paused", [False, True])
def test_every_phase_of_an_instance_counts(phase: Phase, paused: bool) -> None:
    """One failed instance means danger even beside running ones; one that is tried again is told at once."""
    ready, *_ = snapshots.instances()
    alone = (msgspec.structs.replace(ready, phase=phase),)
    usual = Health.IMPAIRED if paused else Health.WELL
    wanted = {
        Phase.FAILED: (Health.DOWN, Health.DOWN),
        Phase.BACKOFF: (Health.DOWN, Health.IMPAIRED),
        Phase.READY: (usual, usual),
    }.get(phase, (Health.IMPAIRED, usual))
    assert (
        health(snapshot(instances=alone, paused=paused)),
        health(snapshot(instances=(ready, *alone), paused=paused)),
    ) == wanted


def test_the_tray_says_what_is_wrong(tray: Tray) -> None:
    def shown() -> list[str]:
        return [one.text() for one in tray.menu.actions() if one.isVisible()][:2]

    ready = snapshots.instances()[:2]
    tray.show_snapshot(snapshot(instances=ready))
    assert shown() == ["2 of 2 instances running, 12 waiting", ""], "a separator follows"
    tray.show_snapshot(snapshot(instances=ready, paused=True))
    assert shown() == ["2 of 2 instances running, 12 waiting", "The queue is paused: 12 requests wait"]
    assert "The queue is paused" in tray.findChild(QSystemTrayIcon).toolTip()
