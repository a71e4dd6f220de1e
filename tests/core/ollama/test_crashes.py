"""Why a server or a runner has ended; `tests/cases/crashes.jsonl` has each cause with its codes and lines."""

import pytest

from ollama_panel.core.notices import notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.crash_causes import Cause
from ollama_panel.core.ollama.crashes import EVIDENCE_LINES, NO_SIGNS, RunnerEnds, SystemSigns, of_server, told
from ollama_panel.core.ollama.serverlog_facts import Crashed, Failure

LISTENS = 'msg="Listening on 127.0.0.1:1 (version 0.32.1)"'
KILLED = "Out of memory: Killed process 4711 (ollama) total-vm:9000kB"
BROKEN = "llama_model_load: error loading model: tensor 'a' data is not within the file bounds"
OTHERWISE = notice("process.exited", code=3)


def test_the_cause_comes_with_the_lines_that_show_it_first() -> None:
    lines = [LISTENS, "Error: something before", "CUDA error: unspecified launch failure", "error: then"]
    found = of_server(-6, lines)
    assert (found.cause, found.signal) == (Cause.DRIVER_LOST, "SIGABRT")
    assert found.evidence == ("CUDA error: unspecified launch failure", "Error: something before", "error: then")
    assert len(found.evidence) <= EVIDENCE_LINES


def test_an_error_before_a_good_start_explains_nothing() -> None:
    assert of_server(3, ["panic: nil map", LISTENS]).cause is Cause.UNKNOWN
    assert of_server(2, [LISTENS, "panic: nil map"]).cause is Cause.PANIC


def test_a_kill_needs_a_sign_of_the_system_to_be_one_for_memory() -> None:
    assert of_server(-9, [LISTENS], NO_SIGNS) == Crashed(Cause.KILLED, signal="SIGKILL")
    assert of_server(-9, [LISTENS], SystemSigns(oom_kills=1)).cause is Cause.MEMORY
    assert of_server(-9, [LISTENS], SystemSigns(short=True)).cause is Cause.MEMORY
    found = of_server(-9, [LISTENS], SystemSigns(kernel=(KILLED,)))
    assert (found.cause, found.evidence) == (Cause.MEMORY, (KILLED,))


def test_memory_that_was_short_at_another_time_does_not_explain_another_end() -> None:
    assert of_server(-11, [LISTENS], SystemSigns(oom_kills=1, short=True)).cause is Cause.FAULT


def test_each_cause_has_a_sentence_with_what_to_do() -> None:
    for cause in Cause:
        named = told(Crashed(cause, ("a line",), signal="SIGTERM"), OTHERWISE)
        assert named.evidence == (() if cause is Cause.UNKNOWN else ("a line",))
        assert named == OTHERWISE or render(named).count(". ") >= 1, cause


def test_a_missing_library_is_named() -> None:
    line = "ollama: error while loading shared libraries: libcudart.so.12: cannot open shared object file: No such file"
    assert "cannot be loaded: libcudart.so.12." in render(told(of_server(127, [line]), OTHERWISE))
    assert "cannot be loaded: one of its own." in render(told(of_server(0xC0000135, []), OTHERWISE))


def test_an_end_in_order_that_nobody_here_asked_for_is_told_without_a_signal() -> None:
    assert render(told(of_server(0, [LISTENS]), OTHERWISE)).startswith("It ended without an error, as it does when")
    assert render(told(of_server(-15, [LISTENS]), OTHERWISE)).startswith("It was ended by SIGTERM. Another program")


def test_the_lines_of_one_end_of_a_runner_are_put_together() -> None:
    ends = RunnerEnds()
    assert ends.heard(Failure(BROKEN), 10.0) is None
    ended = ends.heard(Failure("llama-server terminated: exit status 1"), 10.5)
    assert ended is not None
    assert (ended.cause, ended.runner) == (Cause.MODEL_BROKEN, True)
    assert ended.evidence == (BROKEN, "llama-server terminated: exit status 1")


def test_what_was_said_long_before_the_end_of_a_runner_does_not_explain_it() -> None:
    ends = RunnerEnds()
    ends.heard(Failure(BROKEN), 10.0)
    ended = ends.heard(Failure("llama runner terminated: exit status 1"), 60.0)
    assert ended is not None
    assert ended.cause is Cause.UNKNOWN


def test_the_signal_of_a_runner_is_known_by_its_exit_status() -> None:
    ended = RunnerEnds().heard(Failure("Load failed: llama-server process has terminated: exit status 132"), 1.0)
    assert ended is not None
    assert (ended.cause, ended.signal) == (Cause.ILLEGAL_INSTRUCTION, "SIGILL")


@pytest.mark.parametrize("words", ["llama-server process no longer running", "llama runner process has terminated"])
def test_a_runner_that_was_killed_is_told_so(words: str) -> None:
    ended = RunnerEnds().heard(Failure(f"{words}: signal: killed"), 1.0)
    assert ended is not None
    assert (ended.cause, ended.signal) == (Cause.KILLED, "SIGKILL")
