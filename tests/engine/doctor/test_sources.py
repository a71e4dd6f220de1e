"""Sources are found on a machine and read from it, by real shells."""

import os
import sys
from pathlib import Path

import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.sources import read
from ollama_panel.core.sources.record import SourceKind
from ollama_panel.engine.doctor.sources import sources_of
from tests.fakes.stub_machine import StubMachine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its machine is made of scripts of sh")
UNIT = "[Service]\nExecStart=/usr/bin/ollama serve\nEnvironmentFile=-%h/ollama.env\n"


@pytest.fixture
def machine(tmp_path: Path) -> StubMachine:
    machine = StubMachine(tmp_path / "it's a machine")
    (machine.units / "ollama.service").write_text(UNIT)
    drop_ins = machine.units / "ollama.service.d"
    drop_ins.mkdir()
    (drop_ins / "override.conf").write_text("[Service]\nEnvironment=OLLAMA_NUM_PARALLEL=4")
    (machine.home / "ollama.env").write_text("OLLAMA_HOST=0.0.0.0\n")
    return machine


async def test_all_that_a_machine_has(machine: StubMachine) -> None:
    (source,) = [one for one in await sources_of(machine.host) if one.unit == "ollama.service"]
    assert source.kind is SourceKind.SYSTEMD
    assert [(one.path, one.text) for one in source.files] == [
        (f"{machine.units}/ollama.service", UNIT),
        (f"{machine.units}/ollama.service.d/override.conf", "[Service]\nEnvironment=OLLAMA_NUM_PARALLEL=4"),
        (f"{machine.home}/ollama.env", "OLLAMA_HOST=0.0.0.0\n"),
    ]


async def test_scripts_are_told_apart_by_what_they_do(machine: StubMachine) -> None:
    (machine.home / "run.sh").write_text("docker run -d -e OLLAMA_NUM_PARALLEL=4 ollama/ollama\n")
    (machine.home / "set.sh").write_text("launchctl setenv OLLAMA_HOST 0.0.0.0\n")
    (machine.home / "serve.sh").write_text("OLLAMA_HOST=0.0.0.0 ollama serve\n")
    found = {one.path.rpartition("/")[2]: one.kind for one in await sources_of(machine.host)}
    assert (found["run.sh"], found["set.sh"], found["serve.sh"]) == (
        SourceKind.DOCKER_RUN,
        SourceKind.LAUNCHCTL,
        SourceKind.SHELL,
    )


@pytest.mark.parametrize("what", ["~/.config/systemd/user/ollama.service", "~/.config/systemd/user"])
async def test_a_unit_by_its_file_or_folder(machine: StubMachine, what: str) -> None:
    (source,) = await sources_of(machine.host, what)
    assert (source.kind, source.unit) == (SourceKind.SYSTEMD, "ollama.service")
    assert [one.path.rpartition("/")[2] for one in source.files] == ["ollama.service", "override.conf", "ollama.env"]


async def test_what_is_not_there_is_said(machine: StubMachine) -> None:
    with pytest.raises(PanelError, match=r"There is no file, no unit and no container nobody\."):
        await sources_of(machine.host, "nobody")
    (machine.home / "notes.txt").write_text("to do\n")
    with pytest.raises(PanelError, match=r"notes\.txt says nothing about Ollama in a format that is known"):
        await sources_of(machine.host, "~/notes.txt")


async def test_what_is_no_file_is_not_waited_for(machine: StubMachine) -> None:
    os.mkfifo(machine.home / "pipe.env")
    with pytest.raises(PanelError, match=r"pipe\.env says nothing about Ollama"):
        await sources_of(machine.host, "~/pipe.env")
    (machine.units / "ollama.service").write_text(UNIT.replace("-%h/ollama.env", "%h/pipe.env"))
    (source,) = [one for one in await sources_of(machine.host) if one.unit == "ollama.service"]
    assert source.files[-1].problem is not None


async def test_files_of_a_folder_come_in_the_order_of_their_names(machine: StubMachine) -> None:
    folder = machine.home / "units"
    folder.mkdir()
    names = [f"ollama-{number}.service" for number in range(9)]
    for name in reversed(names):
        (folder / name).write_text("[Service]\nExecStart=/usr/bin/ollama serve\n")
    assert [one.unit for one in await sources_of(machine.host, "~/units")] == names


async def test_environment_files_by_a_pattern(machine: StubMachine) -> None:
    folder = machine.home / "it's $(here)"
    folder.mkdir()
    for name in ("b.env", "a.env", ".hidden.env", "c.conf"):
        (folder / name).write_text(f"OLLAMA_DEBUG={name}\n")
    (folder / "d.env").mkdir()
    text = "[Service]\nExecStart=/usr/bin/ollama serve\nEnvironmentFile=%h/it's $(here)/[ab]*.env\n"
    (machine.units / "ollama.service").write_text(text)
    (source,) = await sources_of(machine.host, "~/.config/systemd/user/ollama.service")
    assert [one.name for one in source.files] == ["ollama.service", "override.conf", "a.env", "b.env"]
    assert read(source).variables["OLLAMA_DEBUG"] == "b.env"


async def test_a_pattern_is_no_command(machine: StubMachine) -> None:
    text = "[Service]\nExecStart=/usr/bin/ollama serve\nEnvironmentFile=-/\\;touch %h/done;*\\\n#\n"
    (machine.units / "ollama.service").write_text(text)
    await sources_of(machine.host, "~/.config/systemd/user/ollama.service")
    assert not (machine.home / "done").exists()
