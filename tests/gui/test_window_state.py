"""The window's size, place and page from one run to the next."""

import stat
import sys
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from ollama_panel.gui.window_state import WindowState, clamped

TITLE_BAR = 40
SCREEN = QRect(0, 0, 1280, 800)
LEAST = QSize(400, 300)


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    made.setMinimumSize(QSize(200, 150))
    qtbot.addWidget(made)
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "window.ini"


def test_the_next_window_has_size_place_and_page(file: Path, window: QMainWindow, qtbot: QtBot) -> None:
    window.setGeometry(30, 40, 500, 360)
    WindowState(file).save(window, "requests")
    other = QMainWindow()
    qtbot.addWidget(other)
    kept = WindowState(file)
    kept.restore(other)
    assert other.geometry() == QRect(30, 40, 500, 360)
    assert kept.page() == "requests"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_the_file_is_the_users_alone(file: Path, window: QMainWindow) -> None:
    WindowState(file).save(window, "requests")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_window_of_a_screen_that_is_gone_lies_on_the_one_that_is_there(
    file: Path, window: QMainWindow, qtbot: QtBot
) -> None:
    window.setGeometry(5000, -3000, 4000, 2500)
    WindowState(file).save(window, "overview")
    other = QMainWindow()
    qtbot.addWidget(other)
    WindowState(file).restore(other)
    assert other.screen().availableGeometry().contains(other.geometry())


def test_a_window_that_does_not_fit_leaves_room_for_its_title_bar(
    file: Path, window: QMainWindow, qtbot: QtBot
) -> None:
    available = window.screen().availableGeometry()
    window.setGeometry(QRect(available.topLeft(), available.size() + QSize(100, 100)))
    WindowState(file).save(window, "overview")
    other = QMainWindow()
    qtbot.addWidget(other)
    other.setMinimumSize(available.size())
    WindowState(file).restore(other)
    assert other.geometry() == available.translated(0, TITLE_BAR)


def test_the_first_window_leaves_room_for_its_title_bar(file: Path, window: QMainWindow) -> None:
    window.resize(4000, 3000)
    WindowState(file).restore(window)
    assert window.width() == window.screen().availableGeometry().width()
    assert window.height() == window.screen().availableGeometry().height() - TITLE_BAR


@pytest.mark.parametrize("content", [b"", b"\0\xff garbage", b"[window]\ngeometry=@ByteArray(broken)\npage=7\n"])
def test_a_damaged_file_leaves_the_window_as_it_is(content: bytes, file: Path, window: QMainWindow) -> None:
    file.write_bytes(content)
    window.setGeometry(10, 10, 300, 200)
    WindowState(file).restore(window)
    assert window.geometry() == QRect(10, 10, 300, 200)


def test_a_file_that_cannot_be_written_is_no_error(tmp_path: Path, window: QMainWindow) -> None:
    (tmp_path / "file").write_text("")
    WindowState(tmp_path / "file" / "window.ini").save(window, "overview")


@pytest.mark.parametrize(
    ("wanted", "lies"),
    [
        (QRect(100, 100, 600, 400), QRect(100, 100, 600, 400)),
        (QRect(-50, -20, 600, 400), QRect(0, 0, 600, 400)),
        (QRect(1200, 700, 600, 400), QRect(680, 400, 600, 400)),
        (QRect(10, 10, 3000, 2000), QRect(0, 0, 1280, 800)),
    ],
)
def test_a_window_lies_within_the_screen(wanted: QRect, lies: QRect) -> None:
    assert clamped(wanted, SCREEN, LEAST) == lies


def test_a_screen_smaller_than_the_least_size_shows_the_upper_left_corner() -> None:
    assert clamped(QRect(50, 50, 600, 500), QRect(0, 0, 320, 240), LEAST) == QRect(0, 0, 400, 300)


class Columns(msgspec.Struct, frozen=True):
    widths: tuple[int, ...] = ()


def test_what_a_page_keeps_is_there_in_the_next_run(file: Path) -> None:
    state = WindowState(file)
    state.set("requests/columns", Columns((80, 120)))
    state.set("requests/filter", "chat")
    del state
    kept = WindowState(file)
    assert kept.value("requests/columns", Columns()) == Columns((80, 120))
    assert kept.value("requests/filter", "") == "chat"
    assert kept.value("requests/sorted", True)


def test_what_a_page_keeps_is_forgotten_if_it_is_not_what_the_page_expects(file: Path) -> None:
    file.write_text('[pages]\nrequests\\columns="{\\"widths\\": [\\"wide\\"]}"\nrequests\\filter=7\n')
    kept = WindowState(file)
    assert kept.value("requests/columns", Columns((80,))) == Columns((80,))
    assert kept.value("requests/filter", "all") == "all"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_what_a_page_keeps_is_the_users_alone(file: Path) -> None:
    WindowState(file).set("requests/filter", "chat")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
