"""The export page: targets, their texts, which settings are exported, copying and saving."""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from ollama_panel.core.export import targets
from ollama_panel.core.export.deployment import Group
from ollama_panel.core.telemetry import GpuReading, GpuVendor, Telemetry
from ollama_panel.core.tuning import profiles
from ollama_panel.core.tuning.profile import ProfileRecord
from ollama_panel.gui import dialogs, tasks
from ollama_panel.gui.notices import notice_text
from ollama_panel.gui.pages.export import ExportPage
from ollama_panel.gui.widgets.export_targets import TARGET
from ollama_panel.gui.window import MainWindow
from tests.fakes.tunings import HERE
from tests.gui.fake_client import FakeClient
from tests.gui.screen import alert_texts, shown
from tests.gui.snapshots import CHAT, EMBEDDING, SETTINGS, snapshot

FAST = ProfileRecord.of(
    profiles.of_pool("fast", msgspec.structs.replace(SETTINGS.pools[0], workers=1, parallel=8), HERE)
)


def text(page: ExportPage) -> str:
    return page.preview.text.toPlainText()


def names(page: ExportPage) -> list[str]:
    """Return what is in the list: groups and targets."""
    view = page.targets.list
    return [view.item(row).text() for row in range(view.count()) if not view.item(row).isHidden()]


class TestTargets:
    def test_every_target_is_in_its_group(self, page: ExportPage) -> None:
        found = names(page)
        assert found[:2] == ["This machine", "systemd drop-in"]
        assert found[-1] == "JSON"
        assert len(page.targets.rows()) == len(targets())
        groups = [view.text() for view in map(page.targets.list.item, range(page.targets.list.count()))]
        assert len(groups) - len(targets()) == len({target.group for target in targets()})

    def test_every_target_has_a_preview_or_says_why_not(self, page: ExportPage) -> None:
        for item in page.targets.rows():
            page.targets.list.setCurrentItem(item)
            if page.preview.file is None:
                assert page.preview.problem.isVisible()
                assert page.preview.problem.text().endswith(".")
                assert not page.preview.apply.isEnabled()
            else:
                assert text(page)

    def test_targets_are_found_by_words_that_people_know_them_by(self, page: ExportPage, qtbot: QtBot) -> None:
        qtbot.keyClicks(page.targets.search, "for programs")
        assert names(page) == ["Program", "JSON"]
        assert page.target.id == "json"
        qtbot.keyClick(page.targets.search, Qt.Key.Key_Return)
        assert page.targets.list.hasFocus()
        page.targets.search.setText("no such thing")
        assert names(page) == []
        assert page.targets.none.isVisible()
        assert page.target.id == "json"
        page.targets.search.clear()
        assert len(page.targets.rows()) == len([name for name in names(page) if name]) - len(
            {target.group for target in targets()}
        )

    def test_a_word_in_a_title_is_chosen_and_that_of_a_group_finds_it_only_where_no_target_has_it(
        self, page: ExportPage, qtbot: QtBot
    ) -> None:
        qtbot.keyClicks(page.targets.search, "mac")
        assert page.target.id == "launchd-app"
        assert "launchd" in names(page)
        assert "Windows" not in names(page)
        page.targets.search.setText("in front")
        assert "HAProxy" in names(page)

    def test_the_chosen_target_stays_in_sight_in_a_lower_window(
        self, window: MainWindow, page: ExportPage, qtbot: QtBot
    ) -> None:
        view = page.targets.list
        window.resize(1280, 1000)
        page.targets.choose("modelfile")

        def is_in_sight() -> bool:
            return view.viewport().rect().contains(view.visualItemRect(view.currentItem()))

        qtbot.waitUntil(lambda: view.viewport().height() > 600 and is_in_sight())
        window.resize(1280, 640)
        qtbot.waitUntil(lambda: view.viewport().height() < 560 and is_in_sight())

    def test_the_keyboard_goes_from_target_to_target_over_the_groups(self, page: ExportPage, qtbot: QtBot) -> None:
        page.targets.list.setFocus()
        visited = [page.target.id]
        for _ in page.targets.rows()[1:]:
            qtbot.keyClick(page.targets.list, Qt.Key.Key_Down)
            visited.append(page.target.id)
        assert visited == [item.data(TARGET) for item in page.targets.rows()]

    def test_a_target_that_differs_has_a_badge_that_a_screen_reader_says(self, page: ExportPage) -> None:
        page.targets.show_differing({"shell"})
        said = [item.data(Qt.ItemDataRole.AccessibleTextRole) for item in page.targets.rows()]
        assert [one for one in said if one and "differs" in one] == ["Shell script, differs from what is installed"]
        page.targets.show_differing(set())
        said = [item.data(Qt.ItemDataRole.AccessibleTextRole) for item in page.targets.rows()]
        assert "Shell script" in said


class TestPreview:
    def test_the_preview_follows_the_settings(self, page: ExportPage, client: FakeClient) -> None:
        pools = (msgspec.structs.replace(SETTINGS.pools[0], parallel=7), SETTINGS.pools[1])
        client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, pools=pools)))
        assert "OLLAMA_NUM_PARALLEL=7" in text(page)

    def test_place_and_lines_are_told(self, page: ExportPage) -> None:
        assert page.preview.place.text().startswith("/etc/systemd/system/ollama.service.d/")
        assert page.preview.count.text() == f"{len(text(page).splitlines())} lines"

    def test_each_file_is_told_where_it_goes_without_its_name_again(self, page: ExportPage) -> None:
        page.targets.choose("windows")
        assert page.preview.options.file.currentText() == "install-ollama-workers.ps1"
        assert page.preview.place.text() == "the steps say where it goes"
        page.targets.choose("shell")
        assert page.preview.place.text() == "start-ollama.sh"

    def test_a_failed_export_says_what_to_set(self, page: ExportPage, client: FakeClient) -> None:
        pools = tuple(msgspec.structs.replace(pool, workers=0) for pool in SETTINGS.pools)
        client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, pools=pools)))
        assert any("no worker to export" in told for told in shown(page))
        assert page.preview.problem.isVisible()
        assert page.hand.notes.text() == "The steps are told with the text."
        assert not page.preview.save.isEnabled()
        assert not page.preview.copy.isEnabled()
        client.push(snapshot())
        assert page.preview.text.isVisible()
        assert page.preview.save.isEnabled()

    def test_the_header_names_the_hardware(self, page: ExportPage, client: FakeClient) -> None:
        card = GpuReading("0", "RTX 4090", GpuVendor.NVIDIA, memory_total=24 * 1024**3, driver="570.86")
        client.push(snapshot(telemetry=Telemetry(0.0, gpus=(card,))))
        assert "RTX 4090 24 GiB, driver 570.86, Ollama 0.32.15" in text(page)


class TestScope:
    def test_a_profile_is_exported_in_place_of_the_settings_in_force(
        self, page: ExportPage, client: FakeClient
    ) -> None:
        client.push(snapshot(profiles=(FAST,)))
        assert [page.scope.profile.itemText(row) for row in range(2)] == ["Settings in force", "Profile: fast, 8 slots"]
        page.scope.profile.setCurrentIndex(1)
        page.scope.profile.activated.emit(1)
        assert "OLLAMA_NUM_PARALLEL=8" in text(page)
        client.push(snapshot())
        assert page.scope.profile_name == ""
        assert "OLLAMA_NUM_PARALLEL=2" in text(page)

    def test_one_pool_is_exported_alone(self, page: ExportPage) -> None:
        assert page.scope.pools.currentText() == "Both pools"
        page.scope.pools.setCurrentText(EMBEDDING)
        page.scope.pools.activated.emit(page.scope.pools.currentIndex())
        assert "pool embedding" in text(page)
        assert "pool chat" not in text(page)

    def test_a_profile_of_a_pool_that_is_gone_says_so(self, page: ExportPage, client: FakeClient) -> None:
        (embedding,) = (pool for pool in SETTINGS.pools if pool.name == EMBEDDING)
        client.push(
            snapshot(settings=msgspec.structs.replace(SETTINGS, pools=(embedding, embedding)), profiles=(FAST,))
        )
        page.scope.profile.setCurrentIndex(1)
        page.scope.profile.activated.emit(1)
        assert CHAT in page.preview.problem.text()


class TestSteps:
    def test_what_a_target_carries_and_what_is_lost(self, page: ExportPage) -> None:
        assert (True, "slots, context, KV cache") in page.carries.told
        page.targets.choose("modelfile")
        assert page.carries.told[:2] == ((True, "the context of each model"), (False, "slots, KV cache"))
        page.targets.choose("systemd")
        assert (False, "2 further workers") in page.carries.told
        page.targets.choose("shell")
        assert (True, "all 3 workers") in page.carries.told
        assert (False, "queue, classes, weights") in page.carries.told
        assert page.carries.rest.text() == "HAProxy in front carries a queue."

    @pytest.mark.parametrize("target", targets(), ids=lambda target: target.id)
    def test_every_aspect_has_a_row_and_every_step_its_place(self, page: ExportPage, target: object) -> None:
        page.targets.choose(target.id)  # type: ignore[attr-defined]
        carried = sum(carried for carried, _ in page.carries.told)
        assert carried <= len(page.target.carries) + 1
        assert len(page.carries.told) >= 3
        steps = page._export.steps if page._export is not None else ()
        assert [row.told.text() for row in page.hand.rows] == [notice_text(step.told) for step in steps]

    def test_commands_are_copied_as_they_are_typed(self, page: ExportPage, client: FakeClient) -> None:
        for item in page.targets.rows():
            page.targets.list.setCurrentItem(item)
            steps = page._export.steps if page._export is not None else ()
            commands = [step.command for step in steps if step.command]
            assert page.hand.copy.isEnabled() is bool(commands)
            if commands:
                page.hand.copy.click()
                assert QGuiApplication.clipboard().text().splitlines() == "\n".join(commands).splitlines()


class TestFiles:
    def test_copy_takes_the_whole_text(self, page: ExportPage) -> None:
        page.preview.copy.click()
        assert QGuiApplication.clipboard().text().rstrip("\n") == text(page)

    def test_save_writes_the_file(
        self, page: ExportPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chosen = tmp_path / "out.sh"

        async def save_as(*_: object) -> Path:
            return chosen

        monkeypatch.setattr(dialogs, "save_as", save_as)
        page.targets.choose("shell")
        page.preview.save.click()
        qtbot.waitUntil(chosen.exists)
        qtbot.waitUntil(lambda: bool(chosen.stat().st_mode & 0o100))
        assert chosen.read_text().rstrip("\n") == text(page)

    def test_several_files_are_saved_into_a_folder(
        self, page: ExportPage, client: FakeClient, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def pick(*_: object, directory: bool) -> Path:
            assert directory
            return tmp_path

        monkeypatch.setattr(dialogs, "pick", pick)
        for item in page.targets.rows():
            page.targets.list.setCurrentItem(item)
            if page.preview.options.file.count() > 1:
                break
        else:
            pytest.skip("no target has several files")
        assert page._export is not None
        page.preview.save.click()
        qtbot.waitUntil(lambda: bool(client.toasts))
        for file in page._export.files:
            assert (tmp_path / file.name).read_text() == file.text
        page.preview.options.file.setCurrentIndex(1)
        assert text(page) == page._export.files[1].text.rstrip("\n")

    @pytest.mark.parametrize("answer", [0, 1])
    def test_files_that_are_there_are_replaced_only_if_the_user_says_so(
        self,
        page: ExportPage,
        client: FakeClient,
        qtbot: QtBot,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        answer: int,
    ) -> None:
        asked: list[str] = []

        async def pick(*_: object, directory: bool) -> Path:
            return tmp_path

        async def choose(_: object, question: str, *__: object, **___: object) -> int:
            asked.append(question)
            return answer

        monkeypatch.setattr(dialogs, "pick", pick)
        monkeypatch.setattr(dialogs, "choose", choose)
        page.targets.choose("systemd-units")
        assert page._export is not None
        first, *_ = page._export.files
        there = tmp_path / first.name
        there.parent.mkdir(parents=True)
        there.write_text("mine")
        page.preview.save.click()
        qtbot.waitUntil(lambda: bool(asked) and not tasks.pending())
        assert asked == ["Replace 1 file in this folder?"]
        assert there.read_text() == ("mine" if answer else first.text)
        assert bool(client.toasts) is (answer == 0)

    def test_a_file_that_cannot_be_written_is_reported_in_one_sentence(
        self,
        window: MainWindow,
        page: ExportPage,
        qtbot: QtBot,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        (tmp_path / "file").touch()

        async def save_as(*_: object) -> Path:
            return tmp_path / "file" / "below"

        monkeypatch.setattr(dialogs, "save_as", save_as)
        page.preview.save.click()
        qtbot.waitUntil(lambda: any("cannot be written" in told for told in alert_texts(window)))


def test_the_groups_are_those_of_the_targets() -> None:
    order = [target.group for target in targets()]
    assert order == sorted(order, key=list(Group).index)
