"""Commands by the shell, and those of an administrator."""

import asyncio
import sys
from pathlib import Path

import psutil
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.engine.host import shell
from ollama_panel.engine.host.shell import REFUSED, as_administrator, may_ask_password, printed
from tests.fakes.waiting import polled

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands are the shell's")


def pkexec(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    (program := folder / "pkexec").write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")


def test_a_command_runs_as_it_is_shown() -> None:
    assert shell.shell("printf '%s\\n' a b | cat") == "a\nb\n"
    assert printed("echo told") == "told\n"
    assert printed("exit 3") is None


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("echo first >&2; echo last. >&2; exit 1", "last."),
        ("echo only; exit 1", "only."),
        ("exit 7", "7."),
    ],
)
def test_one_that_fails_tells_its_last_words(command: str, words: str) -> None:
    with pytest.raises(PanelError) as failed:
        shell.shell(command)
    assert str(failed.value) == f"`{command}` has failed: {words}"


def test_one_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "LIMIT_S", 0.05)
    with pytest.raises(PanelError, match="timed out"):
        shell.shell("exec tail -f /dev/null")


async def test_an_administrator_is_asked_once_for_all_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log"
    pkexec(tmp_path, monkeypatch, f'echo "$@" >> "{log}"')
    assert may_ask_password()
    await as_administrator(["sudo mkdir -p /a", "printf x | sudo tee /a/b > /dev/null", "sudo systemctl daemon-reload"])
    assert log.read_text() == "/bin/sh -c mkdir -p /a && printf x | tee /a/b > /dev/null && systemctl daemon-reload\n"


@pytest.mark.parametrize("code", [126, 127])
async def test_an_administrator_who_refuses_leaves_it_to_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    pkexec(tmp_path, monkeypatch, f"exit {code}")
    with pytest.raises(PanelError) as failed:
        await as_administrator(["sudo true"])
    assert failed.value.notice.code == REFUSED


async def test_a_command_of_an_administrator_that_fails_is_no_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pkexec(tmp_path, monkeypatch, "echo Unit not found. >&2; exit 5")
    with pytest.raises(PanelError, match="Unit not found"):
        await as_administrator(["sudo true"])


async def test_without_pkexec_nobody_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not may_ask_password()
    with pytest.raises(PanelError, match="has failed"):
        await as_administrator(["sudo true"])


async def test_a_panel_that_ends_waits_for_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = tmp_path / "asked"
    pkexec(tmp_path, monkeypatch, f'echo $$ > "{asked}.new"; mv "{asked}.new" "{asked}"; exec tail -f /dev/null')
    waiting = asyncio.ensure_future(as_administrator(["sudo true"]))  # noqa: TID251 - it is cancelled below

    async def is_asked() -> bool:
        return asked.exists()

    await polled(is_asked, "the question")
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    async def is_gone() -> bool:
        return not psutil.pid_exists(int(asked.read_text()))

    await polled(is_gone, "the question to be gone")
