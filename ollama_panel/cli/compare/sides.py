"""What a comparison may be about: the two sides, each an address, or settings with which a panel of its own is run."""

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import msgspec

from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices.render import render
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.tree import KeyRule, Settings
from ollama_panel.core.tuning import profiles
from ollama_panel.core.tuning.profile import Profile
from ollama_panel.engine import configfile, profiles_file
from ollama_panel.engine.host.ports import taken_ports
from ollama_panel.engine.instances.process import Child, Outcome, spawn
from ollama_panel.engine.paths import Paths

FORMS = (
    "http://HOST:PORT, an address that answers already; a settings file of a panel; the path of an ollama program; "
    "the name of a profile, or POOL:PROFILE; KEY=VALUE[,KEY=VALUE], the settings in force with that changed; "
    "current, the settings in force"
)
CURRENT = "current"
_LISTENING = "listening on "
_FIRST_PORTS = range(21_500, 32_700, 100)
"""Below those that systems give to outgoing connections: 32,768 and more on Linux, 49,152 and more on others."""
_START_S = 60.0
_WORKERS_S = 180.0
"""Ollama starts within seconds, and after a crash it is started again some times."""
_LOOK_S = 0.1
_END_S = 15.0
"""How long a panel may take to end before it is asked again, which ends running requests, and then killed."""


class SideError(Exception):
    """A side that cannot be measured, in a sentence."""


class Side(msgspec.Struct, frozen=True):
    """One side: `text` is what the user wrote, `url` its address, or `settings` those of its own panel."""

    text: str
    url: str = ""
    settings: Settings | None = None

    @property
    def context(self) -> int | None:
        """The shortest context of a slot for answers, in tokens; None = unknown."""
        pools = self.settings.pools if self.settings is not None else ()
        return min((pool.context_length for pool in pools if pool.workers), default=None)


def parsed(text: str, state_dir: Path | None, ollama: str | None = None) -> Side:
    """Return a side. Raises SideError, or PanelError, if it is none. `ollama` is the program of own panels."""
    if text.startswith(("http://", "https://")):
        return Side(text, url=text.rstrip("/"))
    settings = _settings(text, Paths.of(state_dir))
    if ollama:
        settings = codec.set(settings, "ollama.binary", ollama)
    return Side(text, settings=settings)


def _settings(text: str, paths: Paths) -> Settings:
    in_force = configfile.look(paths.settings).settings
    if text == CURRENT:
        return in_force
    if "=" in text:
        return _changed(in_force, text)
    if (path := Path(text).expanduser()).is_file():
        return _of_file(in_force, path)
    return _of_profile(in_force, text, profiles_file.read(paths.profiles))


def _changed(settings: Settings, text: str) -> Settings:
    """Return settings after KEY=VALUE,KEY=VALUE; what follows a comma and has no `=` belongs to the value before."""
    pairs = list[str]()
    for part in text.split(","):
        if "=" in part or not pairs:
            pairs.append(part)
        else:
            pairs[-1] += "," + part
    for key, _, value in (pair.partition("=") for pair in pairs):
        settings = codec.set(settings, key.strip(), value.strip())
    return settings


def _of_file(settings: Settings, path: Path) -> Settings:
    content = path.read_bytes()
    if not content.lstrip().startswith(b"{"):
        if os.access(path, os.X_OK):
            return codec.set(settings, "ollama.binary", str(path.resolve()))
        raise SideError(f"{path} is neither a settings file of a panel nor a program.")
    found, problems = codec.load(content)
    if problems:
        raise SideError(f"{path}: {render(problems[0].told)}")
    return found


def _of_profile(settings: Settings, text: str, known: tuple[Profile, ...]) -> Settings:
    """Return settings with a profile in the pool that is named before the colon, by default in that of its name."""
    pool_name, _, name = text.rpartition(":")
    named = {profile.name: profile for profile in known}
    profile = named.get(text) or named.get(name)
    if profile is None:
        raise SideError(f"{text} is none of these: {FORMS}.")
    wanted = pool_name if profile.name != text else profile.settings.name
    if wanted not in {pool.name for pool in settings.pools}:
        raise SideError(
            f"There is no pool {wanted} for the profile {profile.name}: name one, as in chat:{profile.name}."
        )
    pools = (profiles.applied(profile, pool) if pool.name == wanted else pool for pool in settings.pools)
    return msgspec.structs.replace(settings, pools=tuple(pools))


def isolated(settings: Settings) -> Settings:
    """Return settings for a panel beside the user's: on this machine alone, with free ports, and nothing shared.

    Raises SideError if there is no free range of ports.
    """
    turn = os.getpid() % len(_FIRST_PORTS)  # comparisons that begin at the same time begin at other ports
    ranges = (*_FIRST_PORTS[turn:], *_FIRST_PORTS[:turn])
    first = next((port for port in ranges if not taken_ports(port)), None)
    if first is None:
        raise SideError("No range of 64 ports is free for the workers.")
    replace = msgspec.structs.replace
    return replace(
        settings,
        proxy=replace(settings.proxy, second_port=0, require_key=KeyRule.NEVER, api_keys=()),
        ollama=replace(settings.ollama, adopt=False, first_port=first),
        scheduling=replace(settings.scheduling, record_events=False),
    )


@asynccontextmanager
async def running(side: Side, *, demo: bool = False) -> AsyncIterator[str]:
    """Yield the address of a side; its own panel runs meanwhile, on a state folder of its own, and is ended after.

    Raises SideError if it does not start, with what it said last.
    """
    if side.settings is None:
        yield side.url
        return
    folder = Path(tempfile.mkdtemp(prefix="ollama-panel-compare-"))
    try:
        configfile.write(Paths(folder).settings, isolated(side.settings))
        panel = _Panel(side)
        await panel.start(folder, demo=demo)
        try:
            url = await panel.address()
            await _require_workers(side, url, demo=demo)
            yield url
        finally:
            await panel.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _require_workers(side: Side, url: str, *, demo: bool) -> None:
    """Wait until all workers of a panel answer. Raises SideError if one does not, or if they are simulated unasked."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(_WORKERS_S):
        while True:
            async with session.get(f"{url}/panel/status") as answer:
                status = await answer.json()
            if status["demo"] and not demo:
                raise SideError(f"{side.text}: there is no ollama program, so its panel would simulate one.")
            failed = [one["detail"] for one in status["instances"] if one["phase"] == Phase.FAILED.value]
            if failed:
                raise SideError(f"{side.text}: {failed[0]['text'] if failed[0] else 'a worker does not run.'}")
            if all(one["phase"] == Phase.READY.value for one in status["instances"]):
                return
            await asyncio.sleep(_LOOK_S)


class _Panel:
    """A panel as a child process. `said` are its last lines."""

    def __init__(self, side: Side) -> None:
        self._side = side
        self._address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._ended = asyncio.Event()
        self._said = ""
        self._child: Child | None = None

    async def start(self, folder: Path, *, demo: bool) -> None:
        """Start it. Raises PanelError if that is impossible."""
        options = ["--state-dir", str(folder), "--listen", "127.0.0.1:0", *(["--demo"] if demo else [])]
        command = (sys.executable, "-m", "ollama_panel.cli.compare.child", str(os.getpid()), "serve", *options)
        environment = os.environ | {"PYTHONUNBUFFERED": "1"}
        self._child = await spawn(command, environment, self._line, self._exit)

    async def address(self) -> str:
        """Return where it listens."""
        try:
            async with asyncio.timeout(_START_S):
                return await self._address
        except TimeoutError:
            raise SideError(
                f"{self._side.text}: the panel did not listen within {_START_S:g} s. {self._said}"
            ) from None

    async def end(self) -> None:
        """End it and all that it has started."""
        child = self._child
        if child is None:
            return
        try:
            for _ in range(2):
                child.terminate()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_END_S):
                        await self._ended.wait()
                        return
        finally:
            await child.end()

    def _line(self, line: str) -> None:
        if line.startswith(_LISTENING):
            if not self._address.done():
                self._address.set_result(line.removeprefix(_LISTENING).strip())
        elif line.strip():
            self._said = line.strip()

    def _exit(self, _: Outcome) -> None:
        self._ended.set()
        if not self._address.done():
            self._address.set_exception(SideError(f"{self._side.text}: the panel has ended. {self._said}"))
            self._address.exception()  # nobody may be waiting for it
