"""The list of the profiles: what each is, and applying, saving, forgetting, importing and exporting them."""

from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from ollama_panel.core.snapshot import Snapshot
from ollama_panel.core.tuning import profile_file, profiles
from ollama_panel.core.tuning.profile import Profile, ProfileRecord, ProfileSource
from ollama_panel.gui import dialogs
from ollama_panel.gui.widgets.profiles_dialog import ProfilesDialog, show_profiles
from ollama_panel.gui.window import MainWindow
from tests.fakes.tunings import CURVE, HERE, LLAMA, rates, tuning
from tests.gui.fake_client import FakeClient
from tests.gui.screen import shown
from tests.gui.snapshots import CHAT, EMBEDDING, SETTINGS, snapshot

POOL = msgspec.structs.replace(SETTINGS.pools[0], workers=1, parallel=8, models=(LLAMA,))
OLD = msgspec.structs.replace(HERE, digest="d1", ollama="0.31.1")
FAST = profiles.of_tuning("fast", tuning(rates(CURVE), pool=POOL, provenance=OLD))
NIGHT = profiles.of_pool("night", POOL, msgspec.structs.replace(OLD, ollama="0.32.15"))


def with_profiles(*kept: Profile) -> Snapshot:
    settings = msgspec.structs.replace(SETTINGS, pools=(POOL, SETTINGS.pools[1]))
    return snapshot(settings=settings, profiles=tuple(map(ProfileRecord.of, kept)), sample=None)


@pytest.fixture
def dialog(window: MainWindow, client: FakeClient) -> ProfilesDialog:
    client.answers["profiles"] = (FAST, NIGHT)
    client.push(with_profiles(FAST, NIGHT))
    return show_profiles(client, window, CHAT)  # type: ignore[arg-type] # a stand-in


def test_each_profile_is_shown_with_what_it_gives_where_it_is_from_and_whether_it_holds(dialog: ProfilesDialog) -> None:
    fast, night = dialog.rows
    texts = shown(fast)
    assert texts[0] == "fast"
    assert "pool chat · 1 worker · parallel 16 · context 4,096 · llama3.1:8b" in texts
    assert "433 ± 4.3 tokens/s · 37 ms per token · first token p95 1.6 s" in texts
    assert any(text.endswith("· NVIDIA GeForce RTX 4090 · Ollama 0.31.1 · llama3.1:8b (d1)") for text in texts)
    assert "Measured with Ollama 0.31.1 (now 0.32.15); tune again." in texts
    assert "in force" in shown(night)
    assert not any("tune again" in text for text in shown(night))
    assert (fast.apply_button.isEnabled(), night.apply_button.isEnabled()) == (True, False)
    assert "chat-1" in fast.apply_button.toolTip()


def test_a_profile_is_applied_to_the_pool_that_is_chosen(
    dialog: ProfilesDialog, client: FakeClient, qtbot: QtBot
) -> None:
    client.answers["apply_profile"] = msgspec.structs.replace(SETTINGS, pools=(FAST.settings, SETTINGS.pools[1]))
    dialog.rows[0].apply_button.click()
    qtbot.waitUntil(lambda: bool(client.toasts))
    assert ("apply_profile", ("fast", CHAT)) in client.calls
    assert client.toasts[0].text == "Applied: chat: Parallel 8 → 16"
    assert client.toasts[0].undo is not None
    dialog.choose(EMBEDDING)
    assert all(row.apply_button.isEnabled() for row in dialog.rows)


def test_a_profile_leads_to_the_exports_of_its_settings(dialog: ProfilesDialog, window: MainWindow) -> None:
    dialog.rows[0].elsewhere_button.click()
    assert not dialog.isVisible()
    assert window.page_name == "export"
    assert window.export.scope.profile_name == "fast"
    assert "OLLAMA_NUM_PARALLEL=16" in window.export.preview.text.toPlainText()


def test_the_settings_of_a_pool_are_saved_under_a_name_and_undo_brings_the_former_back(
    dialog: ProfilesDialog, client: FakeClient, qtbot: QtBot
) -> None:
    client.answers["save_pool_as_profile"] = NIGHT
    assert not dialog.save.isEnabled()
    dialog.name.setText(" night ")
    assert dialog.hint.text() == "It replaces the profile of this name."
    dialog.save.click()
    qtbot.waitUntil(lambda: bool(client.toasts))
    assert ("save_pool_as_profile", ("night", CHAT)) in client.calls
    assert (client.toasts[0].text, dialog.name.text()) == ("Saved the profile night", "")
    undo = client.toasts[0].undo
    assert undo is not None
    client.spawn(undo())
    qtbot.waitUntil(lambda: ("keep_profile", (NIGHT,)) in client.calls)


def test_a_new_profile_is_forgotten_by_undo(dialog: ProfilesDialog, client: FakeClient, qtbot: QtBot) -> None:
    client.answers |= {"save_pool_as_profile": msgspec.structs.replace(NIGHT, name="day")}
    dialog.name.setText("day")
    dialog.save.click()
    qtbot.waitUntil(lambda: bool(client.toasts))
    undo = client.toasts[0].undo
    assert undo is not None
    client.spawn(undo())
    qtbot.waitUntil(lambda: ("forget_profile", ("day",)) in client.calls)


def test_a_profile_is_forgotten_and_undo_keeps_it_again(
    dialog: ProfilesDialog, client: FakeClient, qtbot: QtBot
) -> None:
    client.answers["forget_profile"] = FAST
    dialog.rows[0].forget_button.click()
    qtbot.waitUntil(lambda: bool(client.toasts))
    assert client.toasts[0].text == "Forgot the profile fast"
    undo = client.toasts[0].undo
    assert undo is not None
    client.spawn(undo())
    qtbot.waitUntil(lambda: ("keep_profile", (FAST,)) in client.calls)
    client.push(with_profiles(NIGHT))
    assert [row.name for row in dialog.rows] == ["night"]


def choosing(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Let the user choose this file."""

    async def chosen(*_: object, **__: object) -> Path:
        return path

    monkeypatch.setattr(dialogs, "pick", chosen)
    monkeypatch.setattr(dialogs, "save_as", chosen)


def test_a_file_of_another_machine_is_taken_and_its_machine_is_said(
    dialog: ProfilesDialog, client: FakeClient, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "theirs.profile.json"
    file.write_bytes(profile_file.written(msgspec.structs.replace(FAST, name="theirs"), "0.9.0"))
    choosing(monkeypatch, file)
    dialog.take.click()
    qtbot.waitUntil(lambda: bool(client.toasts))
    imported = msgspec.structs.replace(FAST, name="theirs", source=ProfileSource.IMPORTED)
    assert ("keep_profile", (imported,)) in client.calls
    assert (client.toasts[0].text, client.toasts[0].detail) == (
        *("Saved the profile theirs", "It was made on NVIDIA GeForce RTX 4090"),
    )


def test_a_file_that_is_none_is_told_with_one_sentence(
    dialog: ProfilesDialog, client: FakeClient, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "x.json"
    file.write_text("{}")
    choosing(monkeypatch, file)
    dialog.take.click()
    qtbot.waitUntil(lambda: bool(client.reported))
    assert client.reported == ['This is no profile of the panel: its "format" is not "ollama-panel-profile".']


def test_a_profile_is_written_to_a_file(
    dialog: ProfilesDialog, client: FakeClient, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "fast.profile.json"
    choosing(monkeypatch, file)
    dialog.rows[0].export_button.click()
    qtbot.waitUntil(lambda: bool(client.toasts))
    assert profile_file.read(file.read_bytes()) == msgspec.structs.replace(FAST, source=ProfileSource.IMPORTED)


def test_without_a_profile_it_says_where_one_comes_from(window: MainWindow, client: FakeClient) -> None:
    client.push(with_profiles())
    dialog = show_profiles(client, window)  # type: ignore[arg-type] # a stand-in
    assert any(text.startswith("No profile yet.") for text in shown(dialog))
    assert show_profiles(client, window, EMBEDDING) is dialog  # type: ignore[arg-type] # a stand-in
    assert dialog.pool == EMBEDDING
