"""The page of the doctor: findings, what is well, what was ignored and mended, and its states without findings."""

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ollama_panel.core.findings import Area, DoctorRecord, Figure
from ollama_panel.core.notices import notice
from ollama_panel.gui.pages.doctor import DoctorPage
from ollama_panel.gui.widgets.finding_card import FindingCard
from ollama_panel.gui.widgets.nav_button import NavButton
from ollama_panel.gui.window import MainWindow
from tests.gui.doctor import records
from tests.gui.doctor.conftest import calls
from tests.gui.doctor.records import (
    BY_HAND,
    FINDINGS,
    FOLKLORE,
    MENDED,
    NO_GAIN,
    OVERRIDE,
    PAST_THE_QUEUE,
    PLAN,
    RECORD,
    REPORT,
    TAKEN_PORT,
    UNKNOWN_VERSION,
    WELL,
    WRONG_SECTION,
)
from tests.gui.fake_client import FakeClient
from tests.gui.screen import named, shown
from tests.gui.snapshots import snapshot
from tests.gui.test_accessibility import shared_names, tab_chain


def pushed(client: FakeClient, **changes: Any) -> None:
    client.push(snapshot(doctor=msgspec.structs.replace(RECORD, **changes)))


def found(client: FakeClient, *findings: object) -> None:
    pushed(client, ignored=(), report=msgspec.structs.replace(REPORT, findings=findings))


def order(page: DoctorPage) -> list[str]:
    """Return the findings from the top down, by their headlines."""
    places = sorted(page.cards.values(), key=lambda card: page._findings.indexOf(card))
    return [card.told.text() for card in places]


class TestFindings:
    def test_they_are_shown_in_the_order_of_the_report_without_those_that_are_ignored(self, page: DoctorPage) -> None:
        assert list(page.cards) == [one.id for one in FINDINGS if one is not UNKNOWN_VERSION]
        assert order(page)[0] == "Parallel is set to 4, but Ollama runs with 1"
        assert page.summary.startswith("4 findings in 39 checks · ")
        assert page.summary.endswith(", took 1.2 s")

    def test_each_says_how_serious_it_is_in_words_and_not_by_colour_alone(self, page: DoctorPage) -> None:
        spoken = [card.accessibleName() for card in page.cards.values()]
        assert [name.partition(":")[0] for name in spoken] == ["Error", "Warning", "Warning", "Note"]

    def test_the_first_error_is_open_with_its_difference_and_the_rest_is_closed(self, page: DoctorPage) -> None:
        first, *others = page.cards.values()
        assert first.difference.isVisible()
        assert first.place.text() == f"{OVERRIDE}, line 1"
        assert first.beside.text() == "--parallel 1, runner 7240"
        assert [(line.sign, line.number) for line in first.difference.lines] == [("-", 1), ("", 1), ("", 2), ("+", 3)]
        assert first.fix.property("primary")
        assert not any(card.is_open or card.fix.property("primary") for card in others)
        assert [card.first.text() for card in others] == [
            "24 connections to 127.0.0.1:11434, process 4121",
            "embedding pool: wanted 8, in force 1",
            "~/stack/docker-compose.yml, line 9: OLLAMA_GPU_LAYERS=40",
        ]

    def test_a_fix_says_beside_its_button_what_it_does(self, page: DoctorPage) -> None:
        first = page.cards[WRONG_SECTION.id]
        assert first.fix.text() == "Mend it…"
        assert first.does.text() == (
            "Writes override.conf, keeps a copy, restarts ollama.service when idle. Can be undone."
        )
        assert page.cards[PAST_THE_QUEUE.id].fix.text() == "What to change…"
        assert page.cards[NO_GAIN.id].fix.text() == "Workers 2, Parallel 1…"
        assert page.cards[FOLKLORE.id].fix.text() == "Remove the line…"

    def test_a_closed_one_opens_and_stays_so_while_the_state_goes_on(
        self, page: DoctorPage, client: FakeClient
    ) -> None:
        card = page.cards[FOLKLORE.id]
        card.more.click()
        pushed(client, running=True)
        assert card.is_open
        assert [line.text for line in card.difference.lines if line.sign == "-"] == ["      - OLLAMA_GPU_LAYERS=40"]
        assert card.place.text() == "~/stack/docker-compose.yml, line 9"
        card.more.click()
        assert not card.is_open

    def test_commands_are_shown_and_copied(self, page: DoctorPage, client: FakeClient) -> None:
        found(client, TAKEN_PORT)
        card = page.cards[TAKEN_PORT.id]
        assert "systemctl disable" in card.commands.toPlainText()
        assert (
            card.evidence.text() == "LISTEN 0.0.0.0:11434, process 812\n/etc/environment, line 4: OLLAMA_HOST=0.0.0.0"
        )
        assert "administrator" in card.does.text()
        assert "Cannot be undone" in card.does.text()

    def test_the_commands_of_an_edit_are_those_of_its_plan(
        self, page: DoctorPage, client: FakeClient, qtbot: QtBot
    ) -> None:
        client.answers["doctor.plan"] = PLAN
        page.cards[WRONG_SECTION.id].copy.click()
        qtbot.waitUntil(lambda: bool(client.toasts))
        assert "sudo systemctl daemon-reload\n" in QGuiApplication.clipboard().text()

    def test_what_the_user_must_do_says_so(self, page: DoctorPage, client: FakeClient) -> None:
        found(client, BY_HAND)
        assert page.cards[BY_HAND.id].fix.text() == "What to do…"

    def test_one_that_is_gone_makes_room_and_a_new_one_takes_its_place(
        self, page: DoctorPage, client: FakeClient
    ) -> None:
        kept = page.cards[NO_GAIN.id]
        found(client, TAKEN_PORT, NO_GAIN)
        assert order(page) == ["Everybody in the network can use Ollama without a key", kept.told.text()]
        assert page.cards[NO_GAIN.id] is kept

    def test_a_fix_that_is_a_button_of_alerts_is_done_at_once(
        self, window: MainWindow, page: DoctorPage, qtbot: QtBot
    ) -> None:
        page.cards[PAST_THE_QUEUE.id].fix.click()
        qtbot.waitUntil(lambda: window.page_name == "connect")

    def test_ignoring_is_undone_from_the_toast_or_below(
        self, page: DoctorPage, client: FakeClient, qtbot: QtBot
    ) -> None:
        page.cards[NO_GAIN.id].ignore.click()
        qtbot.waitUntil(lambda: bool(client.toasts))
        assert calls(client, "ignore") == [(NO_GAIN.id,)]
        assert client.toasts[0].undo is not None
        assert page.ignored.title.text() == "1 finding is ignored"
        named(page.ignored, QPushButton, "Show again: Ollama 0.33.0 is out: 20 Nov").click()
        qtbot.waitUntil(lambda: calls(client, "show_again") == [(UNKNOWN_VERSION.id,)])

    def test_while_one_is_mended_the_others_wait(self, page: DoctorPage, client: FakeClient) -> None:
        pushed(client, mending=WRONG_SECTION.id)
        first, *others = page.cards.values()
        assert first.fix.text() == "Under way…"
        assert first.fix.isEnabled()
        assert not any(card.fix.isEnabled() or card.ignore.isEnabled() for card in others)

    def test_an_ended_engine_takes_no_commands(self, page: DoctorPage, client: FakeClient) -> None:
        client.push(snapshot(doctor=RECORD, fatal=notice("engine.stopped", error="OSError")))
        assert not any(card.fix.isEnabled() for card in page.cards.values())
        assert not page.check.isEnabled()


class TestChecks:
    def test_what_is_well_is_counted_by_area_and_listed_when_opened(self, page: DoctorPage) -> None:
        row = page.well.rows[Area.SERVERS]
        assert row.count.text() == "6 checks"
        assert row.about.text().startswith("Version known · Ports free")
        assert not row.details.isVisible()
        row.head.click()
        assert "· No two fight" in row.details.text()
        assert row.details.isVisible()
        assert row.head.accessibleName() == "Servers, 6 checks, well"

    def test_figures_of_an_area_are_told_first(self, page: DoctorPage, client: FakeClient) -> None:
        counted = notice("figure.servers", count=2), notice("figure.versions", versions=("0.32.15",))
        figures = tuple(Figure(Area.SERVERS, one) for one in counted)
        pushed(client, report=msgspec.structs.replace(REPORT, figures=figures))
        row = page.well.rows[Area.SERVERS]
        assert row.about.text() == "servers: 2 · Ollama 0.32.15"
        assert row.details.text().startswith("servers: 2 · Ollama 0.32.15\n· Version known")
        assert page.well.rows[Area.MODELS].about.text().startswith("Folder readable")

    def test_what_could_not_be_looked_at_says_why(self, page: DoctorPage, client: FakeClient) -> None:
        assert page.unseen.isVisible()
        assert "join the group systemd-journal" in page.unseen.rows[Area.SERVERS].details.text()
        client.push(snapshot(doctor=WELL))
        assert not page.unseen.isVisible()

    def test_the_button_and_f5_look_again(self, page: DoctorPage, client: FakeClient, qtbot: QtBot) -> None:
        page.check.click()
        page.window().activateWindow()
        qtbot.keyClick(page.window(), Qt.Key.Key_F5)
        qtbot.waitUntil(lambda: len(calls(client, "check")) == 2)
        pushed(client, running=True)
        assert page.check.text() == "Checking…"
        assert not page.check.isEnabled()


class TestMended:
    def test_what_was_mended_has_its_way_back(self, page: DoctorPage, client: FakeClient, qtbot: QtBot) -> None:
        rows = page.mended.rows
        assert [row.told.text() for row in rows.values()] == [
            "Models folder unreadable",
            "Two servers on one card",
            "Port 11435 was taken",
        ]
        assert [row.act.isVisible() for row in rows.values()] == [True, True, False]
        rows[MENDED[0].id].act.click()
        qtbot.waitUntil(lambda: calls(client, "plan_undo") == [("m3",)])
        assert calls(client, "undo") == []

    def test_what_failed_says_why(self, page: DoctorPage, client: FakeClient) -> None:
        failed = msgspec.structs.replace(MENDED[0], problem=notice("apply.nothing"), can_undo=False)
        pushed(client, mended=(failed,))
        row = page.mended.rows[failed.id]
        assert row.note.property("tone") == "danger"
        assert not row.act.isVisible()


class TestStates:
    def test_before_the_first_check(self, page: DoctorPage, client: FakeClient, qtbot: QtBot) -> None:
        client.push(snapshot(doctor=DoctorRecord()))
        assert page.state.title.text() == "Not checked yet"
        assert not page.cards
        assert not page.copy.isEnabled()
        page.state.check.click()
        qtbot.waitUntil(lambda: calls(client, "check") == [()])

    def test_while_the_first_check_runs(self, page: DoctorPage, client: FakeClient) -> None:
        client.push(snapshot(doctor=DoctorRecord(running=True)))
        assert page.state.title.text() == "Looking at this machine…"
        assert not page.state.check.isEnabled()

    def test_all_is_well(self, page: DoctorPage, client: FakeClient) -> None:
        client.push(snapshot(doctor=WELL))
        assert page.state.title.text() == "All is well"
        assert page.state.text.text() == "33 checks were made, and nothing is to be mended."
        assert page.summary.startswith("33 checks, nothing found · ")

    def test_all_that_is_well_takes_the_place_of_the_findings(self, page: DoctorPage, client: FakeClient) -> None:
        narrow = page.well.width()
        client.push(snapshot(doctor=WELL))
        QCoreApplication.processEvents()
        assert page.well.width() > narrow
        assert page.well.geometry().top() > page.state.geometry().bottom()
        client.push(snapshot(doctor=RECORD))
        QCoreApplication.processEvents()
        assert page.well.width() == narrow

    def test_tab_goes_from_the_findings_to_what_is_beside_them(
        self, page: DoctorPage, window: MainWindow, client: FakeClient
    ) -> None:
        client.push(snapshot(doctor=WELL))
        client.push(snapshot(doctor=RECORD))
        QCoreApplication.processEvents()
        chain = tab_chain(window)
        cards = [page.cards[one.id].ignore for one in (WRONG_SECTION, PAST_THE_QUEUE, NO_GAIN, FOLKLORE)]
        places = [chain.index(one) for one in (page.check, *cards, page.well.rows[Area.SERVERS].head)]
        assert places == sorted(places)

    def test_a_check_by_the_keyboard_keeps_the_focus_on_the_page(
        self, page: DoctorPage, window: MainWindow, client: FakeClient
    ) -> None:
        client.push(snapshot(doctor=DoctorRecord()))
        window.activateWindow()
        page.state.check.setFocus()
        client.push(snapshot(doctor=DoctorRecord(running=True)))
        assert window.focusWidget() is page.area
        client.push(snapshot(doctor=WELL))
        assert window.focusWidget() is page.check

    def test_a_machine_without_ollama_is_not_praised(self, page: DoctorPage, client: FakeClient) -> None:
        assert WELL.report is not None
        report = msgspec.structs.replace(WELL.report, figures=(Figure(Area.SERVERS, notice("figure.no_server")),))
        client.push(snapshot(doctor=DoctorRecord(report)))
        assert page.state.title.text() == "No server of Ollama runs on this machine"

    def test_a_check_that_failed_keeps_what_was_found_before(self, page: DoctorPage, client: FakeClient) -> None:
        pushed(client, problem=notice("engine.not_started"))
        assert page.state.title.text() == "The doctor could not look"
        assert len(page.cards) == 4

    def test_findings_need_no_sentence_above(self, page: DoctorPage) -> None:
        assert not page.state.isVisible()


def test_the_report_is_copied_as_text(page: DoctorPage) -> None:
    page.copy.click()
    text = QGuiApplication.clipboard().text()
    for words in (
        "Error: Parallel is set to 4, but Ollama runs with 1",
        f'{OVERRIDE}:1: Environment="OLLAMA_NUM_PARALLEL=4"',
        f"ollama-panel doctor --fix {WRONG_SECTION.id}",
        "Server log",
        "The journal of ollama.service is closed",
    ):
        assert words in text


class TestBadge:
    def badge(self, window: MainWindow) -> tuple[str, str, str]:
        entry = named(window.sidebar, NavButton, "Doctor")
        return entry.badge, entry.tone, entry.accessibleDescription()

    def test_it_counts_open_errors_else_warnings(self, window: MainWindow, client: FakeClient) -> None:
        assert self.badge(window)[0] == ""
        client.push(snapshot(doctor=RECORD))
        assert self.badge(window) == ("1", "danger", "1 open error")
        found(client, PAST_THE_QUEUE, NO_GAIN, UNKNOWN_VERSION)
        assert self.badge(window) == ("2", "warn", "2 open warnings")
        found(client, UNKNOWN_VERSION)
        assert self.badge(window)[0] == ""


class TestWays:
    def test_the_menu_shows_the_page_and_looks(self, window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
        window._actions.check.trigger()
        assert window.page_name == "doctor"
        qtbot.waitUntil(lambda: calls(client, "check") == [()])

    def test_an_alert_leads_to_its_finding(self, window: MainWindow, client: FakeClient, qtbot: QtBot) -> None:
        told = notice("environment.inherited", variables=("OLLAMA_X",))
        finding = msgspec.structs.replace(TAKEN_PORT, id="alert.environment", told=told)
        report = msgspec.structs.replace(REPORT, findings=(WRONG_SECTION, finding))
        doctor = msgspec.structs.replace(RECORD, ignored=(), report=report)
        client.push(snapshot(doctor=doctor, notices=(told,)))
        window.list.open_below(window.strip, window.strip.all)
        (link,) = [
            one for one in window.list.findChildren(QPushButton) if one.text() == "Doctor…" and not one.isHidden()
        ]
        link.click()
        assert window.page_name == "doctor"
        assert not window.list.isVisible()
        card = window.doctor.cards[finding.id]
        assert card.is_open
        qtbot.waitUntil(lambda: not card.visibleRegion().isEmpty())

    def test_without_a_finding_there_is_no_link(self, window: MainWindow, client: FakeClient) -> None:
        client.push(snapshot(notices=(notice("environment.inherited", variables=("OLLAMA_X",)),)))
        window.list.open_below(window.strip, window.strip.all)
        assert [
            one for one in window.list.findChildren(QPushButton) if one.text() == "Doctor…" and one.isVisible()
        ] == []


@pytest.mark.parametrize("width", [880, 1000, 1280, 2560])
def test_nothing_is_cut_off_at_any_width(page: DoctorPage, window: MainWindow, qtbot: QtBot, width: int) -> None:
    window.resize(width, 800)
    for card in page.cards.values():
        page._toggle(card.finding, True)
    qtbot.waitUntil(lambda: page.width() == window.width() - window.sidebar.width())
    area = page.area.viewport()
    for one in page.findChildren(QPushButton):
        if one.isVisible() and area.isAncestorOf(one):
            assert one.width() >= one.minimumSizeHint().width(), one.text()
            assert one.mapTo(area, one.rect().topRight()).x() <= area.width(), one.text()


def test_every_control_has_a_name_of_its_own_and_is_reached_by_tab(page: DoctorPage, window: MainWindow) -> None:
    for card in page.cards.values():
        page._toggle(card.finding, True)
    assert shared_names(page) == []
    chain = tab_chain(window)
    buttons = [one for one in page.findChildren(QPushButton) if one.isVisible() and one.isEnabled()]
    assert [one.text() for one in buttons if one not in chain] == []


def test_another_language_keeps_what_is_opened(page: DoctorPage, client: FakeClient, window: MainWindow) -> None:
    page.cards[FOLKLORE.id].more.click()
    page.well.rows[Area.MODELS].head.click()
    other = DoctorPage(client, window._theme)  # type: ignore[arg-type]
    other.take_over(page)
    assert other.cards[FOLKLORE.id].is_open
    assert other.well.rows[Area.MODELS].is_open
    other.deleteLater()


def test_a_card_takes_less_room_when_closed(page: DoctorPage) -> None:
    first = page.cards[WRONG_SECTION.id]
    assert isinstance(first, FindingCard)
    first.more.click()
    assert not first.difference.isVisible()
    assert f"{OVERRIDE}, line 1" in first.first.text()
    assert records.WRONG_SECTION.why is not None
    assert any("systemd does not read it there" in text for text in shown(first))
