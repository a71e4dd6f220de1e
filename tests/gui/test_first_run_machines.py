"""The first run on machines where something is missing, taken or not known yet."""

from pytestqt.qtbot import QtBot

from ollama_panel.core.notices import notice
from ollama_panel.core.snapshot import ProxyRecord
from ollama_panel.gui.first_run.view import EFFECTS, FirstRun
from ollama_panel.gui.window import MainWindow
from tests.core.first_run import machines
from tests.core.first_run.machines import of_service, without_models
from tests.gui.fake_client import FakeClient
from tests.gui.first_steps import calls, row
from tests.gui.screen import shown


def test_without_ollama_the_line_that_installs_it_is_shown(first_run: FirstRun, client: FakeClient) -> None:
    client.push(machines.without_ollama())
    assert "curl -fsSL https://ollama.com/install.sh | sh" in shown(first_run.found.install)
    assert not first_run.found.advised.isVisible()
    assert not first_run.next.isEnabled()
    assert first_run.look_around.isEnabled()


def test_looking_around_where_there_is_no_ollama_shows_the_simulation_that_runs_already(
    window: MainWindow, first_run: FirstRun, client: FakeClient
) -> None:
    client.push(machines.without_ollama())
    first_run.look_around.click()
    assert window.overview.isVisible()
    assert calls(client) == []


def test_looking_around_where_there_is_an_ollama_starts_a_simulation(
    window: MainWindow, first_run: FirstRun, client: FakeClient, qtbot: QtBot
) -> None:
    first_run.look_around.click()
    qtbot.waitUntil(lambda: calls(client) == ["simulate"])
    assert window.overview.isVisible()


def test_before_the_machine_is_known_nothing_is_claimed(first_run: FirstRun, client: FakeClient) -> None:
    client.push(of_service(found_servers=None))
    assert "Looking for Ollama…" in shown(first_run.found)
    assert first_run.found.advised.rows == {}
    assert not first_run.next.isEnabled()


def test_without_models_the_queue_can_be_started(first_run: FirstRun, client: FakeClient) -> None:
    client.push(without_models())
    assert "No models yet" in shown(first_run.found)
    assert first_run.next.isEnabled()


def test_a_folder_that_is_closed_shows_the_commands_to_type(first_run: FirstRun, client: FakeClient) -> None:
    client.push(of_service(closed=True))
    assert not row(first_run, "store").isEnabled()
    first_run.found.advised.rows["store"].more.click()
    assert first_run.place == EFFECTS
    assert [text for text in shown(first_run.effects.yours) if text.startswith("sudo ")]


def test_an_address_that_is_taken_is_said_and_the_next_port_can_be_used(
    first_run: FirstRun, client: FakeClient, qtbot: QtBot
) -> None:
    taken = notice("proxy.port_taken", host="127.0.0.1", port=11435, owner=notice("port.owner", name="nginx", pid=7))
    client.push(of_service(proxy=ProxyRecord(problem=taken)))
    assert "The panel's address 127.0.0.1:11435" in shown(first_run.found)
    first_run.found.advised.rows["queue"].more.click()
    qtbot.waitUntil(lambda: calls(client) == ["use_next_port"])


def test_look_again_looks_for_servers_now(first_run: FirstRun, client: FakeClient, qtbot: QtBot) -> None:
    first_run.found.again.click()
    assert not first_run.found.again.isEnabled()
    qtbot.waitUntil(lambda: first_run.found.again.isEnabled())
    assert calls(client) == ["refresh_servers"]
