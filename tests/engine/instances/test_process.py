import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable

import psutil
import pytest

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices.render import render
from ollama_panel.engine.instances.process import Child, LogRing, Outcome, descendants, spawn

LOOPS = {"asyncio": asyncio.new_event_loop}
with contextlib.suppress(ImportError):  # there is none for Windows
    import uvloop

    LOOPS["uvloop"] = uvloop.new_event_loop


async def run(code: str, on_line: Callable[[str, Child], None] | None = None) -> tuple[list[str], Outcome]:
    """Run Python code as a child to its end; `on_line` sees each line while the child lives."""
    lines: list[str] = []
    ended: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
    heard = asyncio.Event()

    def hear(line: str) -> None:
        lines.append(line)
        heard.set()

    child = await spawn([sys.executable, "-u", "-c", code], os.environ, hear, ended.set_result)
    if on_line is not None:
        await heard.wait()
        on_line(lines[0], child)
    return lines, await ended


@pytest.mark.parametrize("loop", LOOPS)
def test_a_child_is_watched_on_a_loop_that_is_not_the_main_threads(loop):
    results = []

    def work() -> None:
        with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
            results.append(runner.run(run("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert results == [(["out", "err"], Outcome(3))]


async def test_the_end_is_reported_after_the_last_words():
    lines, outcome = await run("print('no newline at the end', end='')")
    assert (lines, render(outcome.notice)) == (["no newline at the end"], "The server ended with exit code 0.")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
async def test_a_signal_is_named():
    _, outcome = await run("import os; os.kill(os.getpid(), 15)")
    assert render(outcome.notice) == "The server was ended by SIGTERM."
    assert render(Outcome(-250).notice) == "The server was ended by signal 250."


async def test_bytes_that_are_no_text_and_endless_lines_do_no_harm():
    lines, _ = await run("import sys; sys.stdout.buffer.write(b'\\xff\\r\\n' + b'x' * 300000 + b'\\nend\\n')")
    assert lines[0] == "\N{REPLACEMENT CHARACTER}"
    assert lines[-1] == "end"
    assert max(map(len, lines)) <= 64 * 1024


async def test_of_a_line_that_is_too_long_no_rest_is_taken_for_another_line():
    lines, _ = await run("import sys; sys.stdout.write('x' * 64 * 1024 + 'panic: forged ' * 50_000 + '\\nend\\n')")
    assert lines == ["x" * 64 * 1024, "end"]


GRANDCHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"]{options})
print(child.pid)
{then}
"""


async def test_what_a_child_leaves_behind_dies_with_it_though_it_holds_the_pipe():
    lines, outcome = await run(GRANDCHILD.format(options="", then=""))
    assert outcome == Outcome(0)
    await until_gone(int(lines[0]))


async def test_kill_reaches_descendants_that_left_the_group():
    def kill(_: str, child: Child) -> None:
        child.remember(descendants(child.pid))
        child.kill()

    lines, outcome = await run(GRANDCHILD.format(options=", start_new_session=True", then="child.wait()"), kill)
    assert outcome.code != 0
    await until_gone(int(lines[0]))


async def until_gone(pid: int) -> None:
    async with asyncio.timeout(10):
        while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            await asyncio.to_thread(psutil.pids)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions")
async def test_a_program_that_may_not_be_run_is_a_sentence(tmp_path):
    program = tmp_path / "ollama"
    program.write_text("")
    with pytest.raises(PanelError, match="may not be run"):
        await spawn([str(program)], {}, print, print)
    program.chmod(0o755)
    with pytest.raises(PanelError, match="could not be started: Exec format error"):
        await spawn([str(program)], {}, print, print)


def test_the_ring_drops_the_oldest_and_never_reuses_a_number():
    ring = LogRing(limit=3)
    for text in "abcde":
        ring.append(text)
    assert [(line.number, line.text) for line in ring.after(0)] == [(3, "c"), (4, "d"), (5, "e")]
    assert [line.text for line in ring.after(4)] == ["e"]
    assert ring.after(5) == ring.after(99) == ()
