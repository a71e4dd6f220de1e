"""The choice of the Ollama to run, and command line options that override the settings."""

from pathlib import Path

import pytest

from ollama_panel.core.settings import codec
from ollama_panel.core.settings.exposure import requires_key
from ollama_panel.core.settings.tree import Settings
from ollama_panel.engine.host import installation
from ollama_panel.engine.overrides import Overrides


@pytest.fixture
def program(tmp_path: Path) -> str:
    path = tmp_path / "ollama"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_a_program_that_was_named_is_run(program: str) -> None:
    found = installation.resolve(codec.set(Settings(), "ollama.binary", program), Overrides())
    assert (found.command, found.binary, found.demo, found.problems) == ((program,), program, False, ())


def test_the_command_line_wins_over_the_settings(program: str) -> None:
    settings = codec.set(Settings(), "ollama.binary", "/nowhere/else")
    assert installation.resolve(settings, Overrides(binary=program)).binary == program


@pytest.mark.parametrize(
    ("settings", "overrides", "where"),
    [
        (codec.set(Settings(), "ollama.binary", "/nowhere/ollama"), Overrides(), "ollama.binary"),
        (Settings(), Overrides(binary="/nowhere/ollama"), "--ollama"),
    ],
)
def test_a_program_that_is_not_there_is_a_problem_and_no_demo(
    settings: Settings, overrides: Overrides, where: str
) -> None:
    found = installation.resolve(settings, overrides)
    assert not found.demo
    assert [problem.where for problem in found.problems] == [where]


def test_without_an_ollama_there_is_a_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "find_binary", lambda _: None)
    found = installation.resolve(Settings(), Overrides())
    assert found.demo
    assert found.command == Overrides().demo_command


def test_while_the_ollama_that_runs_is_replaced_there_is_no_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "find_binary", lambda _: None)
    found = installation.resolve(Settings(), Overrides(), "/usr/bin/ollama")
    assert (found.command, found.demo) == (("/usr/bin/ollama",), False)
    assert [problem.where for problem in found.problems] == ["ollama.binary"]


def test_a_demonstration_can_be_asked_for(program: str) -> None:
    assert installation.resolve(codec.set(Settings(), "ollama.binary", program), Overrides(demo=True)).demo


def test_an_address_from_the_command_line_wins() -> None:
    assert (Overrides().proxy(Settings()).host, Overrides().proxy(Settings()).port) == ("127.0.0.1", 11435)
    options = Overrides(host="0.0.0.0", port=0).proxy(Settings())
    assert (options.host, options.port) == ("0.0.0.0", 0)


def test_an_address_from_the_command_line_that_others_can_reach_needs_a_key_like_one_from_the_settings() -> None:
    assert requires_key(Overrides(host="0.0.0.0").proxy(Settings()))
    reachable = codec.set(Settings(), "proxy.host", "0.0.0.0")
    assert not requires_key(Overrides(host="127.0.0.1").proxy(reachable))
    assert not requires_key(Overrides(host="0.0.0.0").proxy(codec.set(Settings(), "proxy.require_key", "never")))


def test_ollama_is_missing_only_if_nobody_wants_a_demonstration(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    named = codec.set(Settings(), "ollama.binary", program)
    assert not installation.resolve(named, Overrides()).missing
    assert installation.resolve(Settings(), Overrides(binary="/nowhere/ollama")).missing
    monkeypatch.setattr(installation, "find_binary", lambda _: None)
    assert installation.resolve(Settings(), Overrides()).missing
    asked = installation.resolve(Settings(), Overrides(demo=True))
    assert (asked.demo, asked.demo_asked, asked.missing) == (True, True, False)
