"""Probes of an instance: its API, and what the process table shows of its server and runners."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import psutil
from typing_extensions import override

from ollama_panel.core.ollama.environment import may_be_read
from ollama_panel.core.ollama.models import (
    LoadedEntry,
    ModelFacts,
    canonical,
    facts_from_tags,
    loaded_from_ps,
)
from ollama_panel.core.ollama.serverlog_facts import RunnerStarting
from ollama_panel.core.ollama.serverlog_server import runner_arguments, runner_port
from ollama_panel.core.ollama.show import facts_from_show
from ollama_panel.engine.host.processes import UNREADABLE

if TYPE_CHECKING:
    import anyio

_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=60.0)
"""httpx's own, but connections live longer than the rest between two checks of an idle panel."""

_TIMEOUT = httpx.Timeout(5.0, connect=2.0)
_VERBOSE_TIMEOUT = httpx.Timeout(30.0, connect=2.0)  # the server reads and writes the whole vocabulary


class _Version(msgspec.Struct):
    """The response of `/api/version`."""

    version: str


class _Client(httpx.AsyncClient):
    """A client for many short requests, any of which may be cancelled.

    It has one kind of error for every way in which a server can be gone: httpx.HTTPError. anyio 4.16 asks the socket of
    a connection for its peer (abc/_sockets.py, `extra_attributes`), and uvloop has no socket any more for one that was
    lost in that moment: an AttributeError.

    A cancelled request leaves no connection open. Each request first closes the connections that servers have ended,
    and httpcore 1.0.9 (_synchronization.py, `AsyncShieldCancellation`) protects that from anyio's way to cancel, but
    not from asyncio's: it forgets those that it has not closed yet.
    """

    @override
    async def request(self, *args: Any, **kwargs: Any) -> httpx.Response:  # httpx's own types of these are private
        """Send a request and return the answer; see httpx. Raises httpx.HTTPError if that fails.

        When it is cancelled, it returns once the request has let go of all connections.
        """
        import anyio  # not needed before the first request: the start does not wait for it

        scope = anyio.CancelScope()
        sending = asyncio.get_running_loop().create_task(self._send(scope, args, kwargs))
        try:
            return await asyncio.shield(sending)
        except asyncio.CancelledError:
            scope.cancel()
            await asyncio.wait({sending})
            if not sending.cancelled():
                sending.exception()  # whatever came of it, nobody waits for it any more
            raise

    async def _send(self, scope: "anyio.CancelScope", args: tuple[Any, ...], kwargs: dict[str, Any]) -> httpx.Response:
        """Send a request and return the answer. Raises CancelledError if the scope was cancelled."""
        with scope:
            try:
                return await super().request(*args, **kwargs)
            except AttributeError as error:
                raise httpx.NetworkError(str(error)) from error
        raise asyncio.CancelledError  # the scope has ended the request, and only that


def new_client() -> httpx.AsyncClient:
    """Return the HTTP client that all probes share.

    It ignores proxies in the environment, since instances are on this machine, and loads no certificates, which would
    cost 20 ms and MiBs.
    """
    return _Client(trust_env=False, verify=False, timeout=_TIMEOUT, limits=_LIMITS)


async def version(client: httpx.AsyncClient, url: str) -> str:
    """Return the version. Raises httpx.HTTPError or msgspec.DecodeError if it is no Ollama."""
    answer = await client.get(f"{url}/api/version")
    return msgspec.json.decode(answer.raise_for_status().content, type=_Version).version


async def loaded(client: httpx.AsyncClient, url: str) -> tuple[LoadedEntry, ...]:
    """Return the loaded models of an instance. Raises httpx.HTTPError or msgspec.DecodeError if that fails."""
    answer = await client.get(f"{url}/api/ps")
    return loaded_from_ps(answer.raise_for_status().content)


async def show(client: httpx.AsyncClient, url: str, facts: ModelFacts) -> ModelFacts:
    """Return `facts` completed by `/api/show`, except numbers by layer.

    Raises httpx.HTTPError or msgspec.DecodeError if that fails.
    """
    answer = await client.post(f"{url}/api/show", json={"model": facts.name})
    return facts_from_show(facts, answer.raise_for_status().content)


async def _show_all(client: httpx.AsyncClient, url: str, facts: ModelFacts) -> ModelFacts:
    """Return `facts` completed by a verbose answer, which is megabytes: it is decoded in a thread and not kept.

    Raises httpx.HTTPError or msgspec.DecodeError if that fails.
    """
    body = {"model": facts.name, "verbose": True}
    answer = await client.post(f"{url}/api/show", json=body, timeout=_VERBOSE_TIMEOUT)
    return await asyncio.to_thread(facts_from_show, facts, answer.raise_for_status().content, verbose=True)


async def catalog(
    client: httpx.AsyncClient, url: str, known: Mapping[str, ModelFacts] | None = None
) -> tuple[ModelFacts, ...]:
    """Return all models of an instance's store; those whose digest has complete facts in `known` are not requested.

    If a model's `/api/show` fails, only the facts of `/api/tags` are known, and it is requested again next time. Raises
    httpx.HTTPError or msgspec.DecodeError if the list itself cannot be read.
    """
    answer = await client.get(f"{url}/api/tags")
    complete = {digest: facts for digest, facts in (known or {}).items() if digest and facts.complete}
    result = []
    for facts in facts_from_tags(answer.raise_for_status().content):
        full = complete.get(facts.digest)
        if full is None:
            full = await _details(client, url, facts)
            if full.complete and full.digest:
                complete[full.digest] = full
        result.append(msgspec.structs.replace(full, name=facts.name))
    return tuple(result)


async def _details(client: httpx.AsyncClient, url: str, facts: ModelFacts) -> ModelFacts:
    """Return `facts` with as much as the server tells; only a model with numbers by layer is requested twice."""
    with contextlib.suppress(httpx.HTTPError, msgspec.DecodeError):
        facts = await show(client, url, facts)
        if not facts.complete:
            facts = await _show_all(client, url, facts)
    return facts


async def add_details(
    client: httpx.AsyncClient, url: str, entries: tuple[LoadedEntry, ...], known: dict[str, ModelFacts]
) -> None:
    """Add the facts of loaded models to `known`, by digest; those that cannot be read now are read next time."""
    for entry in entries:
        if entry.digest not in known:
            with contextlib.suppress(httpx.HTTPError, msgspec.DecodeError):
                known[entry.digest] = await show(client, url, ModelFacts(canonical(entry.name), entry.digest))


class RunnerProcess(msgspec.Struct, frozen=True):
    """The process of a runner, the path of its model, and the port of 127.0.0.1 on which it listens."""

    process: psutil.Process
    blob: str
    port: int


class ProcessTree(msgspec.Struct, frozen=True):
    """A server's process (the first) and its descendants; `runners` are the runners' command lines by blob path.

    `listening` are the runners whose port is known. `rss_bytes` is the sum of their resident memory, `environment` the
    variables of the server that decide how models run, None if they were not read.
    """

    processes: tuple[psutil.Process, ...] = ()
    runners: dict[str, RunnerStarting] = {}
    listening: tuple[RunnerProcess, ...] = ()
    rss_bytes: int | None = None
    environment: dict[str, str] | None = None


def read_processes(pid: int, *, environment: bool = False) -> ProcessTree:
    """Return the process tree of `pid`; with `environment` its variables, too.

    Details of another user's processes stay unknown. Blocks for some milliseconds: use a thread.
    """
    try:
        leader = psutil.Process(pid)
        processes = (leader, *leader.children(recursive=True))
    except UNREADABLE:
        return ProcessTree()
    runners, listening = dict[str, RunnerStarting](), list[RunnerProcess]()
    for process in processes:
        with contextlib.suppress(*UNREADABLE):
            argv = process.cmdline()
            found, port = runner_arguments(argv), runner_port(argv)
            if found is not None:
                runners[found.model] = found
            if found is not None and port:
                listening.append(RunnerProcess(process, found.model, port))
    variables = _variables(leader) if environment else None
    return with_memory(ProcessTree(processes, runners, tuple(listening), None, variables))


def with_memory(tree: ProcessTree) -> ProcessTree:
    """Return the tree with its current memory; takes some 20 microseconds per process."""
    rss = 0
    for process in tree.processes:
        with contextlib.suppress(*UNREADABLE):
            rss += process.memory_info().rss
    return msgspec.structs.replace(tree, rss_bytes=rss or None)


def _variables(process: psutil.Process) -> dict[str, str] | None:
    try:
        found = process.environ()
    except UNREADABLE:
        return None
    return {name: value for name, value in found.items() if may_be_read(name)}
