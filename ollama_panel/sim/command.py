"""The command line of the simulated server, which can replace the `ollama` program."""

import argparse
import asyncio
import errno
import os
import signal
import sys
from collections.abc import Sequence

from ollama_panel.sim import faults
from ollama_panel.sim.machine.service_time import PROFILES
from ollama_panel.sim.options import SimOptions, options_of

_VARIABLES = """environment:
  OLLAMA_*             as `ollama serve` reads it (HOST, NUM_PARALLEL, MAX_QUEUE, KEEP_ALIVE, CONTEXT_LENGTH ...)
  OLLAMA_SIM_PROFILE   the machine (--profile)
  OLLAMA_SIM_SPEED     time factor (--speed)
  OLLAMA_SIM_GPU       folder of the GPU that several servers share (--gpu-dir)
  OLLAMA_SIM_CATALOG   models of the store, comma-separated, or `all` (--catalog)
  OLLAMA_SIM_FAULTS    faults, comma-separated (--fault)
  OLLAMA_SIM_VERSION   the version that it reports

faults:
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    described = _VARIABLES + "\n".join(f"  {name:<22} {text}" for name, text in faults.HELP.items())
    found = argparse.ArgumentParser(prog="python -m ollama_panel.sim", description="A simulated Ollama.")
    found.add_argument("--version", "-v", action="store_true", help="print the version and exit")
    commands = found.add_subparsers(dest="command")
    serve = commands.add_parser(
        "serve",
        aliases=["start"],
        help="serve Ollama's HTTP API",
        epilog=described,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    serve.add_argument("--speed", metavar="N", help="run N times as fast as the simulated machine")
    serve.add_argument("--profile", choices=list(PROFILES), help="the simulated machine (rtx-4090)")
    serve.add_argument(
        "--gpu-dir", metavar="DIR", help="share one simulated GPU with the servers that name the same folder"
    )
    serve.add_argument("--catalog", metavar="NAMES", help="models of the store (llama3.1:8b,nomic-embed-text)")
    serve.add_argument("--fault", metavar="FAULT", action="append", default=[], help="inject a fault (see below)")
    fitting = commands.add_parser("fit", help="fit the service-time model to a running Ollama")
    fitting.add_argument("--url", default="http://127.0.0.1:11434", help="the server (http://127.0.0.1:11434)")
    fitting.add_argument("--model", required=True, help="a model that completes text")
    fitting.add_argument("--levels", default="1,2,4,8", help="requests at once (1,2,4,8)")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    given = parser().parse_args(arguments)
    if given.version:
        sys.stdout.write(f"ollama version is {options_of(os.environ).version}\n")
        return 0
    if given.command is None:
        parser().print_help()
        return 0
    if given.command == "fit":
        return asyncio.run(_fit(given.url, given.model, [int(level) for level in given.levels.split(",")]))
    try:
        options = options_of(_environment(given))
    except ValueError as error:
        sys.stderr.write(f"Error: {error}\n")
        return 2
    if options.faults.die_at_once:
        sys.stderr.write("Error: this simulated server was told to die at once (--fault die-at-once)\n")
        return 1
    return asyncio.run(_serve(options))


def _environment(given: argparse.Namespace) -> dict[str, str]:
    """Return the environment with the variables that the options set."""
    found = dict(os.environ)
    for option, variable in (("speed", "SPEED"), ("profile", "PROFILE"), ("gpu_dir", "GPU"), ("catalog", "CATALOG")):
        value = getattr(given, option)
        if value is not None:
            found["OLLAMA_SIM_" + variable] = value
    if given.fault:
        found["OLLAMA_SIM_FAULTS"] = ",".join([*given.fault, found.get("OLLAMA_SIM_FAULTS", "")])
    return found


async def _fit(url: str, model: str, levels: Sequence[int]) -> int:
    import httpx

    from ollama_panel.sim import fit

    try:
        async with httpx.AsyncClient(base_url=url, timeout=None) as http:
            found = await fit.measure(http, model, levels)
    except httpx.HTTPError as error:
        sys.stderr.write(f"Error: the server at {url} could not be measured: {error}\n")
        return 1
    sys.stdout.write(fit.table(found) + "\n")
    return 0


async def _serve(options: SimOptions) -> int:
    from ollama_panel.sim.http.server import SimServer

    stopped = asyncio.Event()
    _on_signals(stopped, ignored=options.faults.ignore_signals)
    server = SimServer(options, quiet=False, crash=lambda: os._exit(137))
    failure = ""
    try:
        async with asyncio.TaskGroup() as tasks:
            starting = tasks.create_task(server.start())
            await stopped.wait()
            starting.cancel()
    except* OSError as errors:
        failure = "; ".join(_sentence(options, error) for error in errors.exceptions)
    await server.stop()
    if failure:
        sys.stderr.write(f"Error: {failure}\n")
    return 1 if failure else 0


def _sentence(options: SimOptions, error: BaseException) -> str:
    """Return an error in Go's words, which readers of logs look for."""
    config = options.config
    if isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES):
        return f"listen tcp {config.host}:{config.port}: bind: {os.strerror(error.errno).lower()}"
    return str(error)


def _on_signals(stopped: asyncio.Event, *, ignored: bool) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        if ignored:
            signal.signal(number, signal.SIG_IGN)
        elif sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopped.set))
        else:
            loop.add_signal_handler(number, stopped.set)
