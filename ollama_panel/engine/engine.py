"""The engine: runs everything until shutdown, and executes the commands of front ends."""

import asyncio
import logging
from collections.abc import Callable, Iterable

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, RequestId
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.host_variable import DEFAULT_PORT
from ollama_panel.core.scheduling.messages import Reconfigured
from ollama_panel.core.scheduling.policy import Policy
from ollama_panel.core.settings import codec
from ollama_panel.core.settings.merge import merged
from ollama_panel.core.settings.tree import Problem, Settings
from ollama_panel.core.snapshot import Sample, Snapshot
from ollama_panel.engine import configfile
from ollama_panel.engine.composition import Composition
from ollama_panel.engine.context import Context
from ollama_panel.engine.context_raises import raise_contexts
from ollama_panel.engine.control import Control
from ollama_panel.engine.gather import gather
from ollama_panel.engine.host.descriptors import connections, raise_limit
from ollama_panel.engine.host.gpu import find_cards
from ollama_panel.engine.host.installation import resolve
from ollama_panel.engine.installation_watch import watch_installation
from ollama_panel.engine.instances import orphans, probe
from ollama_panel.engine.listener import next_free_port, second_of
from ollama_panel.engine.overrides import Overrides
from ollama_panel.engine.pace import until_next
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.publisher import Publisher
from ollama_panel.engine.single_instance import SingleInstanceLock
from ollama_panel.engine.state_folder import StateFolder
from ollama_panel.engine.system import REAL, System
from ollama_panel.proxy.access_rules import exposure_warnings
from ollama_panel.proxy.connection_limit import ConnectionLimit

_LOG = logging.getLogger(__name__)
_SETTINGS_POLL_S = 1.0
_SETTINGS = "settings"
_OLLAMA = "ollama"
_PROXY = "proxy"


class Engine:
    """The engine. Call every method on the background loop; `run` runs there as long as the engine does.

    `publish` gets at most ten snapshots a second, on that loop's thread. Commands wait until `run` has set up; once it
    has ended or crashed, they raise PanelError. `control` are those of the HTTP API.
    """

    def __init__(
        self,
        paths: Paths,
        publish: Callable[[Snapshot], None],
        overrides: Overrides | None = None,
        system: System = REAL,
    ) -> None:
        self._paths = paths
        self._system = system
        self._publish = publish
        self._overrides = overrides or Overrides()
        self._composition: Composition | None = None
        self._context: Context | None = None
        self._started = asyncio.Event()
        self._quit = asyncio.Event()
        self._force = asyncio.Event()
        self._applying = asyncio.Lock()
        self._stamp: configfile.Stamp = None
        self._proxy_on: bool | None = None
        self._paused = False
        self._watched = False
        self.control = Control(paths.settings, self._running, self._revise, self.reload_settings)
        self.control.doctor.connect(self)

    async def run(self) -> None:
        """Start everything, run until `shutdown`, and clean up.

        Raises PanelError, before anything was started, if another panel uses the same state folder. Raises it also if
        the engine has crashed: the last snapshot says so, the log has the traceback.
        """
        with SingleInstanceLock(self._paths) as lock:
            try:
                await self._run(lock)
            except* Exception as errors:
                self._report_crash(errors)
                raise PanelError(_stopped(errors)) from errors
            finally:
                self._started.set()
                self._composition = None

    def end(self, *, force: bool = False) -> None:
        """Let `run` end: stop listening, drain, stop the instances. `force`, or a second call, skips draining."""
        if force or self._quit.is_set():
            self._force.set()
        self._quit.set()

    async def shutdown(self, *, force: bool = False) -> None:
        """Call `end`; a coroutine, so that other threads can submit it."""
        self.end(force=force)

    # Commands

    async def apply(self, settings: Settings, base: Settings | None = None) -> None:
        """Check, save and apply settings; return when all instances run with them.

        They were made from `base`, None = those in force; what another program has changed in the file since stays.
        Raises PanelError if they are invalid (then nothing changes) or if an instance does not run with them. A newer
        call supersedes one in progress; both return when the newest settings are applied.
        """
        codec.require_valid(settings)
        composition = await self._running()
        since = base or composition.store.settings
        await self._revise(lambda theirs: merged(since, settings, theirs))
        await composition.rollout.apply()

    async def _revise(self, edit: Callable[[Settings], Settings]) -> configfile.Changed:
        """Change the settings in the file, and put into force what needs no restart of an instance."""
        composition = await self._running()
        async with self._applying:
            in_force = composition.store.settings
            changed = await asyncio.to_thread(configfile.revise, self._paths.settings, edit, in_force)
            self._stamp = changed.stamp
            composition.store.set_problems(_SETTINGS, ())
            composition.timeline.last_changes.changed(changed.before, changed.settings, self._system.seconds())
            await self._put_into_force(composition, changed.settings)
        return changed

    async def ensure_running(self, instance: InstanceId) -> None:
        """Start an instance, unless it runs."""
        await (await self._running()).fleet.start(instance)

    async def ensure_stopped(self, instance: InstanceId) -> None:
        """Drain and stop an instance; queued requests go to other instances or wait."""
        await (await self._running()).fleet.stop(instance)

    async def restart(self, instance: InstanceId) -> None:
        """Drain an instance, then replace its process."""
        await (await self._running()).succession.replacer.restart(instance)

    async def start_all(self) -> None:
        """Start every managed instance."""
        fleet = (await self._running()).fleet
        await gather(fleet.start(instance) for instance in fleet.specs())

    async def stop_all(self) -> None:
        """Drain and stop every managed instance."""
        fleet = (await self._running()).fleet
        await gather(fleet.stop(instance) for instance in fleet.specs())

    async def set_proxy(self, on: bool) -> None:
        """Open or close the proxy, for this run only. Raises PanelError if it cannot be opened."""
        composition = await self._running()
        self._proxy_on = on
        await self._set_listener(composition)
        if on and composition.store.proxy.problem:
            raise PanelError(composition.store.proxy.problem)

    async def use_next_port(self) -> str:
        """Give the proxy the next free port, in the settings; return its URL. Raises PanelError if that fails."""
        composition = await self._running()
        options = self._overrides.proxy(composition.store.settings)
        port = await next_free_port(options.host, options.port, composition.own_ports() | {DEFAULT_PORT})
        await self._revise(lambda theirs: codec.set(theirs, "proxy.port", str(port)))
        if composition.store.proxy.problem:
            raise PanelError(composition.store.proxy.problem)
        return composition.store.proxy.url

    async def set_paused(self, on: bool) -> None:
        """Pause or resume the dispatch of requests, for this run only."""
        composition = await self._running()
        self._paused = on
        composition.store.set_paused(on)
        composition.admission.post(Reconfigured(self._policy(composition)))

    async def unload_all(self) -> None:
        """Unload the models of all instances; those in use as soon as their requests have ended."""
        composition = await self._running()
        models = composition.fleet.models()
        composition.operations.preloader.release(models)
        await gather(composition.unloader.unload_and_wait(*one) for one in models)

    async def cancel_request(self, request: RequestId) -> None:
        """Cancel a request, waiting or running; does nothing if it has ended."""
        (await self._running()).admission.cancel(request)

    async def log_lines(self, instance: InstanceId, after: int = 0) -> tuple[int, tuple[str, ...]]:
        """Return the log lines of an instance after number `after`, and the number of the last one."""
        return await self.control.log_lines(instance, after)

    async def samples(self) -> tuple[Sample, ...]:
        """Return the samples of the last 15 minutes, oldest first."""
        return (await self._running()).sampler.samples()

    async def watch(self, on: bool) -> None:
        """Set whether a window shows the state: then samples come four times a second."""
        self._watched = on
        if self._composition is not None:
            self._composition.pace.watch(on)

    async def refresh_servers(self) -> None:
        """Look at the Ollama servers of this machine, unless that was done in the last seconds."""
        await (await self._running()).servers.refresh()

    async def busy(self) -> int:
        """Return how many requests run or wait."""
        return (await self._running()).timeline.counts.open()

    async def reload_settings(self) -> None:
        """Read the settings file again and start to apply it. Raises PanelError if it cannot be read."""
        composition = await self._running()
        async with self._applying:
            loaded = await asyncio.to_thread(configfile.reread, self._paths.settings, composition.store.settings)
            if loaded is None or loaded.stamp == self._stamp:
                return
            self._stamp = loaded.stamp
            composition.store.set_problems(_SETTINGS, loaded.problems)
            settings = loaded.settings
            if _leaves_out_a_pool(loaded.problems):  # which one cannot be told: those that run go on
                named = {pool.name for pool in settings.pools}
                missing = tuple(pool for pool in composition.store.settings.pools if pool.name not in named)
                settings = msgspec.structs.replace(settings, pools=(*settings.pools, *missing))
            in_force, now = composition.store.settings, self._system.seconds()
            composition.timeline.last_changes.changed(in_force, settings, now)
            await self._put_into_force(composition, settings)
        composition.rollout.begin()

    # Start and shutdown

    async def _run(self, lock: SingleInstanceLock) -> None:
        limits = connections(raise_limit()) or ()
        loaded = await asyncio.to_thread(configfile.read, self._paths.settings)
        self._stamp = loaded.stamp
        for ended in await asyncio.to_thread(orphans.kill_orphans, self._paths.children):
            _LOG.warning(render(ended))
        cards = await find_cards()
        async with probe.new_client() as client, asyncio.TaskGroup() as group:
            publisher = Publisher(self._publish_snapshot)
            self.control.exports.changed = self.control.doctor.changed = publisher.mark
            crash: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._context = Context(
                group=group,
                client=client,
                system=self._system,
                paths=self._paths,
                overrides=self._overrides,
                cards=cards,
                connections=ConnectionLimit(*limits),
                installation=resolve(loaded.settings, self._overrides),
                panel=self.control,
                announce=lock.announce,
                own_secret=lock.secret,
                changed=publisher.mark,
                on_crash=lambda error: None if crash.done() else crash.set_exception(error),
            )
            self._composition = composition = Composition(self._context, loaded.settings)
            composition.pace.watch(self._watched)
            composition.store.set_machine(self._context.cores, gpu=self._context.gpu)
            composition.store.set_problems(_SETTINGS, loaded.problems)
            composition.history.start(self._system.seconds())
            lock.announce("")
            folder = StateFolder(self._paths, lock, composition.store, composition.children)
            conflicts = raise_contexts(composition.store, composition.dispatcher.context_conflicts, self.apply)
            installed = watch_installation(composition, self._context, self._applying, self._put_into_force)
            watching = (publisher.run(), self._watch_settings_file(folder), installed, conflicts, _reraise(crash))
            tasks = [group.create_task(one) for one in (*composition.running(), *watching)]
            try:
                await composition.load()
                await self._put_into_force(composition, loaded.settings)
                composition.rollout.begin()
                composition.store.set_started()
                self._started.set()
                await self._quit.wait()
                composition.history.end_of_run()
                await self._shut_down(composition, tasks)
            finally:
                await composition.close()
            self._publish_snapshot()

    async def _shut_down(self, composition: Composition, tasks: list[asyncio.Task[None]]) -> None:
        """Stop listening, drain, stop the instances; if forced, all at once."""
        async with asyncio.TaskGroup() as group:
            forcing = group.create_task(self._force_shutdown(composition), name="force shutdown")
            await composition.listener.close()
            await composition.listener.wait_closed()
            self.control.close()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            composition.admission.close()
            await composition.fleet.stop_all_now()
            forcing.cancel()

    async def _force_shutdown(self, composition: Composition) -> None:
        await self._force.wait()
        composition.listener.force_close()
        composition.fleet.kill()

    async def _watch_settings_file(self, folder: StateFolder) -> None:
        """Poll the settings file and reload it if another program changed it, or its folder if that is gone."""
        while True:
            await asyncio.sleep(until_next(_SETTINGS_POLL_S))
            self._system.seconds()  # notices a standstill, see `SteadyClock`
            stamp = await folder.look()
            if stamp is not None and stamp != self._stamp:
                await self._reload_changed(stamp)

    async def _reload_changed(self, stamp: configfile.Stamp) -> None:
        composition = await self._running()
        try:
            await self.reload_settings()
        except PanelError as error:
            self._stamp = stamp
            composition.store.set_problems(_SETTINGS, [Problem(self._paths.settings.name, error.notice)])

    async def _put_into_force(self, composition: Composition, settings: Settings) -> None:
        """Apply what needs no restart of an instance; the rollout does the rest."""
        if self._context is None:
            raise PanelError(notice("engine.not_running"))
        if settings.proxy.enabled != composition.store.settings.proxy.enabled:
            self._proxy_on = None
        composition.store.set_settings(settings)
        before = self._context.installation.binary
        installation = await asyncio.to_thread(resolve, settings, self._overrides, before)
        self._context.installation = installation
        composition.settings_changed(settings)
        composition.store.set_problems(_OLLAMA, installation.problems)
        composition.checks.environment()
        composition.checks.core_contention()
        composition.store.set_problems(_PROXY, await asyncio.to_thread(self._proxy_warnings, settings))
        composition.store.set_ollama(installation.binary, demo=installation.demo, demo_asked=installation.demo_asked)
        composition.store.set_machine(self._context.cores, gpu=self._context.gpu)
        composition.admission.post(Reconfigured(self._policy(composition)))
        composition.catalog.set_pools(settings.pools)
        await self._set_listener(composition)
        composition.checks.desktop_app()

    def _policy(self, composition: Composition) -> Policy:
        left_out, now = _leaves_out_a_pool(composition.store.problems), composition.dispatcher.policy
        policy = Policy.of(composition.store.settings, paused=self._paused, pool_left_out=left_out)
        return msgspec.structs.replace(policy, power=now.power, curves=now.curves, given=now.given)

    def _proxy_warnings(self, settings: Settings) -> tuple[Problem, ...]:
        """Return warnings about the proxy's address. Blocks for some milliseconds."""
        proxy = self._overrides.proxy(settings)
        proxy = msgspec.structs.replace(proxy, port=proxy.port or settings.proxy.port)
        open_at = (proxy, second_of(proxy)) if proxy.second_port else (proxy,)
        told = dict.fromkeys(one for options in open_at for one in exposure_warnings(options))
        return tuple(Problem(_PROXY, one) for one in told)

    async def _set_listener(self, composition: Composition) -> None:
        settings = composition.store.settings
        on = settings.proxy.enabled or self._overrides.serve if self._proxy_on is None else self._proxy_on
        if on and not self._quit.is_set():
            await composition.listener.open(self._overrides.proxy(settings))
        else:
            await composition.listener.close()

    async def _running(self) -> Composition:
        await self._started.wait()
        if self._composition is None:
            raise PanelError(notice("engine.not_running"))
        return self._composition

    def _publish_snapshot(self) -> None:
        if self._composition is None:
            raise PanelError(notice("engine.not_running"))
        snapshot = self._composition.snapshot()
        self._composition.history.see(snapshot)
        self._publish(snapshot)
        self.control.publish(snapshot)

    def _report_crash(self, errors: BaseExceptionGroup[Exception]) -> None:
        _LOG.critical("the engine has died", exc_info=errors)
        if self._composition is not None:
            self._composition.store.set_fatal(_stopped(errors))
            self._publish_snapshot()


async def _reraise(crash: asyncio.Future[None]) -> None:
    await crash


def _leaves_out_a_pool(problems: Iterable[Problem]) -> bool:
    """Return whether a mistake in the settings file has cost a pool."""
    return any(problem.notice.code == "setting.left_out" for problem in problems)


def _stopped(errors: BaseExceptionGroup[BaseException]) -> Notice:
    """Return the notice that the engine has stopped, with the type and message of the first exception in a group."""
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return notice("engine.stopped", error=words)
