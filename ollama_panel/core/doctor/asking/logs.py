"""The logs of servers: how each is asked for, and what is told of its settings and its troubles."""

import shlex
from collections.abc import Iterable, Mapping

from ollama_panel.core.doctor.asking.printed import Block
from ollama_panel.core.doctor.facts import LogFacts
from ollama_panel.core.ollama.serverlog import parse
from ollama_panel.core.ollama.serverlog_facts import Configured
from ollama_panel.core.redact import environment, hider
from ollama_panel.core.servers import FoundServer, LogKind, OwnerKind

MOST_LINES = 300
"""How many of the last lines that tell something are kept; a load has some 40 of them."""
_NEWEST = 3000
_BYTES = 1 << 20
_SIGNS = ("level=WARN", "level=ERROR", "Error: ", "panic: ")
_FIRST = "server config|inference compute"
"""What a server says when it starts, long before its newest lines."""
_START = r"""
journal() { limit 4 $as journalctl --quiet --no-pager --output=cat "$@" 2>/dev/null; }
newest() { grep -v '^\[GIN\]'; }
"""


def logs(servers: Iterable[FoundServer]) -> str:
    """Return the script that prints the newest lines of the logs of servers, as far as this user may read them."""
    return _START + "".join(filter(None, map(_asked, servers)))


def _asked(server: FoundServer) -> str:
    log, pid = server.log, server.pid
    if log is None:
        return ""
    if log.kind is LogKind.FILE and log.path:
        path = shlex.quote(log.path)
        first, newest = f"grep -E '{_FIRST}' {path} | tail -n 20", f"tail -c {_BYTES} {path} | newest"
        return f"if [ -r {path} ]; then {{ {first}; {newest}; }} | say log {pid}; fi\n"
    if log.kind is LogKind.JOURNAL:
        first = f"journal --lines=20 --grep='{_FIRST}' _PID={pid}"
        return f"{{ {first}; journal --lines={_NEWEST} _PID={pid} | newest; }} | say log {pid}\n"
    if log.kind is LogKind.CONTAINER and server.owner.kind in (OwnerKind.DOCKER, OwnerKind.PODMAN):
        name, program = shlex.quote(server.owner.name), server.owner.kind.value
        return f"limit 4 $as {program} logs --tail {_NEWEST} {name} 2>&1 | newest | say log {pid}\n"
    return ""


def logs_of(found: Iterable[Block], secrets: Mapping[int, Mapping[str, str]]) -> tuple[LogFacts, ...]:
    """Return what the script `logs` has printed; `secrets` are the whole variables of servers by their processes."""
    result = list[LogFacts]()
    for one in found:
        if one.name != "log" or not one.words or not one.words[0].isdecimal() or not one.text.strip():
            continue
        pid = int(one.words[0])
        hide = hider(secrets.get(pid, {}))
        configured, lines = dict[str, str](), list[str]()
        for line in one.text.split("\n"):
            fact = parse(line)
            if isinstance(fact, Configured):
                configured, lines = fact.environment, []
            elif fact is not None or any(sign in line for sign in _SIGNS):
                lines.append(hide(line))
        result.append(LogFacts(pid, environment(configured), tuple(lines[-MOST_LINES:])))
    return tuple(result)
