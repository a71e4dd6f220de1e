"""Looks at a machine: who one is there, what is at the places of files, what runs, and who is at work."""

import asyncio
import shlex
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ollama_panel.core.applying import connections, files
from ollama_panel.core.applying.evidence import Evidence, evidence_of
from ollama_panel.core.applying.host import FACTS, HostFacts, facts_of
from ollama_panel.core.applying.managers import ServiceControl
from ollama_panel.core.applying.plan import Kept, beside
from ollama_panel.core.applying.proof import answered, proofs_of
from ollama_panel.core.applying.record import FileChange, Proof
from ollama_panel.core.applying.units import Unit
from ollama_panel.core.errors import PanelError
from ollama_panel.core.export.deployment import Export
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.host_variable import url_of
from ollama_panel.engine.applying.hosts import Done, Host

_LOG_TRIES, _LOG_PAUSE_S = 10, 0.3
"""A line reaches the journal some moments after its server has written it."""
_ASK = """\
url=%s
if command -v curl >/dev/null; then curl -s -f -m 3 --noproxy '*' "$url"
elif command -v wget >/dev/null; then http_proxy='' wget -q -T 3 -O - "$url"
else python3 -c 'import sys, urllib.request as u
print(u.build_opener(u.ProxyHandler({})).open(sys.argv[1], timeout=3).read().decode())' "$url"
fi
"""
_MOST_ANSWER = 200


class Seen(msgspec.Struct, frozen=True):
    """What is known of an export on a machine: its files there, its units, and of each what it tells, by its name."""

    facts: HostFacts
    files: tuple[FileChange, ...]
    units: tuple[Unit, ...] = ()
    evidence: Mapping[str, Evidence] = {}
    proofs: tuple[Proof, ...] = ()


async def facts_at(host: Host) -> HostFacts:
    """Return who one is on a machine. Raises PanelError if it is none with a shell of POSIX."""
    done = await host.run(FACTS)
    facts = facts_of(done.out)
    if facts is None:
        raise PanelError(notice("apply.no_answer", host=host.name or "sh", reason=_words(done)))
    return facts


async def files_at(host: Host, facts: HostFacts, export: Export) -> tuple[FileChange, ...]:
    """Return how the files of an export differ from what is there."""
    found = []
    for file, path in files.placed(export, facts.home):
        there = files.found_of((await host.run(files.look(path))).out)
        found.append(files.change_of(there, file.text, root=not there.writable))
    return tuple(found)


async def seen_at(host: Host, manager: ServiceControl, export: Export, *, strict: bool = True) -> Seen:
    """Return all that is known of an export on a machine.

    Raises PanelError if it cannot be put into force there; unless `strict`, as for the way back, only if nothing can be
    asked.
    """
    facts = await facts_at(host)
    if strict and manager.system not in ("", facts.system):
        raise PanelError(notice("apply.no_system", system=facts.system, wanted=manager.system))
    there = await files_at(host, facts, export)
    units = manager.units(export, [(one.path, one.after) for one in there])
    for command, missing in manager.needed(units) if strict else ():
        if (await host.run(command)).code:
            raise PanelError(missing)
    evidence = {unit.name: await evidence_at(host, manager, unit) for unit in units}
    if export.edits:  # a service that somebody has stopped stays so
        units = tuple(unit for unit in units if evidence[unit.name].state != "gone")
    proofs = tuple(proof for unit in units for proof in proofs_of(unit, evidence[unit.name]))
    return Seen(facts, there, units, evidence, proofs)


async def evidence_at(host: Host, manager: ServiceControl, unit: Unit) -> Evidence:
    """Return what a machine tells of a unit."""
    return evidence_of((await host.run(manager.look(unit))).out)


async def logged_at(host: Host, manager: ServiceControl, unit: Unit) -> Evidence:
    """Return the same of a server that has just started, with its log, for which it waits a little."""
    evidence = await evidence_at(host, manager, unit)
    for _ in range(_LOG_TRIES if unit.worker is not None else 0):
        if evidence.logged is not None or not evidence.pid:
            break
        await asyncio.sleep(_LOG_PAUSE_S)
        evidence = await evidence_at(host, manager, unit)
    return evidence


async def answer_of(host: Host, unit: Unit, evidence: Evidence) -> Proof:
    """Return whether the server of a unit answers on its machine."""
    address = unit.address(evidence.environment or evidence.declared)
    url = f"{url_of(*address)}/api/version"
    done = await host.run(_ASK % shlex.quote(url))
    return answered(unit, url, None if done.code else done.out.strip()[:_MOST_ANSWER])


async def at_work(host: Host, units: Iterable[Unit], evidence: Mapping[str, Evidence]) -> int | None:
    """Return how many connections of clients have a request under way; None if the machine does not tell."""
    count = 0
    for unit in units:
        known = evidence[unit.name]
        _, port = unit.address(known.environment or known.declared)
        done = await host.run(connections.look(port))
        if done.code:
            return None
        count += connections.at_work(done.out)
    return count


async def existing(host: Host, paths: Sequence[str]) -> frozenset[str]:
    """Return those of the paths at which something is."""
    test = "test -e {0} || sudo -n test -e {0} 2>/dev/null"
    found = [path for path in paths if not (await host.run(test.format(shlex.quote(path)))).code]
    return frozenset(found)


async def edited(host: Host, kept: Iterable[Kept], changes: Iterable[FileChange], date: str) -> dict[str, str]:
    """Return the paths of files that are neither as they were nor as `changes` made them, and where to keep each."""
    known = {one.path: (one.digest, one.written or files.digest_of(one.after)) for one in changes}
    found = dict[str, str]()
    for one in kept:
        text = files.found_of((await host.run(files.look(one.path))).out).text
        if text is not None and files.digest_of(text) not in known.get(one.path, ()):
            found[one.path] = beside(one.path, date)
    return found


async def program_at(host: Host) -> str | None:
    """Return the path of the program `ollama` on a machine, None if there is none where shells look."""
    done = await host.run("command -v ollama")
    path = done.out.strip()
    return path if path.startswith("/") and done.code == 0 else None


def _words(done: Done) -> str:
    lines = (done.errors or done.out).strip().splitlines()
    return lines[-1].rstrip(".") if lines else str(done.code)
