"""The tools of this machine are asked about an export; here they are scripts, and `sh`, which is everywhere."""

import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import targets
from ollama_panel.core.export.deployment import Export, ExportFile, Syntax
from ollama_panel.core.export.judges import Outcome, Verdict
from ollama_panel.engine import judging
from tests.core.export.samples import TRICKY, exported, pools
from tests.fakes.waiting import polled

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the tools are scripts of sh here")

Tool = Callable[[str, str], Path]


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tool:
    """Make a tool: its name and its script. No other tool is there."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(judging, "_MORE_PLACES", ())

    def make(name: str, script: str) -> Path:
        path = folder / name
        path.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{textwrap.dedent(script)}")
        path.chmod(0o755)
        return path

    return make


def document(text: str = "{}") -> Export:
    return Export((ExportFile("folder/a b.json", text, Syntax.JSON),), ())


def judged(export: Export, target: str = "json", limit_s: float = 30.0) -> Verdict:
    (verdict,) = judging.judge(target, export, limit_s)
    return verdict


def test_a_tool_sees_the_very_text_at_its_place(tool: Tool, tmp_path: Path) -> None:
    text = "{folder} é模 \\ $x\n"
    tool("jq", f'printf "%s\\n" "$@" > "{tmp_path}/asked"; cat "$2" > "{tmp_path}/seen"')
    assert judged(document(text)).outcome is Outcome.ACCEPTED
    assert (tmp_path / "seen").read_text(encoding="utf-8") == text
    command, path = (tmp_path / "asked").read_text().splitlines()
    assert command == "empty"
    assert path.endswith("/folder/a b.json")
    assert not Path(path).exists(), "nothing is left"


def test_what_a_tool_says_against_a_file_is_told_without_the_folder(tool: Tool) -> None:
    tool("jq", 'echo "$2: line 1: bad" >&2; exit 4')
    verdict = judged(document())
    assert verdict == Verdict("jq", Outcome.REFUSED, "folder/a b.json: line 1: bad", ("folder/a b.json",), "jq")


def test_a_tool_that_is_not_there_is_named_with_its_package(tool: Tool) -> None:
    assert judged(document()) == Verdict("jq", Outcome.MISSING, "", ("folder/a b.json",), "jq")


async def test_a_tool_that_hangs_is_ended_with_what_it_has_started(tool: Tool, tmp_path: Path) -> None:
    tool("jq", f'sleep 600 & echo $! > "{tmp_path}/noted" && mv "{tmp_path}/noted" "{tmp_path}/child"; wait')
    limits = iter((1.0, 5.0, 30.0))  # a loaded machine may not get as far in the first
    while not (tmp_path / "child").exists():
        assert judged(document(), limit_s=next(limits)).outcome is Outcome.SILENT
    child = int((tmp_path / "child").read_text())

    async def ended() -> bool:
        return not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE

    await polled(ended, "the tool's child to end")


def test_the_next_tool_is_asked_if_the_first_lacks_the_part_that_judges(tool: Tool) -> None:
    tool("docker", "echo \"docker: 'compose' is not a docker command.\" >&2; exit 1")
    composed = Export((ExportFile("compose.yaml", "services: {}\n", Syntax.YAML),), ())
    assert judged(composed, "compose").outcome is Outcome.MISSING
    tool("docker-compose", '[ "$1" = -f ] && [ "$3" = config ]')
    assert judged(composed, "compose").tool == "docker-compose config"
    assert judged(composed, "compose").outcome is Outcome.ACCEPTED


def test_a_warning_of_systemd_is_a_refusal(tool: Tool) -> None:
    tool("systemd-analyze", "echo \"x.service:3: Unknown key 'Envronment' in section [Service], ignoring.\"")
    verdict = judged(Export((ExportFile("x.service", "[Service]\n", Syntax.INI),), ()), "systemd-units")
    assert verdict.outcome is Outcome.REFUSED
    assert "Unknown key" in verdict.said


def test_a_tool_that_cannot_be_started_has_refused(tool: Tool) -> None:
    tool("jq", "").write_bytes(b"\x00not a program")
    assert judged(document()).outcome is Outcome.REFUSED


def test_a_full_disk_is_reported_in_a_sentence(tool: Tool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tool("jq", "")
    monkeypatch.setattr(judging.tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(PanelError, match="cannot be written"):
        judged(document())


def here(target: str) -> Sequence[Verdict]:
    """Return what is said of values that break what does not quote them; Homebrew's file has no blanks around one."""
    return judging.judge(target, exported(target, pools({**TRICKY, "SPACES": "a  b"})))


@pytest.mark.parametrize("target", [target.id for target in targets()])
def test_no_tool_of_this_machine_refuses_an_export(target: str) -> None:
    assert [f"{verdict.tool}: {verdict.said}" for verdict in here(target) if verdict.outcome is Outcome.REFUSED] == []
