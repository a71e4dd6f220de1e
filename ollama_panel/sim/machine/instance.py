"""One simulated `ollama serve`: which models are loaded, which requests wait for a load, what is unloaded.

Rules of Ollama 0.32 `server/sched.go`: a loaded and compatible model is used at once; all other requests go through one
channel of OLLAMA_MAX_QUEUE places, one at a time, so that loads are serial and the first request blocks those behind
it.
"""

from collections import Counter, deque

from ollama_panel.sim.machine.cache import length
from ollama_panel.sim.machine.gpu import Gpu
from ollama_panel.sim.machine.model import Model
from ollama_panel.sim.machine.runner import Job, Runner, World
from ollama_panel.sim.machine.sizing import Size, context, same_options, size
from ollama_panel.sim.machine.work import (
    Counters,
    Done,
    Failed,
    InstanceOptions,
    Kind,
    Left,
    Loaded,
    LoadFailed,
    Loading,
    Unloaded,
    Work,
)

BUSY = "server busy, please try again.  maximum pending requests exceeded"
NO_MEMORY = (
    "llama-server process has terminated: exit status 1: ggml_aligned_malloc: insufficient memory "
    "(attempted to allocate {mib:.2f} MB)\n"
    "ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size {bytes}\n"
    "alloc_tensor_range: failed to allocate CPU buffer of size {bytes}\n"
    "llama_init_from_model: failed to initialize the context: failed to allocate buffer for kv cache"
)
NO_FLASH = "\n".join(
    [
        "llama-server process has terminated: exit status 1: "
        "llama_init_from_model: quantized V cache requires flash_attn to be enabled",
        "llama_init_from_model: quantized V cache requires flash_attn to be enabled",
    ]
)
TIMED_OUT = "timed out waiting for llama-server to start: context canceled"
FOREVER = 1 << 62
_FAIL_US = 500_000
_COEXIST = 0.8
_AUTO_LOADED = 3


class Instance:
    """The scheduler of one server; `counts` per model: loads, reloads, evictions, served, failed, cancelled, peak."""

    def __init__(self, name: str, options: InstanceOptions, gpu: Gpu, world: World, models: dict[str, Model]) -> None:
        self.name, self.options, self.models = name, options, models
        self.loaded: dict[str, Runner] = {}
        self.jobs: dict[str, Job] = {}
        self.counts: dict[str, Counter[str]] = {}
        self._gpu, self._world = gpu, world
        self._pending: deque[Job] = deque()
        self._hand: Job | None = None
        self._coming: Runner | None = None
        self._retried = False
        self._unloading = 0
        self._expiring = False

    def submit(self, work: Work) -> None:
        """Take a request."""
        job = Job(work, self._world.now)
        self.jobs[work.id] = job
        runner = self.loaded.get(work.model)
        if runner is not None and self._compatible(runner, work):
            self._use(runner, job)
        elif len(self._pending) >= self.options.max_queue:
            self.count(work.model)["refused"] += 1
            self._fail(job, 503, BUSY)
        else:
            self._pending.append(job)
            self._process()

    def cancel(self, request: str) -> None:
        """Drop a request whose client left; an unknown one is ignored, as it has just ended."""
        job = self.jobs.pop(request, None)
        if job is None:
            return
        self.count(job.work.model)["cancelled"] += 1
        runner = next((runner for runner in self.loaded.values() if job in runner.users), None)
        where = "pending" if runner is None else "waiting" if job.slot is None else "slot"
        self._world.emit(Left(self._world.now, self.name, request, job.work.model, where))
        if runner is not None:
            runner.leave(job)
            self._release(runner, job)
            return
        job.gone = True
        if job is self._hand and self._coming is not None:
            self._abort_load()
        elif job is self._hand:
            self._hand = None
            self._process()

    def unload(self, model: str) -> None:
        """Unload a model as soon as nobody uses it (`keep_alive: 0`)."""
        runner = self.loaded.get(model)
        if runner is not None:
            runner.session_us = 0
            if not runner.users:
                self._unload(runner, "unload")

    def crash(self, model: str) -> None:
        """Kill a runner (SIGKILL of the child)."""
        runner = self.loaded.pop(model, None)
        if runner is None:
            return
        for job in runner.users:
            self.jobs.pop(job.work.id, None)
            self.count(model)["failed"] += 1
        runner.users.clear()
        runner.die()
        self._expiring = False
        self._gpu.free(runner.vram, runner.bytes)
        self._world.emit(Unloaded(self._world.now, self.name, model, "crashed"))
        self._process()

    def kill(self) -> None:
        """Kill the server: every request fails with status 0 (its connection is closed), and all memory is freed."""
        for runner in self.loaded.values():
            self._gpu.free(runner.vram, runner.bytes)
            runner.stop()
            self._world.emit(Unloaded(self._world.now, self.name, runner.model, "killed"))
        if self._coming is not None:
            self._gpu.free(self._coming.vram, self._coming.bytes)
        self.loaded.clear()
        self._pending.clear()
        self._hand = self._coming = None
        self._expiring = False
        for job in list(self.jobs.values()):
            job.gone = True
            self._fail(job, 0, "connection reset", sent=job.made > 0)

    def count(self, model: str) -> Counter[str]:
        """Return the counters of a model."""
        return self.counts.setdefault(model, Counter())

    def waiting(self) -> int:
        """Return how many requests wait for a load."""
        return len(self._pending) + (self._hand is not None)

    def in_slots(self, model: str) -> int:
        """Return how many requests hold a slot of a model now."""
        runner = self.loaded.get(model)
        return runner.running if runner else 0

    def _compatible(self, runner: Runner, work: Work) -> bool:
        model = self.models[work.model]
        wanted = context(model, work.options, self.options, self._gpu.profile)
        return runner.num_ctx == wanted and same_options(runner.options, work.options)

    def _use(self, runner: Runner, job: Job) -> None:
        runner.users.add(job)
        runner.timer += 1
        runner.expires_at = None
        job.obtained = self._world.now
        if job.work.keep_alive_us is not None:
            runner.session_us, runner.leaving = job.work.keep_alive_us, ""
        if job.work.kind is Kind.LOAD or (job.work.kind is Kind.EMBED and not job.work.items):
            waited = self._world.now - job.arrived
            job.gone = True
            self._world.emit(Done(self._world.now, self.name, job.work.id, "load", Counters(waited, waited)))
            self._ended(runner, job)
            return
        runner.enter(job)
        counts = self.count(runner.model)
        counts["peak"] = max(counts["peak"], runner.running)

    def _ended(self, runner: Runner, job: Job) -> None:
        self.jobs.pop(job.work.id, None)
        counts = self.count(runner.model)
        counts["served"] += 1
        counts["prompt_tokens"] += length(job.work.prompt) + sum(job.work.items)
        counts["cached_tokens"] += job.cached
        counts["output_tokens"] += job.made
        self._release(runner, job)

    def _release(self, runner: Runner, job: Job) -> None:
        runner.users.discard(job)
        if runner.users or self.loaded.get(runner.model) is not runner:
            return
        if runner.session_us == 0:
            self._unload(runner, runner.leaving or "expired")
        elif runner.session_us > 0:
            runner.timer += 1
            timer = runner.timer
            runner.expires_at = self._world.now + runner.session_us
            self._world.at(runner.expires_at, lambda: self._expire(runner, timer))

    def _expire(self, runner: Runner, timer: int) -> None:
        if timer == runner.timer and self.loaded.get(runner.model) is runner:
            self._unload(runner, "expired")

    def _unload(self, runner: Runner, why: str) -> None:
        del self.loaded[runner.model]
        self._expiring = False
        self._unloading += 1
        if why == "evicted":
            self.count(runner.model)["evictions"] += 1
        self._world.emit(Unloaded(self._world.now, self.name, runner.model, why))
        self._world.at(self._world.now + self._gpu.unload_us(), lambda: self._unloaded(runner))

    def _unloaded(self, runner: Runner) -> None:
        self._unloading -= 1
        self._gpu.free(runner.vram, runner.bytes)
        self._process()

    def _process(self) -> None:
        """Handle pending requests in order until one must wait for a load or an unload."""
        while not (self._coming or self._unloading or self._expiring):
            while self._hand is None or self._hand.gone:
                if not self._pending:
                    self._hand = None
                    return
                self._hand, self._retried = self._pending.popleft(), False
            if not self._settle(self._hand):
                return

    def _settle(self, job: Job) -> bool:
        runner = self.loaded.get(job.work.model)
        if runner is not None and self._compatible(runner, job.work):
            self._hand = None
            self._use(runner, job)
            return True
        if runner is not None:
            self.count(job.work.model)["reloads"] += 1
            self._push_out(runner, "reload")
            return False
        wanted = size(self.models[job.work.model], job.work.options, self.options, self._gpu.profile)
        full = len(self.loaded) >= (self.options.max_loaded or _AUTO_LOADED)
        if self.loaded and (full or wanted.bytes > _COEXIST * self._gpu.predicted_free(self._own_bytes())):
            self._push_out(self._victim(), "evicted")
        else:
            self._load(job, wanted)
        return False

    def _own_bytes(self) -> int:
        return sum(runner.vram or runner.bytes for runner in self.loaded.values())

    def _victim(self) -> Runner:
        order = sorted(
            self.loaded.values(),
            key=lambda runner: (runner.session_us if runner.session_us >= 0 else FOREVER, runner.model),
        )
        return next((runner for runner in order if not runner.users), order[0])

    def _push_out(self, runner: Runner, why: str) -> None:
        runner.session_us, runner.leaving = 0, why
        if runner.users:
            self._expiring = True
        else:
            self._unload(runner, why)

    def _load(self, job: Job, wanted: Size) -> None:
        model = self.models[job.work.model]
        self.count(model.name)["loads"] += 1
        runner = Runner(
            self._world,
            self.name,
            model.name,
            self._gpu.profile.service_time_for(model.load()),
            slots=wanted.parallel,
            num_ctx=wanted.num_ctx,
            batch=wanted.batch,
            options=job.work.options,
            cache_tokens=wanted.cached_tokens(self.options.cache_bytes),
            on_end=self._ended,
        )
        runner.session_us = self.options.keep_alive_us
        runner.bytes = wanted.bytes
        failure = self._failure(wanted)
        if not failure:
            runner.vram = self._gpu.take(wanted.bytes)
            runner.slowdown = self._gpu.spill(runner.vram, wanted.bytes)
        self._coming = runner
        self._world.emit(
            Loading(
                self._world.now,
                self.name,
                model.name,
                wanted.num_ctx,
                wanted.parallel,
                wanted.batch,
                wanted.bytes,
                runner.vram,
                wanted.kv_bytes,
                wanted.wanted_ctx,
                model.serial and self.options.parallel > 1,
            )
        )
        self._begin_load(runner, failure)

    def _begin_load(self, runner: Runner, failure: str) -> None:
        started = self._world.now
        if failure:
            runner.bytes = 0
            self._world.at(started + _FAIL_US, lambda: self._load_failed(runner, failure))
        elif self._gpu.stalls():
            self._world.at(started + self.options.load_timeout_us, lambda: self._load_failed(runner, TIMED_OUT))
        else:
            self._world.at(
                started + self._gpu.load_us(self.models[runner.model].size), lambda: self._is_loaded(runner, started)
            )

    def _failure(self, wanted: Size) -> str:
        if self._gpu.refuses(wanted.bytes):
            return NO_MEMORY.format(mib=wanted.kv_bytes / 1024**2, bytes=wanted.kv_bytes)
        quantized = self.options.kv_type not in ("", "f16", "f32", "bf16")
        return NO_FLASH if quantized and self.options.flash_attention is False else ""

    def _is_loaded(self, runner: Runner, started: int) -> None:
        job = self._hand
        if runner is not self._coming or job is None:
            return
        self._coming = self._hand = None
        self.loaded[runner.model] = runner
        now = self._world.now
        self._world.emit(
            Loaded(
                now,
                self.name,
                runner.model,
                runner.num_ctx,
                len(runner.slots),
                runner.batch,
                runner.bytes,
                runner.vram,
                now - started,
                len(self.loaded),
            )
        )
        self._use(runner, job)
        self._process()

    def _load_failed(self, runner: Runner, message: str) -> None:
        job = self._hand
        if runner is not self._coming or job is None:
            return
        self._coming = None
        self._gpu.free(runner.vram, runner.bytes)
        self._world.emit(LoadFailed(self._world.now, self.name, runner.model, message))
        if self.loaded and not self._retried:
            self._retried = True
            for other in list(self.loaded.values()):
                self._push_out(other, "evicted")
        else:
            self._hand = None
            self._fail(job, 500, message)
        self._process()

    def _abort_load(self) -> None:
        runner, self._coming, self._hand = self._coming, None, None
        if runner is not None:
            self._gpu.free(runner.vram, runner.bytes)
            self._world.emit(Unloaded(self._world.now, self.name, runner.model, "aborted"))
        self._process()

    def _fail(self, job: Job, status: int, message: str, *, sent: bool = False) -> None:
        self.jobs.pop(job.work.id, None)
        self.count(job.work.model)["failed"] += 1
        self._world.emit(Failed(self._world.now, self.name, job.work.id, status, message, sent))
