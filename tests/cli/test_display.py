"""Whether a window can be opened: displays, Qt's platforms and the system's libraries."""

import socket
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

from ollama_panel import qt_libraries
from ollama_panel.cli import display
from ollama_panel.core.notices.render import render
from ollama_panel.qt_libraries import OFFSCREEN, ON_X11, PACKAGE_TOOLS

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can lack a display")

CURSOR = "libxcb-cursor.so.0"
WAYLAND = "libwayland-client.so.0"


@pytest.fixture(autouse=True)
def debian(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Debian without a display that lacks nothing."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    lack(monkeypatch)
    monkeypatch.setattr(qt_libraries, "package_tool", lambda: PACKAGE_TOOLS[0])


def lack(monkeypatch: pytest.MonkeyPatch, *sonames: str) -> None:
    monkeypatch.setattr(qt_libraries, "missing", lambda libraries: [one for one in libraries if one.soname in sonames])


def x11(monkeypatch: pytest.MonkeyPatch, *, answers: bool) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(display, "_answers", lambda _display: answers)


@pytest.fixture
def wayland(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A Wayland session; the socket of its compositor is not there yet."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    return tmp_path / "wayland-7"


def told() -> str:
    problem = display.problem()
    return render(problem) if problem else ""


def test_without_any_display_that_is_said() -> None:
    assert "there is no display" in told()


def test_a_display_that_answers_and_all_libraries_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    x11(monkeypatch, answers=True)
    assert display.problem() is None


@pytest.mark.parametrize(
    ("lacking", "packages"),
    [
        ({CURSOR}, "libxcb-cursor0"),
        ({"libEGL.so.1", "libGL.so.1"}, "libegl1 libgl1"),
        ({"libxcb-icccm.so.4", CURSOR}, "libxcb-cursor0 libxcb-icccm4"),
        ({CURSOR, "libEGL.so.1", WAYLAND}, "libegl1 libxcb-cursor0"),
    ],
)
def test_missing_libraries_are_one_sentence_with_the_line_to_type(
    monkeypatch: pytest.MonkeyPatch, lacking: Collection[str], packages: str
) -> None:
    x11(monkeypatch, answers=True)
    lack(monkeypatch, *lacking)
    assert told() == (
        "The window needs libraries that are missing. Type this, then try again: "
        f"sudo apt-get install -y --no-install-recommends {packages}"
    )


def test_without_a_known_package_manager_the_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    x11(monkeypatch, answers=True)
    lack(monkeypatch, CURSOR)
    monkeypatch.setattr(qt_libraries, "package_tool", lambda: None)
    assert CURSOR in told()
    assert "package manager" in told()


def test_a_wayland_session_without_x11_needs_only_the_libraries_of_wayland(
    monkeypatch: pytest.MonkeyPatch, wayland: Path
) -> None:
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(wayland))
        compositor.listen()
        lack(monkeypatch, *(one.soname for one in ON_X11))
        assert display.problem() is None
        lack(monkeypatch, WAYLAND)
        assert told().endswith("libwayland-client0")


def test_a_wayland_display_that_is_gone_is_said(wayland: Path) -> None:
    assert f"the display {wayland.name} does not answer" in told()


def test_x11_is_taken_where_wayland_does_not_work(monkeypatch: pytest.MonkeyPatch, wayland: Path) -> None:
    x11(monkeypatch, answers=True)
    assert not wayland.exists()
    assert display.problem() is None


def test_libraries_to_install_are_said_before_displays_that_do_not_answer(
    monkeypatch: pytest.MonkeyPatch, wayland: Path
) -> None:
    x11(monkeypatch, answers=True)
    lack(monkeypatch, CURSOR)
    assert not wayland.exists()
    assert told().endswith("libxcb-cursor0")


def test_the_platform_that_the_user_names_is_checked_alone(monkeypatch: pytest.MonkeyPatch, wayland: Path) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert not wayland.exists()
    assert "there is no display" in told()
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen:size=800x600")
    assert display.problem() is None
    lack(monkeypatch, *(one.soname for one in OFFSCREEN))
    assert told().endswith("libfontconfig1 libgssapi-krb5-2")


def test_other_systems_have_a_display_and_their_own_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    lack(monkeypatch, *(one.soname for one in OFFSCREEN))
    monkeypatch.setattr(sys, "platform", "darwin")
    assert display.problem() is None
