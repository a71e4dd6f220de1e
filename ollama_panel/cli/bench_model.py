"""`ollama-panel bench model URL`: what an address serves with 1, 2, 4 and 8 clients, beside published figures."""

import argparse
import asyncio
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import aiohttp
import msgspec

from ollama_panel.cli import bench_model_tables as tables
from ollama_panel.cli import output
from ollama_panel.cli.bench_model_tables import Level
from ollama_panel.cli.until_signal import ENDED_BY_SIGNAL, run_until_signal
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import (
    ModelFacts,
    canonical,
    facts_from_tags,
    is_embedding,
    loaded_from_ps,
)
from ollama_panel.core.ollama.show import facts_from_show
from ollama_panel.core.ollama.stream import error_text
from ollama_panel.core.tuning.prompts import Writer
from ollama_panel.core.tuning.task import WorkloadKind
from ollama_panel.core.tuning.wave import Wave, measurement
from ollama_panel.core.tuning.workload import PRESETS, Workload, cautions, fitted, preset
from ollama_panel.engine.tuning.exchange import why_not_connected
from ollama_panel.engine.tuning.load import calibrated, measure, new_session

T = TypeVar("T")
_CONTEXT = 4096
"""The context of a slot where the server does not tell it, in tokens: Ollama's own below 23 GiB."""
_ANSWER_S = 30.0
"""How long a server may take to list its models."""


class Options(argparse.Namespace):
    """The parsed arguments; `seconds` is how long each number of clients is measured at most."""

    url: str
    model: str | None
    clients: tuple[int, ...]
    seconds: float
    preset: str
    key: str | None
    json: Path | None


class AddressError(Exception):
    """An address that cannot be measured, in a sentence."""


class Result(msgspec.Struct):
    """What was measured so far; `problem` says why it ended early, "" if it did not."""

    url: str
    preset: str
    model: str = ""
    levels: list[Level] = []
    problem: str = ""


def main(arguments: Sequence[str]) -> int:
    """Measure an address; return 0 if all was measured, 1 if not, 130 if a signal ended it."""
    chosen = _parser().parse_args(arguments, Options())
    result = Result(chosen.url, chosen.preset)
    status = 0
    try:
        run_until_signal(_measured(chosen, result))
    except asyncio.CancelledError:
        status, result.problem = ENDED_BY_SIGNAL, "Stopped: what was measured until then is above."
    except (AddressError, PanelError) as error:
        status, result.problem = 1, str(error)
    if result.levels and chosen.preset != WorkloadKind.EMBEDDINGS.value:
        print("\n" + tables.published([level.clients for level in result.levels]))
    if result.problem:
        print(result.problem, file=sys.stderr)
    if chosen.json is not None:
        chosen.json.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n")
    return status


async def _measured(chosen: Options, result: Result) -> None:
    """Measure each number of clients, and print it. Raises AddressError or PanelError if that fails."""
    url, run = _address(chosen.url), secrets.token_hex(4)
    headers = {"Authorization": f"Bearer {chosen.key}"} if chosen.key else {}
    async with new_session(headers) as session:
        kind = WorkloadKind(chosen.preset)
        model = await _model(session, url, chosen.model, embeds=kind is WorkloadKind.EMBEDDINGS)
        result.url, result.model = url, model
        _say(
            f"{url}: {model}, requests as of {chosen.preset}, at most {chosen.seconds:g} s for each number of clients."
        )
        writer = Writer(model, preset(kind), f"{run} 0")
        writer = msgspec.structs.replace(writer, calibration=await calibrated(session, url, writer))
        workload = await _fitted(session, url, model, writer.workload)
        print(tables.heading(embeds=bool(workload.items)), flush=True)
        for number, clients in enumerate(chosen.clients, 1):
            one = msgspec.structs.replace(writer, workload=workload, unique=f"{run} {number}")
            await _level(session, url, one, clients, chosen.seconds, result.levels)


async def _level(
    session: aiohttp.ClientSession, url: str, writer: Writer, clients: int, most_s: float, levels: list[Level]
) -> None:
    """Measure one number of clients; what there is when it ends early is kept, too."""
    _say(f"{output.counted(clients, 'client')}: first requests ...")
    latest = list[Wave]()
    complete = False
    try:
        latest.append(await measure(session, [url], writer, clients, most_s=most_s, on_progress=latest.append))
        complete = True
    finally:
        if latest:
            level = Level(clients, measurement(latest[-1]), tables.durations(latest[-1]), complete=complete)
            levels.append(level)
            print(tables.row(level), flush=True)


def _address(text: str) -> str:
    """Return the base address of what the user wrote. Raises AddressError if it is none."""
    parts = urlsplit(text if "://" in text else f"http://{text}")
    try:
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # the port
        valid = False
    if not valid:
        raise AddressError(f"{text} is no address: write it as http://127.0.0.1:11434.")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


async def _asked(session: aiohttp.ClientSession, url: str, path: str, body: Mapping[str, str] | None = None) -> bytes:
    """Return what an Ollama or a panel answers to a path. Raises AddressError if it does not."""
    method = "GET" if body is None else "POST"
    try:
        async with asyncio.timeout(_ANSWER_S), session.request(method, url + path, json=body) as answer:
            content, status = await answer.read(), answer.status
    except aiohttp.ClientConnectorError as error:
        reason = why_not_connected(error)
        raise AddressError(f"Nobody answers at {url} ({reason}): is Ollama or the panel running there?") from error
    except TimeoutError as error:
        raise AddressError(f"{url} did not answer within {_ANSWER_S:g} s.") from error
    except aiohttp.ClientError as error:
        raise AddressError(f"{url} is no Ollama and no panel: {error}") from error
    if status == HTTPStatus.UNAUTHORIZED:
        raise AddressError(f"{url} wants a key that is valid there: give it with --key. It says: {error_text(content)}")
    if status != HTTPStatus.OK:
        raise AddressError(f"{url} is no Ollama and no panel: {path} was answered with status {status}.")
    return content


async def _model(session: aiohttp.ClientSession, url: str, named: str | None, *, embeds: bool) -> ModelName:
    """Return the model to measure: the one that was named, else one that is loaded, else the only one.

    Raises AddressError if that is not clear.
    """
    models = _decoded(facts_from_tags, await _asked(session, url, "/api/tags"), url)
    if named is not None:
        wanted = canonical(named)
        if wanted not in [one.name for one in models]:
            raise AddressError(f"{url} has no model {wanted}; it has {_names(models)}.")
        return wanted
    shown = [
        _decoded(partial(facts_from_show, one), await _asked(session, url, "/api/show", {"model": one.name}), url)
        for one in models
        if not one.remote
    ]
    fitting = [one for one in shown if is_embedding(one) is embeds]
    if not fitting:
        purpose = "embeddings" if embeds else "answers"
        raise AddressError(f"{url} has no model for {purpose}; it has {_names(models)}.")
    loaded = _decoded(loaded_from_ps, await _asked(session, url, "/api/ps"), url)
    ready = {canonical(one.name) for one in loaded}
    chosen = [one for one in fitting if one.name in ready] or fitting
    if len(chosen) > 1:
        raise AddressError(f"Name a model with --model: {_names(chosen)}.")
    return chosen[0].name


def _decoded(decode: Callable[[bytes], T], content: bytes, url: str) -> T:
    try:
        return decode(content)
    except msgspec.MsgspecError as error:
        raise AddressError(f"{url} is no Ollama and no panel: {error}") from error


def _names(models: Sequence[ModelFacts]) -> str:
    return ", ".join(sorted(one.name for one in models)) or "none"


async def _fitted(session: aiohttp.ClientSession, url: str, model: ModelName, workload: Workload) -> Workload:
    """Return the workload as it fits the context with which the model is loaded now."""
    loaded = _decoded(loaded_from_ps, await _asked(session, url, "/api/ps"), url)
    context = next((one.context for one in loaded if canonical(one.name) == model and one.context), _CONTEXT)
    workload = fitted(workload, context)
    for told in cautions(workload, context):
        _say(str(PanelError(told)))
    return workload


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ollama-panel bench model",
        description="What an address serves with some numbers of clients at once: an Ollama, a panel, any machine's.",
        epilog="Each client sends its next request when the answer to its last one has ended. The first requests are "
        "not counted. Prompts are made up and differ each time, so that none is in a cache.",
    )
    parser.add_argument("url", metavar="URL", help="the address, such as http://127.0.0.1:11434")
    parser.add_argument("--model", metavar="M", help="the model; needed if there are several and none is loaded")
    parser.add_argument("--clients", type=_counts, default=(1, 2, 4, 8), metavar="N,N", help="how many (1,2,4,8)")
    parser.add_argument(
        "--seconds", type=_seconds, default=30.0, metavar="S", help="how long each is measured at most (30)"
    )
    kinds = sorted(kind.value for kind in PRESETS)
    parser.add_argument("--preset", default=WorkloadKind.CHAT.value, choices=kinds, help="which requests (chat)")
    parser.add_argument("--key", metavar="KEY", help="the API key, if the address wants one")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers, too")
    return parser


def _counts(text: str) -> tuple[int, ...]:
    parts = text.split(",")
    if not all(part.isdecimal() and 1 <= int(part) <= tables.MOST_CLIENTS for part in parts):
        raise argparse.ArgumentTypeError(f"it must be numbers from 1 to {tables.MOST_CLIENTS}, not {text!r}")
    return tuple(map(int, parts))


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"it must be a number from 1 to 3600, not {text!r}")
    return seconds
