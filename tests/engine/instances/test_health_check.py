import errno
import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from ollama_panel.engine.instances import probe
from ollama_panel.engine.instances.health_check import Answered, HealthCheck, Unanswered

URL = "http://127.0.0.1:1"
TINY = {"models": [{"name": "tiny:latest", "digest": "d1", "size": 5, "size_vram": 5}]}


class Script:
    """Responses by path; other paths raise the error `missing`."""

    def __init__(self, **answers: object) -> None:
        self.answers = answers
        self.missing: Exception | int = 404

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = self.answers.get(request.url.path.removeprefix("/api/"))
        if answer is not None:
            return httpx.Response(200, json=answer)
        if isinstance(self.missing, int):
            return httpx.Response(self.missing)
        raise self.missing

    def health_check(self) -> HealthCheck:
        return HealthCheck(httpx.AsyncClient(transport=httpx.MockTransport(self)))


@pytest.fixture
def process_reads(monkeypatch) -> list[int]:
    """The process ids whose families were read from the process table."""
    seen: list[int] = []

    def read_processes(pid: int, *, environment: bool = False) -> probe.ProcessTree:
        seen.append(pid)
        return probe.ProcessTree(rss_bytes=1, environment={"OLLAMA_NUM_PARALLEL": "3"} if environment else {})

    monkeypatch.setattr(probe, "read_processes", read_processes)
    # these tests make process ids up, and on some machines a real process has that number
    monkeypatch.setattr("ollama_panel.engine.instances.health_check.listens_on", lambda pid, port: True)
    return seen


async def test_a_server_that_answers_tells_version_and_models():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        health_check, port = Script(version={"version": "0.32.15"}, ps=TINY).health_check(), listening.getsockname()[1]
        answer = await health_check.run(f"http://127.0.0.1:{port}", port, os.getpid(), adopted=False)
    assert isinstance(answer, Answered)
    assert (answer.version, [entry.name for entry in answer.entries]) == ("0.32.15", ["tiny:latest"])
    assert answer.process_tree.rss_bytes


@pytest.fixture
def mute_child() -> Iterator[int]:
    """A child process that listens nowhere."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        yield child.pid
        child.communicate(b"end\n")


async def test_a_stranger_that_answers_on_the_port_is_not_taken_for_the_child(mute_child):
    script = Script(version={"version": "0.32.15"}, ps=TINY)
    with socket.create_server(("127.0.0.1", 0)) as strangers:
        port = strangers.getsockname()[1]
        answer = await script.health_check().run(f"http://127.0.0.1:{port}", port, mute_child, adopted=False)
    assert answer == Unanswered(refused=False)


@pytest.mark.parametrize(
    ("missing", "refused"), [(httpx.ConnectError("no"), True), (httpx.ReadTimeout("slow"), False), (500, False)]
)
async def test_silence_has_two_kinds(missing, refused):
    script = Script()
    script.missing = missing
    assert await script.health_check().run(URL, 1, None, adopted=False) == Unanswered(refused)


def connect_error(number: int) -> httpx.ConnectError:
    error = httpx.ConnectError("All connection attempts failed")
    error.__cause__ = OSError(number, os.strerror(number))
    return error


async def test_while_no_connection_can_be_opened_the_last_answer_holds():
    script = Script(version={"version": "0.32.15"}, ps=TINY)
    health_check = script.health_check()
    before = await health_check.run(URL, 1, None, adopted=False)
    script.answers["version"], script.missing = None, connect_error(errno.EMFILE)
    assert await health_check.run(URL, 1, None, adopted=False) is before
    script.missing = connect_error(errno.ECONNREFUSED)
    assert await health_check.run(URL, 1, None, adopted=False) == Unanswered(refused=True)
    script.missing = connect_error(errno.ENFILE)
    assert await health_check.run(URL, 1, None, adopted=False) == Unanswered(refused=False)


async def test_a_server_that_cannot_tell_what_is_loaded_is_alive():
    script = Script(version={"version": "0.1.30"})
    health_check = script.health_check()
    assert isinstance(await health_check.run(URL, 1, None, adopted=False), Answered)
    script.answers["ps"] = TINY
    await health_check.run(URL, 1, None, adopted=False)
    script.answers["ps"] = None
    later = await health_check.run(URL, 1, None, adopted=False)
    assert isinstance(later, Answered)
    assert [entry.name for entry in later.entries] == ["tiny:latest"]


async def test_the_process_table_is_read_again_when_models_or_process_change_or_the_look_is_old(process_reads):
    script = Script(version={"version": "1"}, ps={"models": []})
    health_check = script.health_check()
    for _ in range(3):
        await health_check.run(URL, 1, 11, adopted=False)
    assert process_reads == [11]
    script.answers["ps"] = TINY
    await health_check.run(URL, 1, 11, adopted=False)
    await health_check.run(URL, 1, 12, adopted=False)
    assert process_reads == [11, 11, 12]
    for _ in range(12):
        await health_check.run(URL, 1, 12, adopted=False)
    assert process_reads == [11, 11, 12, 12]


async def test_the_process_of_an_adopted_server_is_searched_for_once(process_reads, monkeypatch):
    searches = []
    monkeypatch.setattr("ollama_panel.engine.instances.health_check.listening_process", searches.append)
    monkeypatch.setattr("ollama_panel.engine.instances.health_check.other_users_server", lambda _: None)
    script = Script(version={"version": "1"}, ps={"models": []})
    health_check = script.health_check()
    for _ in range(3):
        answer = await health_check.run(URL, 1, None, adopted=True)
        assert isinstance(answer, Answered)
        assert answer.pid is None
    assert (searches, process_reads) == ([1], [])
    script.answers.clear()
    script.missing = httpx.ConnectError("no")
    await health_check.run(URL, 1, None, adopted=True)
    script.answers.update(version={"version": "1"}, ps={"models": []})
    await health_check.run(URL, 1, None, adopted=True)
    assert searches == [1, 1]
