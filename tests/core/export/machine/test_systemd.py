"""The systemd exports: systemd accepts them and reads the very values back."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Words
from ollama_panel.core.export.machine.systemd import quoted
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings.tree import OllamaSettings, Settings
from ollama_panel.core.stores import Service
from tests.core.export.samples import TRICKY, exported, instances, nasty, pools

MANAGER = next((path for path in ("/usr/lib/systemd/systemd", "/lib/systemd/systemd") if Path(path).exists()), "")

needs_analyze = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
needs_manager = pytest.mark.skipif(not MANAGER, reason="the systemd program is not installed")


@pytest.fixture
def program(tmp_path: Path) -> str:
    """A path with a space and a percent sign, where systemd finds a program."""
    path = tmp_path / "my 100% ollama"
    path.symlink_to(shutil.which("true") or "/bin/true")
    return str(path)


def installed(folder: Path, settings: Settings, program: str, words: Words = render) -> list[Path]:
    """Run the exported script for a folder, add the installer's unit, and return all units."""
    script = folder / "install.sh"
    script.write_text(exported("systemd-units", settings, [program], words).text, encoding="utf-8")
    units = folder / "units"
    units.mkdir()
    (units / "ollama.service").write_text(f"[Service]\nExecStart={shutil.which('true')} serve\n", encoding="utf-8")
    subprocess.run(["sh", str(script), str(units)], check=True)
    return sorted(units.glob("*.service"))


def verified(units: list[Path]) -> tuple[int, str]:
    """Return the verdict of systemd on units, without what it says about other units of this machine."""
    child = subprocess.run(
        ["systemd-analyze", "verify", *map(str, units)],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{units[0].parent}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    places = [str(units[0].parent), *(unit.name for unit in units)]
    ours = [line for line in child.stderr.splitlines() if any(place in line for place in places)]
    return child.returncode, "\n".join(ours)


def dumped(unit: Path, **identity: Any) -> str:
    """Return how systemd's test mode parsed a unit."""
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shutil.copy(unit, folder)
        child = subprocess.run(
            [MANAGER, "--test", "--system", f"--unit={unit.name}"],
            env={"PATH": os.environ["PATH"], "HOME": home, "SYSTEMD_UNIT_PATH": f"{folder}:"},
            cwd="/",
            capture_output=True,
            check=False,
            text=True,
            **identity,
        )
        return str(child.stdout)


def as_systemd_reads_them(unit: Path) -> dict[str, str]:
    """Return a unit's variables from systemd's dump; its test mode refuses to run as root."""
    identity = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    dump = dumped(unit, **identity)
    block = re.split(r"^\t?-> ", dump.split(f"-> Unit {unit.name}:\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    return dict(line.split("=", 1) for line in re.findall(r"^\t\tEnvironment: (.*)$", block, re.MULTILINE))


@needs_analyze
def test_systemd_accepts_the_drop_in(tmp_path: Path) -> None:
    unit = tmp_path / "ollama.service"
    unit.write_text(f"[Service]\nExecStart={shutil.which('true')} serve\n", encoding="utf-8")
    folder = tmp_path / "ollama.service.d"
    folder.mkdir()
    (folder / exported("systemd", pools()).files[0].name).write_text(
        exported("systemd", pools(TRICKY)).text, encoding="utf-8"
    )
    assert verified([unit]) == (0, "")


@needs_analyze
@pytest.mark.parametrize("words", [render, nasty])
def test_systemd_accepts_the_unit_of_every_worker(tmp_path: Path, program: str, words: Words) -> None:
    units = installed(tmp_path, pools(TRICKY), program, words)
    assert [unit.name for unit in units] == ["ollama-chat-2.service", "ollama-embed-1.service", "ollama.service"]
    assert verified(units) == (0, "")


def test_words_of_any_language_stay_in_their_line(tmp_path: Path, program: str) -> None:
    (unit, *_) = installed(tmp_path, pools(TRICKY), program, nasty)
    lines = unit.read_text(encoding="utf-8").splitlines()
    fields = [line.partition("=")[0] for line in lines if line and not line.startswith(("#", "[", "Environment="))]
    assert fields == ["Description", "After", "ExecStart", "User", "Group", "Restart", "RestartSec", "WantedBy"]
    description = next(line for line in lines if line.startswith("Description="))
    assert "50%% " in description
    assert "\\" not in description


@needs_manager
def test_systemd_reads_the_values_as_they_were_meant(tmp_path: Path, program: str) -> None:
    settings = pools(TRICKY)
    (unit, *_) = installed(tmp_path, settings, program)
    (_, second, _) = instances(settings)
    assert as_systemd_reads_them(unit) == second.environment


def test_without_an_installed_service_the_script_changes_nothing(tmp_path: Path) -> None:
    text = exported("systemd-units", pools()).text.replace("/etc/systemd/system", str(tmp_path / "units"))
    no_systemctl = {"PATH": str(tmp_path)}
    child = subprocess.run(["/bin/sh", "-c", text], env=no_systemctl, capture_output=True, text=True, check=False)
    assert child.returncode == 1
    assert child.stderr.startswith("There is no ollama.service on this machine")
    assert not (tmp_path / "units").exists()


def test_the_units_run_as_the_user_of_the_service_that_is_there_and_with_its_store(tmp_path: Path) -> None:
    theirs = Service("llm", "models", unit="llm-server.service")
    text = exported("systemd-units", pools(), service=theirs, models="/srv/models").text
    assert text.count("User=llm\nGroup=models\n") == 2
    assert text.count('Environment="OLLAMA_MODELS=/srv/models"') == 2, "the service itself knows its store"
    assert 'cat > "$units"/llm-server.service.d/zz-ollama-panel.conf' in text
    assert "systemctl cat llm-server.service" in text
    assert "    systemctl restart llm-server.service\n" in text
    assert "ollama.service" not in text
    script = tmp_path / "install.sh"
    script.write_text(text, encoding="utf-8")
    subprocess.run(["sh", str(script), str(tmp_path / "units")], check=True)
    assert (tmp_path / "units" / "llm-server.service.d" / "zz-ollama-panel.conf").is_file()


def test_a_folder_that_the_settings_name_is_that_of_all_workers() -> None:
    named = msgspec.structs.replace(pools(), ollama=OllamaSettings(models_dir="/data"))
    text = exported("systemd-units", named, models="/srv/models").text
    assert text.count('Environment="OLLAMA_MODELS=/data"') == 3
    assert "/srv/models" not in text


def test_a_folder_that_no_worker_gets_leaves_the_store_of_the_service() -> None:
    (chat, *others) = pools().pools
    wrong = msgspec.structs.replace(chat, environment={"OLLAMA_MODELS": "~bob/models"})
    named = msgspec.structs.replace(pools(), pools=(wrong, *others))
    assert "OLLAMA_MODELS" not in exported("systemd", named).text
    units = exported("systemd-units", named, models="/srv/models").text
    assert 'Environment="OLLAMA_MODELS="' not in units


def test_what_the_user_has_written_about_the_service_stays() -> None:
    """`systemctl edit` writes `override.conf`, where the folder of the models may be named."""
    for target in ("systemd", "systemd-units"):
        export = exported(target, pools())
        assert "override.conf" not in export.text + render(export.instructions) + export.files[0].name


def test_the_first_worker_keeps_the_address_of_the_service() -> None:
    text = exported("systemd", pools()).text
    assert "OLLAMA_HOST=" not in text
    assert 'Environment="OLLAMA_NUM_PARALLEL=4"' in text


def test_further_workers_have_their_own_address_and_leave_the_store_alone() -> None:
    text = exported("systemd-units", pools()).text
    assert 'Environment="OLLAMA_HOST=127.0.0.1:11501"' in text
    assert text.count('Environment="OLLAMA_NOPRUNE=1"') == 2


@pytest.mark.parametrize(
    ("value", "written"),
    [("a b", '"a b"'), ('"', r'"\""'), ("\\", r'"\\"'), ("50%", '"50%%"'), ("$X 'y'", "\"$X 'y'\""), ("模", '"模"')],
)
def test_special_signs_are_escaped(value: str, written: str) -> None:
    assert quoted(value) == written


@pytest.mark.parametrize("value", ["two\nlines", "back\rto start", "nul\0", "bell\a", "\x7f"])
def test_a_control_character_is_refused_in_a_sentence(value: str) -> None:
    with pytest.raises(PanelError, match="MOTD in the environment of pool chat has a line break or control character"):
        exported("systemd", pools({"MOTD": value}))


@pytest.mark.parametrize("program", ["ollama", "./ollama", "/usr/bin/olla\nma"])
def test_a_unit_needs_the_full_path_of_the_program(program: str) -> None:
    with pytest.raises(PanelError, match="full path of Ollama"):
        exported("systemd-units", pools(), [program])
