"""What people are told of hung instances."""

import pytest

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.notices.render import render
from ollama_panel.core.watchdog import Watch
from ollama_panel.core.watchdog_record import WatchdogState
from ollama_panel.core.watchdog_told import Doubt, answered_nothing, left, restarted, told

CHAT, TINY = InstanceId("chat-1"), ModelName("tiny:latest")


def doubt(*, managed: bool = True, restarts: bool = True, exhausted: bool = False) -> Doubt:
    return Doubt(CHAT, TINY, managed, restarts, exhausted)


def test_without_doubt_nothing_is_told():
    assert told(doubt(), Watch()) is None


def test_an_ask_is_told_with_its_misses():
    said = told(doubt(), Watch(WatchdogState.ASKING, 75.4, 1))
    assert said is not None
    assert render(said).startswith("tiny:latest at chat-1 has work and has sent nothing for 75 s.")
    assert "1 of 3 were missed" in render(said)


@pytest.mark.parametrize(
    ("whose", "code"),
    [
        (doubt(), "watchdog.hung"),
        (doubt(exhausted=True), "watchdog.exhausted"),
        (doubt(restarts=False, exhausted=True), "watchdog.hung_left"),
        (doubt(managed=False), "watchdog.hung_adopted"),
    ],
)
def test_of_one_that_hangs_it_is_told_who_is_to_restart_it(whose, code):
    said = told(whose, Watch(WatchdogState.HUNG, 104.0, 3))
    assert said is not None
    assert said.code == code


def test_a_restart_names_the_evidence_if_there_is_some():
    assert "/evidence/1" in render(restarted(CHAT, (TINY,), 104.0, "/evidence/1"))
    assert restarted(CHAT, (TINY,), 104.0, "").code == "watchdog.restarted_bare"
    assert "/evidence/1" in render(answered_nothing(CHAT, "/evidence/1"))
    assert answered_nothing(CHAT, "").code == "watchdog.silent_bare"


def test_of_a_process_that_is_left_it_is_told_that_it_ends():
    assert "It ends now" in render(left(CHAT, TINY, 104.0))
