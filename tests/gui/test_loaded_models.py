"""The models in memory of an instance: unloading, pinning and loading them, and what is told meanwhile."""

import asyncio
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ollama_panel.core.errors import PanelError
from ollama_panel.core.gpu_yield import YieldRecord, YieldState
from ollama_panel.core.ids import ModelName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.snapshot import InstanceRecord, Snapshot
from ollama_panel.gui import tasks
from ollama_panel.gui.loadable import loadable
from ollama_panel.gui.models import instances as table
from ollama_panel.gui.widgets.loaded_models import LoadedModels
from ollama_panel.gui.window import MainWindow
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named, shown
from tests.gui.snapshots import GIB, LLAMA, MODELS, NOMIC, SETTINGS, instances, snapshot
from tests.gui.test_accessibility import shared_names

BIG, HUGE = ModelName("qwen3:14b"), ModelName("qwen3:70b")
STORE = (
    *MODELS,
    msgspec.structs.replace(MODELS[0], name=BIG, size=9 * GIB),
    msgspec.structs.replace(MODELS[0], name=HUGE, size=41 * GIB),
)
PINNED = msgspec.structs.replace(
    SETTINGS, pools=(msgspec.structs.replace(SETTINGS.pools[0], preload=(LLAMA,)), SETTINGS.pools[1])
)


@pytest.fixture
def models(window: MainWindow) -> LoadedModels:
    window.show_page_named("instances")
    return window.instances.detail.models


def of_first(**changes: Any) -> tuple[InstanceRecord, ...]:
    first, *others = instances()
    return msgspec.structs.replace(first, **changes), *others


def told(client: FakeClient) -> list[str]:
    return [one.text for one in client.toasts]


def calls(client: FakeClient) -> list[tuple[str, tuple[Any, ...]]]:
    return [call for call in client.calls if call[0].startswith("operations.")]


def press(models: LoadedModels, name: str) -> None:
    named(models, QPushButton, name).click()


def test_a_model_shows_what_it_takes_and_whether_it_is_pinned(models: LoadedModels, client: FakeClient) -> None:
    assert "6.1 GiB" in shown(models)
    client.push(snapshot(settings=PINNED))
    assert "6.1 GiB · pinned" in shown(models)
    assert named(models, QPushButton, "Unpin llama3.1:8b").isEnabled()


def test_a_pinned_model_that_is_not_in_memory_can_be_loaded_and_unpinned(
    models: LoadedModels, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(settings=PINNED, instances=of_first(models=())))
    assert shown(models)[1:] == ["None is loaded.", LLAMA, "not in memory · pinned"]
    assert not named(models, QPushButton, "Unload llama3.1:8b").isVisible()
    press(models, "Load llama3.1:8b")
    press(models, "Load llama3.1:8b")
    assert "is being loaded…" in shown(models)
    qtbot.waitUntil(lambda: not tasks.pending())
    press(models, "Unpin llama3.1:8b")
    qtbot.waitUntil(lambda: not tasks.pending())
    assert calls(client) == [
        ("operations.load_model", ("chat-1", LLAMA)),
        ("operations.pin_model", ("chat-1", LLAMA, False)),
    ]
    client.push(snapshot(settings=PINNED, instances=of_first(models=(), phase=Phase.STOPPED)))
    assert not named(models, QPushButton, "Load llama3.1:8b").isEnabled()
    assert named(models, QPushButton, "Unpin llama3.1:8b").isEnabled()


def test_nothing_is_loaded_while_the_memory_is_given_to_others(models: LoadedModels, client: FakeClient) -> None:
    given = YieldRecord(YieldState.YIELDED)
    client.push(snapshot(settings=PINNED, instances=of_first(models=()), gpu_yield=given))
    for button in (named(models, QPushButton, "Load llama3.1:8b"), models.load):
        assert not button.isEnabled()
        assert button.toolTip() == "The memory is given to other programs; take it back first"
    assert named(models, QPushButton, "Unpin llama3.1:8b").isEnabled()
    client.push(snapshot(settings=PINNED, instances=of_first(models=())))
    assert named(models, QPushButton, "Load llama3.1:8b").isEnabled()


def test_a_name_without_a_tag_pins_the_same_model(models: LoadedModels, client: FakeClient) -> None:
    short = msgspec.structs.replace(PINNED.pools[0], preload=(ModelName("nomic-embed-text"),))
    settings = msgspec.structs.replace(PINNED, pools=(short, PINNED.pools[1]))
    client.push(snapshot(settings=settings, instances=of_first(models=(), loading=(NOMIC,))))
    assert [name for _, name in models.rows] == [NOMIC]
    assert "is being loaded… · pinned" in shown(models)


def test_unloading_tells_what_is_free_and_is_undone_by_loading(
    models: LoadedModels, client: FakeClient, qtbot: QtBot
) -> None:
    press(models, "Unload llama3.1:8b")
    qtbot.waitUntil(lambda: bool(client.toasts))
    assert told(client) == ["llama3.1:8b is unloaded from chat-1"]
    assert client.toasts[0].detail == "6.1 GiB of memory are free again"
    undo = client.toasts[0].undo
    assert undo is not None
    client.spawn(undo())
    qtbot.waitUntil(lambda: len(client.toasts) == 2)
    assert calls(client) == [
        ("operations.unload_model", ("chat-1", LLAMA)),
        ("operations.load_model", ("chat-1", LLAMA)),
    ]


def test_pinning_is_undone_by_unpinning(models: LoadedModels, client: FakeClient, qtbot: QtBot) -> None:
    press(models, "Pin llama3.1:8b")
    qtbot.waitUntil(lambda: bool(client.toasts))
    assert told(client) == ["llama3.1:8b is pinned in pool chat"]
    undo = client.toasts[0].undo
    assert undo is not None
    client.spawn(undo())
    qtbot.waitUntil(lambda: len(client.toasts) == 2)
    assert calls(client) == [
        ("operations.pin_model", ("chat-1", LLAMA, True)),
        ("operations.pin_model", ("chat-1", LLAMA, False)),
    ]


def test_a_command_under_way_says_so_and_is_not_given_twice(
    models: LoadedModels, client: FakeClient, qtbot: QtBot
) -> None:
    press(models, "Unload llama3.1:8b")
    press(models, "Unload llama3.1:8b")
    assert "is being unloaded…" in shown(models)
    assert not named(models, QPushButton, "Unload llama3.1:8b").isEnabled()
    qtbot.waitUntil(lambda: not tasks.pending())
    assert len(calls(client)) == 1
    assert "6.1 GiB" in shown(models)


def test_what_fails_is_told_and_the_buttons_come_back(models: LoadedModels, client: FakeClient, qtbot: QtBot) -> None:
    client.error = PanelError(notice("instance.gone", url="http://127.0.0.1:11500"))
    press(models, "Unload llama3.1:8b")
    qtbot.waitUntil(lambda: bool(client.reported))
    assert client.toasts == []
    assert named(models, QPushButton, "Unload llama3.1:8b").isEnabled()


def test_loads_of_the_panel_are_shown_in_their_order(models: LoadedModels, client: FakeClient) -> None:
    client.push(snapshot(instances=of_first(loading=(BIG, NOMIC))))
    assert shown(models)[-4:] == [BIG, "is being loaded…", NOMIC, "waits to be loaded"]
    assert not named(models, QPushButton, f"Unload {BIG}").isEnabled()
    assert table.caption_text(client.snapshot.instances[0]) == ":11500 · loading qwen3:14b…"
    client.push(snapshot(instances=of_first(loading=())))
    assert [name for _, name in models.rows] == [LLAMA]


def test_the_menu_has_what_is_not_loaded_with_its_size_and_whether_it_fits(
    models: LoadedModels, client: FakeClient, qtbot: QtBot
) -> None:
    client.push(snapshot(models=STORE))
    models.load.click()
    entries = {one.text().split("\t")[0]: one for one in models.menu.actions()}
    assert list(entries) == [NOMIC, BIG, HUGE]
    assert entries[NOMIC].text().endswith(" · fits")
    assert entries[BIG].text().endswith(" · others make room for it")
    assert not entries[HUGE].isEnabled()
    entries[NOMIC].trigger()
    qtbot.waitUntil(lambda: told(client) == ["nomic-embed-text:latest is loaded in chat-1"])
    models.menu.close()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"instances": of_first(phase=Phase.STOPPED, models=())}, "The instance does not run."),
        ({"fatal": notice("engine.not_started")}, "The engine has stopped"),
    ],
)
def test_a_button_that_does_nothing_says_why(
    models: LoadedModels, client: FakeClient, changes: dict[str, Any], reason: str
) -> None:
    client.push(snapshot(**changes))
    assert not models.load.isEnabled()
    assert models.load.toolTip() == reason


def test_nothing_is_pinned_at_a_server_of_others(models: LoadedModels, client: FakeClient) -> None:
    client.push(snapshot(instances=of_first(managed=False)))
    made = named(models, QPushButton, "Pin llama3.1:8b")
    assert not made.isEnabled()
    assert "does not start this server" in made.toolTip()


def test_without_numbers_a_model_can_be_loaded_all_the_same(theme: object) -> None:
    plain: Snapshot = snapshot(models=STORE, sample=None)
    assert {one.fits for one in loadable(plain, plain.instances[0])} == {"unknown whether it fits"}
    assert all(one.possible for one in loadable(plain, plain.instances[0]))


def test_the_buttons_of_several_models_have_names_of_their_own(
    window: MainWindow, models: LoadedModels, client: FakeClient
) -> None:
    client.push(snapshot(instances=of_first(loading=(BIG, NOMIC))))
    assert shared_names(window) == []


def test_a_page_that_is_gone_takes_no_harm(models: LoadedModels, client: FakeClient, qtbot: QtBot) -> None:
    press(models, "Pin llama3.1:8b")
    models.setParent(None)
    models.deleteLater()
    qtbot.waitUntil(lambda: not tasks.pending() and asyncio.get_running_loop().is_running())
    assert client.reported == []
