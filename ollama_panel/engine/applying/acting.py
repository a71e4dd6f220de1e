"""Carries out the actions on a machine: commands, the wait for clients, and the proof."""

import asyncio
import shlex
from collections.abc import Awaitable, Callable, Mapping, Sequence

from ollama_panel.core.applying.evidence import Evidence
from ollama_panel.core.applying.host import HostFacts
from ollama_panel.core.applying.managers import ServiceControl
from ollama_panel.core.applying.plan import unattended
from ollama_panel.core.applying.proof import proofs_of
from ollama_panel.core.applying.record import Action, ActionKind, FileChange, Proof, ProofState
from ollama_panel.core.applying.told import of_proof
from ollama_panel.core.applying.units import Unit
from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice
from ollama_panel.engine import clock
from ollama_panel.engine.applying import looking
from ollama_panel.engine.applying.hosts import LIMIT_S, Done, Host

REFUSED = "apply.refused"
"""The code of the notice that `sudo` wants a password."""
SETTLE_S = 90.0
"""How long a server may take until it answers: it looks for its cards first, which takes some seconds each."""
_RESTART_S = 1000.0
"""How long a restart may take: a container's image is pulled by it, for which an exported quadlet gives 900 s."""
_POLL_S = 0.3
_IDLE_POLL_S = 2.0
_IDLE_LOOKS = 2
"""So many looks in a row find nobody at work: a stream that has just begun looks like a poll."""
_MOST_RESTARTS = 2
"""A server that its manager has started anew so often does not run."""
_STAGE = ".cache/ollama-panel"


class Patience:
    """The wait for clients: somebody may say that it is over, or break all of it off."""

    def __init__(self) -> None:
        self._word = asyncio.Event()
        self._cancelled = False

    def hurry(self) -> None:
        """Wait no longer."""
        self._word.set()

    def cancel(self) -> None:
        """Break off."""
        self._cancelled = True
        self._word.set()

    async def idle(
        self, look: Callable[[], Awaitable[int | None]], tell: Callable[[int], None], poll_s: float = _IDLE_POLL_S
    ) -> None:
        """Return when nobody is at work, or when that cannot be told. Raises PanelError if it is broken off."""
        quiet = 0
        while not self._word.is_set():
            count = await look()
            if count is None:
                return
            tell(count)
            quiet = quiet + 1 if count == 0 else 0
            if quiet == _IDLE_LOOKS:
                return
            try:
                async with asyncio.timeout(poll_s):
                    await self._word.wait()
            except TimeoutError:
                continue
        if self._cancelled:
            raise PanelError(notice("apply.cancelled"))


def staged(facts: HostFacts, name: str, files: Sequence[FileChange]) -> dict[str, str]:
    """Return where the new texts wait on a machine until they are put at their places, by path."""
    folder = f"{facts.home}/{_STAGE}/{name}"
    return {one.path: f"{folder}/{number}-{one.path.rpartition('/')[2]}" for number, one in enumerate(files)}


async def stage(host: Host, facts: HostFacts, name: str, files: Sequence[FileChange]) -> dict[str, str]:
    """Write the new texts into a folder of the user on a machine, and return where each is, by its path.

    Raises PanelError if that fails; then nothing of them stays there. `cat` writes them, as the `printf` of a shell
    does not say that a disk is full.
    """
    places = staged(facts, name, files)
    if places:
        await require(host, f"umask 077; mkdir -p {shlex.quote(f'{facts.home}/{_STAGE}/{name}')}")
    for one in files:
        write = f"cat >{shlex.quote(places[one.path])}"
        done = await host.run(f"umask 077; printf '%s' {shlex.quote(one.after)} 2>/dev/null | {write}")
        if done.code:
            await unstage(host, facts, name)
        _require(done, write)
    return places


async def unstage(host: Host, facts: HostFacts, name: str) -> None:
    """Remove that folder."""
    await host.run(f"rm -rf {shlex.quote(f'{facts.home}/{_STAGE}/{name}')}")


async def commands(host: Host, action: Action) -> None:
    """Run the commands of an action. Raises PanelError if one fails, REFUSED if `sudo` would ask for a password."""
    limit_s = _RESTART_S if action.kind is ActionKind.RESTART else LIMIT_S
    for command in action.commands:
        await require(host, command, limit_s)


async def require(host: Host, command: str, limit_s: float = LIMIT_S) -> None:
    """Run a command. Raises PanelError if it fails."""
    _require(await host.run(unattended(command), limit_s), command)


def _require(done: Done, command: str) -> None:
    if not done.code:
        return
    lines = [line.strip() for line in (done.errors or done.out).splitlines() if line.strip()]
    if command.startswith("sudo ") and any(line.startswith(("sudo:", "sudo ")) for line in lines):
        raise PanelError(notice(REFUSED))
    raise PanelError(notice("apply.failed", command=command, reason=lines[-1].rstrip(".") if lines else str(done.code)))


async def prove(
    host: Host, manager: ServiceControl, units: Sequence[Unit], settle_s: float, *, values: bool = True
) -> tuple[Proof, ...]:
    """Wait until the servers answer, and return what proves that they have what they are to have.

    Raises PanelError if one does not answer in time, or, where `values` count, has another one.
    """
    proofs = list[Proof]()
    for unit in units:
        proofs.append(await _answered(host, manager, unit, settle_s))
        if values:
            proofs += proofs_of(unit, await looking.logged_at(host, manager, unit))
    wrong = next((one for one in proofs if one.state is ProofState.DIFFERS), None)
    if wrong is not None:
        raise NotInForceError(wrong, tuple(proofs))
    return tuple(proofs)


class NotInForceError(PanelError):
    """A server has another value than it is to have."""

    def __init__(self, wrong: Proof, proofs: tuple[Proof, ...]) -> None:
        super().__init__(of_proof(wrong))
        self.proofs = proofs


async def _answered(host: Host, manager: ServiceControl, unit: Unit, settle_s: float) -> Proof:
    end = clock.seconds() + settle_s
    first: int | None = None
    while True:
        evidence = await looking.evidence_at(host, manager, unit)
        first = evidence.restarts if first is None else first
        if evidence.state != "gone":
            proof = await looking.answer_of(host, unit, evidence)
            if proof.state is ProofState.HOLDS:
                return proof
        if evidence.state == "failed" or evidence.restarts - first >= _MOST_RESTARTS:
            raise PanelError(notice("apply.ended", unit=unit.name, reason=evidence.said.rstrip(".") or evidence.state))
        if clock.seconds() > end:
            raise PanelError(notice("apply.not_back", unit=unit.name, limit=settle_s))
        await asyncio.sleep(_POLL_S)


def busy(evidence: Mapping[str, Evidence], units: Sequence[Unit]) -> frozenset[str]:
    """Return the names of the units that run, so that clients may be at work on them."""
    return frozenset(unit.name for unit in units if evidence[unit.name].state in ("active", "starting"))
