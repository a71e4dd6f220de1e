"""What the page shows of what is installed, and of what the tools say."""

from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from ollama_panel.core.applying.record import FileChange, FileState
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Export, ExportFile, Syntax
from ollama_panel.core.export.judges import Outcome, Verdict
from ollama_panel.core.notices import notice
from ollama_panel.gui.models.export_files import compared, differ
from ollama_panel.gui.pages.export import ExportPage
from ollama_panel.gui.window import MainWindow
from tests.gui.exporting.states import installed
from tests.gui.fake_client import FakeClient
from tests.gui.snapshots import SETTINGS, snapshot

UNIT = ExportFile("a.conf", "# Tuesday\nA=1\n", Syntax.INI, "/etc/a.conf")
OTHER = ExportFile("b.conf", "B=1\n", Syntax.INI, "/etc/b.conf")
SCRIPT = ExportFile("install.sh", "true\n", Syntax.SHELL)


def found(file: ExportFile, before: str | None) -> FileChange:
    state = FileState.NEW if before is None else FileState.CHANGED
    return FileChange(file.place, state, before or "", file.text)


class TestComparing:
    def test_files_without_a_place_are_beside_nothing(self) -> None:
        export = Export((SCRIPT, UNIT), ())
        script, unit = compared(export, [found(UNIT, "A=2\n")])
        assert script.change is None
        assert unit.change is not None
        assert unit.differs

    def test_a_comment_is_no_difference(self) -> None:
        files = compared(Export((UNIT,), ()), [found(UNIT, "# Monday\nA=1\n")])
        assert not differ(files)
        assert files[0].rows

    def test_what_is_installed_in_part_differs(self) -> None:
        export = Export((UNIT, OTHER), ())
        assert differ(compared(export, [found(UNIT, UNIT.text), found(OTHER, None)]))
        assert not differ(compared(export, [found(UNIT, None), found(OTHER, None)]))
        assert not differ(compared(export, [found(UNIT, UNIT.text), found(OTHER, OTHER.text)]))

    def test_what_was_found_holds_against_a_new_text(self) -> None:
        changed = msgspec.structs.replace(UNIT, text="# Tuesday\nA=3\n")
        (one,) = compared(Export((changed,), ()), [found(UNIT, "A=3\n")])
        assert not one.differs
        (same,) = compared(Export((UNIT,), ()), [found(UNIT, UNIT.text)])
        assert same.change is not None
        assert same.change.state is FileState.SAME

    def test_what_cannot_be_read_is_no_difference(self) -> None:
        change = FileChange(UNIT.place, FileState.UNREADABLE, problem=notice("apply.closed"))
        assert not differ(compared(Export((UNIT,), ()), [change]))


class Machine:
    """Answers what is installed: of the targets in `before`, their text changed by that."""

    def __init__(self, client: FakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
        self.before: dict[str, Any] = {}
        self.asked: list[str] = []
        self.error: PanelError | None = None
        monkeypatch.setattr(client.exports, "installed", self._installed)

    async def _installed(self, export: Export, host: str = "") -> tuple[FileChange, ...]:
        assert host == ""
        self.asked.append(export.target)
        if self.error is not None:
            raise self.error
        return installed(export, self.before.get(export.target))


@pytest.fixture
def machine(client: FakeClient, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(client, monkeypatch)


@pytest.fixture
def changed(machine: Machine) -> Machine:
    machine.before["systemd"] = lambda text: text.replace("PARALLEL=2", "PARALLEL=4")
    return machine


def badges(page: ExportPage) -> frozenset[str]:
    return page._differing


class TestDifference:
    def test_the_lines_that_differ_are_marked_counted_and_shown(
        self, changed: Machine, page: ExportPage, qtbot: QtBot
    ) -> None:
        qtbot.waitUntil(lambda: page.preview.difference.count == "1 line")
        assert page.preview.changed.text() == "1 new or changed"
        (place,) = page.preview.text.marked
        assert "OLLAMA_NUM_PARALLEL=2" in page.preview.text.toPlainText().splitlines()[place - 1]
        page.preview.difference.click()
        view = page.preview.compared.both
        qtbot.waitUntil(view.isVisible)
        lines = view.toPlainText().splitlines()
        tones = {lines[at - 1]: tone for at, tone in view.marked.items() if tone}
        assert tones == {
            'Environment="OLLAMA_NUM_PARALLEL=4"': "danger",
            'Environment="OLLAMA_NUM_PARALLEL=2"': "ok",
        }

    def test_a_wide_window_has_both_side_by_side(self, changed: Machine, page: ExportPage, qtbot: QtBot) -> None:
        qtbot.waitUntil(lambda: page.preview.difference.count == "1 line")
        page.preview.difference.click()
        page.window().resize(2560, 1440)
        qtbot.waitUntil(page.preview.compared.before.isVisible)
        assert "PARALLEL=4" in page.preview.compared.before.toPlainText()
        assert "PARALLEL=2" in page.preview.compared.after.toPlainText()
        page.window().resize(1280, 800)
        qtbot.waitUntil(page.preview.compared.both.isVisible)

    def test_a_badge_is_at_each_target_that_differs(self, changed: Machine, page: ExportPage, qtbot: QtBot) -> None:
        qtbot.waitUntil(lambda: badges(page) == {"systemd"})
        page.targets.choose("shell")
        assert badges(page) == {"systemd"}
        qtbot.waitUntil(lambda: set(changed.asked) > {"systemd", "systemd-units"})
        assert "shell" not in changed.asked

    def test_the_badge_goes_when_the_settings_are_those_installed(
        self, changed: Machine, page: ExportPage, client: FakeClient, qtbot: QtBot
    ) -> None:
        qtbot.waitUntil(lambda: badges(page) == {"systemd"})
        changed.before["systemd"] = lambda text: text
        pools = (msgspec.structs.replace(SETTINGS.pools[0], parallel=4), SETTINGS.pools[1])
        client.push(snapshot(settings=msgspec.structs.replace(SETTINGS, pools=pools)))
        qtbot.waitUntil(lambda: badges(page) == frozenset())
        assert page.preview.difference.count == ""

    @pytest.mark.parametrize(
        ("target", "before", "words"),
        [
            ("systemd", None, "Nothing is installed there yet"),
            ("systemd", lambda text: text, "What is installed is the same"),
            ("shell", None, "no fixed place"),
        ],
    )
    def test_without_a_difference_it_says_why(
        self,
        machine: Machine,
        window: MainWindow,
        page: ExportPage,
        qtbot: QtBot,
        target: str,
        before: Any,
        words: str,
    ) -> None:
        window.show_page_named("overview")
        machine.before["systemd"] = before
        window.show_page_named("export")
        page.targets.choose(target)
        page.preview.difference.click()
        qtbot.waitUntil(lambda: words in page.preview.compared.message.text())
        assert page.preview.compared.message.isVisible()

    def test_what_cannot_be_read_is_said(self, machine: Machine, page: ExportPage, qtbot: QtBot) -> None:
        machine.error = PanelError(notice("apply.no_program", program="ssh"))
        page.targets.choose("systemd-units")
        page.preview.difference.click()
        qtbot.waitUntil(lambda: "no ssh on that machine" in page.preview.compared.message.text())


class TestVerdicts:
    @pytest.mark.parametrize(
        ("verdicts", "text", "said"),
        [
            ((), "No tool checks such files", ""),
            ((Verdict("sh -n", Outcome.ACCEPTED),), "sh -n: accepted", ""),
            (
                (Verdict("sh -n", Outcome.ACCEPTED), Verdict("shellcheck", Outcome.MISSING, package="shellcheck")),
                "sh -n: accepted",
                "",
            ),
            (
                (Verdict("sh -n", Outcome.ACCEPTED), Verdict("shellcheck", Outcome.REFUSED, "line 7: no")),
                "shellcheck: refused",
                "line 7: no",
            ),
            ((Verdict("nginx -t", Outcome.MISSING, package="nginx"),), "Not checked: nginx -t", ""),
        ],
    )
    def test_the_pill_names_the_tool_and_a_refusal_is_quoted(
        self,
        client: FakeClient,
        page: ExportPage,
        qtbot: QtBot,
        verdicts: tuple[Verdict, ...],
        text: str,
        said: str,
    ) -> None:
        client.verdicts = verdicts
        page.targets.choose("shell")
        qtbot.waitUntil(lambda: text in page.preview.pill.accessibleName())
        assert page.preview.said.text() == said
        assert page.preview.said.isVisible() is bool(said)
        for verdict in verdicts:
            assert verdict.tool in page.preview.pill.toolTip()

    def test_a_text_is_judged_once(self, client: FakeClient, page: ExportPage, qtbot: QtBot) -> None:
        client.verdicts = (Verdict("sh -n", Outcome.ACCEPTED),)
        page.targets.choose("shell")
        qtbot.waitUntil(lambda: "accepted" in page.preview.pill.accessibleName())
        before = len([name for name, _ in client.calls if name == "judge_export"])
        client.push(snapshot(served=811))
        client.push(snapshot(served=812))
        assert len([name for name, _ in client.calls if name == "judge_export"]) == before

    def test_another_text_has_no_verdict_of_the_one_before(
        self, client: FakeClient, page: ExportPage, qtbot: QtBot
    ) -> None:
        client.verdicts = (Verdict("sh -n", Outcome.ACCEPTED),)
        page.targets.choose("shell")
        qtbot.waitUntil(lambda: "accepted" in page.preview.pill.accessibleName())
        page.targets.choose("json")
        assert page.preview.pill.accessibleName() == "Being checked…"
