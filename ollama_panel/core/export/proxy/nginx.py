"""Export for nginx: one address before all workers, without a queue.

Syntax as in the documentation of nginx, checked with 1.22. In double quotes a backslash stands before a backslash and a
quote (`ngx_conf_read_token`). Names and keys are written as regular expressions, because the table of a `map` has no
place for words of more than some 45 characters (`map_hash_bucket_size`).
"""

import re
from collections.abc import Iterator, Sequence

from ollama_panel.core.export import deployment as deployments
from ollama_panel.core.export.deployment import Aspect, Deployment, Export, ExportFile, Step, Syntax, Target
from ollama_panel.core.export.parts import commented
from ollama_panel.core.export.proxy.plan import (
    ACCEPTED_HOST,
    ANSWER_PATHS,
    CHANGE_PATHS,
    CHECK_EVERY_S,
    CONNECT_S,
    EMBEDDING_PATHS,
    LOCAL_NAMES,
    Group,
    Plan,
    Server,
    bracketed,
    duration,
    first_steps,
    listens,
    planned,
)
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.api import BLOBS, USER_KEYS
from ollama_panel.core.settings.exposure import is_loopback, requires_key

TARGET = Target(
    "nginx",
    deployments.Group.PROXY,
    notice("export.nginx.title"),
    notice("export.nginx.summary"),
    frozenset({Aspect.WORKERS}),
)

_FILE, _PLACE = "ollama-panel.conf", "/etc/nginx/conf.d/ollama-panel.conf"
_CONNECTIONS = 16_384
"""Of a worker process of nginx, two for each request; Debian's file has 768."""
_IDLE_CONNECTIONS = 64
_LONGEST_COMMENT = 1000
"""Characters: nginx reads at most 4096 bytes of a word, and of a comment."""
_PRIVATE = (
    r"^(127|10)\.[0-9.]+$",
    r"^192\.168\.[0-9.]+$",
    r"^172\.(1[6-9]|2[0-9]|3[01])\.[0-9.]+$",
    r"^\[(::1|f[cd][0-9a-f:]+)\]$",
)
"""Addresses that Ollama takes for its own machine's: loopback, and Go's `IsPrivate`."""


def render(deployment: Deployment) -> Export:
    """Return a file for nginx with workers at their own addresses, at the address of the panel's proxy."""
    settings = deployment.settings.proxy
    plan = planned(deployment, [f"{one.host}:{one.port}" for one in deployment.instances])
    where = listens(settings)
    needs_key = requires_key(settings)
    parts = (
        *(f"{line[:_LONGEST_COMMENT]}\n" for line in commented(deployment).splitlines()),
        f"{_comment(deployment, 'export.nginx.no_queue')}\n",
        *_upstreams(plan, deployment),
        *(_hosts(deployment) if all(is_loopback(host) for host, _ in where) else ()),
        *(_keys(deployment) if needs_key else ()),
        *_server(plan, deployment, where, needs_key=needs_key),
    )
    file = ExportFile(_FILE, "".join(parts), Syntax.NGINX, _PLACE)
    return Export((file,), tuple(_steps(deployment, needs_key=needs_key)))


def _steps(deployment: Deployment, *, needs_key: bool) -> Iterator[Step]:
    yield Step(notice("export.nginx.install"), "sudo apt-get install nginx")
    yield from first_steps(deployment, _FILE)
    if needs_key:
        yield Step(notice("export.nginx.keys", file=_FILE))
    yield Step(notice("export.nginx.place", path=_PLACE), f"sudo cp {_FILE} {_PLACE}")
    more = f"sudo sed -i 's/worker_connections .*/worker_connections {_CONNECTIONS};/' /etc/nginx/nginx.conf"
    yield Step(notice("export.nginx.connections"), more)
    yield Step(notice("export.proxy.load"), "sudo nginx -t && sudo systemctl reload-or-restart nginx")


def _comment(deployment: Deployment, code: str, **values: str) -> str:
    return f"# {deployment.provenance.line(code, **values)}"[:_LONGEST_COMMENT]


def quoted(text: str) -> str:
    """Return text as one word of a line."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _upstreams(plan: Plan, deployment: Deployment) -> Iterator[str]:
    for group in plan.groups:
        yield f"\n{_comment(deployment, 'export.nginx.least')}\n"
        yield from _upstream(group.role.value, ("least_conn;", *(_member(server) for server in group.servers)))
    yield f"\n{_comment(deployment, 'export.proxy.others')}\n"
    first, *rest = plan.servers
    yield from _upstream("others", (_member(first), *(_member(server, " backup") for server in rest)))


def _upstream(name: str, lines: Sequence[str]) -> Iterator[str]:
    """Yield an upstream. Its zone lets all worker processes know how many requests each server has."""
    yield f"upstream ollama_{name} {{\n    zone ollama_{name} 64k;\n"
    yield from (f"    {line}\n" for line in lines)
    yield f"    keepalive {_IDLE_CONNECTIONS};\n}}\n"


def _member(server: Server, role: str = "") -> str:
    return f"server {server.address} max_fails=1 fail_timeout={CHECK_EVERY_S}s{role}; # {server.name}"


def _hosts(deployment: Deployment) -> Iterator[str]:
    """Yield the check that Ollama makes of `Host`, which it cannot make any more: a web page may name this machine."""
    yield f"\n{_comment(deployment, 'export.proxy.rebinding')}\n"
    names = "|".join(re.escape(name) for name in LOCAL_NAMES)
    own = (f"^{re.escape(bracketed(host.lower()))}$" for host in deployment.settings.proxy.allowed_hosts)
    patterns = (f"^{ACCEPTED_HOST}$", f"({names})$", *_PRIVATE, *own)
    yield "map $host $ollama_host {\n    default 0;\n"
    yield from (f"    {quoted(f'~{pattern}')} 1;\n" for pattern in patterns)
    yield "}\n"


def _keys(deployment: Deployment) -> Iterator[str]:
    """Yield the check of keys: no key is in an export, so that it opens to nobody before they are put in."""
    names = [key.name for key in deployment.settings.proxy.api_keys]
    yield f"\n{_comment(deployment, 'export.nginx.put_keys')}\n"
    for source, before, target, default in (
        ("http_x_api_key", "", "ollama_header", "0"),
        ("http_authorization", "Bearer ", "ollama_key", "$ollama_header"),
    ):
        yield f"map ${source} ${target} {{\n    default {default};\n"
        for name in names or [deployment.provenance.line("export.proxy.new_key")]:
            yield f'    # "~^{before}KEY$" 1; {_comment(deployment, "export.nginx.key_of", key=name)}\n'
        yield "}\n"


def _server(plan: Plan, deployment: Deployment, where: Sequence[tuple[str, int]], *, needs_key: bool) -> Iterator[str]:
    yield "\nserver {\n"
    lines = (
        *(f"listen {_listened(bracketed(host), port)};" for host, port in where),
        *(("if ($ollama_host = 0) { return 403; }",) if all(is_loopback(host) for host, _ in where) else ()),
        *(("if ($ollama_key = 0) { return 401; }",) if needs_key else ()),
        *_passing(deployment),
        *_locations(plan, deployment),
    )
    yield from (f"    {line}\n" for line in lines)
    yield "}\n"


def _listened(host: str, port: int) -> str:
    return f"{host}:{port}" + (" ipv6only=off" if host == "[::]" else "")


def _passing(deployment: Deployment) -> Iterator[str]:
    proxy = deployment.settings.proxy
    yield f"client_max_body_size {proxy.max_body_mib}m;"
    yield f"client_header_timeout {duration(proxy.header_timeout_s)};"
    yield f"client_body_timeout {duration(proxy.body_timeout_s)};"
    yield f"send_timeout {duration(proxy.write_timeout_s)};"
    yield _comment(deployment, "export.proxy.host")
    yield f"proxy_set_header Host {ACCEPTED_HOST};"
    if proxy.allowed_origins:
        yield _comment(deployment, "export.proxy.origins", variable="OLLAMA_ORIGINS")
    yield "proxy_http_version 1.1;"
    yield 'proxy_set_header Connection "";'
    yield _comment(deployment, "export.proxy.at_once")
    yield from ("proxy_buffering off;", "gzip off;")
    yield _comment(deployment, "export.proxy.again")
    yield "proxy_next_upstream error non_idempotent;"
    yield _comment(deployment, "export.proxy.times")
    yield f"proxy_connect_timeout {CONNECT_S}s;"
    yield f"proxy_send_timeout {duration(proxy.request_timeout_s)};"
    yield f"proxy_read_timeout {duration(proxy.request_timeout_s)};"


def _locations(plan: Plan, deployment: Deployment) -> Iterator[str]:
    called = [group for group in plan.groups if group not in (plan.chats, plan.embeddings)]
    chats = f"ollama_{plan.chats.role.value}" if plan.chats else ""
    if called:
        yield f"set $ollama_chats {chats};"
        chats = "$ollama_chats"
    for path in ANSWER_PATHS:
        to = f"ollama_{plan.embeddings.role.value}" if path in EMBEDDING_PATHS else chats
        yield f"location = {path} {{ {f'proxy_pass http://{to};' if to else 'return 503;'} }}"
    for group in called:
        yield from _by_name(group, deployment)
    others = "proxy_pass http://ollama_others;"
    guard = "" if deployment.settings.proxy.management else "limit_except GET OPTIONS { deny all; } "
    if guard:
        yield from (f"location = {path} {{ {guard}{others} }}" for path in CHANGE_PATHS)
        yield f"location {USER_KEYS} {{ {guard}{others} }}"
    yield f"location {BLOBS} {{ {guard}client_max_body_size 0; proxy_request_buffering off; {others} }}"
    yield f"location / {{ {others} }}"


def _by_name(group: Group, deployment: Deployment) -> Iterator[str]:
    """Yield what sends requests to a group by the path that a client has in its address: nginx reads no bodies."""
    role = group.role.value
    yield _comment(deployment, "export.nginx.by_name", path=f"/{role}")
    yield f"location /{role}/ {{ set $ollama_chats ollama_{role}; rewrite ^/{role}(/.*)$ $1 last; }}"
