"""Takes the screenshots of the README: the real window, on the demonstration engine, under load and with a tuning.

    python packaging/screenshots.py [--seconds 60] [--out docs/images] [--size 1280x800]

The tuning measures for up to twelve minutes, on a quiet machine: the simulated one shares its processor. `--no-tuning`
leaves it out. Works without a display (QT_QPA_PLATFORM=offscreen is the default) and under Xvfb. The fonts are those of
the machine: install Inter, and Noto Sans CJK for the Chinese picture.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx
import msgspec
from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QSpinBox

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import qasync

from ollama_panel import app as panel_app
from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.records import RequestClass, Role
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.settings.tree_scheduling import SchedulingSettings
from ollama_panel.core.settings.tree_window import Theme, WindowSettings
from ollama_panel.core.tuning.record import ENDED, TuningRecord
from ollama_panel.core.tuning.task import TuningTask
from ollama_panel.engine import configfile
from ollama_panel.engine.engine import Engine
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.thread import LoopThread
from ollama_panel.gui.client import EngineClient
from ollama_panel.gui.quit_request import QuitRequest
from ollama_panel.gui.shell import Shell
from ollama_panel.gui.widgets.toast_stack import ToastBox
from ollama_panel.gui.window_state import WindowState
from screenshots_doctor import record

ROOT = Path(__file__).resolve().parents[1]
APPEARANCES = {
    "overview-dark": WindowSettings(Theme.DARK, "en"),
    "overview-light": WindowSettings(Theme.LIGHT, "en"),
    "overview-zh": WindowSettings(Theme.LIGHT, "zh_CN"),
}
INDEXER = "indexer"
"""The program that waits for the others, so that the pictures show what that does."""
SETTINGS = Settings(
    scheduling=SchedulingSettings(classes={INDEXER: RequestClass.BATCH}),
    window=APPEARANCES["overview-dark"],
    pools=(
        PoolSettings(PoolName("chat"), Role.CHAT, workers=2, parallel=3),
        PoolSettings(PoolName("embedding"), Role.EMBEDDING, workers=1, parallel=1, context_length=2048),
    ),
)
TUNING = TuningTask(PoolName("chat"), ModelName("llama3.1:8b"))
"""What is tuned after the load has ended."""
ENOUGH_TRIALS = 4
"""The trials that have ended when the picture of a tuning under way is taken."""
CLIENTS = 20
PROGRAMS = (INDEXER, "chat-ui", INDEXER, "notebook", INDEXER)
WAVE_S = 17.0
QUESTIONS = ("Why is the sky blue?", "Write a limerick about queues.", "Summarise the plot of Moby-Dick in detail.")


class Load:
    """Clients that chat and embed until they are cancelled; runs on the engine's thread."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def run(self) -> None:
        """Run all clients."""
        limits = httpx.Limits(max_connections=None)
        async with (
            httpx.AsyncClient(base_url=self._url, timeout=None, trust_env=False, limits=limits) as client,
            asyncio.TaskGroup() as group,
        ):
            for number in range(CLIENTS):
                group.create_task(self._chat(client, number))
            group.create_task(self._embed(client))

    async def _chat(self, client: httpx.AsyncClient, number: int) -> None:
        turn = 0
        while True:
            turn += 1
            body = {
                "model": "llama3.1:8b",
                "messages": [{"role": "user", "content": QUESTIONS[(number + turn) % len(QUESTIONS)]}],
                "options": {"num_predict": 60 + 37 * ((number * 7 + turn * 3) % 9)},
            }
            headers = {"X-Client-ID": PROGRAMS[number % len(PROGRAMS)]}
            async with client.stream("POST", "/api/chat", json=body, headers=headers) as reply:
                async for _ in reply.aiter_bytes():
                    pass
            # Most clients return in waves, so that the queue grows and shrinks.
            now = asyncio.get_running_loop().time()
            await asyncio.sleep((-now % WAVE_S) + number % 5 * 0.7 if number % 4 else 0)

    async def _embed(self, client: httpx.AsyncClient) -> None:
        while True:
            await client.post("/api/embed", json={"model": "nomic-embed-text", "input": ["a page of a book"] * 4})
            await asyncio.sleep(0.4)


async def until(client: EngineClient, holds: Callable[[], bool]) -> None:
    """Wait until a condition holds, checking it at every snapshot."""
    done = asyncio.Event()
    client.snapshot_changed.connect(lambda: done.set() if holds() else None)
    if not holds():
        await done.wait()


def has_appearance(client: EngineClient, appearance: WindowSettings) -> bool:
    """Return whether the settings have this appearance."""
    return client.snapshot.settings.window == appearance


def close_alerts(shell: Shell) -> None:
    """Take the alerts away: they are about the machine that takes the pictures."""
    for alert in shell.window.alerts.open:
        shell.window.alerts.close(alert)


def close_toasts(shell: Shell) -> None:
    """Take the toasts away: they cover what the picture is for."""
    for toast in shell.window.findChildren(ToastBox):
        toast.close_button.click()


async def use(client: EngineClient, appearance: WindowSettings) -> None:
    """Change the appearance, and wait until it is in force."""
    if client.snapshot.settings.window != appearance:
        await client.apply(msgspec.structs.replace(client.snapshot.settings, window=appearance))
        await until(client, partial(has_appearance, client, appearance))


async def take(shell: Shell, client: EngineClient, out: Path, size: tuple[int, int]) -> None:
    """Write one screenshot per appearance, with a slider moved so that Apply shows its plan."""
    for name, appearance in APPEARANCES.items():
        await use(client, appearance)
        shell.window.resize(*size)
        close_alerts(shell)
        card = shell.window.overview.pool_cards[PoolName("chat")]
        card.findChildren(QSpinBox)[0].setValue(4)
        # Wait for one more sample, for the charts of a new window.
        await asyncio.sleep(1)
        close_toasts(shell)
        path = out / f"{name}.png"
        shell.window.grab().save(str(path))
        card.revert.click()
        print(f"wrote {path}")
        for picture, taken in OTHER_PAGES.get(name, ()):
            await taken(shell, client, out / picture)


async def take_connect(shell: Shell, client: EngineClient, path: Path) -> None:
    """Write a screenshot of the page that shows clients the way, with a test that was answered."""
    shell.window.show_page_named("connect")
    page = shell.window.connect_page
    page.send.click()
    await until(client, lambda: page.trial.trial is not None and page.trial.trial.record is not None)
    close_toasts(shell)
    shell.window.grab().save(str(path))
    print(f"wrote {path}")
    shell.window.show_page_named("overview")


async def take_export(shell: Shell, client: EngineClient, path: Path) -> None:
    """Write a screenshot of the page of the exports, with what the tools of this machine say of the chosen one."""
    shell.window.show_page_named("export")
    page = shell.window.export
    page.targets.choose("haproxy")
    await until(client, lambda: page.is_checked)
    close_toasts(shell)
    shell.window.grab().save(str(path))
    print(f"wrote {path}")
    shell.window.show_page_named("overview")


async def take_doctor(shell: Shell, client: EngineClient, path: Path) -> None:
    """Write a screenshot of the page of the doctor, with what it finds on made-up machines: this one has no Ollama."""
    shell.window.show_page_named("doctor")
    made_up = msgspec.structs.replace(client.snapshot, doctor=record(QDateTime.currentSecsSinceEpoch()))
    client.snapshot_changed.emit(made_up)
    client.blockSignals(True)  # the engine goes on to publish its own state
    await asyncio.sleep(1)
    close_toasts(shell)
    shell.window.grab().save(str(path))
    client.blockSignals(False)
    print(f"wrote {path}")
    shell.window.show_page_named("overview")


OTHER_PAGES = {
    "overview-dark": [("export-dark.png", take_export)],
    "overview-light": [("connect-light.png", take_connect), ("doctor-light.png", take_doctor)],
}
"""The pictures of other pages that are taken in the same appearance."""


def is_ended(tuning: TuningRecord | None) -> bool:
    """Return whether a tuning has ended."""
    return tuning is not None and tuning.state in ENDED


def can_be_shown(tuning: TuningRecord | None) -> bool:
    """Return whether a tuning under way has a curve, and figures of its trial."""
    grown = tuning is not None and len(tuning.outcomes) >= ENOUGH_TRIALS
    return is_ended(tuning) or (grown and tuning is not None and tuning.partial is not None)


def reached(client: EngineClient, ready: Callable[[TuningRecord | None], bool]) -> bool:
    """Return whether the tuning is as far as `ready` asks for."""
    return ready(client.snapshot.tuning)


async def take_tuning(shell: Shell, client: EngineClient, out: Path, size: tuple[int, int]) -> None:
    """Tune a pool; write a dark screenshot while that goes on, and a light one of what it has found."""
    await use(client, APPEARANCES["overview-dark"])
    shell.window.resize(*size)
    shell.window.show_page_named("tuning")
    await until(client, lambda: not any(one.in_flight for one in client.snapshot.instances))
    await client.tune(TUNING)
    for name, appearance, ready in (
        ("tuning-dark", APPEARANCES["overview-dark"], can_be_shown),
        ("tuning-light", APPEARANCES["overview-light"], is_ended),
    ):
        await until(client, partial(reached, client, ready))
        await use(client, appearance)
        shell.window.resize(*size)
        close_alerts(shell)
        await asyncio.sleep(1)  # the list of earlier tunings comes
        close_toasts(shell)
        shell.window.grab().save(str(out / f"{name}.png"))
        print(f"wrote {out / name}.png")


async def scene(options: argparse.Namespace, state: Path, thread: LoopThread, application: object) -> None:
    """Start the panel, run it under load for a while, take the screenshots, and shut it down."""
    paths = Paths.of(state)
    configfile.write(paths.settings, SETTINGS)
    client = EngineClient(thread, lambda publish: Engine(paths, publish, Overrides(demo=True, port=0)), SETTINGS)
    client.start()
    await client.first()
    remembered = WindowState(paths.window)
    shell = Shell(application, client, QuitRequest(), remembered, lambda: None)  # type: ignore[arg-type]  # it has what Shell uses
    shell.show()
    await until(
        client,
        lambda: (
            bool(client.snapshot.proxy.url) and all(one.phase.value == "ready" for one in client.snapshot.instances)
        ),
    )
    load = thread.submit(Load(client.snapshot.proxy.url).run())
    await asyncio.sleep(options.seconds)
    width, height = map(int, options.size.split("x"))
    await take(shell, client, options.out, (width, height))
    load.cancel()
    if options.tuning:
        await take_tuning(shell, client, options.out, (width, height))
    shell.hide()
    await client.shutdown(force=True)


def main() -> int:
    """Take the screenshots."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="how long the load runs first")
    parser.add_argument("--no-tuning", dest="tuning", action="store_false", help="take no pictures of a tuning")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--size", default="1280x800")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    application = panel_app.make_application()
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    thread = LoopThread()
    thread.start()
    with loop, tempfile.TemporaryDirectory() as state:
        try:
            loop.run_until_complete(scene(options, Path(state), thread, application))
        finally:
            thread.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
