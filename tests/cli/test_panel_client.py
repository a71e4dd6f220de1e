"""Whom the commands ask, and what they say if it is not the panel of their folder."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome
from tests.cli.stand_in import Reply, StandIn, reply, standing_in

Panel = Callable[..., Outcome]
REQUESTS = "GET /panel/v1/requests"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    with standing_in(tmp_path) as stand_in:
        yield stand_in


def test_a_program_that_has_the_port_of_a_killed_panel_gets_nothing(
    panel: Panel, server: StandIn, tmp_path: Path
) -> None:
    (tmp_path / "panel.lock").write_bytes(b"1")
    asked = panel("requests", "--state-dir", tmp_path)
    changed = panel("settings", "set", "pools.chat.environment.HF_TOKEN", "secret", "--state-dir", tmp_path)
    assert asked.err.startswith(f"No panel runs on {tmp_path}")
    assert changed == (0, "pools.chat.environment.HF_TOKEN = secret\n", "")
    assert server.asked == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Reply(401, [b"{}"]), "is not the one of this folder"),
        (Reply(404, [b"<html>\n  <p>no such\n  file"]), "answers 404: <html> <p>no such file"),
        (Reply(500, [b"out of order"]), "answers 500: out of order"),
        (
            reply({"error": "It failed; its log says why.", "code": "panel.error"}, 500),
            "It failed; its log says why.\n",
        ),
        (reply([]), "of another version"),
        (Reply(200, [b"\xff"]), "of another version"),
        (Reply(200, [b"{"], breaks=True), "does not answer"),
    ],
)
def test_an_unexpected_answer_is_one_sentence(
    panel: Panel, server: StandIn, tmp_path: Path, answer: Reply, said: str
) -> None:
    server.on(REQUESTS, answer)
    outcome = panel("requests", "--state-dir", tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert said in outcome.err
    assert len(outcome.err.splitlines()) == 1


@pytest.mark.parametrize("answer", [Reply(401, [b"{}"]), Reply(404, [b"<html>"]), Reply(501, [b"no"])])
@pytest.mark.parametrize(
    "command",
    [
        ("settings", "set", "pools.chat.parallel", "4"),
        ("pools", "set", "chat", "--parallel", "4"),
        ("pools", "add", "code", "--role", "code"),
        ("pools", "remove", "chat"),
        ("keys", "add", "laptop"),
    ],
)
def test_if_it_is_another_program_the_file_is_changed(
    panel: Panel, server: StandIn, tmp_path: Path, answer: Reply, command: tuple[str, ...]
) -> None:
    server.replies = dict.fromkeys(
        (
            "PATCH /panel/v1/settings",
            "GET /panel/v1/pools/chat",
            "PATCH /panel/v1/pools/chat",
            "POST /panel/v1/pools",
            "POST /panel/v1/keys",
        ),
        lambda _: answer,
    )
    assert panel(*command, "--state-dir", tmp_path).status == 0
    assert (tmp_path / "settings.json").exists()


def test_of_a_panel_whose_proxy_is_off_the_file_is_changed(panel: Panel, tmp_path: Path) -> None:
    (tmp_path / "panel.json").write_text('{"pid": 7, "url": ""}', encoding="utf-8")
    outcome = panel("pools", "set", "chat", "--parallel", "4", "--state-dir", tmp_path)
    assert "The running panel follows:\n  chat-1: restarted" in outcome.out
    started = panel("start", "chat", "--state-dir", tmp_path)
    assert started.err == "The panel (process 7) runs, but its proxy is off: switch it on in the window.\n"


@pytest.mark.parametrize(
    "command",
    [
        ("start", "chat"),
        ("stop", "--all"),
        ("restart", "chat-1"),
        ("logs", "-f", "chat-1"),
        ("requests",),
        ("requests", "cancel", "a"),
    ],
)
def test_what_only_a_running_panel_can_do_says_how_to_start_one(
    panel: Panel, tmp_path: Path, command: tuple[str, ...]
) -> None:
    outcome = panel(*command, "--state-dir", tmp_path)
    assert outcome == (
        1,
        "",
        f"No panel runs on {tmp_path}: start one with ollama-panel, or give its folder with --state-dir.\n",
    )


@pytest.fixture
def closed_folder(tmp_path: Path) -> Iterator[Path]:
    """A state folder that another user may not look into; root acts as nobody meanwhile."""
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o700)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no rights of this kind")
@pytest.mark.parametrize(
    "command",
    [
        ("status",),
        ("pools",),
        ("pools", "add", "x", "--role", "code"),
        ("settings", "set", "proxy.port", "5"),
        ("keys", "add", "laptop"),
        ("restart", "--all"),
    ],
)
def test_the_panel_of_another_user_is_one_sentence(panel: Panel, closed_folder: Path, command: tuple[str, ...]) -> None:
    status, printed, told = panel(*command, "--state-dir", closed_folder)
    assert (status, printed) == (1, "")
    assert told.startswith(f"{closed_folder}")
    assert told.endswith(
        "cannot be read (Permission denied). If the panel is another user's, run the command as that user.\n"
    )
    assert len(told.splitlines()) == 1
