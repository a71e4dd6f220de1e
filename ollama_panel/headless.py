"""The engine without a window: the second front end, which the end-to-end tests also start.

It prints the address on standard output, and messages for people on standard error, one per line.
"""

import asyncio
import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

import msgspec

from ollama_panel.core import redact
from ollama_panel.core.errors import PanelError
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings import forms
from ollama_panel.core.settings.tree import Problem
from ollama_panel.core.settings.tree_values import ListenHost
from ollama_panel.core.snapshot import Snapshot
from ollama_panel.engine import end_signals, garbage_collection, logs
from ollama_panel.engine.engine import Engine
from ollama_panel.engine.host.discovery import find_binary
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.thread import new_loop

_STOPPING = notice("panel.stopping")


class ServeOptions(msgspec.Struct, frozen=True):
    """The options of `ollama-panel serve`. `listen` is HOST:PORT, port 0 = any free one; None = as in the settings."""

    listen: str | None = None
    state_dir: Path | None = None
    ollama: str | None = None
    demo: bool = False


def run(options: ServeOptions) -> int:
    """Serve until SIGINT, SIGTERM or SIGHUP, and return the exit status. A second signal ends running requests."""
    try:
        overrides = _overrides(options)
        paths = Paths.of(options.state_dir)
        logs.configure_logging(paths)
        garbage_collection.tune_collector()
        with asyncio.Runner(loop_factory=new_loop) as runner:
            return runner.run(_serve(paths, overrides))
    except PanelError as error:
        _report(str(error))
        return 1


class _Console:
    """Prints each message of the snapshots once; `failed` is set if the proxy cannot listen at the start."""

    def __init__(self) -> None:
        self.give_up: Callable[[], None] = lambda: None
        self._printed: set[str] = set()
        self._url = ""
        self.failed = False

    def show(self, snapshot: Snapshot) -> None:
        """Print the messages that are new."""
        for message in map(render, _messages(snapshot)):
            if message not in self._printed:
                self._printed.add(message)
                _report(message)
        url = snapshot.proxy.url
        if url and url != self._url:
            _print(f"listening on {url}", sys.stdout)
            self._url = url
        elif snapshot.proxy.problem and not self._url and not self.failed:
            self.failed = True
            self.give_up()


async def _serve(paths: Paths, overrides: Overrides) -> int:
    console = _Console()
    engine = Engine(paths, console.show, overrides)
    console.give_up = engine.end
    loop = asyncio.get_running_loop()
    with end_signals.caught(lambda: loop.call_soon_threadsafe(_end, engine), last=True):
        await engine.run()
    return 1 if console.failed else 0


def _end(engine: Engine) -> None:
    _report(render(_STOPPING))
    engine.end()


def _messages(snapshot: Snapshot) -> Iterator[Notice]:
    if snapshot.demo:
        yield notice("demo.asked" if snapshot.demo_asked else "demo")
    for problem in snapshot.problems:
        yield problem.told
    if snapshot.proxy.problem is not None:
        yield snapshot.proxy.problem
    if snapshot.proxy.others:
        yield notice("proxy.others", urls=snapshot.proxy.others)
    for one in snapshot.instances:
        down = one.managed and one.phase in (Phase.BACKOFF, Phase.FAILED)
        if one.detail is not None and (down or one.silent):
            yield Problem(one.id, one.detail).told


def _overrides(options: ServeOptions) -> Overrides:
    """Return the options for the engine. Raises PanelError if the address is invalid or the program is not found."""
    host, port = _address(options.listen)
    if options.ollama:
        find_binary(options.ollama)
    return Overrides(host=host, port=port, binary=options.ollama or "", demo=options.demo, serve=True)


def _address(listen: str | None) -> tuple[str | None, int | None]:
    if listen is None:
        return None, None
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal() or len(port) > 5 or int(port) > 65535:
        raise PanelError(notice("cli.listen", given=forms.quoted(listen)))
    instead = forms.problem(ListenHost, host) if host else None
    if instead is not None:
        wrong = notice("setting.not_that", expected=instead, given=forms.quoted(host))
        raise PanelError(notice("setting.refused", where="--listen", wrong=wrong))
    return host or "127.0.0.1", int(port)


def _report(message: str) -> None:
    """Print a message without secrets: what a service prints is kept in the system's journal."""
    _print(redact.text(message), sys.stderr)


def _print(line: str, to: TextIO) -> None:
    """Print a line. A panel serves on if nobody reads its output any more, or if there is no room for it."""
    with contextlib.suppress(OSError):
        print(line, file=to, flush=True)
