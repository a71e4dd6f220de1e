"""Export for HAProxy: one address before all workers, and a queue for those of each role.

Syntax as in the configuration manual of HAProxy 2.6, and checked with that version. Words are quoted as its chapter 2.2
says: in single quotes nothing is special, and a quote itself stands outside of them behind a backslash. A line cannot
hold control characters.
"""

import json
import re
from collections.abc import Iterable, Iterator

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.export import deployment as deployments
from ollama_panel.core.export.deployment import Aspect, Deployment, Export, ExportFile, Provenance, Step, Syntax, Target
from ollama_panel.core.export.parts import commented
from ollama_panel.core.export.proxy.plan import (
    ACCEPTED_HOST,
    ANSWER_PATHS,
    CHANGE_PATHS,
    CHECK_EVERY_S,
    CHECK_PATH,
    CHECK_TIMEOUT_S,
    CONNECT_S,
    EMBEDDING_PATHS,
    LOCAL_NAMES,
    Group,
    Plan,
    bracketed,
    duration,
    first_steps,
    limit,
    listens,
    planned,
)
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.api import BLOBS, USER_KEYS
from ollama_panel.core.ollama.sizes import MIB
from ollama_panel.core.records import PRIORITIES, RequestClass
from ollama_panel.core.settings.exposure import is_loopback, requires_key
from ollama_panel.core.settings.tree import ProxySettings

TARGET = Target(
    "haproxy",
    deployments.Group.PROXY,
    notice("export.haproxy.title"),
    notice("export.haproxy.summary"),
    frozenset({Aspect.WORKERS, Aspect.QUEUE}),
)

_FILE, _PLACE = "haproxy.cfg", "/etc/haproxy/haproxy.cfg"
_BUFFER = 65_536
"""Bytes of a body in which the model is looked for, and which can be sent again to another worker. Each request that
waits has such a buffer."""
_BESIDE = 1000
"""Connections beyond those that wait or are answered: for all that needs no slot."""
_MOST_CONNECTIONS = 100_000
"""With two files each, which is how HAProxy counts them; so that it starts whatever the system lets it have,
`maxconn` itself is not set."""
_TURN_MS = 5000
"""A client's next request takes its turn as if it had come so much later for each one that it has under way."""
_LAST_MS = 524_287
"""The latest turn that HAProxy knows (`set-priority-offset`)."""
_RETRY_AFTER_S = 10
_PRIVATE = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1", "fc00::/7")
"""Addresses that Ollama takes for its own machine's: loopback, and Go's `IsPrivate`."""
_PLAIN = re.compile(r"[\w@+=:,./*-]+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Front(msgspec.Struct, frozen=True):
    """How HAProxy stands before the workers.

    `binds` are where it listens, `addresses` where the workers are, in the order of the instances, all as `host:port`.
    `account` is whom it runs as, "" = as it was started. `needs_key`: clients show an API key. `for_this_machine`:
    nobody else reaches it, so that `Host` is checked as Ollama does. `by_name`: the addresses are whole names in the
    DNS (`chat-0.chat.default.svc.cluster.local:11434`), which may come and go while it runs.
    """

    binds: tuple[str, ...]
    addresses: tuple[str, ...]
    account: str = ""
    needs_key: bool = False
    for_this_machine: bool = False
    by_name: bool = False


def render(deployment: Deployment) -> Export:
    """Return HAProxy's configuration for workers at their own addresses, at the address of the panel's proxy."""
    settings = deployment.settings.proxy
    addresses = tuple(f"{instance.host}:{instance.port}" for instance in deployment.instances)
    where = listens(settings)
    front = Front(
        tuple(f"{bracketed(host)}:{port}" for host, port in where),
        addresses,
        account="haproxy",
        needs_key=requires_key(settings),
        for_this_machine=all(is_loopback(host) for host, _ in where),
    )
    file = ExportFile(_FILE, configuration(deployment, front), Syntax.HAPROXY, _PLACE)
    return Export((file,), tuple(_steps(deployment, front)))


def _steps(deployment: Deployment, front: Front) -> Iterator[Step]:
    yield Step(notice("export.haproxy.install"), "sudo apt-get install haproxy")
    yield from first_steps(deployment, _FILE)
    if front.needs_key:
        yield Step(notice("export.haproxy.keys", file=_FILE), "printf %s 'KEY' | sha256sum")
    yield Step(notice("export.haproxy.place", path=_PLACE), f"sudo cp {_FILE} {_PLACE}")
    check = f"sudo haproxy -c -f {_PLACE} && sudo systemctl reload-or-restart haproxy"
    yield Step(notice("export.proxy.load"), check)


def word(text: str) -> str:
    """Return text as one word of a line. Raises PanelError if it has a control character."""
    if _CONTROL.search(text):
        raise PanelError(notice("export.proxy.no_control", text=text))
    return text if _PLAIN.fullmatch(text) else "'" + text.replace("'", r"'\''") + "'"


def configuration(deployment: Deployment, front: Front) -> str:
    """Return a whole configuration of HAProxy. Raises PanelError if it cannot hold a model's name."""
    plan = planned(deployment, front.addresses)
    parts = [
        commented(deployment),
        *_section("global", _global(deployment, front, plan)),
        *_section("defaults", _defaults(deployment)),
        *(_section("resolvers names", ("parse-resolv-conf", "hold valid 10s")) if front.by_name else ()),
        *_section("frontend ollama", _frontend(deployment, front, plan)),
        *(line for group in plan.groups for line in _backend(group, deployment, front)),
        *_section("backend others", _others(plan, deployment.provenance, front)),
    ]
    return "".join(parts)


def _section(name: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"\n{name}\n"
    yield from (f"    {line}\n" for line in lines)


def _global(deployment: Deployment, front: Front, plan: Plan) -> Iterator[str]:
    slots = sum(server.slots for server in plan.servers)
    yield "log stdout format raw daemon"
    if front.account:
        yield f"user {front.account}"
        yield f"group {front.account}"
    yield _comment(deployment, "export.haproxy.connections")
    connections = min(deployment.settings.proxy.queue_limit + slots + _BESIDE, _MOST_CONNECTIONS)
    yield f"fd-hard-limit {2 * connections}"
    yield _comment(deployment, "export.haproxy.buffer")
    yield f"tune.bufsize {_BUFFER}"


def _defaults(deployment: Deployment) -> Iterator[str]:
    proxy = deployment.settings.proxy
    yield from ("mode http", "log global", "option httplog")
    yield _comment(deployment, "export.haproxy.hung_up")
    yield "option abortonclose"
    yield _comment(deployment, "export.proxy.at_once")
    yield "option http-no-delay"
    yield _comment(deployment, "export.proxy.again")
    yield from ("option redispatch 1", "retries 3", "retry-on conn-failure empty-response")
    yield _comment(deployment, "export.proxy.times")
    yield f"timeout connect {CONNECT_S}s"
    yield f"timeout http-request {duration(proxy.header_timeout_s)}"
    yield f"timeout client {duration(max(map(limit, (proxy.body_timeout_s, proxy.write_timeout_s))))}"
    yield f"timeout server {duration(proxy.request_timeout_s)}"
    yield f"timeout queue {duration(proxy.queue_timeout_s)}"
    yield f"timeout check {CHECK_TIMEOUT_S}s"
    for status, code in ((401, "export.proxy.refused_key"), (503, "export.proxy.busy")):
        again = f" hdr Retry-After {_RETRY_AFTER_S}" if status == 503 else ""
        yield f"http-error status {status} content-type application/json string {_json(deployment, code)}{again}"


def _frontend(deployment: Deployment, front: Front, plan: Plan) -> Iterator[str]:
    proxy = deployment.settings.proxy
    for bind in front.binds:
        yield f"bind {word(bind)}{' v4v6' if bind.startswith('[::]') else ''}"
    yield "http-request set-var(txn.path) path,url_dec"
    yield f"acl answer var(txn.path) -m str {' '.join(ANSWER_PATHS)}"
    yield f"acl embedding var(txn.path) -m str {' '.join(EMBEDDING_PATHS)}"
    if front.for_this_machine:
        yield from _host_check(deployment)
    if front.needs_key:
        yield from _key_check(deployment)
    yield from _limits(proxy)
    yield f"http-request wait-for-body time {duration(proxy.body_timeout_s)} if answer METH_POST"
    yield from _turns(deployment)
    yield _comment(deployment, "export.proxy.host")
    yield f"http-request set-header Host {ACCEPTED_HOST}"
    if proxy.allowed_origins:
        yield _comment(deployment, "export.proxy.origins", variable="OLLAMA_ORIGINS")
    yield from _routes(deployment, plan)


def _host_check(deployment: Deployment) -> Iterator[str]:
    """Yield the check that Ollama makes of `Host`, which it cannot make any more: a web page may name this machine."""
    yield _comment(deployment, "export.proxy.rebinding")
    yield "http-request set-var(txn.host) req.hdr(host),host_only,lower"
    yield f"acl local_host var(txn.host) -m str {ACCEPTED_HOST} '[::1]'"
    yield f"acl local_host var(txn.host) -m end {' '.join(LOCAL_NAMES)}"
    yield f"acl local_host var(txn.host) -m ip {' '.join(_PRIVATE)}"
    for host in deployment.settings.proxy.allowed_hosts:
        yield f"acl local_host var(txn.host) -m str -- {word(bracketed(host.lower()))}"
    yield "http-request deny deny_status 403 unless local_host"


def _key_check(deployment: Deployment) -> Iterator[str]:
    """Yield the check of keys. No digest is in an export, and what stands for one is none, so that it opens nothing."""
    yield _comment(deployment, "export.haproxy.digests")
    keys = [key.name for key in deployment.settings.proxy.api_keys] or [
        deployment.provenance.line("export.proxy.new_key")
    ]
    for name in keys:
        stands_for = word(deployment.provenance.line("export.haproxy.digest_of", key=name))
        yield f"acl known_key http_auth_bearer,sha2(256),hex,lower -m str -- {stands_for}"
        yield f"acl known_key req.hdr(x-api-key),sha2(256),hex,lower -m str -- {stands_for}"
    yield "http-request deny deny_status 401 unless known_key or { var(txn.path) -m str / }"


def _limits(proxy: ProxySettings) -> Iterator[str]:
    if not proxy.management:
        yield f"acl change var(txn.path) -m str {' '.join(CHANGE_PATHS)}"
        yield f"acl change var(txn.path) -m beg {BLOBS} {USER_KEYS}"
        yield "http-request deny deny_status 403 if change !METH_GET !METH_OPTIONS"
    body = f"{{ req.body_size gt {proxy.max_body_mib * MIB} }}"
    yield f"http-request deny deny_status 413 if {body} !{{ var(txn.path) -m beg {BLOBS} }}"


def _turns(deployment: Deployment) -> Iterator[str]:
    """Yield what orders a queue: a client with many requests under way stands behind one with few."""
    names = " ".join(name for name, its in PRIORITIES.items() if its is RequestClass.BATCH)
    yield _comment(deployment, "export.haproxy.turns", wait=_TURN_MS / 1000, longest=_LAST_MS / 1000)
    yield "stick-table type ipv6 size 100k expire 1h store conn_cur"
    yield "http-request track-sc0 src if answer METH_POST"
    yield f"http-request set-priority-offset sc0_conn_cur,mul({_TURN_MS}) if answer METH_POST"
    yield f"acl batch req.hdr(x-queue-priority) -i {names}"
    yield f"http-request set-priority-offset int({_LAST_MS}) if answer METH_POST batch"


def _routes(deployment: Deployment, plan: Plan) -> Iterator[str]:
    named = [group for group in plan.groups if group.models and group not in (plan.chats, plan.embeddings)]
    if named:
        yield _comment(deployment, "export.haproxy.models")
        yield "http-request set-var(txn.model) req.body,json_query('$.model'),lower if answer METH_POST"
    for group in named:
        for model in group.models:
            for name in dict.fromkeys((model, model.removesuffix(":latest"))):
                yield f"acl for_{group.role.value} var(txn.model) -m str -- {word(name)}"
    if plan.chats is None:
        yield _comment(deployment, "export.proxy.only_embeddings")
        yield "http-request deny deny_status 503 if answer METH_POST !embedding"
    yield "use_backend others unless answer METH_POST"
    yield f"use_backend {plan.embeddings.role.value} if embedding"
    yield from (f"use_backend {group.role.value} if for_{group.role.value}" for group in named)
    yield f"default_backend {(plan.chats or plan.embeddings).role.value}"


def _backend(group: Group, deployment: Deployment, front: Front) -> Iterator[str]:
    full = deployment.settings.proxy.queue_limit
    lines = [
        _comment(deployment, "export.haproxy.slots"),
        "balance leastconn",
        "option httpchk",
        f"http-check send meth GET uri {CHECK_PATH} ver HTTP/1.1 hdr Host {ACCEPTED_HOST}",
        f"http-request deny deny_status 503 if {{ queue ge {full} }}",
        f"default-server check inter {CHECK_EVERY_S}s fall 3 rise 1{_found_by(front)}",
        *(f"server {word(one.name)} {word(one.address)} maxconn {one.slots}" for one in group.servers),
    ]
    return _section(f"backend {group.role.value}", lines)


def _others(plan: Plan, provenance: Provenance, front: Front) -> Iterator[str]:
    yield f"# {provenance.line('export.proxy.others')}"
    yield "balance first"
    for group in plan.groups:
        for server in group.servers:
            track = word(f"{group.role.value}/{server.name}")
            yield f"server {word(server.name)} {word(server.address)} track {track}{_found_by(front)}"


def _found_by(front: Front) -> str:
    return " resolvers names init-addr libc,none" if front.by_name else ""


def _comment(deployment: Deployment, code: str, **values: str | float) -> str:
    return f"# {deployment.provenance.line(code, **values)}"


def _json(deployment: Deployment, code: str) -> str:
    """Return the body of an error in Ollama's own shape."""
    return word(json.dumps({"error": deployment.provenance.line(code)}))
