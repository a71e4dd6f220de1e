"""`ollama-panel status`: the state of the panel that runs on a state folder."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.snapshot import InstanceRecord, Snapshot
from ollama_panel.engine.paths import Paths
from ollama_panel.engine.single_instance import PanelInfo

_UNKNOWN = "—"
_TIMEOUT_S = 10.0


def show(state_dir: Path | None, *, as_json: bool) -> int:
    """Print the state of the running panel, as tables or as the whole snapshot in JSON."""
    url = _address(Paths.of(state_dir))
    content = _ask(f"{url}/panel/status")
    if as_json:
        print(msgspec.json.format(content, indent=2).decode())
        return 0
    try:
        snapshot = msgspec.json.decode(content, type=Snapshot)
    except msgspec.DecodeError as error:
        raise PanelError(f"The panel at {url} is of another version than this command ({error}).") from error
    print("\n".join(lines(snapshot, url)))
    return 0


def lines(snapshot: Snapshot, url: str) -> Iterator[str]:
    """Yield the lines of a snapshot as text."""
    ollama = "simulated Ollama" if snapshot.demo else f"Ollama {snapshot.ollama_version or _UNKNOWN}"
    yield f"Ollama Panel at {url}, {ollama}"
    yield f"Since it started: {snapshot.served} served, {snapshot.failed} failed, {snapshot.refused} refused"
    yield ""
    yield from aligned(
        [
            ("POOL", "ROLE", "WAITING", "RUNNING", "SLOTS"),
            *(
                (pool.name, pool.role.value, str(pool.queued), str(pool.in_flight), str(pool.slots))
                for pool in snapshot.pools
            ),
        ]
    )
    yield ""
    yield from aligned(
        [("INSTANCE", "STATE", "ADDRESS", "SLOTS", "RUNNING", "SERVED", "MODELS"), *map(_row, snapshot.instances)]
    )
    yield from (f"{instance.id}: {instance.detail}" for instance in snapshot.instances if instance.detail)
    yield from (f"{problem.where}: {problem.message}" for problem in snapshot.problems)


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows as lines with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _row(instance: InstanceRecord) -> tuple[str, ...]:
    return (
        instance.id,
        "draining" if instance.draining else instance.phase.name.lower(),
        instance.url,
        str(instance.slots),
        str(instance.in_flight),
        str(instance.served),
        ", ".join(model.name for model in instance.models) or _UNKNOWN,
    )


def _address(paths: Paths) -> str:
    nobody = f"No panel runs on {paths.state_dir}: start one with ollama-panel, or give its folder with --state-dir."
    try:
        note = msgspec.json.decode(paths.panel.read_bytes(), type=PanelInfo)
    except FileNotFoundError:
        raise PanelError(nobody) from None
    except (OSError, msgspec.DecodeError) as error:
        raise PanelError(f"{paths.panel} cannot be read ({error}): restart the panel.") from error
    if not note.url:
        raise PanelError(f"The panel (process {note.pid}) runs, but its proxy is off: switch it on in the window.")
    return note.url


def _ask(url: str) -> bytes:
    key = os.environ.get("OLLAMA_API_KEY")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        answer = httpx.get(url, headers=headers, timeout=_TIMEOUT_S, trust_env=False)
    except httpx.TransportError as error:
        raise PanelError(f"The panel does not answer at {url} ({error}): is it still running?") from error
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        raise PanelError("The panel wants an API key: put it into the environment variable OLLAMA_API_KEY.")
    if not answer.is_success:
        raise PanelError(f"The panel at {url} answers {answer.status_code}: {answer.text.strip()[:200]}")
    return answer.content
