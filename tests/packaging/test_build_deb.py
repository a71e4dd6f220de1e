"""The parts of the Debian package that are text, and what goes into the bundle."""

import os
import shutil
import subprocess
import sys
from email.parser import Parser
from pathlib import Path

import pytest

from build_deb_checks import too_large
from build_deb_texts import MAINTAINER, Component, changelog, control, copyright_file

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "packaging" / "debian" / "ollama-panel.service"

sys.path.append(str(ROOT / "packaging" / "frozen"))
from contents import belongs  # noqa: E402 - PyInstaller's description reads it from its own folder

PLUGINS = "PySide6/Qt/plugins"
WHEELS = "/home/ann/.venv-build/lib/python3.11/site-packages"


def test_the_control_file_has_the_fields_of_a_binary_package() -> None:
    fields = Parser().parsestr(control("0.1.0", "amd64", 160_000, "libc6 (>= 2.34), libegl1"))
    assert fields["Package"] == "ollama-panel"
    assert (fields["Version"], fields["Architecture"]) == ("0.1.0", "amd64")
    assert fields["Depends"] == "libc6 (>= 2.34), libegl1"
    assert fields["Installed-Size"] == "160000"
    assert fields["Maintainer"] == MAINTAINER


def test_the_description_is_a_summary_and_indented_lines() -> None:
    text = control("0.1.0", "amd64", 1, "libc6")
    summary, *lines = text.partition("Description: ")[2].splitlines()
    assert len(summary) < 80
    assert summary[0].islower()
    assert lines
    assert all(line.startswith(" ") and len(line) <= 80 for line in lines)


@pytest.mark.skipif(shutil.which("dpkg-parsechangelog") is None, reason="needs Debian's tools")
def test_debian_reads_the_changelog(tmp_path: Path) -> None:
    (tmp_path / "changelog").write_text(changelog("0.1.0", 1_764_374_400), encoding="utf-8")
    command = ["dpkg-parsechangelog", "--file", str(tmp_path / "changelog")]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said.stderr == ""
    fields = Parser().parsestr(said.stdout)
    assert (fields["Source"], fields["Version"]) == ("ollama-panel", "0.1.0")
    assert fields["Timestamp"] == "1764374400"


def test_the_copyright_file_names_the_licence_and_each_project_of_the_bundle() -> None:
    text = copyright_file((ROOT / "LICENSE").read_text(encoding="utf-8"), [Component("numpy", "2.4.6", "BSD-3-Clause")])
    paragraphs = text.split("\n\n")
    assert Parser().parsestr(paragraphs[0])["Format"].startswith("https://www.debian.org/doc/packaging-manuals")
    assert "  numpy 2.4.6: BSD-3-Clause" in paragraphs[0].splitlines()
    assert Parser().parsestr(paragraphs[1])["Copyright"] == "2026 Ollama Panel contributors"
    assert "WITHOUT WARRANTY OF ANY KIND" in " ".join(paragraphs[2].split())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd's tools")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    text = UNIT.read_text(encoding="utf-8")
    assert "ExecStart=/usr/bin/ollama-panel serve\n" in text
    unit = tmp_path / UNIT.name
    unit.write_text(text.replace("/usr/bin/ollama-panel", "/bin/true"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "--user", "--man=no", "verify", str(unit)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_package_that_is_too_large_is_said() -> None:
    assert too_large("file", 75.0, 75.0) == ""
    assert too_large("file", 76.2, 75.0) == "the file has 76 MB, more than 75"


@pytest.mark.parametrize(
    ("destination", "source", "expected"),
    [
        ("libxcb-cursor.so.0", "/lib/x86_64-linux-gnu/libxcb-cursor.so.0", False),
        ("libssl.so.3", "/usr/lib/x86_64-linux-gnu/libssl.so.3", False),
        ("libpython3.11.so.1.0", "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0", True),
        ("python3.11/lib-dynload/_ssl.so", "/usr/lib/python3.11/lib-dynload/_ssl.so", True),
        ("uvloop/loop.so", f"{WHEELS}/uvloop/loop.so", True),
        (f"{PLUGINS}/platforms/libqxcb.so", f"{WHEELS}/{PLUGINS}/platforms/libqxcb.so", True),
        (f"{PLUGINS}/platforms/libqwayland.so", f"{WHEELS}/{PLUGINS}/platforms/libqwayland.so", True),
        (f"{PLUGINS}/platforms/libqeglfs.so", f"{WHEELS}/{PLUGINS}/platforms/libqeglfs.so", False),
        (f"{PLUGINS}/imageformats/libqtiff.so", f"{WHEELS}/{PLUGINS}/imageformats/libqtiff.so", False),
        ("PySide6/Qt/translations/qtbase_zh_CN.qm", f"{WHEELS}/PySide6/Qt/translations/qtbase_zh_CN.qm", True),
        ("PySide6/Qt/translations/qtbase_fr.qm", f"{WHEELS}/PySide6/Qt/translations/qtbase_fr.qm", False),
        ("libQt6EglFSDeviceIntegration.so.6", "PySide6/Qt/lib/libQt6EglFSDeviceIntegration.so.6", False),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", True),
        ("pyqtgraph/icons/auto.png", f"{WHEELS}/pyqtgraph/icons/auto.png", False),
        ("ollama_panel/_resources/icons/app.svg", "/home/ann/panel/resources/icons/app.svg", True),
    ],
)
def test_the_bundle_has_what_comes_from_pypi_and_the_window_needs(
    destination: str, source: str, expected: bool
) -> None:
    assert belongs(destination, source) is expected
